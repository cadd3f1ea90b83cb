"""What operators and kernels cost, against torch-tb-profiler's and TraceLens's figures where those are right."""

from __future__ import annotations

import csv
import json
from typing import Any

import pytest
from made_traces import annotation, call, frame, kernel, made, op
from reference_traces import TRACES, reference_trace

from stepscope.profiler.analysis.attribution import attribution
from stepscope.profiler.analysis.kernels import copies, kernels
from stepscope.profiler.analysis.operators import operators
from stepscope.profiler.analysis.tensor_cores import is_eligible, tensor_cores, uses_tensor_cores
from stepscope.profiler.table import Table

RESNET = "torch_tb_profiler/resnet50_num_workers_0/worker0.1623143089861.pt.trace.json.gz"


def by_name(table: Table) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in table.rows()}


def answers_of_torch_tb_profiler() -> list[Any]:
    told = TRACES / "torch_tb_profiler" / "result_check_file.txt"
    if not told.exists():
        pytest.skip(f"needs {told}")
    return [json.loads(line) for line in told.read_text().splitlines()]


def test_every_operator_of_a_resnet_costs_what_torch_tb_profiler_tells() -> None:
    mine = by_name(operators(reference_trace(RESNET)))
    theirs = answers_of_torch_tb_profiler()[2]["data"]
    assert {row["name"] for row in theirs} == set(mine)
    for row in theirs:
        names = ("calls", "device_self", "device_total", "host_self", "host_total")
        want = [row["calls"], *(row[f"{name}_duration"] * 1000 for name in names[1:])]
        assert [mine[row["name"]][name] for name in names] == want, row["name"]
    assert mine["aten::cudnn_convolution_backward_weight"]["device_self"] == 142_461_000


def test_every_kernel_of_a_resnet_takes_what_torch_tb_profiler_tells() -> None:
    mine = by_name(kernels(reference_trace(RESNET)))
    theirs = answers_of_torch_tb_profiler()[3]["data"]["rows"]
    assert {row[0] for row in theirs} == set(mine)
    for name, used, calls, total, _, longest, shortest, blocks, occupancy in theirs:
        row = mine[name]
        got = (row["calls"], row["total"], row["longest"], row["shortest"])
        assert got == (calls, total * 1000, longest * 1000, shortest * 1000)
        assert row["blocks_per_sm"] == pytest.approx(blocks, abs=0.011)
        assert row["occupancy"] * 100 == pytest.approx(occupancy, abs=1)  # theirs is a mean of whole percents
        assert (row["tensor_cores"] == "used") == (used == "Yes")


def test_two_thirds_of_a_resnet_in_float32_could_use_tensor_cores() -> None:
    trace = reference_trace(RESNET)
    found = tensor_cores(trace, attribution(trace))
    assert (found.used, found.total) == (0, 591_532_000)
    assert found.eligible / found.total == pytest.approx(0.68, abs=0.005)  # as torch-tb-profiler says


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("Falconsai_nsfw_image_detection__1016002", set()),
        # TraceLens leaves the copies out that aten::where makes of its scalars.
        ("google_owlv2-large-patch14-ensemble__1016001", {"aten::where"}),
    ],
)
def test_operators_of_an_h100_cost_what_tracelens_tells(name: str, wrong: set[str]) -> None:
    mine = by_name(operators(reference_trace(f"tracelens/h100/{name}.json.gz")))
    with (TRACES / "tracelens" / "h100" / f"{name}_perf_report_csvs" / "ops_summary.csv").open() as file:
        for row in csv.DictReader(file):
            got = mine[row["name"]]
            assert got["calls"] >= int(row["Count"])  # theirs are those that launched something
            assert got["device_self"] / 1e3 == pytest.approx(float(row["total_direct_kernel_time_sum"]), abs=0.05)
            if row["name"] not in wrong:
                subtree = float(row["total_subtree_kernel_time_sum"])
                assert got["device_total"] / 1e3 == pytest.approx(subtree, abs=0.05)


@pytest.mark.parametrize(
    "name", ["Falconsai_nsfw_image_detection__1016002", "google_owlv2-large-patch14-ensemble__1016001"]
)
def test_kernels_of_an_h100_by_operator_take_what_tracelens_tells(name: str) -> None:
    table = kernels(reference_trace(f"tracelens/h100/{name}.json.gz"), by="operator")
    mine = {(row["operator"], row["name"]): row for row in table.rows()}
    with (TRACES / "tracelens" / "h100" / f"{name}_perf_report_csvs" / "kernel_summary.csv").open() as file:
        for row in csv.DictReader(file):
            if row["Kernel name"].startswith(("Memcpy", "Memset")):
                continue  # a table of their own here
            got = mine[row["Parent cpu_op"], row["Kernel name"]]
            assert got["calls"] == int(row["Kernel duration (µs)_count"])
            assert got["total"] / 1e3 == pytest.approx(float(row["Kernel duration (µs)_sum"]), abs=0.01)


def test_an_operator_within_itself_is_one_call() -> None:
    trace = made(op("aten::add", 0, 10), op("aten::add", 1, 8), call(2, 1, 1), kernel("add", 20, 5, 1))
    row = by_name(operators(trace))["aten::add"]
    assert (row["calls"], row["host_total"], row["device_self"], row["device_total"]) == (1, 10_000, 5000, 5000)
    assert row["host_self"] == 9000  # of both calls; the launch is the runtime's


def test_operators_by_shape_and_in_a_window() -> None:
    trace = made(
        op("aten::mm", 0, 10, **{"Input Dims": [[2, 3], [3, 4]], "Input type": ["float", "float"]}),
        op("aten::mm", 20, 10, **{"Input Dims": [[8, 8], [8, 8]], "Input type": ["float", "float"]}),
    )
    table = operators(trace, by="shape")
    assert sorted(table["shapes"]) == ["[[2, 3], [3, 4]]", "[[8, 8], [8, 8]]"]
    assert operators(trace, window=(15_000, 50_000))["calls"].tolist() == [1]


def test_operators_by_call_stack_of_frames_and_of_old_traces() -> None:
    frames = made(frame("train.py(9): main", 0, 100), frame("model.py(3): forward", 5, 50), op("aten::mm", 10, 5))
    assert operators(frames, by="stack")["stack"] == ["model.py(3): forward\ntrain.py(9): main"]
    old = made(op("aten::mm", 0, 5, **{"Call stack": "model.py(3): forward;train.py(9): main"}))
    assert operators(old, by="stack")["stack"] == operators(frames, by="stack")["stack"]
    assert "with_stack=True" in operators(made(op("aten::mm", 0, 5)), by="stack").notes[0]


def test_backward_time_goes_to_the_forward_operator() -> None:
    forward = {"Sequence number": 7, "Fwd thread id": 0}
    backward = {"Sequence number": 7, "Fwd thread id": 1}
    trace = made(
        op("aten::linear", 0, 10),
        op("aten::addmm", 2, 5, **forward),
        op("AddmmBackward0", 50, 20, thread=2, **backward),
        op("aten::mm", 52, 10, thread=2),
        call(53, 2, 9, thread=2),
        kernel("gemm", 90, 30, 9),
    )
    rows = by_name(operators(trace))
    assert rows["aten::addmm"]["backward"] == rows["aten::linear"]["backward"] == 30_000
    assert rows["aten::mm"]["device_self"] == 30_000


def test_marks_of_steps_are_no_operators() -> None:
    trace = made(op("ProfilerStep#3", 0, 10), annotation("forward", 1, 8), op("aten::mm", 2, 2))
    assert operators(trace)["name"] == ["aten::mm"]


def test_copies_have_bytes_and_rates() -> None:
    copy = {**kernel("Memcpy HtoD (Pinned -> Device)", 0, 2, 1, bytes=4_000_000), "cat": "gpu_memcpy"}
    (row,) = copies(made(copy)).rows()
    assert (row["bytes"], row["total"], row["rate"]) == (4_000_000, 2000, 2e12)


@pytest.mark.parametrize(
    "name",
    [
        "volta_h884gemm_64x64_ldg8_tn",
        "turing_fp16_s1688gemm_fp16_128x64_ldg8_f2f_tn",
        "ampere_bf16_s16816gemm_bf16_128x64_ldg8_f2f_stages_64x3_tn",
        "sm80_xmma_gemm_bf16bf16_bf16f32_f32_tn_n_tilesize128x128x64_stage3",
        "sm90_xmma_gemm_e4m3bf16_e4m3f32_f32_tn_n_tilesize64x128x128_warpgroupsize1x1x1",
        "void cutlass::device_kernel<cutlass::gemm::kernel::GemmUniversal<cute::SM90_64x128x16_F32BF16BF16_SS>>",
        "nvjet_hsh_256x128_64x4_1x2_h_bz_coopA_NTT",
        "cutlass3x_sm100_tensorop_s256x256x16gemm_bf16_bf16_f32",
        "void flash::flash_fwd_kernel<Flash_fwd_kernel_traits<64, 128, 128, 4>>(flash::Flash_fwd_params)",
        "fmhaSm100aKernel_QkvE4m3OBfloat16H64PagedKvCausalP16VarSeqQ128Kv128PersistentContext",
        "bmm_MxE4m3_MxE2m1MxE4m3_Fp32_t128x16x256u2_s3_et128x16_m128x16x32_cga1x1x1_16dp256b_rM_TN",
        "Cijk_Alik_Bljk_BBS_BH_Bias_HA_S_SAV_UserArgs_MT256x32x64_MI16x16x1_SN",
        "void paged_attention_ll4mi_QKV_mfma16_kernel<0, __hip_bfloat16>",
    ],
)
def test_kernels_on_tensor_cores_are_known_by_their_names(name: str) -> None:
    assert uses_tensor_cores(name)


@pytest.mark.parametrize(
    "name",
    [
        "volta_sgemm_64x64_nt",
        "ampere_sgemm_128x64_nn",
        "void cutlass::Kernel2<cutlass_80_simt_sgemm_128x64_8x5_nn_align1>",
        "sm80_xmma_gemm_f32f32_f32f32_f32_tn_n_tilesize32x32x8_stage3_warpsize1x2x1_ffma_aligna4_alignc4_execute_kernel",
        "void cudnn::winograd_nonfused::winogradWgradData4x4<float, float>",
        "void at::native::vectorized_elementwise_kernel<4, at::native::AddFunctor<float>>",
        "ncclDevKernel_AllReduce_Sum_f32_RING_LL",
    ],
)
def test_plain_kernels_are_known_too(name: str) -> None:
    assert not uses_tensor_cores(name)


def test_products_convolutions_and_attention_are_eligible() -> None:
    names = ["aten::addmm", "aten::convolution_backward", "aten::_scaled_dot_product_flash_attention", "aten::linear"]
    assert all(map(is_eligible, names))
    assert not any(map(is_eligible, ["aten::add", "aten::softmax", "aten::layer_norm"]))

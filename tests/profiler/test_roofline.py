"""The work of operators from their shapes, how near they come to the roof, and kernels that come again and again."""

from __future__ import annotations

import csv
import json

import pytest
from made_traces import call, frame, kernel, made, op
from reference_traces import TRACES, reference_trace

from stepscope.profiler.analysis.flame import flame
from stepscope.profiler.analysis.flame_diff import flame_diff
from stepscope.profiler.analysis.kernel_sequences import kernel_sequences
from stepscope.profiler.analysis.operator_work import Arguments, operator_work
from stepscope.profiler.analysis.roofline import roofline

H100 = {"id": 0, "name": "NVIDIA H100 80GB HBM3", "computeMajor": 9, "computeMinor": 0, "numSms": 132}


@pytest.mark.parametrize(
    "model", ["Falconsai_nsfw_image_detection__1016002", "google_owlv2-large-patch14-ensemble__1016001"]
)
def test_matrix_products_of_an_h100_do_what_tracelens_tells(model: str) -> None:
    mine = {
        (row["name"], row["shapes"]): row for row in roofline(reference_trace(f"tracelens/h100/{model}.json.gz")).rows()
    }
    with (TRACES / "tracelens" / "h100" / f"{model}_perf_report_csvs" / "GEMM.csv").open() as file:
        for row in csv.DictReader(file):
            got = mine[row["name"], json.dumps(json.loads(row["Input Dims_first"]))]
            assert got["flops"] == pytest.approx(float(row["GFLOPS_first"]) * 1e9)
            assert got["bytes"] == pytest.approx(float(row["Data Moved (MB)_first"]) * 2**20)
            assert got["time"] / 1e3 == pytest.approx(float(row["Kernel Time (µs)_sum"]), abs=0.05)
            assert 0 < got["roof_share"] < 1


def half(*shapes: list[int], values: tuple[str, ...] = ()) -> Arguments:
    return Arguments(shapes, ["c10::Half"] * len(shapes), values)


def test_the_work_of_products() -> None:
    work = operator_work("aten::addmm", half([768], [788, 768], [768, 768]))
    assert work and work.flops == 2 * 788 * 768 * 768 + 788 * 768
    assert work.bytes == 2 * (768 + 2 * 788 * 768 + 768 * 768)
    batched = operator_work("aten::bmm", half([16, 5, 64], [16, 64, 7]))
    assert batched and batched.flops == 2 * 16 * 5 * 64 * 7
    assert operator_work("aten::mm", half([2, 3], [4, 5])) is None  # they do not fit
    assert operator_work("aten::relu", half([2, 3])) is None


def test_the_work_of_convolutions() -> None:
    values = ("", "", "", "[16, 16]", "[0, 0]", "[1, 1]", "False", "[0, 0]", "1")
    forward = operator_work("aten::convolution", half([4, 3, 224, 224], [768, 3, 16, 16], [], values=values))
    assert forward and forward.flops == 924_844_032  # TraceLens's figure
    strided = operator_work(
        "aten::cudnn_convolution",
        half([4, 3, 224, 224], [768, 3, 16, 16], values=("", "", "[0, 0]", "[16, 16]", "[1, 1]", "1")),
    )
    assert strided == forward
    assert operator_work("aten::convolution", half([4, 3, 224, 224], [768, 3, 16, 16])) is None  # no stride is told
    both = operator_work(
        "aten::convolution_backward",
        half([4, 768, 14, 14], [4, 3, 224, 224], [768, 3, 16, 16], values=("[True, True, False]",)),
    )
    assert both and both.flops == 2 * forward.flops


def test_the_work_of_attention() -> None:
    shape = [4, 12, 197, 64]
    whole = operator_work(
        "aten::_scaled_dot_product_flash_attention", half(shape, shape, shape, values=("", "", "", "0.", "False"))
    )
    assert whole and whole.flops == 476_884_992  # TraceLens's figure
    causal = operator_work(
        "aten::_scaled_dot_product_flash_attention", half(shape, shape, shape, values=("", "", "", "0.", "True"))
    )
    assert causal and causal.flops * 2 == whole.flops


def test_a_product_is_bound_by_memory_or_arithmetic() -> None:
    def product(start: int, rows: int, number: int) -> list[dict[str, object]]:
        dims = {"Input Dims": [[rows, 4096], [4096, 4096]], "Input type": ["c10::BFloat16", "c10::BFloat16"]}
        return [
            op("aten::mm", start, 10, **dims),
            call(start + 1, 1, number),
            kernel("nvjet_hsh_256x128", 500 + start, 9, number),
        ]

    table = roofline(made(*product(0, 1, 1), *product(20, 8192, 2), deviceProperties=[H100]))
    rows = {row["shapes"]: row for row in table.rows()}
    assert rows["[[1, 4096], [4096, 4096]]"]["bound"] == "memory"
    large = rows["[[8192, 4096], [4096, 4096]]"]
    assert (large["bound"], large["roof"]) == ("arithmetic", 989.4e12)
    assert large["rate"] == pytest.approx(2 * 8192 * 4096 * 4096 / 9e-6)


def test_an_operator_within_another_counts_once() -> None:
    shapes = {"Input Dims": [[8, 16], [32, 16], [32]], "Input type": ["float"] * 3}
    inner = {"Input Dims": [[32], [8, 16], [16, 32]], "Input type": ["float"] * 3}
    table = roofline(made(op("aten::linear", 0, 10, **shapes), op("aten::addmm", 2, 5, **inner)))
    assert table["name"] == ["aten::addmm"]
    assert "roof" not in [column.name for column in table.columns]  # no device is known
    assert "record_shapes=True" in roofline(made(op("aten::mm", 0, 5))).notes[0]


def test_kernels_that_come_again_in_one_order_are_found() -> None:
    names = ["norm", "gemm", "gelu"] * 4 + ["loss"]
    table = kernel_sequences(made(*(kernel(name, 10 * place, 8, place) for place, name in enumerate(names))), longest=3)
    (row,) = table.rows()
    assert (row["name"], row["calls"], row["total"], row["gaps"]) == ("norm → gemm → gelu", 4, 96_000, 16_000)


def test_a_sequence_does_not_reach_from_one_stream_into_another() -> None:
    pairs = [kernel(name, 10 * place, 5, place, stream=place % 2) for place, name in enumerate(["a", "b"] * 5)]
    assert len(kernel_sequences(made(*pairs))) == 0


def test_two_flame_graphs_are_joined_by_their_paths() -> None:
    before = flame(made(frame("main", 0, 10), frame("load", 1, 2)), "python")
    after = flame(made(frame("main", 0, 20), frame("train", 1, 9)), "python")
    both = flame_diff(before, after)
    texts = [both.names[code] for code in both.name]
    assert dict(zip(texts, zip(both.before.tolist(), both.after.tolist(), strict=True), strict=True)) == {
        "main": (10_000, 20_000),
        "train": (0, 9000),
        "load": (2000, 0),
    }
    assert both.parent.tolist() == [-1, 0, 0]

"""How well GPUs are used: torch-tb-profiler's figures, Kineto's occupancy, and a right one where it has none."""

from __future__ import annotations

import json

import numpy as np
import pytest
from made_traces import annotation, call, kernel, made
from reference_traces import TRACES, reference, reference_trace

from stepscope.profiler.analysis.occupancy import LIMITERS, kernel_occupancy, occupancy
from stepscope.profiler.analysis.utilization import sm_efficiency_curves, utilization, utilization_curves

RESNET = "torch_tb_profiler/resnet50_num_workers_0/worker0.1623143089861.pt.trace.json.gz"
V100 = {
    "id": 0,
    "name": "Tesla V100",
    "computeMajor": 7,
    "computeMinor": 0,
    "numSms": 80,
    "maxThreadsPerMultiprocessor": 2048,
    "regsPerMultiprocessor": 65536,
    "sharedMemPerMultiprocessor": 98304,
    "warpSize": 32,
}


def test_resnet_uses_its_gpu_as_torch_tb_profiler_says() -> None:
    row = next(utilization(reference_trace(RESNET)).rows())
    assert round(100 * row["utilization"], 2) == 55.51
    assert round(100 * row["sm_efficiency"], 2) == 54.68
    assert round(100 * row["reported_occupancy"], 2) == 49.13
    assert abs(100 * row["occupancy"] - 49.13) < 0.1


@pytest.mark.parametrize("name", reference())
def test_occupancy_agrees_with_kineto_wherever_kineto_has_one(name: str) -> None:
    found = occupancy(reference_trace(name))
    told = ~np.isnan(found.reported) & ~found.repaired
    assert (np.abs(np.round(100 * found.share[told]) - 100 * found.reported[told]) < 1.01).all()


@pytest.mark.parametrize(
    ("name", "before", "after", "repaired"),
    [
        ("tracelens/b200/eager_trace.json.gz", 12.7, 26.1, 55),
        ("tracelens/h100/Falconsai_nsfw_image_detection__1016002.json.gz", 14.1, 19.6, 68),
        ("hta/nccl_parser_config/nccl_data.json.gz", 35.3, 37.8, 48),
    ],
)
def test_kernels_with_much_shared_memory_have_an_occupancy(
    name: str, before: float, after: float, repaired: int
) -> None:
    trace = reference_trace(name)
    found = occupancy(trace)
    time = trace.slices.duration[found.rows]
    assert round(100 * np.average(found.reported, weights=time), 1) == before
    assert round(100 * np.average(found.share, weights=time), 1) == after
    assert round(100 * time[found.repaired].sum() / time.sum()) == repaired


@pytest.mark.parametrize(
    ("limiter", "share", "shape"),
    [
        ("threads", 1.0, {"grid": [4000, 1, 1], "block": [1024, 1, 1], "registers per thread": 16}),
        ("registers", 0.125, {"grid": [4000, 1, 1], "block": [256, 1, 1], "registers per thread": 255}),
        ("shared memory", 0.0625, {"grid": [4000, 1, 1], "block": [128, 1, 1], "shared memory": 98304}),
        ("blocks", 0.5, {"grid": [9000, 1, 1], "block": [32, 1, 1], "registers per thread": 16}),
        ("grid", 0.0625, {"grid": [80, 1, 1], "block": [128, 1, 1], "registers per thread": 16}),
    ],
)
def test_what_limits_occupancy_is_named(limiter: str, share: float, shape: dict[str, object]) -> None:
    trace = made(kernel("k", 0, 10, 1, **{"registers per thread": 16, **shape}), deviceProperties=[V100])
    found = occupancy(trace)
    assert (LIMITERS[found.limiter[0]], found.share[0]) == (limiter, share)
    assert kernel_occupancy(trace, found)["limiter"] == [limiter]


def test_an_occupancy_that_newer_kineto_wrote_is_taken() -> None:
    told = {"grid": [4000, 1, 1], "block": [128, 1, 1], "occupancy": {"activeBlocksPerMultiprocessor": 3}}
    assert occupancy(made(kernel("k", 0, 10, 1, **told), deviceProperties=[V100])).share[0] == 3 * 128 / 2048


def test_a_gpu_that_nobody_knows_keeps_what_the_trace_says() -> None:
    told = {"grid": [4000, 1, 1], "block": [128, 1, 1], "est. achieved occupancy %": 40}
    trace = made(kernel("k", 0, 10, 1, **told), deviceProperties=[{**V100, "computeMajor": 99}])
    assert occupancy(trace).share.tolist() == [0.4]


def test_efficiency_counts_blocks_that_run_at_once_and_never_more_than_all_multiprocessors() -> None:
    trace = made(
        annotation("ProfilerStep#1", 0, 100),
        call(0, 1, 1),
        call(1, 1, 2),
        kernel("a", 10, 20, 1, stream=1, **{"blocks per SM": 0.5}),
        kernel("b", 20, 20, 2, stream=2, **{"blocks per SM": 0.75}),
    )
    curve = sm_efficiency_curves(trace)[0]
    assert list(zip(curve.time.tolist(), curve.value.tolist(), strict=True)) == [
        (10_000, 0.5),
        (20_000, 1.0),
        (30_000, 0.75),
        (40_000, 0.0),
    ]
    row = next(utilization(trace).rows())
    assert (row["utilization"], row["sm_efficiency"]) == (0.3, 0.225)


def test_changes_of_the_efficiency_are_those_that_torch_tb_profiler_added_to_a_trace() -> None:
    trace = reference_trace("torch_tb_profiler/gpu_metrics_input.json")
    events = json.loads((TRACES / "torch_tb_profiler" / "gpu_metrics_expected.json").read_text())["traceEvents"]
    # Its first two are a base line of 1; its values are ten times what the kernels of the file say.
    told = [event for event in events if event["ph"] == "C" and "SM" in event["name"]][2:]
    curve = sm_efficiency_curves(trace)[0]
    assert [event["ts"] * 1000 - (trace.zero_ns or 0) for event in told] == curve.time.tolist()
    assert np.allclose([event["args"]["Est. SM Efficiency"] / 10 for event in told], curve.value)


def test_the_utilization_of_all_buckets_is_the_time_with_a_kernel() -> None:
    trace = reference_trace("torch_tb_profiler/gpu_metrics_input.json")
    curve = utilization_curves(trace, 13)[0]
    covered = (curve.value[:-1] * np.diff(curve.time)).sum()
    assert round(covered) == trace.slices.duration[trace.slices.category == 6].sum()


def test_a_trace_without_kernels_has_no_gpus() -> None:
    trace = made(annotation("ProfilerStep#1", 0, 100))
    assert len(utilization(trace)) == 0
    assert utilization_curves(trace) == sm_efficiency_curves(trace) == []

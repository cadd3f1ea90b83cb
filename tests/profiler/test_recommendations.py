"""What to do next: each rule where it applies and nowhere else, and the overview that holds them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from made_traces import annotation, call, kernel, made, op
from reference_traces import reference, reference_trace

from stepscope.profiler.analysis.advice import Recommendation
from stepscope.profiler.analysis.overview import overview
from stepscope.profiler.analysis.recommendations import recommendations
from stepscope.profiler.analysis.study import Study
from stepscope.profiler.analysis.time_of_ranks import time_of_ranks
from stepscope.profiler.analysis.wording import count_of, mean_of, percent, time_text
from stepscope.profiler.trace import Trace

RESNET = "torch_tb_profiler/resnet50_num_workers_0/worker0.1623143089861.pt.trace.json.gz"
A100 = {"id": 0, "name": "A100", "computeMajor": 8, "computeMinor": 0, "numSms": 108, "totalGlobalMem": 1000}
LOADER = "enumerate(DataLoader)#_SingleProcessDataLoaderIter.__next__"


def advice(trace: Trace) -> dict[str, Recommendation]:
    return {each.id: each for each in recommendations(trace)}


def step(number: int, start: float, *events: dict[str, Any], duration: float = 100) -> list[dict[str, Any]]:
    return [annotation(f"ProfilerStep#{number}", start, duration), *events]


def busy(start: float, duration: float, correlation: int, name: str = "k", **args: Any) -> list[dict[str, Any]]:
    """A kernel that was launched in time."""
    return [call(start, 1, correlation), kernel(name, start + 1, duration - 1, correlation, **args)]


def copy(start: float, duration: float, correlation: int) -> list[dict[str, Any]]:
    moved = {**kernel("Memcpy HtoD (Pageable -> Device)", start + 1, duration - 1, correlation), "cat": "gpu_memcpy"}
    return [call(start, 1, correlation, "cudaMemcpyAsync"), moved]


def test_resnet_is_told_to_load_faster_and_to_use_tensor_cores_as_by_torch_tb_profiler() -> None:
    found = recommendations(reference_trace(RESNET))
    assert [each.id for each in found] == ["data_loader", "tensor_cores"]
    data = found[0]
    assert "59.3 ms a step (33.4 %) go to the data loader while nothing else goes on." in data.evidence
    assert "Batches are made in the training process: num_workers is 0." in data.evidence
    assert 58e6 < data.gain < 60e6
    assert (data.place.view, reference_trace(RESNET).names[reference_trace(RESNET).slices.name[data.place.row]]) == (
        "timeline",
        LOADER,
    )


@pytest.mark.parametrize("name", reference())
def test_advice_has_evidence_and_gains_that_fit_into_a_step(name: str) -> None:
    study = Study(reference_trace(name))
    found = recommendations(study)
    for each in found:
        assert each.evidence
        assert math.isnan(each.gain) or (0 < each.gain <= study.step_time and each.share <= 1)
        assert each.place.view in ("timeline", "distributed", "kernels", "operators", "memory", "flame")
    gains = [each.gain for each in found if not math.isnan(each.gain)]
    assert gains == sorted(gains, reverse=True)
    assert [math.isnan(each.gain) for each in found] == sorted(math.isnan(each.gain) for each in found)


def test_a_gpu_that_works_all_the_time_gets_no_advice() -> None:
    events = [event for number in range(3) for event in step(number, 100 * number, *busy(100 * number, 100, number))]
    assert advice(made(*events)) == {}
    assert advice(made({"ph": "i", "name": "mark", "ts": 0, "pid": 1, "tid": 1})) == {}


def test_a_host_that_launches_late_is_told_which_operators_the_gpu_waits_for() -> None:
    late = advice(made(*step(1, 0, *busy(0, 10, 1), op("aten::mm", 50, 20), *busy(60, 30, 2))))["host_bound"]
    assert late.gain == 52_000
    assert late.place.window == (10_000, 61_000)
    assert any("waits longest for aten::mm (51.0 µs)" in sentence for sentence in late.evidence)


def test_work_that_was_launched_but_does_not_begin_is_no_fault_of_the_host() -> None:
    found = advice(made(*step(1, 0, *busy(0, 10, 1), call(15, 2, 2), kernel("late", 90, 30, 2))))
    assert "host_bound" not in found
    assert found["stalled"].place.window == (10_000, 90_000)
    assert found["stalled"].evidence[1] == "Longest: 80.0 µs in front of late."


def test_who_replays_graphs_already_is_not_told_to() -> None:
    graphs = [call(0, 1, 1, "cudaGraphLaunch"), call(80, 1, 2, "cudaGraphLaunch")]
    work = [kernel("a", 1, 10, 1), kernel("b", 11, 10, 1), kernel("a", 81, 10, 2), kernel("b", 91, 9, 2)]
    late = advice(made(*step(1, 0, *graphs, *work)))["host_bound"]
    assert late.text.startswith("Graphs are replayed already")
    assert late.evidence[1].startswith("Launches a step: 2. A launch takes 1.00 µs")


def test_a_synchronization_is_told_with_its_caller() -> None:
    wait = [op("aten::item", 5, 20), call(6, 10, 9, "cudaStreamSynchronize")]
    found = advice(made(*step(1, 0, *busy(0, 10, 1), *wait, *busy(60, 40, 2))))["synchronization"]
    assert "Called by aten::item 1×." in found.evidence
    assert "1 wait a step: cudaStreamSynchronize 1×." in found.evidence


def test_communication_copies_and_allocations_are_told_with_what_they_take() -> None:
    found = advice(
        made(
            *step(1, 0, *busy(0, 30, 1), *busy(30, 40, 2, "ncclDevKernel_AllReduce"), *copy(70, 20, 3)),
            call(92, 5, 8, "cudaMalloc"),
        )
    )
    assert found["communication"].gain == 39_000
    assert "ncclDevKernel_AllReduce (39.0 µs)" in found["communication"].evidence[1]
    assert found["copies"].gain == 19_000
    assert "1 copy of 1 are to or from pageable memory: 19.0 µs a step." in found["copies"].evidence
    assert found["allocations"].gain == 5_000


def test_kernels_that_fill_a_part_of_the_gpu_are_told_but_not_those_that_communicate() -> None:
    few = {"grid": [54, 1, 1], "block": [128, 1, 1]}
    small = made(*step(1, 0, *busy(0, 100, 1, "small", **few)), deviceProperties=[A100])
    assert advice(small)["small_grids"].gain == 99_000 / 2
    alike = made(*step(1, 0, *busy(0, 100, 1, "ncclDevKernel_AllGather", **few)), deviceProperties=[A100])
    assert "small_grids" not in advice(alike)


def test_an_optimizer_of_many_kernels_is_told_to_fuse_them() -> None:
    kernels = [event for place in range(300) for event in busy(10 * place, 3, place)]
    found = advice(made(*step(1, 0, annotation("Optimizer.step#Adam.step", 0, 3000), *kernels, duration=3000)))
    assert "Optimizer.step#Adam.step launches 300 kernels" in found["optimizer"].evidence[0]


def test_a_step_that_is_longer_than_the_others_is_named_with_what_grew() -> None:
    starts = [(0, 100), (100, 100), (200, 400), (600, 100)]
    events = [event for place, (start, length) in enumerate(starts) for event in step(place, start, duration=length)]
    found = advice(made(*events, op("aten::mm", 210, 350)))["uneven_steps"]
    assert found.evidence == ("ProfilerStep#2 takes 300 µs longer than the median step; 350 µs of it are CPU.",)
    assert found.place.window == (200_000, 600_000)


def test_full_memory_data_parallel_and_gloo_are_told_without_a_figure() -> None:
    memory = {"ph": "i", "name": "[memory]", "ts": 5, "pid": 1, "tid": 1}
    memory["args"] = {"Bytes": 950, "Device Type": 1, "Device Id": 0, "Total Allocated": 950, "Total Reserved": 960}
    second = {**kernel("k", 0, 100, 2, stream=8, device=1), "pid": 1}
    events = [*busy(0, 100, 1), second, op("DataParallel.forward", 0, 90), op("gloo:all_reduce", 0, 1), memory]
    found = advice(made(*step(1, 0, *events), deviceProperties=[A100]))
    assert {"memory", "data_parallel", "gloo"} <= found.keys()
    assert all(math.isnan(found[name].gain) for name in ("memory", "data_parallel", "gloo"))


def test_without_a_gpu_data_loading_and_python_are_told() -> None:
    found = advice(made(*step(1, 0, op(LOADER, 0, 20), op("aten::mm", 20, 40))))
    assert (found["data_loader"].gain, found["python"].gain) == (20_000, 40_000)
    assert found["data_loader"].title == "Training waits for data"


@pytest.mark.parametrize("name", [RESNET, "torch213_cpu/run_full/rank0.1795248494537968943.pt.trace.json.gz"])
def test_an_overview_closes(name: str) -> None:
    study = Study(reference_trace(name))
    found = overview(study)
    assert np.isclose(np.asarray(found.mean["time"]).sum(), study.step_time)
    assert len(found.longest) == 6
    if found.gpu:
        assert np.asarray(found.idle["time"]).sum() == found.gpu.idle


def test_a_window_of_two_steps_is_about_those_steps() -> None:
    whole = Study(reference_trace(RESNET))
    start, end = int(whole.steps.start[1]), int(whole.steps.end[2])
    found = overview(Study(whole.trace, (start, end)))
    assert found.steps["name"] == ["ProfilerStep#6", "ProfilerStep#7"]
    assert found.gpu is not None
    assert found.gpu.total == end - start


def test_ranks_stand_beside_each_other() -> None:
    names = [name for name in reference() if "dlrm_kineto" in name]
    if not names:
        pytest.skip("needs the traces of eight ranks")
    rows = list(time_of_ranks(reference_trace(name) for name in names).rows())
    assert [round(100 - 100 * row["busy"], 1) for row in rows] == [49.3, 34.3, 62.1, 43.2, 53.6, 55.6, 61.8, 75.8]
    assert [round(100 * row["overlap"], 2) for row in rows] == [4.5, 2.47, 7.88, 3.42, 0.56, 0.64, 7.56, 9.51]


def test_figures_in_sentences_are_never_rounded_to_nothing_or_all() -> None:
    assert [percent(share) for share in (0, 0.0001, 0.1234, 0.9999, 1)] == [
        "0.0 %",
        "< 0.1 %",
        "12.3 %",
        "> 99.9 %",
        "100.0 %",
    ]
    assert [time_text(ns) for ns in (12, 1_234, 9_506_000, 178e6, 1.5e9)] == [
        "12 ns",
        "1.23 µs",
        "9.51 ms",
        "178 ms",
        "1.50 s",
    ]
    assert (count_of(1, "copy", "copies"), count_of(1_200, "copy", "copies")) == ("1 copy", "1,200 copies")
    assert (mean_of(1, "wait"), mean_of(2.5, "wait")) == ("1 wait", "2.5 waits")

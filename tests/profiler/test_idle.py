"""Why a GPU had nothing to do, what waited for it, and what launching cost."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from made_traces import annotation, call, kernel, made, op
from reference_traces import reference, reference_trace

from stepscope.profiler.analysis.gpu_time import gpu_time
from stepscope.profiler.analysis.idle import IDLE_REASONS, IdleReason, idle_gaps
from stepscope.profiler.analysis.idle_tables import idle_table, longest_gaps
from stepscope.profiler.analysis.launches import launch_statistics
from stepscope.profiler.analysis.queue import queue_depth, queue_summary
from stepscope.profiler.analysis.study import Study
from stepscope.profiler.trace import Counter

WITH_GPU = [name for name, figures in reference().items() if "gpu_us" in figures]


@pytest.mark.parametrize("name", WITH_GPU)
def test_gaps_add_up_to_the_idle_time_and_no_queue_is_below_nothing(name: str) -> None:
    trace = reference_trace(name)
    assert idle_gaps(trace).duration.sum() == gpu_time(trace).idle
    window = (int(trace.slices.start.min()) + 1000, int(trace.slices.end.max()) // 2)
    assert idle_gaps(trace, window).duration.sum() == gpu_time(trace, window).idle
    for curve in queue_depth(trace):
        assert (curve.value >= 0).all()
        assert curve.value[-1:].tolist() in ([], [0.0])


def reason_between(*events: dict[str, Any], launched: float, after: float = 100.0, took: float = 2.0) -> IdleReason:
    """Of the gap from 20 to `after` µs before a kernel that was launched at `launched`."""
    first = [call(0, 2, 1), kernel("a", 10, 10, 1)]
    trace = made(*first, call(launched, took, 2), kernel("b", after, 10, 2), *events)
    gaps = idle_gaps(trace)
    assert (gaps.start.tolist(), gaps.end.tolist()) == ([20_000], [int(after * 1000)])
    return IdleReason(gaps.reason[0])


def overhead(start: float, duration: float) -> dict[str, Any]:
    return {**op("Activity Buffer Request", start, duration), "cat": "overhead"}


def wait_of_stream(start: float, duration: float) -> dict[str, Any]:
    return {**kernel("Stream Wait Event", start, duration, -1, stream=9), "cat": "cuda_sync"}


def test_every_gap_has_the_reason_of_what_ended_it() -> None:
    loader = op("enumerate(DataLoader)#_MultiProcessingDataLoaderIter.__next__", 25, 60)
    assert reason_between(launched=90) == IdleReason.HOST
    assert reason_between(loader, launched=90) == IdleReason.DATA
    assert reason_between(call(5, 20, 9, "cudaStreamSynchronize"), launched=90) == IdleReason.SYNC
    assert reason_between(call(5, 20, 9, "cudaMemcpyAsync"), launched=90) == IdleReason.HOST
    assert reason_between(launched=5, after=25) == IdleReason.LAUNCH
    assert reason_between(launched=15, took=82) == IdleReason.LAUNCH  # its call came back as it began
    assert reason_between(wait_of_stream(22, 70), launched=5) == IdleReason.DEPENDENCY
    assert reason_between(overhead(30, 60), launched=90) == IdleReason.PROFILER
    assert reason_between(launched=5) == IdleReason.UNKNOWN
    assert reason_between(launched=25) == IdleReason.UNKNOWN  # late by 5 µs, and 73 µs more pass


def test_work_without_a_launch_ends_a_gap_for_an_unknown_reason() -> None:
    gaps = idle_gaps(made(kernel("a", 0, 10, 1), kernel("b", 50, 10, 2)))
    assert (gaps.reason.tolist(), gaps.launch.tolist()) == ([IdleReason.UNKNOWN], [-1])


def test_tables_of_gaps_name_reasons_and_what_the_gpu_waited_for() -> None:
    trace = made(
        op("aten::mm", 85, 20), call(1, 2, 1), kernel("a", 10, 10, 1), call(90, 2, 2), kernel("gemm", 100, 10, 2)
    )
    reasons = next(idle_table(Study(trace)).rows())
    assert (reasons["reason"], reasons["gaps"], reasons["time"], reasons["share"]) == ("host", 1, 80_000, 0.8)
    assert reasons["hint"] == IDLE_REASONS[IdleReason.HOST][1]
    gap = next(longest_gaps(Study(trace)).rows())
    assert (gap["duration"], gap["next"], gap["operator"]) == (80_000, "gemm", "aten::mm")
    assert trace.names[trace.slices.name[gap["row"]]] == "gemm"


def points(curve: Counter) -> list[tuple[int, int]]:
    return [(time // 1000, int(depth)) for time, depth in zip(curve.time.tolist(), curve.value.tolist(), strict=True)]


def test_a_queue_grows_with_calls_and_shrinks_as_kernels_begin() -> None:
    trace = made(call(0, 1, 1), call(3, 1, 2), kernel("a", 5, 10, 1), kernel("b", 15, 10, 2))
    curve = queue_depth(trace)[0]
    assert curve.name == "GPU 0 stream 7 queue"
    assert points(curve) == [(0, 1), (3, 2), (5, 1), (15, 0)]
    row = next(queue_summary(trace).rows())
    assert (row["launched"], row["most"], row["mean"]) == (2, 2, (3 + 4 + 10) / 15)


def test_what_begins_as_another_is_launched_leaves_the_queue_first() -> None:
    trace = made(call(0, 1, 1), kernel("a", 5, 10, 1), call(5, 1, 2), kernel("b", 15, 10, 2))
    assert points(queue_depth(trace)[0]) == [(0, 1), (5, 1), (15, 0)]
    assert next(queue_summary(trace).rows())["most"] == 1


def test_a_graph_puts_all_of_its_kernels_into_the_queue() -> None:
    trace = made(call(0, 1, 1, "cudaGraphLaunch"), *(kernel("k", 10 * place, 5, 1) for place in (1, 2, 3)))
    assert points(queue_depth(trace)[0]) == [(0, 3), (10, 2), (20, 1), (30, 0)]


def test_work_that_begins_before_its_call_was_never_in_the_queue() -> None:
    assert points(queue_depth(made(kernel("a", 4, 10, 1), call(5, 1, 1)))[0]) == []


def test_launch_statistics_count_calls_of_runtime_driver_and_graphs() -> None:
    trace = made(
        call(0, 4, 1),
        kernel("a", 10, 20, 1),
        call(20, 2, 2, "cuLaunchKernelEx"),
        kernel("a", 21, 1, 2),
        call(40, 6, 3, "cudaGraphLaunch"),
        kernel("b", 50, 1, 3),
        kernel("b", 60, 8, 3),
        kernel("lost", 80, 8, 99),
    )
    work = {row["name"]: row for row in launch_statistics(trace).rows()}
    assert {name: (row["count"], row["calls"], row["call_time"]) for name, row in work.items()} == {
        "a": (2, 2, 6_000),
        "b": (2, 1, 6_000),
    }
    assert (work["a"]["delay_mean"], work["a"]["delay_most"], work["a"]["shorter"]) == (3_000, 6_000, 0.5)
    assert work["b"]["shorter"] == 0.5  # 6 µs of the call serve two kernels
    assert "1 kernels and copies have no launch" in launch_statistics(trace).notes[0]
    calls = launch_statistics(trace, by="call")
    assert set(calls["name"]) == {"cudaLaunchKernel", "cuLaunchKernelEx", "cudaGraphLaunch"}
    assert launch_statistics(trace, (15_000, 30_000))["name"] == ["a"]
    with pytest.raises(ValueError, match="by='stream'; expected 'work' or 'call'"):
        launch_statistics(trace, by="stream")


def test_nothing_waits_in_a_trace_without_a_gpu() -> None:
    trace = made(annotation("ProfilerStep#1", 0, 10), op("aten::mm", 2, 5))
    assert queue_depth(trace) == []
    assert [len(table) for table in (queue_summary(trace), launch_statistics(trace), idle_table(Study(trace)))] == [
        0
    ] * 3
    assert np.asarray(longest_gaps(Study(trace))["row"]).tolist() == []

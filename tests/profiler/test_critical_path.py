"""The chain of work that a step could not have been shorter than."""

from __future__ import annotations

import numpy as np
import pytest
from made_traces import annotation, call, kernel, made, op
from reference_traces import reference_trace

from stepscope.profiler.analysis.critical_path import CriticalPath, PathKind, critical_path, distances
from stepscope.profiler.trace import Category, Trace


def _spent(path: CriticalPath) -> dict[str, int]:
    """Kind → µs on the path."""
    lasted = path.end_of - path.begin
    return {
        kind.name: int(lasted[path.kind == kind].sum()) // 1000 for kind in PathKind if lasted[path.kind == kind].any()
    }


def _names(path: CriticalPath) -> set[str]:
    return {path.trace.names[code] for code in path.trace.slices.name[path.rows]}


def test_pieces_follow_each_other_from_the_start_to_the_end():
    path = critical_path(
        made(op("aten::mm", 0, 30), call(5, 5, 1), kernel("gemm", 20, 100, 1), op("aten::add", 40, 10)), (0, 130_000)
    )

    np.testing.assert_array_equal(path.begin[1:], path.end_of[:-1])
    assert (path.start, path.end) == (0, 120_000)
    assert _spent(path) == {"HOST": 5, "LAUNCH": 15, "KERNEL": 100}
    assert sum(path.by_category()["share"]) == pytest.approx(1)


def test_a_kernel_follows_its_stream_when_it_was_launched_in_time():
    path = critical_path(
        made(
            op("aten::mm", 0, 40),
            call(5, 5, 1),
            kernel("first", 15, 50, 1),
            call(20, 5, 2),
            kernel("second", 67, 10, 2),
        )
    )

    assert _spent(path) == {"HOST": 5, "LAUNCH": 10, "KERNEL": 60, "STREAM": 2}


def test_a_blocking_call_weighs_nothing_but_the_work_it_waits_for_does():
    path = critical_path(
        made(
            op("aten::item", 0, 100),
            call(5, 5, 1),
            kernel("slow", 20, 60, 1),
            call(30, 55, 2, name="cudaStreamSynchronize"),
        )
    )

    assert "slow" in _names(path)
    assert _spent(path) == {"HOST": 5 + 15, "LAUNCH": 15, "KERNEL": 60, "SYNC": 5}


def test_the_backward_pass_on_its_own_thread_is_on_the_path():
    path = critical_path(
        made(
            op("aten::forward", 0, 10, thread=1),
            op("autograd::engine::evaluate_function: MmBackward0", 20, 50, thread=2),
            op("aten::step", 80, 10, thread=1),
        )
    )

    assert "autograd::engine::evaluate_function: MmBackward0" in _names(path)
    assert _spent(path) == {"HOST": 70, "THREAD": 20}


def test_threads_that_only_poll_are_no_end_of_a_step():
    path = critical_path(
        made(
            op("aten::mm", 0, 50),
            op("aten::add", 60, 10),
            *(call(at, 1, at, "cudaEventQuery", thread=9) for at in (5, 90)),
        )
    )

    assert path.end == 70_000


def test_a_wait_for_another_stream_is_followed():
    path = critical_path(
        made(
            op("aten::mm", 0, 60),
            call(1, 2, 1),
            kernel("other stream", 5, 50, 1, stream=20),
            call(10, 2, 2, name="cudaStreamWaitEvent"),
            call(15, 2, 3),
            kernel("behind it", 57, 30, 3, stream=7),
        )
    )

    assert {"other stream", "behind it"} <= _names(path)
    assert _spent(path)["SYNC"] == 2


def test_a_replayed_graph_is_one_launch_and_many_kernels():
    replayed = [kernel(f"node {i}", 20 + 10 * i, 9, 7, **{"graph node id": i + 1}) for i in range(4)]
    path = critical_path(made(op("aten::run", 0, 10), call(2, 4, 7, name="cudaGraphLaunch"), *replayed))

    assert _spent(path) == {"HOST": 2, "LAUNCH": 18, "KERNEL": 36, "STREAM": 3}


def test_a_gain_is_limited_by_the_second_chain():
    path = critical_path(
        made(
            op("aten::mm", 0, 10),
            call(1, 2, 1),
            call(4, 2, 2),
            kernel("long", 10, 90, 1, stream=7),
            kernel("nearly as long", 10, 80, 2, stream=8),
        )
    )
    table = path.by_name()
    row = list(table["name"]).index("long")

    assert (table["time"][row], table["gain"][row]) == (90_000, 90_000)
    assert path.total == 100_000


def test_communication_has_a_share_of_its_own():
    path = critical_path(made(op("aten::mm", 0, 5), call(1, 2, 1), kernel("ncclDevKernel_AllReduce", 10, 40, 1)))

    assert _spent(path)["COMMUNICATION"] == 40


def test_a_window_takes_in_what_it_launched_and_what_still_ran():
    trace = made(
        annotation("ProfilerStep#1", 0, 20),
        op("aten::mm", 0, 5),
        call(1, 2, 1),
        kernel("left over", 10, 40, 1),
        op("aten::add", 30, 5),
        call(31, 2, 2),
        kernel("second", 51, 10, 2),
    )
    path = critical_path(trace, (30_000, 50_000))

    assert (path.start, path.end) == (30_000, 61_000)
    assert _names(path) == {"left over", "second"}


def test_an_empty_window_is_an_error():
    with pytest.raises(ValueError, match="no operator, call or kernel"):
        critical_path(made(op("aten::mm", 0, 10)), (20_000, 30_000))


def _annotated(trace: Trace, name: str, instance: int) -> tuple[int, int]:
    rows = [row for row in trace.rows_of(Category.ANNOTATION) if name in trace.names[trace.slices.name[row]]]
    return int(trace.slices.start[rows[instance]]), int(trace.slices.end[rows[instance]])


@pytest.mark.parametrize(
    ("name", "length", "nodes", "slices"),
    [
        ("simple_add/benchmark_result_493459_1694039959", 241_724_000, 315, 159),
        ("alexnet/benchmark_result_2869224_1695835535", 35_834_000, 149, 77),
    ],
)
def test_paths_of_real_forward_passes_are_those_of_holistic_trace_analysis(name, length, nodes, slices):
    """Nodes, slices and length are as that tool has them when the graph is weighed as there: time between operators and
    all blocking calls weigh nothing. It leaves out slices of 0 µs, and a blocking call at the end of the path."""
    trace = reference_trace(f"hta/critical_path/{name}_trace.json.gz")
    graph = critical_path(trace, _annotated(trace, "measure|forward", 1)).graph
    weight = np.where(np.isin(graph.kind, [PathKind.OUTSIDE, PathKind.SYNC]), 0, graph.weight)
    blocking = [trace.names[code] == "cudaDeviceSynchronize" for code in trace.slices.name]
    weight[(graph.row >= 0) & np.array(blocking)[np.maximum(graph.row, 0)]] = 0
    distance, came_by = distances(graph, weight)
    node, passed = int(np.argmax(distance)), []
    while node > 0:
        passed.append(node)
        node = int(graph.tail[came_by[node]])
    rows = graph.rows[(np.array(passed) - 1) // 2]
    rows = rows[(trace.slices.duration[rows] > 0) & (trace.slices.category[rows] != Category.ANNOTATION)]
    if blocking[rows[0]] and (rows == rows[0]).sum() == 1:
        rows = rows[1:]

    assert distance.max() == length
    assert (len(rows), len(np.unique(rows))) == (nodes, slices)


def test_launch_and_stream_delays_of_a_real_trace_are_those_of_holistic_trace_analysis():
    trace = reference_trace("hta/critical_path/simple_add/benchmark_result_493459_1694039959_trace.json.gz")
    graph = critical_path(trace, _annotated(trace, "measure|forward", 1)).graph
    ends = {}
    for edge in range(len(graph.row)):
        row = int(graph.row[edge])
        if row >= 0 and graph.kind[edge] in (PathKind.LAUNCH, PathKind.STREAM) and graph.weight[edge]:
            ends[int(trace.slices.correlation[row])] = (PathKind(graph.kind[edge]), int(graph.weight[edge]))

    assert ends[5597] == (PathKind.LAUNCH, 27_000)
    assert ends[5604] == (PathKind.STREAM, 7_000)


def test_recorded_events_bind_streams_and_calls_of_a_real_trace():
    trace = reference_trace("hta/critical_path/cuda_event_sync/event_sync_trace.json.gz")
    path = critical_path(trace, _annotated(trace, "ProfilerStep", 0))
    waits = [
        (trace.names[trace.slices.name[path.graph.rows[(tail - 1) // 2]]], trace.names[trace.slices.name[row]])
        for tail, row, weight in zip(
            path.graph.tail[path.graph.kind == PathKind.SYNC],
            path.graph.row[path.graph.kind == PathKind.SYNC],
            path.graph.weight[path.graph.kind == PathKind.SYNC],
            strict=True,
        )
        if weight
    ]

    assert any("spin_kernel" in source and target == "cudaEventSynchronize" for source, target in waits)

"""What lies in what, and whose work a device does."""

from __future__ import annotations

import pytest
from made_traces import annotation, call, frame, kernel, made, op
from reference_traces import reference, reference_trace

from stepscope.profiler.analysis.attribution import Reason, attribution
from stepscope.profiler.analysis.nesting import descendants, nesting, self_times
from stepscope.profiler.trace import Trace

WITH_GPU = {name: figures["attribution"] for name, figures in reference().items() if "attribution" in figures}


def row(trace: Trace, name: str) -> int:
    code = trace.names.index(name)
    return int((trace.slices.name == code).argmax())


@pytest.mark.parametrize("name", reference())
def test_nothing_crosses_in_real_traces(name: str) -> None:
    nested = nesting(reference_trace(name))
    assert (nested.crossings, nested.python_crossings) == (0, 0)


@pytest.mark.parametrize("name", WITH_GPU)
def test_operators_get_the_share_of_device_time_that_the_reference_tells(name: str) -> None:
    trace = reference_trace(name)
    found = attribution(trace)
    duration = trace.slices.duration[found.rows]
    assert found.share(trace) == pytest.approx(WITH_GPU[name]["gpu_time_attributed_to_cpu_op"], abs=5.1e-5)
    without = duration[found.launch < 0].sum() / max(duration.sum(), 1)
    assert without == pytest.approx(WITH_GPU[name]["gpu_time_without_launch_in_trace"], abs=5.1e-5)


def test_an_operator_has_its_children_and_its_own_time() -> None:
    trace = made(op("outer", 0, 10), op("first", 1, 3), op("second", 4, 2), call(4.5, 1, 1), op("later", 10, 1))
    nested = nesting(trace)
    outer, second = row(trace, "outer"), row(trace, "second")
    assert nested.parent[row(trace, "first")] == nested.parent[second] == outer
    assert nested.parent[row(trace, "later")] == -1
    assert nested.operator[row(trace, "cudaLaunchKernel")] == second
    assert self_times(trace, nested)[[outer, second]].tolist() == [5000, 1000]
    assert descendants(nested, self_times(trace, nested))[outer] == 10_000


def test_frames_that_open_an_annotation_cross_it_without_harm() -> None:
    """`__enter__` begins before the annotation and ends within it: the stacks are two, so both keep their places."""
    trace = made(
        frame("train.py(3): step", 0, 100),
        frame("record_function.__enter__", 9, 3),
        annotation("forward", 10, 50),
        op("aten::mm", 20, 5),
    )
    nested = nesting(trace)
    assert (nested.crossings, nested.python_crossings) == (0, 0)
    assert nested.parent[row(trace, "aten::mm")] == row(trace, "forward")
    assert nested.python[row(trace, "forward")] == row(trace, "record_function.__enter__")
    assert nested.python[row(trace, "aten::mm")] == row(trace, "train.py(3): step")


def test_what_crosses_is_counted_and_kept() -> None:
    trace = made(op("outer", 0, 100), op("a", 10, 20), op("b", 20, 20), op("c", 25, 5))
    nested = nesting(trace)
    assert nested.crossings == 1
    assert nested.parent[row(trace, "b")] == row(trace, "outer")
    assert nested.parent[row(trace, "c")] == row(trace, "b")


def test_threads_do_not_mix() -> None:
    trace = made(op("outer", 0, 10, thread=1), op("other", 2, 3, thread=2))
    assert nesting(trace).parent.tolist() == [-1, -1]


def test_device_work_without_an_operator_says_why() -> None:
    trace = made(
        op("aten::mm", 0, 10),
        call(1, 1, 1),
        call(12, 1, 2),
        call(14, 1, 3, name="cudaGraphLaunch"),
        kernel("by the operator", 20, 1, 1),
        kernel("by nobody", 21, 1, 2),
        kernel("by a graph", 22, 1, 3),
        kernel("from before", 23, 1, 99),
    )
    found = attribution(trace)
    assert [Reason(code) for code in found.reason] == [
        Reason.ATTRIBUTED,
        Reason.NO_OPERATOR,
        Reason.GRAPH_REPLAY,
        Reason.BEFORE_WINDOW,
    ]
    assert found.operator.tolist() == [row(trace, "aten::mm"), -1, -1, -1]
    assert found.share(trace) == 0.25


def test_launches_of_the_driver_count_as_launches() -> None:
    trace = made(op("triton", 0, 10), call(1, 1, 5, name="cuLaunchKernelEx"), kernel("fused", 20, 4, 5))
    assert attribution(trace).share(trace) == 1.0


def test_a_call_at_the_rounded_end_of_its_operator_belongs_to_it() -> None:
    trace = made(op("aten::mm", 0, 10), op("aten::t", 4, 6), call(10, 2, 5), kernel("gemm", 20, 4, 5))
    assert attribution(trace).operator.tolist() == [row(trace, "aten::t")]


def test_a_call_that_ends_after_its_operator_belongs_to_it() -> None:
    trace = made(op("aten::mm", 0, 10), op("aten::t", 2, 3), call(8, 6, 5), kernel("gemm", 20, 4, 5))
    assert attribution(trace).operator.tolist() == [row(trace, "aten::mm")]
    assert attribution(made(op("aten::mm", 0, 10), call(11, 6, 5), kernel("gemm", 20, 4, 5))).operator.tolist() == [-1]

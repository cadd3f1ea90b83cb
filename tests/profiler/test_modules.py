"""Modules as a tree, and flame graphs: whose the time is, and that nothing of it is lost."""

from __future__ import annotations

from typing import Any

import pytest
from made_traces import annotation, call, frame, kernel, made, op, trained_block
from reference_traces import reference, reference_trace

from stepscope.profiler.analysis.attribution import attribution
from stepscope.profiler.analysis.flame import Flame, flame
from stepscope.profiler.analysis.module_hierarchy import module_path
from stepscope.profiler.analysis.modules import modules
from stepscope.profiler.table import Table
from stepscope.profiler.trace import Trace

WITH_GPU = [name for name, figures in reference().items() if "attribution" in figures]
NUMBERED = {"Sequence number": 7, "Fwd thread id": 0}
BEHIND = {"Sequence number": 7, "Fwd thread id": 1}


def trained() -> Trace:
    return made(*trained_block())


def rows(table: Table) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in table.rows()}


def node(found: Flame, *path: str) -> int:
    at = -1
    for name in path:
        at = next(i for i in range(len(found)) if found.parent[i] == at and found.names[found.name[i]] == name)
    return at


def test_modules_have_their_forward_and_their_backward() -> None:
    found = rows(modules(trained()))
    assert found["Linear_0"]["path"] == "Block_0/Linear_0"
    assert (found["Linear_0"]["forward"], found["Linear_0"]["backward"]) == (10_000, 20_000)
    assert (found["Block_0"]["device_total"], found["Block_0"]["device_self"]) == (30_000, 0)
    assert (found["Block_0"]["host_total"], found["Block_0"]["host_self"]) == (40_000, 20_000)
    assert found["Block_0"]["host_backward"] == 30_000
    assert found["outside of modules"]["device_total"] == 5000


def test_a_module_that_runs_again_in_backward_has_that_work_for_itself() -> None:
    """A checkpoint runs modules within a backward operator; its own forward operator ran in another module."""
    trace = made(
        frame("nn.Module: Checkpointed_0", 0, 20),
        op("CheckpointFunction", 2, 5, **NUMBERED),
        op("CheckpointFunctionBackward", 50, 30, thread=2, **BEHIND),
        frame("nn.Module: Linear_0", 55, 10, thread=2),
        call(57, 2, 1, thread=2),
        kernel("again", 100, 10, 1),
    )
    found = rows(modules(trace))
    assert (found["Linear_0"]["forward"], found["Linear_0"]["backward"]) == (10_000, 0)
    assert found["Checkpointed_0"]["device_total"] == 0


@pytest.mark.parametrize("name", WITH_GPU)
def test_device_time_in_and_outside_of_modules_is_all_there_is(name: str) -> None:
    trace = reference_trace(name)
    found = modules(trace)
    if len(found):
        assert sum(found["device_self"]) == trace.slices.duration[attribution(trace).rows].sum()


def test_without_modules_annotations_are_shown_and_it_is_said() -> None:
    table = modules(made(annotation("ProfilerStep#1", 0, 100), annotation("forward", 1, 50), op("aten::mm", 5, 5)))
    assert table["name"] == ["forward", "outside of modules"]
    assert "with_stack=True" in table.notes[0]
    assert "names no modules" in modules(made(op("aten::mm", 0, 5))).notes[0]


def test_lightning_names_modules_in_annotations() -> None:
    trace = made(annotation("[pl][module]torch.nn.modules.linear.Linear: head", 0, 10), op("aten::addmm", 2, 5))
    assert modules(trace)["name"][0] == "Linear: head"


def test_old_traces_name_the_modules_of_operators() -> None:
    assert module_path("TOP(Net)::forward.block(Block)::forward.SELF(Block)::helper.") == ("Net", "block (Block)")
    path = {"Module Hierarchy": "TOP(Net)::forward.block(Block)::forward."}
    found = rows(modules(made(op("aten::mm", 0, 10, **path), call(1, 2, 1), kernel("gemm", 50, 7, 1))))
    assert (found["Net"]["device_total"], found["block (Block)"]["device_self"]) == (7000, 7000)


def test_a_flame_graph_of_the_device_puts_kernels_under_what_launched_them() -> None:
    found = flame(trained(), "device")
    path = ("train.py(9): main", "nn.Module: Block_0", "nn.Module: Linear_0", "aten::addmm", "gemm_forward")
    assert found.total[node(found, *path)] == found.total[node(found, *path[:1])] == 10_000
    assert found.own[node(found, *path[:-1])] == 0
    before = [text for text in found.names if "launched before" in text]
    assert found.total[node(found, *before)] == 5000


@pytest.mark.parametrize("name", WITH_GPU)
def test_a_flame_graph_of_the_device_loses_no_time(name: str) -> None:
    trace = reference_trace(name)
    found = flame(trace, "device")
    assert found.total[found.parent < 0].sum() == trace.slices.duration[attribution(trace).rows].sum()


def test_steps_are_one_node_and_windows_cut_what_reaches_beyond() -> None:
    trace = made(
        annotation("ProfilerStep#1", 0, 10),
        annotation("ProfilerStep#2", 10, 10),
        op("aten::mm", 2, 4),
        op("aten::mm", 12, 6),
    )
    whole = flame(trace, "host")
    assert whole.total[node(whole, "ProfilerStep")] == 20_000
    assert (whole.total[node(whole, "ProfilerStep", "aten::mm")], whole.count.max()) == (10_000, 2)
    part = flame(trace, "host", window=(4000, 14_000))
    assert part.total[node(part, "ProfilerStep")] == 10_000
    assert part.total[node(part, "ProfilerStep", "aten::mm")] == 4000


def test_the_largest_nodes_are_kept_with_their_parents_and_the_rest_is_counted() -> None:
    trace = made(frame("main", 0, 100), frame("big", 0, 60), frame("small", 70, 1), frame("tiny", 80, 0.5))
    found = flame(trace, "python", most=2)
    assert {found.names[code] for code in found.name} <= {"main", "big", "small"}
    assert found.pruned >= 2
    assert found.own[node(found, "main")] == 38_500  # what was left out is still the parent's


def test_what_python_called_is_one_node_wherever_it_lay_in_memory() -> None:
    frames = [frame(f"<built-in method add_ of Tensor object at 0x7f{place}>", 10 * place, 5) for place in range(3)]
    found = flame(made(*frames), "python")
    assert [found.names[code] for code in found.name] == ["<built-in method add_ of Tensor>"]
    assert found.count.tolist() == [3]

"""Repeated siblings and very large groups: folds and sections."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from layout_models import Builder, box_at, chain, encoder, u_net

from stepscope.logger.graphs.model import GraphModel, TensorSpec
from stepscope.webapp.graph import repeats
from stepscope.webapp.graph.scene import Scene, make_scene


def _of_kind(scene: Scene, kind: str) -> list[str]:
    return [label for label, one in zip(scene.boxes.label, scene.boxes.kind, strict=True) if one == kind]


def _stack(*sizes: int, loose: bool = False) -> GraphModel:
    """Blocks one after the other with so many features each, with an operation between them if `loose`."""
    graph = Builder()
    last = graph.op([], "x", role="input")
    for number, size in enumerate(sizes):
        path = [f"block{number}"]
        graph.group(path, type="Block")
        for name in ("conv", "norm", "relu"):
            last = graph.op(path, name, last, spec=TensorSpec("float32", (8, size)))
        if loose:
            last = graph.op([], f"drop{number}", last)
    return graph.build("stack", "stepscope")


def _unrolled(steps: int, *, cell: Sequence[str] = (), twisted: int = -1) -> GraphModel:
    """A recurrent cell as often as there are steps, its operations in the group `cell`, each state an output.

    The step `twisted` adds something else than the others.
    """
    graph = Builder()
    x, start = graph.op([], "x", role="input"), graph.op([], "zeros")
    state, states = start, []
    for number in range(steps):
        taken = graph.op([], f"select{number}", x)
        mixed = graph.op(list(cell) and [f"{cell[0]}@{number}"], "linear", taken, state)
        gate = graph.op([], f"sigmoid{number}", mixed)
        kept = graph.op([], f"mul{number}", gate, state)
        other = graph.op([], f"tanh{number}", mixed)
        for name in ("neg", "exp", "log", "abs", "sin"):
            other = graph.op([], f"{name}{number}", other)
        state = graph.op([], f"add{number}", kept, gate if number == twisted else other)
        states.append(state)
    graph.op([], "output", graph.op([], "stack", *states), role="output")
    return graph.build("unrolled", "stepscope")


def test_equal_layers_fold_into_one_box() -> None:
    scene = make_scene(encoder(12), ["encoder/"])
    fold = box_at(scene, "encoder/layers.0/*12")
    assert (scene.boxes.kind[fold], scene.boxes.label[fold]) == ("fold", "12 × EncoderLayer")
    assert scene.boxes.sub[fold] == "layers.0 … layers.11"
    assert scene.boxes.nodes[fold] == 12 * 7


def test_an_unfolded_fold_is_a_frame_with_its_members() -> None:
    scene = make_scene(encoder(3), ["encoder/", "encoder/layers.1/"], ["encoder/layers.0/*3"])
    fold = box_at(scene, "encoder/layers.0/*3")
    assert scene.boxes.kind[fold] == "open"
    members = [box_at(scene, f"encoder/layers.{number}/") for number in range(3)]
    assert [scene.boxes.parent[member] for member in members] == [fold] * 3
    assert [scene.boxes.kind[member] for member in members] == ["group", "open", "group"]


def test_layers_with_something_between_them_fold_together() -> None:
    assert _of_kind(make_scene(_stack(64, 64, 64, 64, loose=True), []), "fold") == ["4 × (Block, drop)"]


def test_only_what_is_alike_folds() -> None:
    assert _of_kind(make_scene(_stack(16, 32, 64, 128), []), "fold") == []
    assert _of_kind(make_scene(_stack(16, 64, 64, 64, 32), []), "fold") == ["3 × Block"]


@pytest.mark.parametrize("depth", [3, 4, 6])
def test_a_fold_does_not_hide_skip_connections(depth: int) -> None:
    assert _of_kind(make_scene(u_net(depth), []), "fold") == []


def test_query_key_and_value_stay_apart() -> None:
    graph = Builder()
    last = graph.op([], "x", role="input")
    branches = [graph.op([name], "linear", last) for name in ("query", "key", "value")]
    graph.op([], "attention", *branches)
    assert _of_kind(make_scene(graph.build("attention", "stepscope"), []), "fold") == []


@pytest.mark.parametrize("cell", [(), ("cell",)], ids=["operations alone", "with a module"])
def test_steps_of_an_unrolled_loop_fold_and_each_is_a_box_in_the_open_fold(cell: Sequence[str]) -> None:
    model = _unrolled(9, cell=cell)
    scene = make_scene(model, [])
    assert _of_kind(scene, "fold") == ["9 × (select, " + ("cell" if cell else "linear") + ", sigmoid …)"]
    assert len(scene.boxes.id) == 5, "the input, its beginning, the loop, the stack, the output"
    fold = scene.boxes.id[scene.boxes.kind.index("fold")]
    opened = make_scene(model, [], [fold])
    assert _of_kind(opened, "section") == [f"{number} of 9" for number in range(1, 10)]
    second = opened.boxes.id[opened.boxes.label.index("2 of 9")]
    within = make_scene(model, [], [fold, second])
    members = [name for name, frame in zip(within.boxes.id, within.boxes.parent, strict=True) if frame >= 0]
    assert {"select1", "sigmoid1", "add1"} < set(members) and "select2" not in members


def test_layers_without_scopes_fold_and_are_called_by_their_operations() -> None:
    graph = Builder()
    last = graph.op([], "x", role="input")
    for layer in range(4):
        for name in ("norm", "linear", "relu", "add", "norm", "linear", "gelu", "mul"):
            node = graph.node(0, f"{name}.{layer}", f"aten.{name}", outputs=(TensorSpec("float32", (8, 64)),))
            graph.edge(last, node)
            last = node
    assert _of_kind(make_scene(graph.build("flat", "onnx"), []), "fold") == ["4 × (norm, linear, relu …)"]


def test_operations_that_only_look_alike_do_not_fold() -> None:
    assert _of_kind(make_scene(_unrolled(9), []), "fold")
    assert not _of_kind(make_scene(_unrolled(9, twisted=4), []), "fold")
    assert not _of_kind(make_scene(chain(300), []), "fold"), "a chain of one operation is no loop"
    assert not _of_kind(make_scene(_unrolled(2), []), "fold")


def test_runs_that_are_not_worth_folding_cost_little(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = Builder()
    own = [graph.op([], f"variable{number}") for number in range(600)]
    for number, variable in enumerate(own):
        graph.op([f"block{number}"], "add", graph.op([f"block{number}"], "mul", variable))
    asked, connections = [], repeats._connections
    monkeypatch.setattr(repeats, "_connections", lambda *told: asked.append(told) or connections(*told))
    assert not _of_kind(make_scene(graph.build("private", "stepscope"), []), "fold")
    assert 0 < len(asked) < 300, "not one for each block"


def test_nothing_folds_where_it_is_not_wanted() -> None:
    scene = make_scene(encoder(12), ["encoder/"], fold=False)
    assert _of_kind(scene, "fold") == [] and "encoder/layers.11/" in scene.boxes.id


def test_a_very_large_group_comes_in_sections() -> None:
    model = chain(2_000)
    scene = make_scene(model, [])
    assert set(scene.boxes.kind) == {"section"} and 10 <= len(scene.boxes.id) <= 30
    assert sum(scene.boxes.nodes) == len(model.nodes)
    assert scene.lines.count == [1] * (len(scene.boxes.id) - 1), "a chain of sections"
    second = scene.boxes.id[1]
    opened = make_scene(model, [], [second])
    inside = [box for box, frame in enumerate(opened.boxes.parent) if frame == box_at(opened, second)]
    assert len(inside) == opened.boxes.nodes[box_at(opened, second)]


def test_sections_of_sections() -> None:
    graph = Builder()
    for number in range(130_000):
        graph.node(0, f"v{number}", "variable")
    model = graph.build("flat", "graph_def")
    scene = make_scene(model, [])
    assert len(scene.boxes.id) <= 400
    inner = make_scene(model, [], scene.boxes.id[:1])
    within = [name for name, frame in zip(inner.boxes.id, inner.boxes.parent, strict=True) if frame >= 0]
    assert 1 < len(within) < 20 and all(name.startswith(f"{scene.boxes.id[0]}*section") for name in within)


def test_a_tensor_that_all_take_has_one_line_into_the_frame() -> None:
    model = encoder(12)
    scene = make_scene(model, ["encoder/"], ["encoder/layers.0/*12"])
    fold = box_at(scene, "encoder/layers.0/*12")
    into = {tuple(scene.lines.points[line][:2]) for line, begin in enumerate(scene.lines.begin) if begin == fold}
    assert len(into) <= 3, "the mask, what comes in, and what goes out"


def test_a_tensor_for_very_many_branches_where_it_enters() -> None:
    scene = make_scene(encoder(60), ["encoder/"], ["encoder/layers.0/*60"])
    fold = box_at(scene, "encoder/layers.0/*60")
    lines = [line for line, begin in enumerate(scene.lines.begin) if begin == fold and scene.lines.kind[line] == "stub"]
    assert len(lines) >= 60 and len({tuple(scene.lines.points[line][:2]) for line in lines}) <= 3


def test_many_tensors_through_a_border_are_short_ends() -> None:
    graph = Builder()
    for number in range(40):
        graph.op(["b"], f"add{number}", graph.op(["a"], f"mul{number}"))
    scene = make_scene(graph.build("wide", "stepscope"), ["b/"])
    stubs = [points for points, kind in zip(scene.lines.points, scene.lines.kind, strict=True) if kind == "stub"]
    assert len(stubs) == 40 and all(points[3] - points[1] == 11 for points in stubs)


def test_edges_of_a_hub_are_short_ends() -> None:
    graph = Builder()
    graph.op([], "save", *(graph.op([], f"variable{number}") for number in range(40)))
    scene = make_scene(graph.build("checkpoint", "graph_def"), [])
    hub = box_at(scene, "save")
    assert set(scene.lines.kind) == {"stub"} and scene.lines.end == [hub] * 40
    assert scene.boxes.badges[hub] == ["40 in"]
    assert max(scene.size) < 2_000, "the variables are not in one row"


def test_outputs_that_differ_by_their_number_are_one_box() -> None:
    graph = Builder()
    last = graph.op([], "x", role="input")
    for number in range(6):
        last = graph.op([], f"layer{number}", last)
        graph.op([], f"output.states.{number}", last, role="output")
    graph.op([], "output.logits", last, role="output")
    model = graph.build("states", "stepscope")
    scene = make_scene(model, ())
    fold = box_at(scene, "output.states.0/**6")
    assert (scene.boxes.kind[fold], scene.boxes.label[fold]) == ("fold", "6 × states")
    assert scene.boxes.sub[fold] == "output.states.0 … 5"
    assert "output.logits" in scene.boxes.id and "output.states.0" not in scene.boxes.id
    assert "output.states.5" in make_scene(model, (), ["output.states.0/**6"]).boxes.id
    assert "output.states.5" in make_scene(model, (), fold=False).boxes.id

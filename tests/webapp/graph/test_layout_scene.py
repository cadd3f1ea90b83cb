"""What holds of every picture of a graph: nothing overlaps, lines are attached and go through no box."""

from __future__ import annotations

import json
import random
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from layout_models import (
    SHAPES,
    Builder,
    all_groups,
    box_at,
    chain,
    drawn_points,
    encoder,
    loop,
    nested,
    points_of,
    rectangle,
    tangle,
    u_net,
    with_parameters,
)

from benchmarks.bench_graph_layout import count_crossings, draw
from benchmarks.layout_graphs import GRAPHS
from stepscope.logger.graphs.builder import GraphBuilder
from stepscope.logger.graphs.model import GraphModel
from stepscope.webapp.graph.scene import Scene, SceneCache, as_json, make_scene

_RESULT = (("one", "constant"), ("add", "op"), ("output", "output"))


def _check(scene: Scene) -> None:
    _check_boxes(scene)
    for line in range(len(scene.lines.begin)):
        _check_line(scene, line)


def _check_boxes(scene: Scene) -> None:
    siblings: dict[int, list[tuple[int, int, int, int]]] = {}
    for box, frame in enumerate(scene.boxes.parent):
        left, top, right, bottom = rectangle(scene, box)
        outer = rectangle(scene, frame) if frame >= 0 else (0, 0, *scene.size)
        assert frame < box, "frames come before what they hold"
        assert outer[0] <= left < right <= outer[2] and outer[1] <= top < bottom <= outer[3], scene.boxes.id[box]
        if frame >= 0:
            assert scene.boxes.kind[frame] == "open" and top >= outer[1] + 28, "the header of a frame is free"
        for other in siblings.setdefault(frame, []):
            assert right < other[0] or other[2] < left or bottom < other[1] or other[3] < top, scene.boxes.id[box]
        siblings[frame].append((left, top, right, bottom))
    assert len(set(scene.boxes.id)) == len(scene.boxes.id)


def _check_line(scene: Scene, line: int) -> None:
    begin, end = scene.lines.begin[line], scene.lines.end[line]
    first, *_, last = points_of(scene, line)
    kind = scene.lines.kind[line]
    short = kind == "stub" and abs(first[1] - last[1]) == 11  # does not reach the frame
    for box, point, other in ((begin, first, end), (end, last, begin)):
        left, top, right, bottom = rectangle(scene, box)
        if short and not (left <= point[0] <= right and point[1] in (top, bottom)):
            assert rectangle(scene, other)[1] in (point[1] + 11, point[1] - 11 - scene.boxes.h[other])
            continue
        assert left <= point[0] <= right and point[1] in (top, bottom), "lines end on the border of their boxes"
    frames = {box for box, inner in enumerate(scene.boxes.kind) if inner == "open"}
    rectangles = np.array([rectangle(scene, box) for box in range(len(scene.boxes.id)) if box not in frames])
    for x, y in drawn_points(scene, line):
        inside = (rectangles[:, 0] < x) & (x < rectangles[:, 2]) & (rectangles[:, 1] < y) & (y < rectangles[:, 3])
        assert not inside.any(), "no line crosses a box"


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("fold", [True, False])
def test_nothing_overlaps_and_lines_are_attached(shape: str, fold: bool) -> None:
    model = SHAPES[shape]
    _check(make_scene(model, [], fold=fold))
    _check(make_scene(model, all_groups(model)[::2], fold=fold))
    _check(make_scene(model, all_groups(model), fold=fold))


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 40), st.integers(0, 5), st.integers(0, 1000))
def test_random_graphs(nodes: int, groups: int, seed: int) -> None:
    model = tangle(nodes, seed, groups)
    _check(make_scene(model, all_groups(model)))


def test_the_same_graph_gives_the_same_picture() -> None:
    pictures = [json.dumps(as_json(make_scene(tangle(80, groups=3), ["g1/", "g1/h0/"]))) for _ in range(2)]
    assert pictures[0] == pictures[1]


def test_a_kept_layout_is_the_same_as_a_new_one() -> None:
    model, cache = encoder(), SceneCache()
    opened = ["encoder/", "encoder/layers.3/"]
    for step in ([], opened[:1], opened, opened[:1]):
        assert as_json(make_scene(model, step, cache=cache)) == as_json(make_scene(model, step))


def _order(scene: Scene, names: list[str], axis: str) -> list[int]:
    places = [getattr(scene.boxes, axis)[box_at(scene, name)] for name in names]
    return sorted(range(len(names)), key=lambda one: (places[one], one))


def test_opening_a_group_does_not_change_the_order_of_the_others() -> None:
    model, cache = u_net(), SceneCache()
    closed = make_scene(model, [], cache=cache)
    opened = make_scene(model, ["down1/"], cache=cache)
    others = [name for name in closed.boxes.id if name != "down1/"]
    assert set(others) < set(opened.boxes.id)
    assert _order(closed, others, "y") == _order(opened, others, "y")
    assert opened.boxes.y[box_at(opened, "down0/")] == closed.boxes.y[box_at(closed, "down0/")]


def test_a_chain_stands_in_one_line() -> None:
    scene = make_scene(chain(8), [])
    middles = {x + w / 2 for x, w in zip(scene.boxes.x, scene.boxes.w, strict=True)}
    assert len(middles) == 1
    assert all(len(points) == 4 for points in scene.lines.points), "straight lines"


def test_the_main_line_stays_straight_beside_what_ends_in_it() -> None:
    graph = Builder()
    last = graph.op([], "x", role="input")
    for number in range(6):
        last = graph.op([], f"add{number}", last, graph.op([], f"variable{number}"))
    scene = make_scene(graph.build("recurrence", "graph_def"), [])
    main = [box_at(scene, name) for name in (f"add{number}" for number in range(6))]
    assert len({scene.boxes.x[box] + scene.boxes.w[box] / 2 for box in main}) == 1


def test_long_chains_come_in_columns() -> None:
    width, height = make_scene(chain(100), []).size
    assert height < 1.6 * width < 4 * height


def test_long_chains_come_in_columns_though_many_lines_pass() -> None:
    graph = Builder()
    last, states = graph.op([], "x", role="input"), []
    for number in range(20):
        for place in range(6):  # no two next to each other alike, so that nothing folds
            last = graph.op([], "abcdefgh"[(number * 7 + place * 3) % 8] + f".{number}.{place}", last)
        states.append(last)
    graph.op([], "stack", *states)
    width, height = make_scene(graph.build("gathered", "stepscope"), []).size
    assert height < 2 * width < 4 * height


def test_a_skip_connection_goes_around_what_it_skips() -> None:
    scene = make_scene(u_net(2), [])
    begin, end = box_at(scene, "down0/"), box_at(scene, "cat0")
    line = list(zip(scene.lines.begin, scene.lines.end, strict=True)).index((begin, end))
    beside = max(x for x, _ in points_of(scene, line))
    between = [
        box for box in range(len(scene.boxes.id)) if scene.boxes.y[begin] < scene.boxes.y[box] < scene.boxes.y[end]
    ]
    assert between and all(rectangle(scene, box)[2] < beside for box in between)


def test_what_passes_an_open_border_goes_on_inside() -> None:
    scene = make_scene(u_net(2), ["down0/"])
    frame, inner, target = (box_at(scene, name) for name in ("down0/", "down0/relu", "cat0"))
    ends = list(zip(scene.lines.begin, scene.lines.end, strict=True))
    inside, outside = ends.index((inner, frame)), ends.index((frame, target))
    assert scene.lines.kind[inside] == "stub" and scene.lines.kind[outside] == "edge"
    assert points_of(scene, inside)[-1] == points_of(scene, outside)[0], "they meet at the border"


def test_edges_between_the_same_boxes_are_one_line() -> None:
    graph = Builder()
    sources = [graph.op(["a"], f"mul{number}") for number in range(3)]
    for number, source in enumerate(sources):
        graph.op(["b"], f"add{number}", source)
    model = graph.build("parallel", "stepscope")
    closed = make_scene(model, [])
    assert closed.lines.count == [3]
    assert closed.edge_of[0].tolist() == [0, 1, 2]
    opened = make_scene(model, ["a/"])
    assert sorted(zip(opened.lines.kind, opened.lines.count, strict=True)) == [("edge", 1)] * 3 + [("stub", 1)] * 3


def test_an_edge_that_leads_back_is_marked() -> None:
    scene = make_scene(loop(), ["loop/"])
    back = [line for line, kind in enumerate(scene.lines.kind) if kind == "back"]
    names = [(scene.boxes.id[scene.lines.begin[line]], scene.boxes.id[scene.lines.end[line]]) for line in back]
    assert names == [("loop/next", "loop/merge")]


def test_constants_are_drawn_in_their_consumer() -> None:
    scene = make_scene(loop(), ["loop/", "loop/body/"])
    assert "limit" not in scene.boxes.id and "loop/body/add/" not in scene.boxes.id
    assert scene.boxes.badges[box_at(scene, "loop/merge")] == ["limit"]
    assert scene.hidden == 2
    model = loop()
    assert scene.box_of[model.node_at["loop/body/add/one"]] == box_at(scene, "loop/body/add")


def test_a_constant_that_is_also_a_result_keeps_its_line_there() -> None:
    builder = GraphBuilder()
    one, add, out = (builder.node(0, name, name, role=role) for name, role in _RESULT)
    builder.edge(one, add)
    builder.edge(one, out)
    builder.edge(add, out, into=1)
    scene = make_scene(builder.build("", "stepscope"), [])
    ends = {
        (scene.boxes.id[begin], scene.boxes.id[end])
        for begin, end in zip(scene.lines.begin, scene.lines.end, strict=True)
    }
    assert ends == {("one", "add"), ("one", "output"), ("add", "output")}


def test_long_names_of_results_keep_their_ends() -> None:
    builder = GraphBuilder()
    for layer in (11, 12):
        builder.node(0, f"output.decoder_hidden_states.of_every_layer.{layer}", "output", role="output")
    first, second = make_scene(builder.build("", "stepscope"), []).boxes.label
    assert first.startswith("…") and first.endswith(".11") and second.endswith(".12")


def test_every_node_has_the_innermost_box_that_shows_it() -> None:
    model = encoder(2)
    scene = make_scene(model, ["encoder/", "encoder/layers.1/"])
    shown = {node.path: scene.boxes.id[box] for node, box in zip(model.nodes, scene.box_of, strict=True)}
    assert shown["encoder/layers.0/attn/matmul"] == "encoder/layers.0/"
    assert shown["encoder/layers.1/attn/matmul"] == "encoder/layers.1/attn/"
    assert shown["encoder/layers.1/add"] == "encoder/layers.1/add"


def test_parameters_count_once_in_a_group() -> None:
    assert make_scene(with_parameters(), []).boxes.parameters == [110]
    assert make_scene(with_parameters(), ["net/"]).boxes.parameters == [110, 100, 110]


def test_a_graph_without_nodes_gives_an_empty_picture() -> None:
    scene = make_scene(Builder().build("empty", "graph_def"), ["/", "nowhere/"])
    assert (scene.size, scene.boxes.id) == ((0, 0), [])


def test_too_many_boxes_are_refused_with_what_is_shown() -> None:
    graph = Builder()
    for number in range(3_600):
        graph.op([f"a{number // 900}", f"b{number // 300}"], f"op{number}")
    model: GraphModel = graph.build("wide", "stepscope")
    scene = make_scene(model, all_groups(model), fold=False)
    assert set(scene.boxes.id) == {*(f"a{one}/" for one in range(4)), *(f"a{one // 3}/b{one}/" for one in range(12))}
    assert "3,616 boxes, and at most 3,000 are drawn: groups are open 1 deep" in scene.refused


def test_an_open_group_pushes_down_only_what_it_stands_over() -> None:
    graph = Builder()
    start = graph.op([], "x", role="input")
    last = start
    for number in range(5):
        last = graph.op(["tall"], f"mul{number}", last)
    side = graph.op([], "side1", graph.op([], "side0", start))
    graph.op([], "add", last, side)
    model = graph.build("branches", "stepscope")
    closed, opened = make_scene(model, []), make_scene(model, ["tall/"])
    assert opened.boxes.y[box_at(opened, "side1")] <= closed.boxes.y[box_at(closed, "side1")] + 20
    assert opened.boxes.y[box_at(opened, "add")] > closed.boxes.y[box_at(closed, "add")] + 200


@pytest.mark.parametrize(("name", "dagre", "elkjs"), [("transformer", 0, 0), ("residual", 0, 0), ("random", 377, 335)])
def test_lines_cross_no_more_often_than_in_other_engines(name: str, dagre: int, elkjs: int) -> None:
    # Measured with dagre 3.1.3 and elkjs 0.12.1 on the same graphs by `python -m benchmarks graph_layout`.
    nodes, edges = GRAPHS[name](100)
    _, lines = draw(nodes, edges)
    assert count_crossings(lines, edges) <= min(dagre, elkjs)


def test_groups_in_groups_without_end_are_refused_too() -> None:
    model = nested(400)
    scene = make_scene(model, all_groups(model))
    assert "Groups lie deeper than 100 in each other" in scene.refused
    assert scene.boxes.kind.count("open") == 100


def test_dense_graphs_are_drawn_in_time() -> None:
    chance, graph = random.Random(0), Builder()
    for number in range(200):
        graph.op([], f"op{number}")
    for _ in range(2_000):
        begin = chance.randrange(199)
        graph.edge(begin, chance.randrange(begin + 1, 200))
    start = time.process_time()
    scene = make_scene(graph.build("dense", "stepscope"), [])
    assert time.process_time() - start < 10
    _check_boxes(scene)

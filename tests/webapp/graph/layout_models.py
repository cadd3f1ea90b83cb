"""Model graphs of many shapes to lay out, and what must hold of every picture."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence

from stepscope.logger.graphs.builder import GraphBuilder
from stepscope.logger.graphs.model import GraphModel, Parameter, TensorSpec
from stepscope.webapp.graph.scene import Scene

SPEC = TensorSpec("float32", (8, 128))
Point = tuple[float, float]


class Builder(GraphBuilder):
    """Adds operations with their inputs, by the parts of their group's path."""

    def op(self, path: Sequence[str], name: str, *inputs: int, role: str = "op", spec: TensorSpec = SPEC) -> int:
        op = name.rstrip("0123456789")
        node = self.node(self.group(path), name, op, role=role, outputs=(spec,))
        for number, source in enumerate(inputs):
            self.edge(source, node, into=number)
        return node


def encoder(layers: int = 12) -> GraphModel:
    """A stack of equal layers, each with attention, a skip connection around it, and a mask that all of them use."""
    graph = Builder()
    mask = graph.op([], "mask", role="input")
    last = graph.op(["embed"], "embedding", graph.op([], "ids", role="input"))
    for layer in range(layers):
        path = ["encoder", f"layers.{layer}"]
        graph.group(path, type="EncoderLayer")
        branches = [graph.op([*path, "attn"], "linear", last) for _ in range(3)]
        scores = graph.op([*path, "attn"], "matmul", *branches[:2])
        mixed = graph.op([*path, "attn"], "mul", graph.op([*path, "attn"], "add", scores, mask), branches[2])
        last = graph.op(path, "add", last, mixed)
    graph.op([], "output", graph.op(["head"], "linear", last), role="output")
    return graph.build("encoder", "stepscope")


def u_net(depth: int = 4) -> GraphModel:
    """Blocks down and blocks up; each block down feeds one block up."""
    graph = Builder()
    last, skips = graph.op([], "x", role="input"), []
    for level in range(depth):
        last = graph.op([f"down{level}"], "relu", graph.op([f"down{level}"], "conv", last))
        skips.append(last)
        last = graph.op([], f"pool{level}", last)
    for level in reversed(range(depth)):
        last = graph.op([], f"cat{level}", skips[level], graph.op([], f"up{level}", last))
        last = graph.op([f"merge{level}"], "relu", graph.op([f"merge{level}"], "conv", last))
    graph.op([], "output", last, role="output")
    return graph.build("u-net", "stepscope")


def loop() -> GraphModel:
    """Cycles between nodes and between groups, a node that feeds itself, constants, and an input that is not there."""
    graph = Builder()
    start = graph.op([], "x", role="input")
    merge = graph.op(["loop"], "merge", start, graph.op([], "limit", role="constant"))
    body = graph.op(["loop", "body"], "add", merge, graph.op(["loop", "body", "add"], "one", role="constant"))
    back = graph.op(["loop"], "next", body)
    graph.edge(back, merge)
    graph.edge(body, body)
    out = graph.op([], "output", graph.op(["loop"], "exit", merge), role="output")
    graph.edge(graph.missing("gone/away"), out)
    return graph.build("loop", "graph_def")


def chain(length: int) -> GraphModel:
    """One operation after the other."""
    graph = Builder()
    last = graph.op([], "x", role="input")
    for number in range(length):
        last = graph.op([], f"relu{number}", last)
    return graph.build("chain", "stepscope")


def loose(count: int) -> GraphModel:
    """Nodes that nothing joins, and a pair."""
    graph = Builder()
    for number in range(count):
        graph.op([], f"variable{number}")
    graph.op([], "mul", graph.op([], "add"))
    return graph.build("loose", "graph_def")


def nested(depth: int) -> GraphModel:
    """A group in a group in a group …, each with one operation of its own."""
    graph, path = Builder(), []
    last = graph.op([], "x", role="input")
    for level in range(depth):
        path.append(f"m{level}")
        last = graph.op(path, "mul", last)
    graph.op([], "output", last, role="output")
    return graph.build("nested", "stepscope")


def tangle(nodes: int, seed: int = 0, groups: int = 0) -> GraphModel:
    """Each node takes one or two earlier ones, and sometimes a later one; spread over groups in the order of nodes."""
    chance, graph = random.Random(seed), Builder()
    for number in range(nodes):
        graph.op([f"g{number * groups // nodes}", f"h{number % 3}"] if groups else [], f"op{number}")
    for number in range(2, nodes):
        for _ in range(chance.choice((1, 2))):
            graph.edge(chance.randrange(max(0, number - 30), number), number)
        if chance.random() < 0.05:
            graph.edge(number, chance.randrange(number))
    return graph.build("tangle", "stepscope")


def with_parameters() -> GraphModel:
    """Two operations that share a parameter of 100 numbers; one has another of 10."""
    graph = Builder()
    shared = graph.parameter(Parameter("w", TensorSpec("float32", (10, 10))))
    own = graph.parameter(Parameter("b", TensorSpec("float32", (10,))))
    group = graph.group(["net"])
    graph.node(group, "one", "linear", parameters=(shared,))
    graph.node(group, "two", "linear", parameters=(shared, own))
    return graph.build("parameters", "stepscope")


SHAPES = {
    "encoder": encoder(),
    "u-net": u_net(),
    "loop": loop(),
    "chain": chain(60),
    "loose": loose(30),
    "nested": nested(12),
    "tangle": tangle(60),
    "tangle in groups": tangle(120, groups=4),
}


def all_groups(model: GraphModel) -> list[str]:
    """The ids of all groups."""
    return [f"{group.path}/" for group in model.groups[1:]]


def rectangle(scene: Scene, box: int) -> tuple[int, int, int, int]:
    """Left, top, right, bottom."""
    boxes = scene.boxes
    return boxes.x[box], boxes.y[box], boxes.x[box] + boxes.w[box], boxes.y[box] + boxes.h[box]


def points_of(scene: Scene, line: int) -> list[Point]:
    """The points of a line."""
    flat = scene.lines.points[line]
    return list(zip(flat[::2], flat[1::2], strict=True))


def drawn_points(scene: Scene, line: int) -> list[Point]:
    """Points along a line as it is drawn: slanted pieces that lead down are S-shaped curves."""
    found: list[Point] = []
    points = points_of(scene, line)
    for (x, y), (next_x, next_y) in itertools.pairwise(points):
        for step in range(9):
            t = step / 8
            ease = t * t * (3 - 2 * t) if x != next_x and next_y > y else t
            found.append((x + (next_x - x) * ease, y + (next_y - y) * t))
    return found


def box_at(scene: Scene, name: str) -> int:
    """The place of a box."""
    return scene.boxes.id.index(name)

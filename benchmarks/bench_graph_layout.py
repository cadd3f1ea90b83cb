"""Layered drawings of the same graphs by us, dagre and elkjs: CPU time, and how often the drawn lines cross."""

import itertools
import json
import random
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from stepscope.logger.graphs.builder import GraphBuilder
from stepscope.logger.graphs.model import GraphModel
from stepscope.webapp.graph.arranging import arrange
from stepscope.webapp.graph.lifting import Level
from stepscope.webapp.graph.parts import Part, parts_of
from stepscope.webapp.graph.scene import SceneCache, as_json, make_scene

from .layout_graphs import GRAPHS, Edge
from .measure import Row, Table, median_time

_RIVALS = {"dagre": "@dagrejs/dagre@3.1.3", "elkjs": "elkjs@0.12.1"}
_BOX = (60.0, 20.0)
_LONGEST = 300  # seconds a rival gets

LAYOUT = """\
Boxes of 60 × 20 pixels, no groups, no folding and no columns: the layout alone. CPU seconds; JavaScript engines within
Node, without its start. Crossings are those of the lines as each engine draws them, between edges without a common
end; elkjs draws with right angles. "–": no answer within five minutes, or npm did not give the engine."""

SCENES = """\
`make_scene` and its JSON on a fresh graph in memory: layered blocks with skip connections, 25 nodes each, in groups
of a hundred, ten of these in a group; no two alike."""

Points = Sequence[tuple[float, float]]


def run(*, quick: bool) -> list[Table]:
    """The tables of this subject."""
    sizes = (100, 300) if quick else (100, 300, 1_000)
    graphs = [(f"{name} graph, {nodes:,} nodes", *make(nodes)) for name, make in GRAPHS.items() for nodes in sizes]
    seconds: list[Row] = []
    crossings: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        installed = _install(Path(folder))
        for what, nodes, edges in graphs:
            times, drawn = [], []
            for engine in _RIVALS:
                spent, lines = _rival(Path(folder), engine, nodes, edges) if installed else (None, None)
                times.append(spent)
                drawn.append(None if lines is None else count_crossings(lines, edges))
            spent, lines = draw(nodes, edges)
            seconds.append(Row(what, spent, times, at_least=5))
            crossings.append(Row(what, count_crossings(lines, edges), drawn, unit="", at_least=1))
    return [
        Table("Layout: CPU time", tuple(_RIVALS), LAYOUT, seconds),
        Table("Layout: crossings", tuple(_RIVALS), "", crossings),
        Table("Pictures of graphs", (), SCENES, _scenes(quick)),
    ]


def count_crossings(lines: Sequence[Points], edges: Sequence[Edge]) -> int:
    """How often lines cross whose edges have no end in common. O(pieces²) at worst; pieces far apart are skipped."""
    pieces = [(*begin, *end) for line in lines for begin, end in itertools.pairwise(line)]
    owner = np.repeat(np.arange(len(lines)), [max(len(line) - 1, 0) for line in lines])
    x1, y1, x2, y2 = np.array(pieces).T
    order = np.argsort(np.minimum(y1, y2), kind="stable")
    x1, y1, x2, y2, owner = x1[order], y1[order], x2[order], y2[order], owner[order]
    top, bottom = np.minimum(y1, y2), np.maximum(y1, y2)
    ends = np.array(edges)[owner]
    total = 0
    for here in range(len(order)):
        near = slice(here + 1, int(np.searchsorted(top, bottom[here], side="right")))
        a, b = (x1[here], y1[here]), (x2[here], y2[here])
        c, d = (x1[near], y1[near]), (x2[near], y2[near])
        cross = (_side(a, b, c) * _side(a, b, d) < 0) & (_side(c, d, a) * _side(c, d, b) < 0)
        apart = ~(ends[near][:, :, None] == ends[here]).any(axis=(1, 2))
        total += int((cross & apart).sum())
    return total


def _side(a, b, c):  # type: ignore[no-untyped-def]
    """On which side of the line through a and b a point lies."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def draw(nodes: int, edges: Sequence[Edge]) -> tuple[float, list[Points]]:
    """Our layout: CPU seconds, and the points of each edge."""
    begin, end = np.array(edges).T
    level = Level(list(range(nodes)), 0, 0, {}, {}, begin, end, begin, np.arange(len(edges)), [], [])
    start = time.process_time()
    parts = [Part(part.places, part.skeleton, []) for part in parts_of(level, {})]
    drawn = arrange(level, parts, [_BOX] * nodes, {}, None)
    spent = time.process_time() - start
    points = {(wire.begin, wire.end): wire.points for wire in drawn.wires}
    return spent, [points[edge] for edge in edges]


def _install(folder: Path) -> bool:
    done = subprocess.run(
        ["npm", "install", "--silent", "--prefix", str(folder), *_RIVALS.values()], capture_output=True, check=False
    )
    return done.returncode == 0


def _rival(folder: Path, engine: str, nodes: int, edges: Sequence[Edge]) -> tuple[float | None, list[Points] | None]:
    graph = folder / "graph.json"
    graph.write_text(json.dumps([{"nodes": nodes, "edges": edges}]), encoding="utf-8")
    script = Path(__file__).with_name("layout_rivals.mjs")
    try:
        answer = subprocess.run(
            ["node", "--stack-size=30000", str(script), engine, str(graph)],
            cwd=folder, capture_output=True, check=True, timeout=_LONGEST,
        ).stdout  # fmt: skip
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        return None, None
    drawn = json.loads(answer)[0]
    return drawn["seconds"], drawn["lines"]


def _scenes(quick: bool) -> list[Row]:
    ten = _blocks(10_000)
    everything = [f"{group.path}/" for group in ten.groups[1:]]
    some = everything[:60]

    def first(graph: GraphModel) -> str:
        return json.dumps(as_json(make_scene(graph, [], cache=SceneCache())))

    def expand() -> float:
        cache = SceneCache()
        make_scene(ten, some[:1], cache=cache)
        start = time.perf_counter()
        as_json(make_scene(ten, some[:2], cache=cache))
        return time.perf_counter() - start

    rows = [
        Row("first picture of 10,000 nodes", median_time(3, lambda: first(ten)), at_most=1.0),
        Row("its bytes", len(first(ten)), unit="B", at_most=200_000),
        Row("open a group of 100 nodes in it", sorted(expand() for _ in range(3))[1], at_most=0.1),
    ]
    if not quick:
        large = _blocks(100_000)
        rows.append(Row("first picture of 100,000 nodes", median_time(3, lambda: first(large)), at_most=3.0))
    return rows


def _blocks(nodes: int) -> GraphModel:
    """Groups of ten groups of a hundred nodes in blocks of 25, each with a skip connection over its block."""
    graph, chance = GraphBuilder(), random.Random(0)
    last = skip = 0
    for number in range(nodes):
        group = graph.group([f"stage{number // 1_000}", f"part{number // 100 % 10}"])
        node = graph.node(group, f"op{number}", chance.choice(("add", "mul", "relu", "matmul")))
        if number:
            graph.edge(last, node)
        if number % 25 == 0:
            graph.edge(skip, node, into=1)
            skip = node
        last = node
    return graph.build("blocks", "stepscope")

"""The picture of a graph with some groups open: boxes and lines with coordinates, ready to draw."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...logger.graphs.model import GraphModel
from .arranging import Arranged
from .boxes import group_text, node_text
from .layouts import Layouts

__all__ = ["Boxes", "Lines", "Scene", "SceneCache", "as_json", "make_scene"]

Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Boxes:
    """Columns, one entry a box; a box comes behind the frame that it lies in. Pixels from the top left corner."""

    id: list[str] = field(default_factory=list)
    kind: list[str] = field(default_factory=list)
    label: list[str] = field(default_factory=list)
    sub: list[str] = field(default_factory=list)
    x: list[int] = field(default_factory=list)
    y: list[int] = field(default_factory=list)
    w: list[int] = field(default_factory=list)
    h: list[int] = field(default_factory=list)
    parent: list[int] = field(default_factory=list)
    nodes: list[int] = field(default_factory=list)
    parameters: list[int] = field(default_factory=list)
    badges: list[list[str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Lines:
    """Columns, one entry a line; `begin` and `end` are boxes, `bytes` is -1 where unknown."""

    begin: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    points: list[list[int]] = field(default_factory=list)
    label: list[str] = field(default_factory=list)
    count: list[int] = field(default_factory=list)
    bytes: list[int] = field(default_factory=list)
    control: list[bool] = field(default_factory=list)
    kind: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Scene:
    """What is seen.

    box_of   the box that shows each node of the model, -1 where none does
    edge_of  (places in the model's edges, places in `lines`): which edges each line stands for; an edge that crosses
             borders of open groups is in several lines
    """

    size: tuple[int, int]
    boxes: Boxes
    lines: Lines
    box_of: Ints
    edge_of: tuple[Ints, Ints]
    hidden: int = 0
    refused: str = ""
    anchors: dict[str, Any] = field(default_factory=dict)


class SceneCache:
    """Keeps what scenes of one graph have in common. One thread at a time."""

    def __init__(self) -> None:
        self._layouts: Layouts | None = None

    def layouts(self, graph: GraphModel) -> Layouts:
        """The layouts of the groups of a graph."""
        if self._layouts is None or self._layouts.outline.model is not graph:
            self._layouts = Layouts(graph)
        return self._layouts


def make_scene(
    graph: GraphModel, open: Collection[str], unfold: Collection[str] = (), *, cache: SceneCache | None = None
) -> Scene:
    """The picture of a graph.

    open    ids of the groups that are open ("encoder/layers.0/"); the root always is
    unfold  ids of folds and sections that are open
    cache   of earlier pictures of the same graph
    """
    layouts = (cache or SceneCache()).layouts(graph)
    opened = layouts.opened({*open, *unfold})
    return _Assembly(layouts, opened).scene()


def as_json(scene: Scene) -> dict[str, Any]:
    """A scene as the page gets it."""
    boxes, lines = scene.boxes, scene.lines
    return {
        "size": scene.size,
        "boxes": {name: getattr(boxes, name) for name in Boxes.__slots__},
        "edges": {
            "from": lines.begin,
            "to": lines.end,
            **{name: getattr(lines, name) for name in Lines.__slots__ if name not in ("begin", "end")},
        },
        "hidden": scene.hidden,
        "refused": scene.refused,
        "anchors": scene.anchors,
    }


class _Assembly:
    """Puts the layouts of the open groups into each other."""

    def __init__(self, layouts: Layouts, opened: frozenset[int]) -> None:
        self.layouts, self.outline, self.opened = layouts, layouts.outline, opened
        self.boxes, self.lines = Boxes(), Lines()
        self.box_of_item: dict[int, int] = {}
        self.of_edge: list[NDArray[np.int64]] = []

    def scene(self) -> Scene:
        root = self.outline.root
        arranged = self.layouts.arranged(root, self.opened)
        self._inside(arranged, root, -1, (0, 0))
        return Scene(
            size=(round(arranged.width), round(arranged.height)),
            boxes=self.boxes,
            lines=self.lines,
            box_of=self._box_of(),
            edge_of=self._edge_of(),
        )

    def _inside(self, arranged: Arranged, item: int, frame: int, corner: tuple[int, int]) -> None:
        """Add what an open item holds; `corner` is that of its frame."""
        opened: list[tuple[int, int, tuple[int, int]]] = []
        first = len(self.boxes.id)
        for place, child in enumerate(arranged.level.items):
            x, y = corner[0] + round(arranged.at[place][0]), corner[1] + round(arranged.at[place][1])
            self._box(child, frame, x, y, arranged.sizes[place])
            if child in self.opened:
                opened.append((child, first + place, (x, y)))
        self._wires(arranged, first, frame, corner)
        for child, box, place_of_child in opened:
            self._inside(self.layouts.arranged(child, self.opened), child, box, place_of_child)

    def _box(self, item: int, frame: int, x: int, y: int, size: tuple[float, float]) -> None:
        boxes, model = self.boxes, self.outline.model
        if item < self.outline.count:
            node = model.nodes[item]
            name, kind, (label, sub) = node.path, node.role, node_text(node)
        else:
            group = model.groups[item - self.outline.count]
            name, kind, (label, sub) = f"{group.path}/", "open" if item in self.opened else "group", group_text(group)
        self.box_of_item[item] = len(boxes.id)
        for column, value in zip(
            (boxes.id, boxes.kind, boxes.label, boxes.sub, boxes.x, boxes.y, boxes.w, boxes.h, boxes.parent),
            (name, kind, label, sub, x, y, round(size[0]), round(size[1]), frame),
            strict=True,
        ):
            column.append(value)  # type: ignore[attr-defined]
        boxes.nodes.append(self.outline.nodes_in(item))
        boxes.parameters.append(0)
        boxes.badges.append([])

    def _wires(self, arranged: Arranged, first: int, frame: int, corner: tuple[int, int]) -> None:
        lines, model, items = self.lines, self.outline.model, len(arranged.level.items)
        for wire in arranged.wires:
            edges = arranged.level.edge[wire.edges]
            self.of_edge.append(edges)
            stub = wire.begin >= items or wire.end >= items
            lines.begin.append(first + wire.begin if wire.begin < items else frame)
            lines.end.append(first + wire.end if wire.end < items else frame)
            lines.points.append([round(z) + corner[axis] for point in wire.points for axis, z in enumerate(point)])
            lines.count.append(len(edges))
            specs = {model.spec_of(edge) for edge in edges.tolist()[:100]}
            spec = specs.pop() if len(specs) == 1 else None
            lines.label.append(str(spec or ""))
            nbytes = spec.nbytes if spec else None
            lines.bytes.append(-1 if nbytes is None else nbytes)
            lines.control.append(bool(model.edges.control[edges].all()))
            lines.kind.append("stub" if stub else "back" if wire.back else "edge")

    def _box_of(self) -> Ints:
        found = np.full(self.outline.count, -1, np.int32)
        for item, box in self.box_of_item.items():
            if item not in self.opened:
                found[self.outline.nodes_of(item)] = box
        return found

    def _edge_of(self) -> tuple[Ints, Ints]:
        if not self.of_edge:
            return np.zeros(0, np.int32), np.zeros(0, np.int32)
        counts = [len(edges) for edges in self.of_edge]
        of_line = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
        return np.concatenate(self.of_edge).astype(np.int32), of_line

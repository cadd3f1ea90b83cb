"""The picture of a graph with some groups open: boxes and lines with coordinates, ready to draw."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...logger.graphs.model import GraphModel, TensorSpec
from .arranged import Arranged
from .boxes import item_text
from .layouts import Layouts

__all__ = ["Boxes", "Lines", "Scene", "SceneCache", "as_json", "make_scene"]

Ints = NDArray[np.int32]
_MOST_BADGES = 3
_MOST_SUMMED = 5_000  # edges
_MOST_BYTES = 1 << 53  # of a line: what JavaScript counts exactly; a file may claim any size


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
        self._layouts: dict[bool, Layouts] = {}

    def layouts(self, graph: GraphModel, *, fold: bool) -> Layouts:
        """The layouts of the groups of a graph."""
        kept = self._layouts.get(fold)
        if kept is None or kept.outline.model is not graph:
            kept = self._layouts[fold] = Layouts(graph, fold=fold)
        return kept


def make_scene(
    graph: GraphModel,
    open: Collection[str],
    unfold: Collection[str] = (),
    *,
    fold: bool = True,
    cache: SceneCache | None = None,
) -> Scene:
    """The picture of a graph.

    open    ids of the groups that are open ("encoder/layers.0/"); the root always is
    unfold  ids of folds and sections that are open
    fold    whether siblings that repeat are folded
    cache   of earlier pictures of the same graph
    """
    layouts = (cache or SceneCache()).layouts(graph, fold=fold)
    opened, refused = layouts.opened({*open, *unfold})
    return _Assembly(layouts, opened).scene(refused)


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
        self.hidden: set[int] = set()
        self.of_edge: list[NDArray[np.int64]] = []

    def scene(self, refused: str) -> Scene:
        arranged = self.layouts.arranged(self.outline.root, self.opened)
        self._inside(arranged, -1, (0, 0))
        return Scene(
            size=(round(arranged.width), round(arranged.height)),
            boxes=self.boxes,
            lines=self.lines,
            box_of=self._box_of(),
            edge_of=self._edge_of(),
            hidden=len(self.hidden),
            refused=refused,
        )

    def _inside(self, arranged: Arranged, frame: int, corner: tuple[int, int]) -> None:
        """Add what an open item holds; `corner` is that of its frame."""
        first = len(self.boxes.id)
        corners = [(corner[0] + round(x), corner[1] + round(y)) for x, y in arranged.at]
        for child, size, place in zip(arranged.level.items, arranged.sizes, corners, strict=True):
            self._box(child, frame, place, size)
        for hub in arranged.level.hubs:
            self.boxes.badges[first + hub.item].append(f"{hub.others:,} {'in' if hub.takes else 'out'}")
        self._wires(arranged, first, frame, corner)
        for number, inner in arranged.inside.items():
            self._inside(inner, first + number, corners[number])

    def _box(self, item: int, frame: int, corner: tuple[int, int], size: tuple[float, float]) -> None:
        boxes, outline = self.boxes, self.outline
        label, sub = item_text(outline, item)
        self.box_of_item[item] = len(boxes.id)
        boxes.id.append(outline.id_of(item))
        boxes.kind.append(self._kind(item))
        boxes.label.append(label)
        boxes.sub.append(sub)
        boxes.x.append(corner[0])
        boxes.y.append(corner[1])
        boxes.w.append(round(size[0]))
        boxes.h.append(round(size[1]))
        boxes.parent.append(frame)
        boxes.nodes.append(outline.nodes_in(item))
        boxes.parameters.append(outline.parameters_in(item))
        boxes.badges.append(self._badges(item))

    def _kind(self, item: int) -> str:
        if item in self.opened:
            return "open"
        if item in self.outline.made:
            return self.outline.made[item].kind
        return self.outline.model.nodes[item].role if item < self.outline.count else "group"

    def _badges(self, item: int) -> list[str]:
        """Names of the constants that are drawn in a node."""
        constants = self.outline.constants_of.get(item, ())
        self.hidden.update(constants)
        return [self.outline.name_of(constant) for constant in constants[:_MOST_BADGES]]

    def _wires(self, arranged: Arranged, first: int, frame: int, corner: tuple[int, int]) -> None:
        lines, model, items = self.lines, self.outline.model, len(arranged.level.items)
        for wire in arranged.wires:
            edges = wire.edges
            self.of_edge.append(edges)
            inner = [0 <= place < items for place in (wire.begin, wire.end)]
            lines.begin.append(first + wire.begin if inner[0] else frame)
            lines.end.append(first + wire.end if inner[1] else frame)
            lines.points.append([round(z) + corner[axis] for point in wire.points for axis, z in enumerate(point)])
            lines.count.append(len(edges))
            specs = self._tensors(edges)
            alike = specs[0] if specs and all(spec == specs[0] for spec in specs) else None
            lines.label.append(str(alike or ""))
            sizes = [spec.nbytes for spec in specs if spec]
            known = [size for size in sizes if size is not None]
            lines.bytes.append(min(sum(known), _MOST_BYTES) if known and len(known) == len(specs) else -1)
            lines.control.append(bool(model.edges.control[edges].all()))
            lines.kind.append(wire.kind if all(inner) else "stub")

    def _tensors(self, edges: NDArray[np.int64]) -> list[TensorSpec | None]:
        """What edges carry, each tensor once; None where it is unknown. Of very many edges, nothing."""
        model = self.outline.model
        if len(edges) > _MOST_SUMMED:
            return [None]
        tensors = {(model.edges.source[edge], model.edges.output[edge]): edge for edge in edges.tolist()}
        return [model.spec_of(edge) for edge in tensors.values()]

    def _box_of(self) -> Ints:
        found = np.full(self.outline.count, -1, np.int32)
        for item, box in self.box_of_item.items():
            if item not in self.opened:
                found[self.outline.nodes_of(item)] = box
        for node, constants in self.outline.constants_of.items():
            for constant in constants:
                found[constant] = max(found[constant], found[node])
        return found

    def _edge_of(self) -> tuple[Ints, Ints]:
        if not self.of_edge:
            return np.zeros(0, np.int32), np.zeros(0, np.int32)
        counts = [len(edges) for edges in self.of_edge]
        of_line = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
        return np.concatenate(self.of_edge).astype(np.int32), of_line

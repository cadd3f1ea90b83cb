"""Which groups and nodes are built alike: the same operations, shapes and connections, whatever their names."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...logger.graphs.model import TensorSpec
from .outline import Ints, Outline

__all__ = ["classes_of"]


class _Numbering(dict[TensorSpec, int]):
    """A number for each tensor, the same for equal ones."""

    def __missing__(self, spec: TensorSpec) -> int:
        self[spec] = len(self)
        return self[spec]


def classes_of(outline: Outline) -> list[int]:
    """A number for each node and group; items are built alike when theirs are equal."""
    model = outline.model
    known: dict[object, int] = {}
    classes = [0] * (outline.count + len(model.groups))
    spec = _Numbering()
    shapes = [spec[one.spec] for one in model.parameters]
    for place, node in enumerate(model.nodes):
        shape = tuple([spec[one] for one in node.outputs])
        mark = model.marks.get(node.path)
        key = (node.op, node.role, shape, tuple([shapes[one] for one in node.parameters]), mark)
        classes[place] = known.setdefault(key, len(known))
    inner = _inner_edges(outline)
    for item in range(len(classes) - 1, outline.count - 1, -1):  # groups come behind the groups they lie in
        group = model.groups[item - outline.count]
        edges = inner.get(item)
        wiring = b"" if edges is None else (edges - np.array([outline.start[item]] * 2 + [0, 0])).tobytes()
        children = tuple([classes[child] for child in outline.children.get(item, ())])
        mark = model.marks.get(f"{group.path}/")
        classes[item] = known.setdefault((group.type, children, wiring, mark), len(known))
    return classes


def _inner_edges(outline: Outline) -> dict[int, Ints]:
    """Lowest common group of their ends → edges, with the places of the ends, the output and the input."""
    edges = outline.model.edges
    common = _lowest_common(outline)
    columns = np.stack(
        [
            outline.source_place,
            outline.target_place,
            edges.output[outline.edges].astype(np.int64),
            edges.input[outline.edges].astype(np.int64),
        ],
        axis=1,
    )
    order = np.lexsort((columns[:, 3], columns[:, 1], columns[:, 0], common))
    columns, common = columns[order], common[order]
    begins = np.flatnonzero(np.diff(common, prepend=-1))
    return dict(zip(common[begins].tolist(), np.split(columns, begins[1:]), strict=True)) if len(common) else {}


def _lowest_common(outline: Outline) -> Ints:
    """The lowest group that holds both ends of each edge."""
    start, end = np.array(outline.start), np.array(outline.end)
    parent: NDArray[np.int64] = np.array(outline.parent)
    common = parent[outline.source]
    apart = np.arange(len(common))
    while len(apart):
        holder, place = common[apart], outline.target_place[apart]
        apart = apart[(place < start[holder]) | (place >= end[holder])]
        common[apart] = parent[common[apart]]
    return common

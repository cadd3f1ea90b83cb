"""Which groups and nodes are built alike: the same operations, shapes and connections, whatever their names."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .numbering import numbered
from .outline import Ints, Outline

__all__ = ["classes_of"]


def classes_of(outline: Outline) -> list[int]:
    """A number for each node and group; items are built alike when theirs are equal."""
    model, marks = outline.model, outline.model.marks
    known: dict[object, int] = {}
    shapes, _ = numbered([one.spec for one in model.parameters])
    outputs, _ = numbered([node.outputs for node in model.nodes])
    classes = []
    for node, shape in zip(model.nodes, outputs, strict=True):
        weights = tuple([shapes[one] for one in node.parameters])
        key = (node.op, node.role, shape, weights, marks.get(node.path) if marks else None)
        classes.append(known.setdefault(key, len(known)))
    classes += [0] * len(model.groups)
    inner = _inner_edges(outline)
    for item in range(len(classes) - 1, outline.count - 1, -1):  # groups come behind the groups they lie in
        group = model.groups[item - outline.count]
        children = tuple([classes[child] for child in outline.children.get(item, ())])
        mark = marks.get(f"{group.path}/")
        classes[item] = known.setdefault((group.type, children, inner.get(item, b""), mark), len(known))
    return classes


def _inner_edges(outline: Outline) -> dict[int, bytes]:
    """Lowest common group of their ends → edges: the ends' places in it, the output and the input."""
    edges = outline.model.edges
    common = _lowest_common(outline)
    start: Ints = np.array(outline.start)[common]
    columns = np.stack(
        [
            outline.source_place - start,
            outline.target_place - start,
            edges.output[outline.edges].astype(np.int64),
            edges.input[outline.edges].astype(np.int64),
        ],
        axis=1,
    )
    order = np.lexsort((columns[:, 3], columns[:, 1], columns[:, 0], common))
    common, written = common[order], columns[order].tobytes()
    begins = np.flatnonzero(np.diff(common, prepend=-1))
    bounds = [*(begins * columns.strides[0]).tolist(), len(written)]
    return {group: written[bounds[at] : bounds[at + 1]] for at, group in enumerate(common[begins].tolist())}


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

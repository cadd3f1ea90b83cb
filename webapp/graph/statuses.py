"""What a comparison found, of the boxes and lines of a picture: nothing that changed is hidden in a closed group."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .diffing import STATUSES, Comparison
from .scene import Scene

__all__ = ["box_statuses", "line_statuses"]

_CHANGED = STATUSES.index("changed")
_NONE = -1


def box_statuses(scene: Scene, comparison: Comparison) -> list[str]:
    """A status for each box: that of all it holds where that is one, else "changed"."""
    boxes, count = scene.boxes, len(scene.boxes.id)
    of_node = scene.box_of
    seen = of_node >= 0
    least, most = _range(of_node[seen], comparison.nodes[seen], count)
    for box in range(count - 1, -1, -1):  # children come behind their frames
        group = comparison.model.group_at.get(boxes.id[box][:-1]) if boxes.id[box].endswith("/") else None
        if group is not None and comparison.groups[group] == _CHANGED:
            most[box] = _CHANGED
        parent = boxes.parent[box]
        if parent >= 0 and most[box] != _NONE:
            most[parent] = max(most[parent], most[box])
            least[parent] = min(least[parent], least[box])
    return _words(least, most)


def line_statuses(scene: Scene, comparison: Comparison) -> list[str]:
    """A status for each line, of the edges that it stands for."""
    of_model, of_scene = scene.edge_of
    return _words(*_range(of_scene, comparison.edges[of_model], len(scene.lines.begin)))


def _range(places: NDArray[np.int32], codes: NDArray[np.int8], count: int) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    """The least and the greatest code of each place."""
    least, most = np.full(count, len(STATUSES), np.int8), np.full(count, _NONE, np.int8)
    np.minimum.at(least, places, codes)
    np.maximum.at(most, places, codes)
    return least, most


def _words(least: NDArray[np.int8], most: NDArray[np.int8]) -> list[str]:
    pairs = zip(least.tolist(), most.tolist(), strict=True)
    return ["" if high == _NONE else STATUSES[high] if low == high else "changed" for low, high in pairs]

"""Two flame graphs as one: nodes with the same path, and the time that each had in both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .flame import Flame

__all__ = ["FlameDiff", "flame_diff"]


@dataclass(frozen=True)
class FlameDiff:
    """A tree as of `Flame`; columns (m,) of both, 0 where a path is not there. `row` is -1 where `after` has none."""

    names: list[str]
    name: NDArray[np.int32]
    parent: NDArray[np.int32]
    category: NDArray[np.int8]
    before: NDArray[np.int64]
    after: NDArray[np.int64]
    before_own: NDArray[np.int64]
    after_own: NDArray[np.int64]
    row: NDArray[np.int64]


def flame_diff(before: Flame, after: Flame) -> FlameDiff:
    """The nodes of `after`, then those that only `before` has; parents come before their children."""
    names: dict[str, int] = {}
    places: dict[tuple[int, int], int] = {}
    parents: list[int] = []
    codes: list[int] = []
    nodes = []
    for tree in (after, before):
        code_of = [names.setdefault(text, len(names)) for text in tree.names]
        place_of = np.empty(len(tree), np.int64)
        for node, (parent, name) in enumerate(zip(tree.parent.tolist(), tree.name.tolist(), strict=True)):
            above = int(place_of[parent]) if parent >= 0 else -1
            key = (above, code_of[name])
            place = places.setdefault(key, len(places))
            if place == len(parents):
                parents.append(above)
                codes.append(code_of[name])
            place_of[node] = place
        nodes.append(place_of)
    of_after, of_before = nodes
    count = len(parents)

    def spread(values: NDArray[np.int64], place: NDArray[np.int64], missing: int = 0) -> NDArray[np.int64]:
        column = np.full(count, missing, np.int64)
        column[place] = values
        return column

    category = spread(before.category.astype(np.int64), of_before)
    category[of_after] = after.category
    return FlameDiff(
        list(names),
        np.array(codes, np.int32),
        np.array(parents, np.int32),
        category.astype(np.int8),
        spread(before.total, of_before),
        spread(after.total, of_after),
        spread(before.own, of_before),
        spread(after.own, of_after),
        spread(after.row, of_after, -1),
    )

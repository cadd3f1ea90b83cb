"""Allocations over time as shapes that lie on one another: as many as a picture can show.

What they leave up to the curve of all that is allocated are the smaller ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .lifetimes import Lifetimes

__all__ = ["Polygons", "polygons"]


@dataclass(frozen=True)
class Polygons:
    """times    (p,) int64 ns, ascending: where anything that is shown begins, ends or moves
    row      (k,) int64, of the lifetimes, in order of allocation
    first    (k + 1,) int64: shape i has the corners first[i] to first[i + 1]
    place    (c,) int32, the time of each corner, a row of `times`; the last corner of a shape is its end
    below    (c,) int64 bytes, what lies under the shape from that time on
    hidden   how many allocations of the window are left out
    """

    times: NDArray[np.int64]
    row: NDArray[np.int64]
    first: NDArray[np.int64]
    place: NDArray[np.int32]
    below: NDArray[np.int64]
    hidden: int


def polygons(found: Lifetimes, window: tuple[int, int], most: int = 500) -> Polygons:
    """The `most` allocations that take most room in the picture of a window (ns), stacked in order of allocation."""
    inside = np.flatnonzero((found.begin < window[1]) & (found.end > window[0]))
    begin, end = (np.clip(edge[inside], *window) for edge in (found.begin, found.end))
    # What is seen is the area; what lives for less than a pixel still counts as one.
    area = found.size[inside] * np.maximum(end - begin, max((window[1] - window[0]) // 1000, 1)).astype(np.float64)
    chosen = np.sort(inside[np.argsort(-area, kind="stable")[:most]])
    begin, end = (np.clip(edge[chosen], *window) for edge in (found.begin, found.end))
    times = np.unique(np.concatenate([begin, end, window]))
    alive = (begin[:, None] <= times[:-1]) & (end[:, None] > times[:-1])
    size = np.where(alive, found.size[chosen][:, None], 0)
    below = np.cumsum(size, 0) - size
    corner = alive & np.concatenate([np.ones((len(chosen), 1), np.bool_), _changed(alive, below)], axis=1)
    which, place = np.nonzero(corner)
    last = np.searchsorted(times, end)
    # The end of a shape is a corner of its own, behind its others.
    order = np.argsort(np.concatenate([which, np.arange(len(chosen))]), kind="stable")
    places = np.concatenate([place, last])[order].astype(np.int32)
    heights = np.concatenate([below[which, place], np.zeros(len(chosen), np.int64)])[order]
    first = np.concatenate([[0], np.cumsum(np.bincount(which, minlength=len(chosen)) + 1)]).astype(np.int64)
    return Polygons(times, chosen, first, places, heights, len(inside) - len(chosen))


def _changed(alive: NDArray[np.bool_], below: NDArray[np.int64]) -> NDArray[np.bool_]:
    return np.asarray((below[:, 1:] != below[:, :-1]) | ~alive[:, :-1])

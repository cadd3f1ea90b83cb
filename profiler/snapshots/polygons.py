"""Allocations over time as shapes that lie on one another: as many as a picture can show, the rest as one band."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .lifetimes import AlwaysThere, Lifetimes, SnapshotCurve

__all__ = ["Polygons", "polygons"]


@dataclass(frozen=True)
class Polygons:
    """times    (p,) int64 ns, ascending: where anything that is shown begins, ends or moves
    rest     (p,) int64 bytes, what the band below all shapes stands for after each time
    row      (k,) int64, of the lifetimes, in order of allocation
    first    (k + 1,) int64: shape i has the corners first[i] to first[i + 1]
    place    (c,) int32, the time of each corner, a row of `times`; the last corner of a shape is its end
    below    (c,) int64 bytes, what lies under the shape from that time on
    hidden   how many allocations of the window are in the band
    """

    times: NDArray[np.int64]
    rest: NDArray[np.int64]
    row: NDArray[np.int64]
    first: NDArray[np.int64]
    place: NDArray[np.int32]
    below: NDArray[np.int64]
    hidden: int


def polygons(found: Lifetimes, curve: SnapshotCurve, window: tuple[int, int], most: int = 500) -> Polygons:
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
    rest = np.maximum(_allocated_from(curve, found, times[:-1]) - size.sum(0), 0)
    below = np.cumsum(size, 0) - size + rest
    corner = alive & np.concatenate([np.ones((len(chosen), 1), np.bool_), _changed(alive, below)], axis=1)
    which, place = np.nonzero(corner)
    last = np.searchsorted(times, end)
    # The end of a shape is a corner of its own, behind its others.
    order = np.argsort(np.concatenate([which, np.arange(len(chosen))]), kind="stable")
    places = np.concatenate([place, last])[order].astype(np.int32)
    heights = np.concatenate([below[which, place], np.zeros(len(chosen), np.int64)])[order]
    first = np.concatenate([[0], np.cumsum(np.bincount(which, minlength=len(chosen)) + 1)]).astype(np.int64)
    return Polygons(times, np.append(rest, rest[-1:]), chosen, first, places, heights, len(inside) - len(chosen))


def _changed(alive: NDArray[np.bool_], below: NDArray[np.int64]) -> NDArray[np.bool_]:
    return np.asarray((below[:, 1:] != below[:, :-1]) | ~alive[:, :-1])


def _allocated_from(curve: SnapshotCurve, found: Lifetimes, times: NDArray[np.int64]) -> NDArray[np.int64]:
    """(p,) what is allocated right after each time."""
    before = int(found.size[found.begin == AlwaysThere.min].sum())
    place = np.searchsorted(curve.time, times, "right") - 1
    return (
        np.where(place >= 0, curve.allocated[np.maximum(place, 0)], before) if len(curve.time) else before + 0 * times
    )

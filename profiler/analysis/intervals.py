"""Sets of time as spans: the time in which anything ran, in which two things ran at once, in which nothing did.

Spans are an (n, 2) int64 array, start and end of each in ns. Functions give them ascending, apart and none empty; those
that take `spans` expect them so.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..trace import Slices

__all__ = ["clip", "complement", "covered_by", "intersect", "length", "length_until", "subtract", "union"]

Spans = NDArray[np.int64]


def union(start: NDArray[np.int64], end: NDArray[np.int64]) -> Spans:
    """The time that any of these covers, in any order and overlapping as they like; what ends before it starts is none.

    A running maximum of the ends, in order of the starts, tells where a gap begins: n log n, exact.
    """
    some = end > start
    start, end = start[some], end[some]
    if len(start) == 0:
        return np.empty((0, 2), np.int64)
    if (start[1:] < start[:-1]).any():
        order = np.argsort(start, kind="stable")
        start, end = start[order], end[order]
    reached = np.maximum.accumulate(end)
    first = np.flatnonzero(np.r_[True, start[1:] > reached[:-1]])
    last = np.r_[first[1:] - 1, len(start) - 1]
    return np.stack([start[first], reached[last]], axis=1).astype(np.int64, copy=False)


def covered_by(slices: Slices, chosen: NDArray[Any]) -> Spans:
    """The time that some of the slices cover; chosen: (n,) bool, or rows."""
    start = slices.start[chosen]
    return union(start, start + slices.duration[chosen])


def intersect(spans: Spans, others: Spans) -> Spans:
    """The time that both cover."""
    # What a span meets stands in a row: from the first that ends behind its start to the last that starts in time.
    low = np.searchsorted(others[:, 1], spans[:, 0], "right")
    high = np.searchsorted(others[:, 0], spans[:, 1], "left")
    count = np.maximum(high - low, 0)
    mine = np.repeat(np.arange(len(spans)), count)
    theirs = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + low[mine]
    start = np.maximum(spans[mine, 0], others[theirs, 0])
    end = np.minimum(spans[mine, 1], others[theirs, 1])
    return np.stack([start, end], axis=1)


def complement(spans: Spans, start: int, end: int) -> Spans:
    """The time from start to end that is not covered."""
    inside = clip(spans, start, end)
    gaps = np.stack([np.r_[start, inside[:, 1]], np.r_[inside[:, 0], end]], axis=1).astype(np.int64)
    return gaps[gaps[:, 1] > gaps[:, 0]]


def subtract(spans: Spans, others: Spans) -> Spans:
    """The time that the first covers and the others do not."""
    if len(spans) == 0:
        return spans
    return intersect(spans, complement(others, int(spans[0, 0]), int(spans[-1, 1])))


def clip(spans: Spans, start: int, end: int) -> Spans:
    """The time of the spans from start to end."""
    cut = np.clip(spans, start, end)
    return cut[cut[:, 1] > cut[:, 0]]


def length(spans: Spans) -> int:
    """ns that are covered."""
    return int((spans[:, 1] - spans[:, 0]).sum())


def length_until(spans: Spans, times: NDArray[np.int64]) -> NDArray[np.int64]:
    """(m,) int64: ns covered before each of the times. A window's share is the difference of two."""
    if len(spans) == 0:
        return np.zeros(len(times), np.int64)
    covered = np.r_[0, np.cumsum(spans[:, 1] - spans[:, 0])]
    begun = np.searchsorted(spans[:, 0], times, "right")
    last = np.maximum(begun - 1, 0)
    beyond = np.maximum(spans[last, 1] - np.maximum(times, spans[last, 0]), 0)
    return np.where(begun > 0, covered[begun] - beyond, 0)

"""The edges of many histograms in few bytes: most writers use the same ones again and again, or even ones.

Edges come back bit for bit, or they are sent as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..packed import Packing
from .histograms import Buckets, Floats, Ints

__all__ = ["exact", "pack_edges"]

_MOST_POOLED = 1 << 16  # edges that two bytes tell apart
_NARROW = (np.dtype("i4"), np.dtype("f4"))


def exact(column: NDArray[Any]) -> NDArray[Any]:
    """The column in the narrowest of int32, float32 and float64 that holds every number of it."""
    with np.errstate(all="ignore"):
        for dtype in _NARROW:
            narrow = column.astype(dtype)
            if np.array_equal(narrow, column, equal_nan=dtype.kind == "f") and (dtype.kind == "f" or _whole(column)):
                return narrow
    return column.astype(np.float64)


def _whole(column: NDArray[Any]) -> bool:
    """Whether integers hold the numbers: no negative nought, which they lack."""
    return not np.signbit(column[column == 0]).any()


def pack_edges(packing: Packing, all_buckets: Sequence[Buckets]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """(how the edges are sent, for each series its arrays). Bucket i of a histogram is left[i] … right[i].

    The series have `left`, one number a histogram: where its first bucket begins. Each further bucket begins where the
    one before it ends; a series in which that is not so has `lefts`, one number a bucket. Right edges by "kind":

    even     right[i] = first + i · ((last - first) / (n - 1)), right[n - 1] = last, in float64, where the arrays
             `first` and `last` have a number a histogram; n - 1 is 1 for a single bucket
    spread   likewise with left[0] for an edge before the first: right[i] = left + (i + 1) · ((last - left) / n)
    shared   right[i] = pool[begin + i], where `begin` has a number a histogram
    pooled   right[i] = pool[right[i]], where the array `right` has a number a bucket
    plain    the array `right` has the edges
    """
    arrays = [_lefts(packing, buckets) for buckets in all_buckets]
    even = _even(all_buckets)
    if even:
        for entry, buckets in zip(arrays, all_buckets, strict=True):
            first, last = _ends(buckets)
            entry["last"] = packing.add(exact(last))
            if even == "even":
                entry["first"] = packing.add(exact(first))
        return {"kind": even}, arrays
    return _pooled(packing, all_buckets, arrays), arrays


def _lefts(packing: Packing, buckets: Buckets) -> dict[str, Any]:
    begin = buckets.offsets[:-1]
    filled = np.diff(buckets.offsets) > 0
    left = np.zeros(len(buckets))
    left[filled] = buckets.left[begin[filled]]
    arrays = {"left": packing.add(exact(left))}
    inner = np.ones(len(buckets.left), bool)
    inner[begin[filled]] = False
    inner = np.flatnonzero(inner)
    if not np.array_equal(buckets.left[inner], buckets.right[inner - 1], equal_nan=True):
        arrays["lefts"] = packing.add(exact(buckets.left))
    return arrays


def _ends(buckets: Buckets) -> tuple[Floats, Floats]:
    """First and last right edge of each histogram; 0 where it has none."""
    begin, end = buckets.offsets[:-1], buckets.offsets[1:]
    filled = end > begin
    first, last = np.zeros(len(buckets)), np.zeros(len(buckets))
    first[filled], last[filled] = buckets.right[begin[filled]], buckets.right[end[filled] - 1]
    return first, last


def _even(all_buckets: Sequence[Buckets]) -> str:
    """ "even" or "spread" where that gives the right edges of all, else ""."""
    for kind in ("even", "spread"):
        if all(_is_even(buckets, kind) for buckets in all_buckets):
            return kind
    return ""


def _is_even(buckets: Buckets, kind: str) -> bool:
    lengths = np.diff(buckets.offsets)
    first, last = _ends(buckets)
    place = np.arange(len(buckets.right)) - np.repeat(buckets.offsets[:-1], lengths)
    start, gaps = first, np.maximum(1, lengths - 1)
    if kind == "spread":
        # The number behind all others stands for histograms without a bucket.
        start, gaps, place = np.append(buckets.left, 0.0)[buckets.offsets[:-1]], lengths, place + 1
    with np.errstate(all="ignore"):
        step = (last - start) / np.maximum(1, gaps)
        edges = np.repeat(start, lengths) + place * np.repeat(step, lengths)
    filled = np.flatnonzero(lengths)
    edges[buckets.offsets[1:][filled] - 1] = last[filled]
    return bool(np.array_equal(edges, buckets.right))


def _pooled(packing: Packing, all_buckets: Sequence[Buckets], arrays: list[dict[str, Any]]) -> dict[str, Any]:
    right = np.concatenate([np.empty(0), *(buckets.right for buckets in all_buckets)])
    pool, place = np.unique(right, return_inverse=True)
    parts = np.split(place, np.cumsum([len(buckets.right) for buckets in all_buckets])[:-1])
    pairs = list(zip(arrays, all_buckets, parts, strict=True))
    if all(_are_slices(buckets, part) for _, buckets, part in pairs):
        for entry, buckets, part in pairs:
            entry["begin"] = packing.add(np.append(part, 0)[buckets.offsets[:-1]].astype(np.int32))
        return {"kind": "shared", "pool": packing.add(exact(pool)), "n": len(pool)}
    if len(pool) <= _MOST_POOLED and 4 * len(pool) <= 3 * len(right):
        for entry, _, part in pairs:
            entry["right"] = packing.add(part.astype(np.uint16))
        return {"kind": "pooled", "pool": packing.add(exact(pool)), "n": len(pool)}
    for entry, buckets, _ in pairs:
        entry["right"] = packing.add(exact(buckets.right))
    return {"kind": "plain"}


def _are_slices(buckets: Buckets, place: Ints) -> bool:
    """Whether the edges of each histogram are neighbours in the pool."""
    inner = np.ones(len(place), bool)
    inner[buckets.offsets[:-1][np.diff(buckets.offsets) > 0]] = False
    behind = np.flatnonzero(inner)
    return bool((place[behind] - place[behind - 1] == 1).all())

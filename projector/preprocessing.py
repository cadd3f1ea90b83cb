"""What may be done to points before they are reduced: always named, never silent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .reducer import Points

__all__ = ["STEPS", "blocks", "column_means", "preprocess"]

STEPS = ("centre", "l2", "standardise")
_BLOCK = 8 << 20  # numbers that are in memory as float64 at once


def preprocess(points: Points, how: Sequence[str] = ()) -> NDArray[np.float32]:
    """Points (m, d), finite → float32 (m, d), after the steps of `how` in their order; () changes nothing.

    "centre" takes each column's mean away, "l2" gives each row length 1 (rows of zeros stay), "standardise" gives each
    column mean 0 and standard deviation 1 (constant columns become 0). Raises ValueError for another name.
    """
    if unknown := [name for name in how if name not in STEPS]:
        raise ValueError(
            f"there is no preprocessing {unknown[0]!r}: it is any of {', '.join(STEPS)}, in the order given"
        )
    for name in how:
        points = _STEP[name](points)
    if points.dtype == np.float32:
        return points
    return _by_blocks(points, lambda block: block)


def blocks(points: Points, kind: type = np.float64) -> Iterator[tuple[slice, NDArray[Any]]]:
    """(rows, their points as numbers of this kind), so that a mapped file is never in memory as a whole."""
    rows = max(1, _BLOCK // max(1, points.shape[1]))
    for start in range(0, len(points), rows):
        here = slice(start, min(start + rows, len(points)))
        yield here, np.asarray(points[here], kind)


def column_means(points: Points) -> NDArray[np.float64]:
    """(d,) means of (m, d) points, summed in float64."""
    total = np.zeros(points.shape[1])
    for _, block in blocks(points, points.dtype.type):
        total += block.sum(axis=0, dtype=np.float64)
    return total / max(1, len(points))


def _by_blocks(points: Points, change) -> NDArray[np.float32]:  # type: ignore[no-untyped-def]
    changed = np.empty(points.shape, np.float32)
    for rows, block in blocks(points):
        changed[rows] = change(block)
    return changed


def _centred(points: Points) -> NDArray[np.float32]:
    mean = column_means(points)
    return _by_blocks(points, lambda block: block - mean)


def _unit_rows(points: Points) -> NDArray[np.float32]:
    def change(block: NDArray[np.float64]) -> NDArray[np.float64]:
        length = np.linalg.norm(block, axis=1, keepdims=True)
        return block / np.where(length > 0, length, 1)

    return _by_blocks(points, change)


def _standardised(points: Points) -> NDArray[np.float32]:
    mean = column_means(points)
    squares = np.zeros(len(mean))
    for _, block in blocks(points):
        squares += ((block - mean) ** 2).sum(axis=0)
    deviation = np.sqrt(squares / max(1, len(points)))
    # A constant column has the rounding of its mean as deviation.
    deviation[deviation <= 1e-12 * np.abs(mean)] = np.inf
    deviation[deviation == 0] = np.inf
    return _by_blocks(points, lambda block: (block - mean) / deviation)


_STEP = {"centre": _centred, "l2": _unit_rows, "standardise": _standardised}

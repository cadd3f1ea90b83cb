"""A histogram as a few percentiles, each interpolated inside its bucket: the bands of a distribution chart."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["BASIS_POINTS", "percentiles"]

# Hundredths of a percent: of a normal distribution the minimum, -1.5 σ, -1 σ, -0.5 σ, the median, … and the maximum.
BASIS_POINTS = (0, 668, 1587, 3085, 5000, 6915, 8413, 9332, 10000)


def percentiles(
    rights: npt.NDArray[Any],
    counts: npt.NDArray[Any],
    low: float,
    high: float,
    points: tuple[int, ...] = BASIS_POINTS,
) -> list[tuple[int, float]]:
    """(basis point, value) of each of `points`, which rise and end at 10000.

    rights, counts   upper edge and number of values of each bucket, in order
    low, high        the least and the largest value: no bucket reaches beyond

    A value is assumed to lie anywhere in its bucket with equal probability, as TensorBoard does.
    """
    with np.errstate(all="ignore"):  # hostile numbers: what overflows is infinite, and said to nobody
        share = (counts * points[-1] / (counts.sum() or 1.0)).cumsum()  # basis points up to each bucket's right edge
        return [(point, _value_at(point, share, rights, low, high)) for point in points]


def _value_at(point: int, share: npt.NDArray[Any], rights: npt.NDArray[Any], low: float, high: float) -> float:
    bucket = int(np.searchsorted(share, point, side="right"))
    if bucket == len(share):
        return float(high)
    below = float(share[bucket - 1]) if bucket else 0.0
    left = max(float(rights[bucket - 1]), low) if below else low
    right = min(float(rights[bucket]), high)
    return float(left + np.float64((point - below) * (right - left)) / (float(share[bucket]) - below))

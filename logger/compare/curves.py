"""Smoothing and derivatives over every point of one or many series."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .choices import Smoothing
from .series_compiled import kernels

__all__ = ["derivative", "smooth"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_RANKED = 8_192  # points whose running medians are found together, at least
_GAUSSIAN_REACH = 4.0  # in sigmas; what lies further weighs less than 0.0004 of the centre


def smooth(how: Smoothing, value: ArrayLike, x: ArrayLike | None = None, offsets: ArrayLike | None = None) -> Floats:
    """The smoothed values, one for each value; those that are not finite stay, and count for no other.

    value     float64 (n,)
    x         (n,) positions, needed by "time_ema" only: 0, 1, 2 … where none are given
    offsets   int64: series i is value[offsets[i]:offsets[i + 1]]; None: all values are one series
    """
    values, cuts = np.ascontiguousarray(value, np.float64), _offsets(offsets, np.size(value))
    out = np.empty(len(values))
    call = kernels()
    if how.is_none:
        out[:] = values
    elif how.kind == "ema":
        call.ema(float(how.amount), values, cuts, out)
    elif how.kind == "time_ema":
        places = np.arange(len(values), dtype=np.float64) if x is None else np.ascontiguousarray(x, np.float64)
        call.weighted_ema(_time_weights(how.amount, places, values, cuts), values, cuts, out)
    elif how.kind == "mean":
        call.running_mean(int(how.amount) // 2, values, cuts, *(np.empty(len(values)) for _ in range(3)), out)
    elif how.kind == "median":
        half = int(how.amount) // 2
        ranked = 2 * half + min(max(_RANKED, 8 * half), len(values) + 1)
        work = [np.empty(size, np.int64) for size in (ranked, ranked, ranked, ranked // 32 + 1)]
        call.running_median(half, values, cuts, *work, out)
    else:
        distance = np.arange(int(np.ceil(_GAUSSIAN_REACH * how.amount)) + 1)
        weights = np.exp(-0.5 * (distance / how.amount) ** 2)
        weights /= weights.sum()  # sums stay as small as the values
        call.gaussian(weights, np.cumsum(weights), values, cuts, *(np.empty(len(values)) for _ in range(3)), out)
    return out


def derivative(x: ArrayLike, value: ArrayLike, offsets: ArrayLike | None = None) -> Floats:
    """Change per unit of x since the finite point before, one for each value.

    NaN at a series' first point, at values that are not finite, and where x has not moved. Arguments as for `smooth`.
    """
    values = np.ascontiguousarray(value, np.float64)
    out = np.empty(len(values))
    kernels().derivative(np.ascontiguousarray(x, np.float64), values, _offsets(offsets, len(values)), out)
    return out


def _offsets(offsets: ArrayLike | None, count: int) -> Ints:
    return np.array([0, count], np.int64) if offsets is None else np.ascontiguousarray(offsets, np.int64)


def _time_weights(weight: float, x: Floats, value: Floats, offsets: Ints) -> Floats:
    """Per point, weight^(Δx / median Δx) from the finite point before; the weight itself at a series' first."""
    weights = np.full(len(value), weight)
    for begin, end in pairwise(offsets.tolist()):
        finite = begin + np.flatnonzero(np.isfinite(value[begin:end]) & np.isfinite(x[begin:end]))
        away = np.abs(np.diff(x[finite]))
        apart = away[away > 0.0]
        if len(apart):
            weights[finite[1:]] = weight ** (away / np.median(apart))
    return weights

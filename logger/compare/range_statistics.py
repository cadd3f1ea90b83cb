"""What series come to within a range of x, on every point of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .series_compiled import kernels

__all__ = ["RangeStatistics", "range_statistics"]

_LARGEST = int(np.iinfo(np.int64).max)

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class RangeStatistics:
    """One entry per series in every array; rows are indices into the columns given, -1 where there is none."""

    count: Ints  # points in the range, NaNs among them
    nan: Ints
    first: Ints  # row of the first value that is not NaN, in the order of the points
    last: Ints
    at_min: Ints  # row of the smallest value, the first of equals
    at_max: Ints
    mean: Floats  # NaN left out, as in the standard deviation
    std: Floats  # the sample's (n - 1); 0 for one value
    slope: Floats  # least squares through the finite points, per unit of x; NaN where x does not vary


def range_statistics(
    x: ArrayLike, value: ArrayLike, offsets: Ints, limits: tuple[float, float] | None = None
) -> RangeStatistics:
    """Statistics of the points with limits[0] <= x <= limits[1] (None: of all with a finite x).

    x, value   (n,) of all series end to end; integers in x keep their differences exactly, up to 2^63
    offsets    int64: series i is value[offsets[i]:offsets[i + 1]]
    """
    places, values = np.asarray(x), np.ascontiguousarray(value, np.float64)
    if places.dtype.kind == "i" and places.size and int(places.max()) - int(places.min()) > _LARGEST:
        places = places.astype(np.float64)
    series = len(offsets) - 1
    first = np.zeros(series, places.dtype)
    filled = np.diff(offsets) > 0
    first[filled] = places[offsets[:-1][filled]]
    if places.dtype.kind == "f":
        first[~np.isfinite(first)] = 0.0
    away = np.ascontiguousarray(places - np.repeat(first, np.diff(offsets)), np.float64)
    low, high = (np.finfo(np.float64).min, np.finfo(np.float64).max) if limits is None else limits
    lows, highs = (np.array([_less(end, origin) for origin in first.tolist()], np.float64) for end in (low, high))
    found, numbers = np.empty(6 * series, np.int64), np.empty(3 * series)
    kernels().range_statistics(away, values, np.ascontiguousarray(offsets, np.int64), lows, highs, found, numbers)
    return RangeStatistics(*found.reshape(-1, 6).T, *numbers.reshape(-1, 3).T)


def _less(end: float, origin: float) -> float:
    """end - origin; exact for whole numbers, which Python's are however large."""
    if isinstance(origin, int) and end.is_integer():
        return float(int(end) - origin)
    return end - origin

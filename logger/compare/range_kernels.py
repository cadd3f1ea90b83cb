"""What many series come to within a range of x. Only the compiler imports this module; see range_statistics.py."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator,misc"

from __future__ import annotations

import math

from numba import void

from .band_kernels import F8, F8_IN, I8, I8_IN, inlined, kernel

__all__ = ["EXPORTS", "NUMBERS", "PLACES"]

PLACES = ("count", "nan", "first", "last", "at_min", "at_max")  # per series; the last four are rows, -1 for none
NUMBERS = ("mean", "std", "slope")
_COUNT, _NAN, _FIRST, _LAST, _AT_MIN, _AT_MAX = range(6)


@kernel
def _slope(x, value, begin, end, low, high, count, x_total, mean):
    """Least squares through the finite points: Σ (x - x̄)(y - ȳ) / Σ (x - x̄)²; NaN where x does not vary."""
    x_mean, across, along = x_total / count, 0.0, 0.0
    for i in range(begin, end):
        if low <= x[i] <= high and math.isfinite(value[i]):
            across += (x[i] - x_mean) * (value[i] - mean)
            along += (x[i] - x_mean) * (x[i] - x_mean)
    return across / along if along > 0.0 else math.nan


@inlined
def _note(value, i, place):
    """Point i, the latest of those that are not NaN."""
    if place[_FIRST] < 0:
        place[_FIRST] = place[_AT_MIN] = place[_AT_MAX] = i
    place[_LAST] = i
    if value[i] < value[place[_AT_MIN]]:
        place[_AT_MIN] = i
    if value[i] > value[place[_AT_MAX]]:
        place[_AT_MAX] = i


@kernel
def range_statistics(x, value, offsets, lows, highs, places, numbers):
    """Over the points of each series with lows[series] <= x <= highs[series].

    places   out, six per series: see PLACES.  first and last are those that are not NaN
    numbers  out, three per series: see NUMBERS. NaN is left out of all; infinities of the slope
    """
    for series in range(len(offsets) - 1):
        begin, end, low, high = offsets[series], offsets[series + 1], lows[series], highs[series]
        place, number = places[6 * series : 6 * series + 6], numbers[3 * series : 3 * series + 3]
        place[_COUNT], place[_NAN] = 0, 0
        for row in range(_FIRST, len(PLACES)):
            place[row] = -1
        number[0] = number[1] = number[2] = math.nan
        total, count, finite_total, finite, x_total = 0.0, 0, 0.0, 0, 0.0
        for i in range(begin, end):
            if not (low <= x[i] <= high):
                continue
            place[_COUNT] += 1
            if math.isnan(value[i]):
                place[_NAN] += 1
                continue
            _note(value, i, place)
            total += value[i]
            count += 1
            if math.isfinite(value[i]):
                finite_total += value[i]
                finite += 1
                x_total += x[i]
        if count == 0:
            continue
        mean, squares = total / count, 0.0
        for i in range(begin, end):
            if low <= x[i] <= high and not math.isnan(value[i]):
                squares += (value[i] - mean) * (value[i] - mean)
        number[0], number[1] = mean, math.sqrt(squares / (count - 1)) if count > 1 else 0.0
        if finite:
            number[2] = _slope(x, value, begin, end, low, high, finite, x_total, finite_total / finite)


EXPORTS = {"range_statistics": (range_statistics, void(F8_IN, F8_IN, I8_IN, F8_IN, F8_IN, I8, F8))}

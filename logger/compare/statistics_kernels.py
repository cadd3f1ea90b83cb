"""What series of scalars come to: first, last, extremes, mean, spread, counts. Compiled once; see statistics.py."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator,misc"

from __future__ import annotations

import math

from numba import float32, float64, int32, int64, njit, types, void

from .statistics_layout import COLUMNS, UNSORTED, WIDTH

__all__ = ["EXPORTS"]

_LAST, _FIRST, _MIN, _MAX, _MEAN, _STD, _COUNT, _NAN, _INF = range(9)
_FIRST_STEP, _LAST_STEP, _STEP_AT_MIN, _STEP_AT_MAX = range(9, 13)
assert COLUMNS[_STEP_AT_MAX] == "step_at_max" and COLUMNS[_COUNT] == "count"

_kernel = njit(error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)


@_kernel
def statistics(step, value, begins, ends, out):
    """Rows begins[i]:ends[i] are series i; out[WIDTH * i:] is what it comes to, in the order of COLUMNS.

    NaNs are left out of min, max, mean and std. The standard deviation is the sample's (n - 1), from a second pass
    over the deviations from the mean; 0 for one value.
    """
    for series in range(len(begins)):
        begin, end, at = begins[series], ends[series], WIDTH * series
        for column in range(WIDTH):
            out[at + column] = math.nan
        nans, infinities, total = 0, 0, 0.0
        low, high, low_at, high_at = math.inf, -math.inf, -1, -1
        for i in range(begin, end):
            x = float64(value[i])
            if i > begin and step[i] < step[i - 1]:
                out[at + UNSORTED] = 1.0
            if x != x:
                nans += 1
                continue
            if x - x != 0.0:
                infinities += 1
            total += x
            if low_at < 0 or x < low:
                low, low_at = x, i
            if high_at < 0 or x > high:
                high, high_at = x, i
        out[at + _COUNT], out[at + _NAN], out[at + _INF] = end - begin, nans, infinities
        if end == begin:
            continue
        out[at + _FIRST], out[at + _LAST] = value[begin], value[end - 1]
        out[at + _FIRST_STEP], out[at + _LAST_STEP] = step[begin], step[end - 1]
        numbers = end - begin - nans
        if numbers == 0:
            continue
        out[at + _MIN], out[at + _MAX] = low, high
        out[at + _STEP_AT_MIN], out[at + _STEP_AT_MAX] = step[low_at], step[high_at]
        mean = total / numbers
        out[at + _MEAN] = mean
        squares = 0.0
        for i in range(begin, end):
            deviation = float64(value[i]) - mean
            squares += 0.0 if value[i] != value[i] else deviation * deviation
        out[at + _STD] = math.sqrt(squares / (numbers - 1)) if numbers > 1 else 0.0 if infinities == 0 else math.nan


def _column(dtype, readonly=True):
    return types.Array(dtype, 1, "C", readonly=readonly)


def _signature(step, value):
    bounds = _column(int64)
    return void(_column(step), _column(value), bounds, bounds, _column(float64, readonly=False))


# Named by the types that steps and values are stored in, so that nothing is copied.
EXPORTS = {
    "i4f4": (statistics, _signature(int32, float32)),
    "i4f8": (statistics, _signature(int32, float64)),
    "i8f4": (statistics, _signature(int64, float32)),
    "i8f8": (statistics, _signature(int64, float64)),
}

"""What series of scalars come to: first, last, extremes, mean, spread, counts. Compiled once; see statistics.py.

A series is given by the addresses of its columns, in the types they are stored in: nothing is copied, and one call
takes as many series of as many runs as there are.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator,misc"

from __future__ import annotations

import math

from numba import float64, int64, types, void

from ..reader.memory import crc_through, float_of_bits, float_of_bits32, helper, load32, load64
from .statistics_layout import COLUMNS, UNSORTED, WIDTH

__all__ = ["EXPORTS"]

_LAST, _FIRST, _MIN, _MAX, _MEAN, _STD, _COUNT, _NAN, _INF = range(9)
_FIRST_STEP, _LAST_STEP, _STEP_AT_MIN, _STEP_AT_MAX = range(9, 13)
assert COLUMNS[_STEP_AT_MAX] == "step_at_max" and COLUMNS[_COUNT] == "count"
_SIGN = 1 << 31


@helper
def _int32(column, row):
    return (load32(column + 4 * row) ^ _SIGN) - _SIGN


@helper
def _int64(column, row):
    return load64(column + 8 * row)


@helper
def _float32(column, row):
    return float_of_bits32(load32(column + 4 * row))


@helper
def _float64(column, row):
    return float_of_bits(load64(column + 8 * row))


@helper
def _spread(value_of, value, count, mean):
    """Sum of the squared deviations from the mean, NaNs left out."""
    squares = 0.0
    for i in range(count):
        deviation = value_of(value, i) - mean
        squares += 0.0 if math.isnan(value_of(value, i)) else deviation * deviation
    return squares


@helper
def _series(step_of, value_of, step, value, count, out, at):
    """One series; out[at:] is what it comes to, in the order of COLUMNS.

    NaNs are left out of min, max, mean and std. The standard deviation is the sample's (n - 1), from a second pass
    over the deviations from the mean; 0 for one value.
    """
    nans, infinities, total = 0, 0, 0.0
    low, high, low_at, high_at = math.inf, -math.inf, -1, -1
    for i in range(count):
        x = value_of(value, i)
        if i > 0 and step_of(step, i) < step_of(step, i - 1):
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
    out[at + _COUNT], out[at + _NAN], out[at + _INF] = count, nans, infinities
    if count == 0:
        return
    out[at + _FIRST], out[at + _LAST] = value_of(value, 0), value_of(value, count - 1)
    out[at + _FIRST_STEP], out[at + _LAST_STEP] = step_of(step, 0), step_of(step, count - 1)
    numbers = count - nans
    if numbers == 0:
        return
    out[at + _MIN], out[at + _MAX] = low, high
    out[at + _STEP_AT_MIN], out[at + _STEP_AT_MAX] = step_of(step, low_at), step_of(step, high_at)
    mean = total / numbers
    out[at + _MEAN] = mean
    if numbers > 1:
        out[at + _STD] = math.sqrt(_spread(value_of, value, count, mean) / (numbers - 1))
    elif infinities == 0:
        out[at + _STD] = 0.0


@helper
def statistics(steps, values, counts, kinds, out):
    """Series i has counts[i] rows at these addresses; out[WIDTH * i:] is what it comes to.

    kinds   0 … 3: 2 more where steps take 8 bytes instead of 4, 1 more where values do
    """
    for i in range(len(counts)):
        for column in range(WIDTH):
            out[WIDTH * i + column] = math.nan
        if kinds[i] == 0:
            _series(_int32, _float32, steps[i], values[i], counts[i], out, WIDTH * i)
        elif kinds[i] == 1:
            _series(_int32, _float64, steps[i], values[i], counts[i], out, WIDTH * i)
        elif kinds[i] == 2:
            _series(_int64, _float32, steps[i], values[i], counts[i], out, WIDTH * i)
        else:
            _series(_int64, _float64, steps[i], values[i], counts[i], out, WIDTH * i)


@helper
def checksums(steps, walls, values, counts, kinds, out):
    """The checksum of each series as the index keeps it: CRC-32C of its steps, wall times and values."""
    for i in range(len(counts)):
        step_size, value_size = (8 if kinds[i] >= 2 else 4), (8 if kinds[i] % 2 else 4)
        crc = crc_through(0xFFFFFFFF, steps[i], steps[i] + step_size * counts[i])
        crc = crc_through(crc, walls[i], walls[i] + 8 * counts[i])
        out[i] = crc_through(crc, values[i], values[i] + value_size * counts[i]) ^ 0xFFFFFFFF


_IN = types.Array(int64, 1, "C", readonly=True)
_OUT, _NUMBERS = types.Array(int64, 1, "C"), types.Array(float64, 1, "C")
EXPORTS = {
    "statistics": (statistics, void(_IN, _IN, _IN, _IN, _NUMBERS)),
    "checksums": (checksums, void(_IN, _IN, _IN, _IN, _IN, _OUT)),
}

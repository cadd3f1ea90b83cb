"""Several series on one grid: its positions, and centre and spread at each of them.

A series here has finite, strictly ascending positions. Columns of all series lie end to end, `offsets`
(len(series) + 1) cut them. Only the compiler imports this module; series_compiled.py hands out what it made of it.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator,misc"

from __future__ import annotations

import math

from numba import float64, int64, njit, types, void

__all__ = ["EXPORTS", "F8", "F8_IN", "I8", "I8_IN", "inlined", "kernel"]

I8_IN, F8_IN = types.Array(int64, 1, "C", readonly=True), types.Array(float64, 1, "C", readonly=True)
I8, F8 = types.Array(int64, 1, "C"), types.Array(float64, 1, "C")
kernel = njit(error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
inlined = njit(inline="always", error_model="numpy")
_MEAN, _MEDIAN = 0, 1  # centres
_NONE, _STD, _SEM, _CI95, _MINMAX, _QUARTILES = 0, 1, 2, 3, 4, 5  # spreads


@kernel
def _merge(a, a_begin, a_end, b_begin, b_end, out, at):
    """Two ascending pieces of `a` as one in `out` from `at`, equal positions once; where it ends."""
    while a_begin < a_end or b_begin < b_end:
        if b_begin == b_end or (a_begin < a_end and a[a_begin] <= a[b_begin]):
            x = a[a_begin]
            a_begin += 1
            if b_begin < b_end and a[b_begin] == x:
                b_begin += 1
        else:
            x = a[b_begin]
            b_begin += 1
        out[at] = x
        at += 1
    return at


@kernel
def union(x, spare, ends):
    """The distinct positions of all series, ascending, at the start of `x`; how many.

    x      in: positions of all series; overwritten
    spare  work space as long as x
    ends   in: offsets; overwritten
    """
    pieces = len(ends) - 1
    while pieces > 1:
        at, made = 0, 0
        for piece in range(0, pieces, 2):
            begin, middle = ends[piece], ends[piece + 1]
            end = ends[piece + 2] if piece + 1 < pieces else middle
            first = at
            at = _merge(x, begin, middle, middle, end, spare, at)
            ends[made] = first
            made += 1
        ends[made] = at
        for i in range(at):  # a slice would bring a check of its length, which would allocate
            x[i] = spare[i]
        pieces = made
    return ends[1] - ends[0] if pieces == 1 else 0


@kernel
def _first_after(x, begin, end, position):
    """Index of the first of x[begin:end] beyond `position`."""
    while begin < end:
        middle = (begin + end) // 2
        if x[middle] <= position:
            begin = middle + 1
        else:
            end = middle
    return begin


@inlined
def _between(x, y, before, end, position):
    """The series at `position`, where `before` is its last point at or before it; NaN beyond its last point."""
    if x[before] == position:
        return y[before]
    if before + 1 == end or not math.isfinite(y[before]) or not math.isfinite(y[before + 1]):
        return math.nan
    part = (position - x[before]) / (x[before + 1] - x[before])
    return y[before] * (1.0 - part) + y[before + 1] * part


@kernel
def interpolate(x, y, begin, end, grid, out):
    """One series (points begin … end - 1) at every position of an ascending grid: exact at its own points, linear
    between two finite ones, NaN elsewhere."""
    if begin == end or len(grid) == 0:
        out[:] = math.nan
        return
    cursor = _first_after(x, begin, end, grid[0])
    for i in range(len(grid)):
        while cursor < end and x[cursor] <= grid[i]:
            cursor += 1
        out[i] = _between(x, y, cursor - 1, end, grid[i]) if cursor > begin else math.nan


@kernel
def _sort(values, count):
    """In place, by Shell's method: no recursion, no memory, quick for the few hundred numbers of a grid point."""
    gap = 1
    while gap < count // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for i in range(gap, count):
            value, j = values[i], i
            while j >= gap and values[j - gap] > value:
                values[j] = values[j - gap]
                j -= gap
            values[j] = value
        gap //= 3


@inlined
def _quantile(values, count, share):
    """Linear between the two nearest of ascending values, as numpy.quantile does by default; infinite beside one."""
    place = share * (count - 1)
    low = int(place)
    part = place - low
    if part == 0.0 or values[low] == values[low + 1]:
        return values[low]
    return values[low] * (1.0 - part) + values[low + 1] * part  # a difference may be beyond what floats hold


@kernel
def _spread(spread, values, count, mean, students, middle, at, low, high):
    """Write the ends of the band around `middle` at one grid point; `values` ascend for quartiles."""
    if spread == _MINMAX:
        least, most = values[0], values[0]
        for i in range(1, count):
            least, most = min(least, values[i]), max(most, values[i])
        low[at], high[at] = least, most
    elif spread == _QUARTILES:
        low[at], high[at] = _quantile(values, count, 0.25), _quantile(values, count, 0.75)
    elif spread == _NONE:
        low[at], high[at] = middle, middle
    else:
        squares = 0.0
        for i in range(count):
            squares += (values[i] - mean) * (values[i] - mean)
        width = math.sqrt(squares / (count - 1)) if count > 1 else 0.0
        if spread != _STD:
            width /= math.sqrt(count)
        if spread == _CI95:
            width *= students[min(count - 1, len(students) - 1)]
        low[at], high[at] = middle - width, middle + width


@kernel
def band(centre, spread, x, y, offsets, grid, students, cursors, values, middle, low, high, counts):
    """Centre and spread of the series that have a value at each position of an ascending grid.

    students  two-sided 95 % points of Student's t by degrees of freedom; the last for all that follow
    cursors   work space, one per series;  values: likewise
    middle, low, high, counts   out, per grid position; NaN where no series has a value
    """
    series = len(offsets) - 1
    for k in range(series):
        cursors[k] = _first_after(x, offsets[k], offsets[k + 1], grid[0]) if len(grid) else 0
    for at in range(len(grid)):
        position, count, total = grid[at], 0, 0.0
        for k in range(series):
            cursor, end = cursors[k], offsets[k + 1]
            while cursor < end and x[cursor] <= position:
                cursor += 1
            cursors[k] = cursor
            if cursor == offsets[k]:
                continue
            value = _between(x, y, cursor - 1, end, position)
            if not math.isnan(value):
                values[count] = value
                total += value
                count += 1
        counts[at] = count
        if count == 0:
            middle[at] = low[at] = high[at] = math.nan
            continue
        mean = total / count
        if math.isfinite(mean):  # a second pass takes back what rounding lost
            rest = 0.0
            for i in range(count):
                rest += values[i] - mean
            mean += rest / count
        if centre == _MEDIAN or spread == _QUARTILES:
            _sort(values, count)
        middle[at] = _quantile(values, count, 0.5) if centre == _MEDIAN else mean
        _spread(spread, values, count, mean, students, middle[at], at, low, high)


EXPORTS = {
    "union": (union, int64(F8, F8, I8)),
    "interpolate": (interpolate, void(F8_IN, F8_IN, int64, int64, F8_IN, F8)),
    "band": (band, void(int64, int64, F8_IN, F8_IN, I8_IN, F8_IN, F8_IN, I8, F8, F8, F8, F8, I8)),
}

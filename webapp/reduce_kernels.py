"""What a chart can show of a series: the points that matter per pixel column.

Every kernel takes many series at once: the columns of all series end to end, and `offsets` (len(series) + 1) that cut
them. Kernels release the GIL and hold no state, so that tags are reduced in parallel threads. Only the compiler imports
this module; reduce.py hands out what it made of it.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator,misc"

from __future__ import annotations

import math

from numba import float32, float64, int32, int64, njit, types, uint8, void

from .reduce import AXES

__all__ = ["EXPORTS"]

_STEP, _RELATIVE = AXES["step"], AXES["relative"]
_F4_SECONDS = 16_384.0  # a float32 still resolves a millisecond below this many seconds
_I4_MAX, _F8_EXACT, _LARGEST = 2**31 - 1, 2**53, 2**63 - 1
_WITHIN, _NOWHERE = 0, 2  # where a point lies with respect to the visible range; -1 left of it, 1 right of it


def _columns(dtype, readonly=False):
    return types.Array(dtype, 1, "C", readonly=readonly)


# Inputs may be views of a file that is mapped read-only.
_I8_IN, _F8_IN = _columns(int64, readonly=True), _columns(float64, readonly=True)
_I4, _I8, _F4, _F8, _U1 = (_columns(dtype) for dtype in (int32, int64, float32, float64, uint8))
_kernel = njit(error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
_inlined = njit(inline="always", error_model="numpy")


@_inlined
def _position(axis, log, step, wall_time, start):
    """Where a point lies on the axis; NaN where it cannot be drawn (x <= 0 on a logarithmic axis)."""
    if axis == _STEP:
        x = float(step)
    elif axis == _RELATIVE:
        x = wall_time - start
    else:
        x = wall_time
    if not log:
        return x
    return math.log10(x) if x > 0.0 else math.nan


@_kernel
def extent(axis, log, step, wall_time, offsets, start, begin_at, ends):
    """Smallest and largest finite position over the points of all series from `begin_at` on; (inf, -inf) if none.

    ends    out, the two
    """
    low, high = math.inf, -math.inf
    for series in range(len(offsets) - 1):
        for i in range(offsets[series] + begin_at[series], offsets[series + 1]):
            x = _position(axis, log, step[i], wall_time[i], start[series])
            if math.isfinite(x):
                low, high = min(low, x), max(high, x)
    ends[0], ends[1] = low, high


@_kernel
def _survey(axis, log, low, high, step, wall_time, value, begin, end, start, counts, span):
    """How many points of one series lie within [low, high]; NaNs, infinities, lowest and highest value there."""
    visible, nan, inf = 0, 0, 0
    least, most = math.inf, -math.inf
    for i in range(begin, end):
        x = _position(axis, log, step[i], wall_time[i], start)
        if not (low <= x <= high):
            continue
        visible += 1
        if math.isfinite(value[i]):
            least, most = min(least, value[i]), max(most, value[i])
        elif math.isnan(value[i]):
            nan += 1
        else:
            inf += 1
    counts[1], counts[2] = nan, inf
    span[0], span[1] = least, most
    return visible


@_inlined
def _side(x, low, high):
    """-1 left of the range, 0 within, 1 right of it, 2 nowhere (x is not finite)."""
    if not math.isfinite(x):
        return _NOWHERE
    if x < low:
        return -1
    return 1 if x > high else _WITHIN


@_inlined
def _line_enters(neighbour, side):
    """Whether the line between a point outside the range and its neighbour passes through the range."""
    return side != _NOWHERE and neighbour != _NOWHERE and neighbour != side


@_kernel
def _scan_column(axis, log, low, high, scale, columns, step, wall_time, value, begin, end, start, marks):
    """Walk the points from `begin` that share its column, mark what the column keeps; where the next column begins.

    marks   out: first, last, lowest, highest, first NaN, first +inf, first -inf; -1 for none
    """
    last_column = columns - 1
    x = _position(axis, log, step[begin], wall_time[begin], start)
    column = min(int((x - low) * scale), last_column)
    least, most = math.inf, -math.inf
    at_least, at_most, i = -1, -1, begin
    while low <= x <= high and min(int((x - low) * scale), last_column) == column:
        number = value[i]
        if math.isfinite(number):
            if number < least:
                least, at_least = number, i
            if number > most:
                most, at_most = number, i
        else:
            kind = 4 if math.isnan(number) else (5 if number > 0.0 else 6)
            if marks[kind] < 0:
                marks[kind] = i
        i += 1
        if i == end:
            break
        x = _position(axis, log, step[i], wall_time[i], start)
    marks[0], marks[1], marks[2], marks[3] = begin, i - 1, at_least, at_most
    return i


@_kernel
def _flush(kept, at, marks):
    """Append the distinct marked indices to `kept` from `at`, in order; clear the marks; where to go on."""
    last = -1
    if marks[4] < 0 and marks[5] < 0 and marks[6] < 0:  # nearly always
        lower, upper = min(marks[2], marks[3]), max(marks[2], marks[3])
        for index in (marks[0], lower, upper, marks[1]):
            if index > last:
                kept[at] = index
                last = index
                at += 1
        return at
    while True:
        index = _LARGEST
        for mark in marks:
            if last < mark < index:
                index = mark
        if index == _LARGEST:
            break
        kept[at] = index
        last = index
        at += 1
    marks[:] = -1
    return at


@_kernel
def pick(
    axis,
    log,
    low,
    high,
    columns,
    all_up_to,
    step,
    wall_time,
    value,
    offsets,
    start,
    begin_at,
    marks,
    kept,
    counts,
    spans,
):
    """Choose the points of each series that a chart `columns` wide shows, between `low` and `high` (axis positions).

    A series with at most `all_up_to` points there keeps them all. Otherwise each column keeps its first, last, lowest
    and highest point and its first NaN and infinities; consecutive points share a column, so that a series whose x goes
    back keeps its order. One point on each side of the range is kept too: lines reach the edge.

    marks   work space for seven indices
    kept    out, indices; those of series s begin at offsets[s]
    counts  out, three per series: points kept, NaNs, infinities (both within the range)
    spans   out, two per series: lowest and highest finite value within the range (inf, -inf when there is none)
    """
    marks[:] = -1
    scale = columns / (high - low) if high > low else 0.0
    for series in range(len(offsets) - 1):
        begin, end, origin = offsets[series] + begin_at[series], offsets[series + 1], start[series]
        visible = _survey(axis, log, low, high, step, wall_time, value, begin, end, origin,
                          counts[3 * series : 3 * series + 3], spans[2 * series : 2 * series + 2])  # fmt: skip
        at, i, before = offsets[series], begin, _NOWHERE
        while i < end:
            side = _side(_position(axis, log, step[i], wall_time[i], origin), low, high)
            if side == _WITHIN and visible > all_up_to:
                i = _scan_column(axis, log, low, high, scale, columns, step, wall_time, value, i, end, origin, marks)
                at = _flush(kept, at, marks)
                before = _WITHIN
                continue
            after = _NOWHERE
            if side != _WITHIN and i + 1 < end:
                after = _side(_position(axis, log, step[i + 1], wall_time[i + 1], origin), low, high)
            if side == _WITHIN or _line_enters(before, side) or _line_enters(after, side):
                kept[at] = i
                at += 1
            before = before if side == _NOWHERE else side
            i += 1
        counts[3 * series] = at - offsets[series]


@_kernel
def widths(step, wall_time, offsets, start, kept, counts, codes):
    """Choose the narrowest lossless type per series.

    codes   out, three per series: step (0 int32, 1 float64, 2 int64), time (0 float32, 1 float64), value (left as is)
    """
    for series in range(len(offsets) - 1):
        step_code, time_code = 0, 0
        for j in range(offsets[series], offsets[series] + counts[3 * series]):
            size = abs(step[kept[j]])
            if size > _I4_MAX or size < 0:  # abs(-2^63) is negative
                step_code = 2 if size >= _F8_EXACT or size < 0 else max(step_code, 1)
            if not (abs(wall_time[kept[j]] - start[series]) <= _F4_SECONDS):
                time_code = 1
        codes[3 * series], codes[3 * series + 1] = step_code, time_code


@_kernel
def pack(step, wall_time, value, smoothed, offsets, start, kept, counts, codes, places, i4, i8, f4, f8):
    """Copy the kept points of each series into one buffer, seen as four types at once.

    codes   three per series: type of step, time, value (0 narrow, 1 float64, 2 int64)
    places  four per series: byte offset of its steps, times, values and smoothed values (-1: none) in the buffer
    """
    for series in range(len(offsets) - 1):
        chosen = kept[offsets[series] : offsets[series] + counts[3 * series]]
        at_step, at_time, at_value, at_smooth = (
            places[4 * series], places[4 * series + 1], places[4 * series + 2], places[4 * series + 3],
        )  # fmt: skip
        step_code, time_code, value_code = codes[3 * series], codes[3 * series + 1], codes[3 * series + 2]
        for j in range(len(chosen)):
            i = chosen[j]
            if step_code == 0:
                i4[at_step // 4 + j] = step[i]
            elif step_code == 1:
                f8[at_step // 8 + j] = step[i]
            else:
                i8[at_step // 8 + j] = step[i]
            if time_code == 0:
                f4[at_time // 4 + j] = wall_time[i] - start[series]
            else:
                f8[at_time // 8 + j] = wall_time[i] - start[series]
            if value_code == 0:
                f4[at_value // 4 + j] = value[i]
            else:
                f8[at_value // 8 + j] = value[i]
            if at_smooth >= 0 and value_code == 0:
                f4[at_smooth // 4 + j] = smoothed[i]
            elif at_smooth >= 0:
                f8[at_smooth // 8 + j] = smoothed[i]


EXPORTS = {
    "extent": (extent, void(int64, int64, _I8_IN, _F8_IN, _I8_IN, _F8_IN, _I8_IN, _F8)),
    "pick": (
        pick,
        void(
            *(int64, int64, float64, float64, int64, int64),
            *(_I8_IN, _F8_IN, _F8_IN, _I8_IN, _F8_IN, _I8_IN),
            *(_I8, _I8, _I8, _F8),
        ),
    ),
    "widths": (widths, void(_I8_IN, _F8_IN, _I8_IN, _F8_IN, _I8_IN, _I8_IN, _U1)),
    "pack": (
        pack,
        void(*(_I8_IN, _F8_IN, _F8_IN, _F8_IN, _I8_IN, _F8_IN, _I8_IN, _I8_IN, _U1, _I8_IN), _I4, _I8, _F4, _F8),
    ),
}

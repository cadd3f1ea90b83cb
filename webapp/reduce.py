"""What a chart can show of a series: smoothing over every point, then the points that matter per pixel column.

Every kernel takes many series at once: columns of all series end to end, and `offsets` (len(series) + 1) that cut them.
They are compiled once (cached on disk), release the GIL and hold no state, so that tags are reduced in parallel threads.

Importing this module compiles or loads the kernels (0.3 s from the cache): do it off the start-up path.
"""

from __future__ import annotations

import math

import numpy as np
from numba import float32, float64, int32, int64, njit, types, uint8, void

__all__ = ["AXES", "extent", "pack", "pick", "smooth", "widths"]

AXES = {"step": 0, "relative": 1, "wall": 2}  # the number by which the kernels know each horizontal axis

_STEP, _RELATIVE = AXES["step"], AXES["relative"]
_F4_SECONDS = 16_384.0  # a float32 still resolves a millisecond below this many seconds
_I4_MAX, _F8_EXACT = 2**31 - 1, 2**53


def _read_only(dtype: types.Type) -> types.Array:
    """Columns may be views of a file mapped read-only."""
    return types.Array(dtype, 1, "C", readonly=True)


_I8_IN, _F8_IN = _read_only(int64), _read_only(float64)
_I8, _F8, _F4, _U1 = (types.Array(dtype, 1, "C") for dtype in (int64, float64, float32, uint8))
_COMPILE = {"cache": True, "nogil": True, "error_model": "numpy"}


def _position(axis, log, step, wall_time, start):  # type: ignore[no-untyped-def]
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


_position = njit(float64(int64, int64, int64, float64, float64), inline="always", **_COMPILE)(_position)


def _smooth(alpha, value, offsets, out):  # type: ignore[no-untyped-def]
    """Debiased exponential moving average of each series, over all its points.

    The formula is the one TensorBoard's scalar charts use, so that the same slider means the same curve: an average that
    starts at 0 is divided by 1 - alpha^k after k values (Kingma & Ba, "Adam", 2015, section 3); values that are not finite
    are passed through and skipped; a series of one repeated value is left alone.
    """
    for series in range(len(offsets) - 1):
        begin, end = offsets[series], offsets[series + 1]
        constant = True
        for i in range(begin + 1, end):
            if value[i] != value[begin]:
                constant = False
                break
        average, bias = 0.0, 1.0
        for i in range(begin, end):
            if constant or not math.isfinite(value[i]):
                out[i] = value[i]
            else:
                average = average * alpha + (1.0 - alpha) * value[i]
                bias *= alpha
                out[i] = average / (1.0 - bias)


smooth = njit(void(float64, _F8_IN, _I8_IN, _F4), **_COMPILE)(_smooth)


def _extent(axis, log, step, wall_time, offsets, start, begin_at):  # type: ignore[no-untyped-def]
    """Smallest and largest finite position over the points of all series from `begin_at` on; (inf, -inf) if none."""
    low, high = math.inf, -math.inf
    for series in range(len(offsets) - 1):
        for i in range(offsets[series] + begin_at[series], offsets[series + 1]):
            x = _position(axis, log, step[i], wall_time[i], start[series])
            if math.isfinite(x):
                low, high = min(low, x), max(high, x)
    return low, high


extent = njit(types.UniTuple(float64, 2)(int64, int64, _I8_IN, _F8_IN, _I8_IN, _F8_IN, _I8_IN), **_COMPILE)(_extent)


def _flush(kept, at, marks):  # type: ignore[no-untyped-def]
    """Append the distinct indices in `marks` (-1: none) to `kept` from `at`, in order; clear them; where to go on.

    marks   first, last, lowest, highest, first NaN, first +inf, first -inf
    """
    lower, upper = min(marks[2], marks[3]), max(marks[2], marks[3])
    last_kept = -1
    if marks[4] < 0 and marks[5] < 0 and marks[6] < 0:
        for index in (marks[0], lower, upper, marks[1]):
            if index > last_kept:
                kept[at] = index
                last_kept = index
                at += 1
        return at
    for index in np.sort(marks):
        if index > last_kept:
            kept[at] = index
            last_kept = index
            at += 1
    marks[4:] = -1
    return at


_flush = njit(int64(_I8, int64, _I8), **_COMPILE)(_flush)


def _scan_column(low, scale, last_column, axis, log, column, step, wall_time, value, begin, end, start, high, marks):  # type: ignore[no-untyped-def]
    """Walk the points from `begin` while they stay in `column`; mark what it keeps of them; where the next column begins.

    marks   out, as `_flush` takes them
    """
    least, most = math.inf, -math.inf
    at_least, at_most, i = -1, -1, begin
    while i < end:
        x = _position(axis, log, step[i], wall_time[i], start)
        if not (low <= x <= high) or min(int((x - low) * scale), last_column) != column:
            break
        number = value[i]
        if number < least and number != -math.inf:
            least, at_least = number, i
        if number > most and number != math.inf:
            most, at_most = number, i
        if not math.isfinite(number):
            kind = 4 if math.isnan(number) else (5 if number > 0.0 else 6)
            if marks[kind] < 0:
                marks[kind] = i
        i += 1
    marks[0], marks[1], marks[2], marks[3] = begin, i - 1, at_least, at_most
    return i


_scan_column = njit(
    int64(
        float64, float64, int64, int64, int64, int64,
        _I8_IN, _F8_IN, _F8_IN, int64, int64, float64, float64, _I8,
    ),
    **_COMPILE,
)(_scan_column)  # fmt: skip


def _survey(axis, log, low, high, step, wall_time, value, begin, end, start, counts, range_):  # type: ignore[no-untyped-def]
    """Count the points of one series within [low, high], its NaNs and infinities there, and find its lowest and highest."""
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
    counts[0], counts[1] = nan, inf
    range_[0], range_[1] = least, most
    return visible


_survey = njit(
    int64(int64, int64, float64, float64, _I8_IN, _F8_IN, _F8_IN, int64, int64, float64, _I8, _F8), **_COMPILE
)(_survey)


def _side(x, low, high):  # type: ignore[no-untyped-def]
    """-1 left of the range, 0 within, 1 right of it, 2 nowhere (x is NaN)."""
    if x < low:
        return -1
    if x > high:
        return 1
    return 0 if x == x else 2


_side = njit(int64(float64, float64, float64), inline="always", **_COMPILE)(_side)


def _pick(
    axis, log, low, high, columns, all_up_to, step, wall_time, value, offsets, start, begin_at, kept, counts, spans
):  # type: ignore[no-untyped-def]
    """Choose the points of each series that a chart `columns` wide shows, between `low` and `high` (axis positions).

    A series with at most `all_up_to` points there keeps them all. Otherwise each column keeps its first, last, lowest and
    highest point and its first NaN and infinities; consecutive points share a column, so that a series whose x goes back
    keeps its order. One point on each side of the range is kept too: lines reach the edge.

    kept    out, indices; those of series s begin at offsets[s]
    counts  out, per series: points kept, NaNs, infinities (both within the range)
    spans   out, per series: lowest and highest finite value within the range (inf, -inf when there is none)
    """
    marks = np.full(7, -1, np.int64)
    scale = columns / (high - low) if high > low else 0.0
    for series in range(len(offsets) - 1):
        begin, end, origin = offsets[series] + begin_at[series], offsets[series + 1], start[series]
        visible = _survey(
            axis, log, low, high, step, wall_time, value, begin, end, origin,
            counts[3 * series + 1 : 3 * series + 3], spans[2 * series : 2 * series + 2],
        )  # fmt: skip
        at, i, before = offsets[series], begin, 2
        while i < end:
            x = _position(axis, log, step[i], wall_time[i], origin)
            side = _side(x, low, high)
            if side == 0 and visible > all_up_to:
                column = min(int((x - low) * scale), columns - 1)
                i = _scan_column(
                    low, scale, columns - 1, axis, log, column, step, wall_time, value, i, end, origin, high, marks
                )
                at = _flush(kept, at, marks)
                before = 0
                continue
            if side == 0:
                kept[at] = i
                at += 1
            elif side != 2:
                after = 2
                if i + 1 < end:
                    after = _side(_position(axis, log, step[i + 1], wall_time[i + 1], origin), low, high)
                if (before != 2 and before != side) or (after != 2 and after != side):
                    kept[at] = i
                    at += 1
            before = side if side != 2 else before
            i += 1
        counts[3 * series] = at - offsets[series]


pick = njit(
    void(
        int64, int64, float64, float64, int64, int64,
        _I8_IN, _F8_IN, _F8_IN, _I8_IN, _F8_IN, _I8_IN, _I8, _I8, _F8,
    ),
    **_COMPILE,
)(_pick)  # fmt: skip


def _widths(step, wall_time, offsets, start, kept, counts, codes):  # type: ignore[no-untyped-def]
    """Choose the narrowest lossless type per series.

    codes   out, per series: step (0 int32, 1 float64, 2 int64), time (0 float32, 1 float64), value (left as it is)
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


widths = njit(void(_I8_IN, _F8_IN, _I8_IN, _F8_IN, _I8_IN, _I8_IN, _U1), **_COMPILE)(_widths)


def _pack(step, wall_time, value, smoothed, offsets, start, kept, counts, codes, places, i4, i8, f4, f8):  # type: ignore[no-untyped-def]
    """Copy the kept points of each series into one buffer, seen as four types at once.

    codes   per series: type of step, time, value (0 narrow, 1 float64, 2 int64)
    places  per series: byte offset of its step, time, value and smoothed values in the buffer (smoothed: -1 when absent)
    """
    for series in range(len(offsets) - 1):
        begin, n = offsets[series], counts[3 * series]
        at_step, at_time, at_value, at_smooth = places[4 * series : 4 * series + 4]
        step_code, time_code, value_code = codes[3 * series : 3 * series + 3]
        for j in range(n):
            i = kept[begin + j]
            if step_code == 0:
                i4[at_step // 4 + j] = step[i]
            elif step_code == 1:
                f8[at_step // 8 + j] = step[i]
            else:
                i8[at_step // 8 + j] = step[i]
            seconds = wall_time[i] - start[series]
            if time_code == 0:
                f4[at_time // 4 + j] = seconds
            else:
                f8[at_time // 8 + j] = seconds
            if value_code == 0:
                f4[at_value // 4 + j] = value[i]
            else:
                f8[at_value // 8 + j] = value[i]
            if at_smooth >= 0:
                f4[at_smooth // 4 + j] = smoothed[i]


pack = njit(
    void(
        _I8_IN, _F8_IN, _F8_IN, _F4, _I8_IN, _F8_IN, _I8_IN, _I8_IN, _U1, _I8_IN,
        types.Array(int32, 1, "C"), _I8, _F4, _F8,
    ),
    **_COMPILE,
)(_pack)  # fmt: skip

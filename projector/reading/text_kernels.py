"""Text → float32, cell by cell. Only the compiler imports this module; text_table.py hands out what it made of it."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator,misc"

from __future__ import annotations

import math

from numba import float32, float64, int64, njit, types, uint8

__all__ = ["EXPORTS"]

_kernel = njit(error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
_NEWLINE, _RETURN, _SPACE, _QUOTE = 10, 13, 32, 34
_FULL = 10**17  # an int64 takes one more digit
_LARGEST_POWER = 308
# Places in the report, which goes on from one call to the next.
_ROWS, _LINES, _UNEVEN, _UNEVEN_ROW, _UNEVEN_LINE, _UNEVEN_CELLS, _BAD, _BAD_ROW, _BAD_LINE, _BAD_COLUMN = range(10)


@_kernel
def _word(data, at, stop):
    """nan, inf, infinity in any case, whatever stands for "not a number" otherwise: (value, is it one of them)."""
    first = data[at] | 32
    if stop - at == 3 and first == 110 and data[at + 1] | 32 == 97 and data[at + 2] | 32 == 110:
        return math.nan, True
    long = stop - at == 8 and data[at + 3] | 32 == 105 and data[stop - 1] | 32 == 121
    if (stop - at == 3 or long) and first == 105 and data[at + 1] | 32 == 110 and data[at + 2] | 32 == 102:
        return math.inf, True
    return math.nan, False


@_kernel
def _scaled(mantissa, exponent, powers):
    """mantissa · 10^exponent, exact to the last bit of a float64 or one beside it."""
    value = float64(mantissa)
    if exponent > 0:
        return value * powers[min(exponent, _LARGEST_POWER)] if mantissa else 0.0
    if exponent < -_LARGEST_POWER:
        return value / powers[_LARGEST_POWER] / powers[min(-exponent - _LARGEST_POWER, _LARGEST_POWER)]
    return value / powers[-exponent]


@_kernel
def _exponent(data, at, stop):
    """What follows the "e": (exponent, where it ends; `at` - 1 where there is none)."""
    sign, begin, value = 1, at, 0
    if at < stop and (data[at] == 43 or data[at] == 45):
        sign = 44 - int64(data[at])
        at += 1
        begin = at
    while at < stop and 48 <= data[at] <= 57:
        value = min(value * 10 + int64(data[at]) - 48, 9999)
        at += 1
    return sign * value, at if at > begin else begin - 1


@_kernel
def _decimal(data, at, stop, powers):
    """The number that begins at `at`: (value, where it ends; `at` where there is none)."""
    begin, sign = at, 1.0
    if at < stop and (data[at] == 43 or data[at] == 45):
        sign = 44.0 - float64(data[at])
        at += 1
    first, point, mantissa, dropped = at, -1, 0, 0
    while at < stop:
        digit = int64(data[at]) - 48
        if 0 <= digit <= 9:
            if mantissa < _FULL:
                mantissa = mantissa * 10 + digit
            else:
                dropped += 1
        elif digit == -2 and point < 0:
            point = at
        else:
            break
        at += 1
    if at - first == (point >= 0):
        return math.nan, begin
    exponent = dropped - (at - point - 1 if point >= 0 else 0)
    if at < stop and data[at] | 32 == 101:
        more, at = _exponent(data, at + 1, stop)
        exponent += more
    return sign * _scaled(mantissa, exponent, powers), at


@_kernel
def _number(data, at, stop, powers):
    """(value, is it a number) of the cell data[at:stop]."""
    while at < stop and data[at] == _SPACE:
        at += 1
    while stop > at and data[stop - 1] == _SPACE:
        stop -= 1
    if at == stop:
        return math.nan, False
    value, after = _decimal(data, at, stop, powers)
    if after > at:
        return value, after == stop
    negative = data[at] == 45
    at += negative or data[at] == 43
    if at == stop:
        return math.nan, False
    value, known = _word(data, at, stop)
    return -value if negative else value, known


@_kernel
def _cell_end(data, at, end, delimiter, quotes):
    """Where the cell that begins at `at` ends: its delimiter, its newline, or `end`."""
    if quotes and at < end and data[at] == _QUOTE:
        at += 1
        while at < end:
            if data[at] == _QUOTE:
                if at + 1 < end and data[at + 1] == _QUOTE:
                    at += 1
                else:
                    break
            at += 1
    while at < end and data[at] != delimiter and data[at] != _NEWLINE:
        at += 1
    return at


@_kernel
def _blank(data, at, end):
    """Where the line ends that begins at `at`, when there is nothing in it; else -1."""
    while at < end and (data[at] == _RETURN or data[at] == _SPACE):
        at += 1
    return at if at < end and data[at] == _NEWLINE else -1


@_kernel
def _lines(data, at, stop):
    """How many lines end in data[at:stop]."""
    count = 0
    for place in range(at, stop):
        count += data[place] == _NEWLINE
    return count


@_kernel
def _note(report, place, row, line, detail):
    if report[place] == 0:
        report[place + 1] = row
        report[place + 2] = line
        report[place + 3] = detail
    report[place] += 1


@_kernel
def _read_row(data, at, end, last, delimiter, quotes, targets, powers, numbers, spans):
    """The cells of one row: (where it ends or -1 when it goes on after `end`, cells, first column without a number)."""
    column, bad, columns = 0, -1, len(targets)
    while True:
        while delimiter == _SPACE and at < end and data[at] == _SPACE:
            at += 1
        target = targets[column] if column < columns else -1
        if target >= 0:
            value, stop = _decimal(data, at, end, powers)
            if stop > at and stop < end and (data[stop] == delimiter or data[stop] == _NEWLINE):  # nearly always
                numbers[target] = value
                column += 1
                if data[stop] == _NEWLINE:
                    return stop, column, bad
                at = stop + 1
                continue
        stop = _cell_end(data, at, end, delimiter, quotes)
        if stop == end and not last:
            return -1, column, bad
        closing = stop == end or data[stop] == _NEWLINE
        trimmed = stop - (closing and stop > at and data[stop - 1] == _RETURN)
        if closing and trimmed == at and column == columns:
            return stop, column, bad  # a delimiter at the end of the line
        if target >= 0:
            quoted = quotes and trimmed > at + 1 and data[at] == _QUOTE and data[trimmed - 1] == _QUOTE
            value, known = _number(data, at + quoted, trimmed - quoted, powers)
            numbers[target] = value if known else math.nan
            if not known and bad < 0:
                bad = column
        elif column < columns:
            spans[-2 - 2 * target] = at
            spans[-1 - 2 * target] = trimmed
        column += 1
        if closing:
            return stop, column, bad
        at = stop + 1


@_kernel
def read_rows(data, end, last, delimiter, quotes, targets, width, texts, powers, numbers, spans, report):
    """Rows of data[:end]; where the first one begins that is not whole yet. Blank lines are no rows.

    targets  of each column: its place among the `width` numbers, or -1 - its place among the `texts` texts
    numbers  out, width a row: NaN where a cell holds no number
    spans    out, 2 · texts a row: where the text begins and ends
    report   rows and lines so far; rows with another number of cells, cells without a number: how many, the first
    last     nothing follows data[:end]
    """
    at, row, first = 0, 0, report[_ROWS]
    while at < end:
        blank = _blank(data, at, end)
        if blank >= 0:
            report[_LINES] += 1
            at = blank + 1
            continue
        values, places = numbers[row * width : (row + 1) * width], spans[row * texts * 2 : (row + 1) * texts * 2]
        values[:] = math.nan
        places[:] = 0
        stop, cells, bad = _read_row(data, at, end, last, delimiter, quotes, targets, powers, values, places)
        if stop < 0:
            return at
        if cells != len(targets):
            values[:] = math.nan
            _note(report, _UNEVEN, first + row, report[_LINES] + 1, cells)
        elif bad >= 0:
            _note(report, _BAD, first + row, report[_LINES] + 1, bad)
        report[_LINES] += _lines(data, at, stop) if quotes else 0
        report[_LINES] += stop < end
        row += 1
        report[_ROWS] = first + row
        at = min(stop + 1, end)
    return at


def _array(dtype, readonly=False):
    return types.Array(dtype, 1, "C", readonly=readonly)


_U1_IN, _I8_IN, _F8_IN = _array(uint8, readonly=True), _array(int64, readonly=True), _array(float64, readonly=True)
EXPORTS = {
    "read_rows": (
        read_rows,
        int64(
            *(_U1_IN, int64, int64, int64, int64, _I8_IN, int64, int64, _F8_IN),
            *(_array(float32), _array(int64), _array(int64)),
        ),
    )
}

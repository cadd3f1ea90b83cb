"""Text → float32, cell by cell. Only the compiler imports this module; text_table.py hands out what it made of it."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator,misc"

from __future__ import annotations

import math

from numba import float32, float64, int64, njit, types, uint8

__all__ = ["EXPORTS"]

_kernel = njit(error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
_NEWLINE, _RETURN, _SPACE, _QUOTE = 10, 13, 32, 34
_DIGITS = 18  # what an int64 holds of any decimal
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
def _number(data, at, stop, powers):
    """(value, is it a number) of the cell data[at:stop]."""
    while at < stop and data[at] == _SPACE:
        at += 1
    while stop > at and data[stop - 1] == _SPACE:
        stop -= 1
    sign = 1.0
    if at < stop and (data[at] == 43 or data[at] == 45):
        sign = 44.0 - float64(data[at])
        at += 1
    if at == stop:
        return math.nan, False
    mantissa, kept, seen, exponent, fraction = 0, 0, 0, 0, 0
    while at < stop:
        digit = int64(data[at]) - 48
        if 0 <= digit <= 9:
            seen += 1
            if kept < _DIGITS:
                mantissa = mantissa * 10 + digit
                kept += mantissa > 0
                exponent -= fraction
            else:
                exponent += 1 - fraction
        elif digit == -2 and not fraction:
            fraction = 1
        else:
            break
        at += 1
    if not seen:
        value, known = _word(data, at, stop)
        return sign * value, known
    if at < stop and data[at] | 32 == 101:
        more, at = _exponent(data, at + 1, stop)
        exponent += more
    return sign * _scaled(mantissa, exponent, powers), at == stop


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
        stop = _cell_end(data, at, end, delimiter, quotes)
        if stop == end and not last:
            return -1, column, bad
        closing = stop == end or data[stop] == _NEWLINE
        trimmed = stop - (closing and stop > at and data[stop - 1] == _RETURN)
        if closing and trimmed == at and column == columns:
            return stop, column, bad  # a delimiter at the end of the line
        if column < columns and targets[column] >= 0:
            quoted = quotes and trimmed > at + 1 and data[at] == _QUOTE and data[trimmed - 1] == _QUOTE
            value, known = _number(data, at + quoted, trimmed - quoted, powers)
            numbers[targets[column]] = value if known else math.nan
            if not known and bad < 0:
                bad = column
        elif column < columns:
            spans[-2 - 2 * targets[column]] = at
            spans[-1 - 2 * targets[column]] = trimmed
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
        for place in range(at, min(stop + 1, end)):
            report[_LINES] += data[place] == _NEWLINE
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

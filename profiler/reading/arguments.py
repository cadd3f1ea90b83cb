"""Arguments as the scanner found them → the columns of a trace."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..trace import SparseColumn
from . import scan_layout as L
from .event_parts import EventParts, Family, RawColumn
from .event_tables import Texts
from .top_level import whole

__all__ = ["Arguments", "first_seen", "number_values", "whole_numbers"]

Array = NDArray[Any]

_STRETCH = 1 << 16  # rows at a time: arrays of all rows are what memory goes to


class Arguments:
    """The arguments of one family of events by name. Each is joined when it is asked for, and let go when taken."""

    def __init__(self, parts: EventParts, family: Family, texts: Texts) -> None:
        self._parts, self._family, self._texts = parts, family, texts
        self._kept: dict[str, RawColumn] = {}
        columns = texts.columns
        name_of = {int(columns[code]): code for code in np.flatnonzero(columns >= 0).tolist()}
        self._columns: dict[str, list[int]] = {}
        for column in parts.columns(family):
            self._columns.setdefault(str(texts.value(name_of[column])), []).append(column)

    @property
    def names(self) -> list[str]:
        """In order of first appearance in the file."""
        return list(self._columns)

    def take(self, name: str) -> RawColumn:
        """Of each row the last value that is not null; rows ascending. Empty for a name that no event has."""
        column = self._kept.pop(name, None)
        if column is None:
            column = _joined([self._parts.argument(self._family, number) for number in self._columns.get(name, [])])
        self._columns.pop(name, None)
        return column

    def value(self, name: str, row: int, otherwise: Any) -> Any:
        """The argument of one event."""
        if name not in self._columns:
            return otherwise
        if name not in self._kept:
            numbers = self._columns[name]
            self._kept[name] = _joined([self._parts.argument(self._family, number) for number in numbers])
        column = self._kept[name]
        at = int(np.searchsorted(column.rows, row))
        if at == len(column.rows) or column.rows[at] != row:
            return otherwise
        return _value(int(column.kinds[at]), column.values[at], self._texts)

    def of_row(self, row: int) -> dict[str, Any]:
        """All arguments of one event."""
        values = {name: self.value(name, row, None) for name in self.names}
        return {name: value for name, value in values.items() if value is not None}

    def sparse(self, place: Array, other_rows: Array, other_codes: Array) -> dict[str, SparseColumn]:
        """All that were not taken as columns of a trace.

        place                    (n,) int32, the row of each slice of the file in the trace
        other_rows, other_codes  texts that become the argument `cat` of these rows, in place of what is there
        """
        columns = {}
        for name in self.names:
            column = self.take(name)
            if name == "cat" and len(other_rows):
                kinds = self._texts.kinds[other_codes].astype(np.int8)
                column = _joined([column, RawColumn(other_rows, kinds, other_codes)])
                other_rows = other_rows[:0]
            columns[name] = _sparse_column(column, place, self._texts)
        if len(other_rows):
            kinds = self._texts.kinds[other_codes].astype(np.int8)
            columns["cat"] = _sparse_column(RawColumn(other_rows, kinds, other_codes), place, self._texts)
        return {name: column for name, column in columns.items() if column is not None}


def _joined(columns: list[RawColumn | None]) -> RawColumn:
    """One column from those that have one name, which are one but for the spelling of the name."""
    there = [column for column in columns if column is not None]
    if not there:
        return RawColumn(np.zeros(0, np.int32), np.zeros(0, np.int8), np.zeros(0, np.int64))
    if len(there) == 1:
        return _last_of_each(there[0])
    rows = np.concatenate([column.rows for column in there])
    order = np.argsort(rows, kind="stable")
    return _last_of_each(
        RawColumn(
            rows[order],
            np.concatenate([column.kinds for column in there])[order],
            np.concatenate([column.values.astype(np.int64) for column in there])[order],
        )
    )


def _value(kind: int, value: Any, texts: Texts) -> Any:
    if kind == L.INTEGER:
        return int(value)
    if kind == L.FLOAT:
        return float(np.int64(value).view(np.float64))
    return texts.value(int(value))


def number_values(column: RawColumn, texts: Texts) -> tuple[Array, Array]:
    """(rows, float64 values) of those that are numbers."""
    is_number = (column.kinds == L.INTEGER) | (column.kinds == L.FLOAT) | (column.kinds == L.NUMBER)
    kept = RawColumn(column.rows[is_number], column.kinds[is_number], column.values[is_number])
    return kept.rows, _numbers_of(kept, _odd_numbers(kept, texts), np.float64)


def _last_of_each(column: RawColumn) -> RawColumn:
    """Of a name that one event has twice the last counts; null is no value."""
    keep = column.kinds != L.NULL
    if len(column.rows) > 1:
        keep[:-1] &= column.rows[1:] != column.rows[:-1]
    if keep.all():
        return column
    return RawColumn(column.rows[keep], column.kinds[keep], column.values[keep])


def first_seen(codes: Array, count: int) -> Array:
    """The distinct codes in order of their first occurrence; there are `count` codes."""
    first = np.full(count, -1, np.int64)
    for end in range(len(codes), 0, -_STRETCH):  # from the last to the first: what is written last stays
        start = max(end - _STRETCH, 0)
        first[codes[start:end][::-1]] = np.arange(end - 1, start - 1, -1)
    seen = np.flatnonzero(first >= 0)
    return seen[np.argsort(first[seen])]


def _sparse_column(column: RawColumn, place: Array, texts: Texts) -> SparseColumn | None:
    """A column in the order of a trace; None when no value is left.

    place  (n,) int32, the row of each slice of the file in the trace
    """
    column = _placed(column, place)
    if not len(column.rows):
        return None
    present = np.flatnonzero(np.bincount(column.kinds, minlength=L.NUMBER + 1)).tolist()
    numbers = _odd_numbers(column, texts)
    if set(present) <= {L.INTEGER, L.NUMBER} and all(_is_int64(value) for value in numbers.values()):
        return SparseColumn(column.rows, _numbers_of(column, numbers, np.int64))
    if set(present) <= {L.INTEGER, L.FLOAT, L.NUMBER}:
        return SparseColumn(column.rows, _numbers_of(column, numbers, np.float64))
    return _texts_column(column, texts)


def whole_numbers(column: RawColumn, count: int, otherwise: int, texts: Texts) -> Array:
    """(count,) int64: one whole number a row, as `top_level.whole` takes it from values of any kind."""
    column = _last_of_each(column)
    values = column.values.astype(np.int64)
    floats = column.kinds == L.FLOAT
    values[floats] = [whole(value, otherwise) for value in values[floats].view(np.float64).tolist()]
    for row in np.flatnonzero(column.kinds >= L.TEXT).tolist():
        values[row] = whole(texts.value(int(values[row])), otherwise)
    dense = np.full(count, otherwise, np.int64)
    dense[column.rows] = values
    return dense


def _placed(column: RawColumn, place: Array) -> RawColumn:
    rows = place[column.rows]
    if len(rows) * 16 > len(place):  # many: a table of all rows is quicker than sorting
        at = np.full(len(place), -1, np.int32)
        at[rows] = np.arange(len(rows), dtype=np.int32)
        rows = np.flatnonzero(at >= 0).astype(np.int32)
        order = at[rows]
    else:
        order = np.argsort(rows)
        rows = rows[order]
    return RawColumn(rows, column.kinds[order], column.values[order])


def _odd_numbers(column: RawColumn, texts: Texts) -> dict[int, Any]:
    """By code, those that int64 or plain arithmetic did not hold."""
    odd = column.values[column.kinds == L.NUMBER]
    return {code: texts.value(code) for code in np.unique(odd).tolist()}


def _is_int64(value: Any) -> bool:
    return type(value) is int and abs(value) < 1 << 63


def _numbers_of(column: RawColumn, numbers: dict[int, Any], dtype: Any) -> Array:
    if dtype == np.int64:
        values = column.values.astype(np.int64)
    else:
        floats = column.values.astype(np.int64).view(np.float64)
        values = np.where(column.kinds == L.FLOAT, floats, column.values.astype(np.float64))
    if numbers:
        odd = column.kinds == L.NUMBER
        values[odd] = [numbers[code] for code in column.values[odd].tolist()]
    return values


def _texts_column(column: RawColumn, texts: Texts) -> SparseColumn:
    """Codes of texts, numbers among them as JSON writes them."""
    codes = column.values.astype(np.int64)
    found: dict[str, int] = {}
    is_number = (column.kinds == L.INTEGER) | (column.kinds == L.FLOAT)
    own = _code_table(codes[~is_number], texts, found)
    result = np.empty(len(codes), np.int32)
    result[~is_number] = own[codes[~is_number]]
    if is_number.any():
        is_float = column.kinds[is_number] == L.FLOAT
        integers, floats = codes[is_number], codes[is_number].view(np.float64)
        written = (
            json.dumps(float(floats[row]) if is_float[row] else int(integers[row])) for row in range(len(integers))
        )
        result[is_number] = [found.setdefault(text, len(found)) for text in written]
    return SparseColumn(column.rows, result, list(found))


def _code_table(codes: Array, texts: Texts, found: dict[str, int]) -> Array:
    """(codes of the file,) int32 → codes into `found`, which texts are added to."""
    table = np.full(len(texts), -1, np.int32)
    for code in first_seen(codes, len(texts)).tolist():
        table[code] = found.setdefault(texts.text(code), len(found))
    return table

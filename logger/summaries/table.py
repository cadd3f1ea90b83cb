"""Tables of any kind → typed columns: rows, columns, data frames of pandas, polars and pyarrow, numpy's records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from .. import plugins
from ..proto.event_pb2 import Summary
from ..table_columns import Table, packed_table
from ..taken_objects import TakenObject
from ..values import array, described
from .data_frames import Columns, column_cells, copied_frame, frame_reader
from .table_cells import typed_column

Names = Sequence[str] | None


def taken_table(call: str, rows: Any, columns: Any) -> tuple[TakenObject, list[str] | None]:
    """A copy of the rows as they are now, and the names of the columns that are wanted.

    Raises TypeError when it is no table, ValueError when its rows or columns differ in length.
    """
    names = None if columns is None else _checked_names(call, columns)
    if hasattr(rows, "to_frame") and not hasattr(rows, "columns"):  # one column, such as `value_counts` gives
        rows = rows.to_frame()
    if isinstance(rows, (str, bytes)) or not (isinstance(rows, Iterable) or frame_reader(rows)):
        wanted = "rows (a list of dicts or of lists), a dict of columns or a data frame"
        raise TypeError(f"{call}: expected {wanted}, got {described(rows)}")
    if isinstance(rows, Mapping):
        _check_columns(call, rows)
    elif not frame_reader(rows) and not hasattr(rows, "dtype"):
        rows = list(rows)
        if any(map(is_dataclass, set(map(type, rows)))):
            rows = [_as_dict(row) if is_dataclass(type(row)) else row for row in rows]
        _check_rows(call, rows, names)
    elif hasattr(rows, "dtype"):
        rows = rows if isinstance(rows, np.ndarray) else np.asarray(array(call, rows))
        if rows.dtype.names is None and rows.ndim != 2:
            raise ValueError(
                f"{call}: expected an array with named fields or of shape (rows, columns), got {rows.shape}"
            )
    return copied_frame(call, rows), names


def table_summary(tag: str, taken: TakenObject, names: list[str] | None) -> Summary:
    """The table as one packed tensor. Raises ValueError where it is too large for one value."""
    columns = _chosen(_columns(taken.read(), names), names)
    tensor = packed_table(Table(tuple(typed_column(name, cells) for name, cells in columns)))
    return Summary(value=[Summary.Value(tag=tag, metadata=plugins.metadata(plugins.TABLE), tensor=tensor)])


# --- at the call ------------------------------------------------------------------------------------------------------


def _as_dict(row: Any) -> dict[str, Any]:
    """The fields of a data class, not copied."""
    return {field.name: getattr(row, field.name) for field in fields(row)}


def _checked_names(call: str, columns: Any) -> list[str]:
    if isinstance(columns, (str, bytes)) or not isinstance(columns, Iterable):
        raise TypeError(f"{call}: expected columns as a list of names, got {described(columns)}")
    return [_title(name) for name in columns]


def _check_columns(call: str, columns: Mapping[Any, Any]) -> None:
    lengths = {}
    for name, cells in columns.items():
        if isinstance(cells, (str, bytes)) or not hasattr(cells, "__len__"):
            raise TypeError(f"{call}: expected column {name!r} as a list or an array, got {described(cells)}")
        lengths[name] = len(cells)
    if len(set(lengths.values())) > 1:
        raise ValueError(f"{call}: expected columns of one length, got {lengths}"[:400])


def _check_rows(call: str, rows: list[Any], names: Names) -> None:
    types = set(map(type, rows))  # few, of however many rows: this is training's thread
    if all(issubclass(one, Mapping) for one in types):
        return
    wrong = {one for one in types if issubclass(one, (str, bytes, Mapping)) or not hasattr(one, "__len__")}
    if wrong:
        number, row = next((number, row) for number, row in enumerate(rows) if type(row) in wrong)
        raise TypeError(f"{call}: expected rows as dicts or as lists, all alike, got {described(row)} in row {number}")
    width = len(rows[0]) if names is None else len(names)
    if set(map(len, rows)) != {width}:
        number, length = next((i, n) for i, n in enumerate(map(len, rows)) if n != width)
        raise ValueError(f"{call}: expected {width} cells in each row, got {length} in row {number}")


# --- in the background ------------------------------------------------------------------------------------------------


def _columns(rows: Any, names: Names) -> Columns:
    reader = frame_reader(rows)
    if reader is not None:
        return reader(rows)
    if isinstance(rows, Mapping):
        return [(name, column_cells(cells)) for name, cells in rows.items()]
    if isinstance(rows, np.ndarray):
        named = rows.dtype.names
        if named is not None:
            return [(name, rows[name]) for name in named]
        return [(_name(i, names), rows[:, i]) for i in range(rows.shape[1])]
    if rows and isinstance(rows[0], Mapping):
        keys = dict.fromkeys(key for row in rows for key in row)
        return [(key, [row.get(key) for row in rows]) for key in keys]
    names = names or getattr(rows[0], "_fields", None) if rows else names  # of named tuples
    width = len(rows[0]) if rows else len(names or ())
    return [(_name(i, names), [row[i] for row in rows]) for i in range(width)]


def _name(place: int, names: Names) -> str:
    return names[place] if names is not None and place < len(names) else str(place)


def _chosen(columns: Columns, names: Names) -> list[tuple[str, Any]]:
    """The named columns in that order, without values where there are none; all of them when none are named."""
    titled = [(_title(name), cells) for name, cells in columns]
    if names is None:
        return titled
    known = dict(titled)
    rows = len(columns[0][1]) if columns else 0
    return [(name, known.get(name, [None] * rows)) for name in names]


def _title(name: Any) -> str:
    """The name of a column in words; that of several levels, as `groupby` of pandas makes them, as "loss / mean"."""
    return " / ".join(str(level) for level in name if level != "") if isinstance(name, tuple) else str(name)

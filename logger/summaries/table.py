"""Tables of any kind → typed columns: rows, columns, data frames of pandas, polars and pyarrow, numpy's records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from .. import plugins
from ..proto.event_pb2 import Summary
from ..table_columns import Table, packed_table
from ..taken_objects import TakenObject, take_copy
from ..values import array, described
from .table_cells import typed_column

Names = Sequence[str] | None
Columns = list[tuple[str, Any]]  # name → cells: a numpy array or a list


def taken_table(call: str, rows: Any, columns: Any) -> tuple[TakenObject, list[str] | None]:
    """A copy of the rows as they are now, and the names of the columns that are wanted.

    Raises TypeError when it is no table, ValueError when its rows or columns differ in length.
    """
    names = None if columns is None else _checked_names(call, columns)
    if isinstance(rows, (str, bytes)) or not (isinstance(rows, Iterable) or _frame_reader(rows)):
        wanted = "rows (a list of dicts or of lists), a dict of columns or a data frame"
        raise TypeError(f"{call}: expected {wanted}, got {described(rows)}")
    if isinstance(rows, Mapping):
        _check_columns(call, rows)
    elif not _frame_reader(rows) and not hasattr(rows, "dtype"):
        rows = list(rows)
        _check_rows(call, rows, names)
    elif hasattr(rows, "dtype"):
        rows = rows if isinstance(rows, np.ndarray) else np.asarray(array(call, rows))
        if rows.dtype.names is None and rows.ndim != 2:
            raise ValueError(
                f"{call}: expected an array with named fields or of shape (rows, columns), got {rows.shape}"
            )
    return take_copy(call, rows, "the table"), names


def table_summary(tag: str, taken: TakenObject, names: list[str] | None) -> Summary:
    """The table as one packed tensor. Raises ValueError where it is too large for one value."""
    columns = _chosen(_columns(taken.read(), names), names)
    tensor = packed_table(Table(tuple(typed_column(name, cells) for name, cells in columns)))
    return Summary(value=[Summary.Value(tag=tag, metadata=plugins.metadata(plugins.TABLE), tensor=tensor)])


# --- at the call ------------------------------------------------------------------------------------------------------


def _checked_names(call: str, columns: Any) -> list[str]:
    if isinstance(columns, (str, bytes)) or not isinstance(columns, Iterable):
        raise TypeError(f"{call}: expected columns as a list of names, got {described(columns)}")
    return [str(name) for name in columns]


def _check_columns(call: str, columns: Mapping[Any, Any]) -> None:
    lengths = {}
    for name, cells in columns.items():
        if isinstance(cells, (str, bytes)) or not hasattr(cells, "__len__"):
            raise TypeError(f"{call}: expected column {name!r} as a list or an array, got {described(cells)}")
        lengths[name] = len(cells)
    if len(set(lengths.values())) > 1:
        raise ValueError(f"{call}: expected columns of one length, got {lengths}"[:400])


def _check_rows(call: str, rows: list[Any], names: Names) -> None:
    if all(isinstance(row, Mapping) for row in rows):
        return
    for number, row in enumerate(rows):
        if isinstance(row, (str, bytes, Mapping)) or not hasattr(row, "__len__"):
            raise TypeError(
                f"{call}: expected rows as dicts or as lists, all alike, got {described(row)} in row {number}"
            )
    width = len(rows[0]) if names is None else len(names)
    for number, row in enumerate(rows):
        if len(row) != width:
            raise ValueError(f"{call}: expected {width} cells in each row, got {len(row)} in row {number}")


# --- in the background ------------------------------------------------------------------------------------------------


def _frame_reader(rows: Any) -> Callable[[Any], Columns] | None:
    """How the columns of a data frame are read, known by what it has: no library is imported for it."""
    if isinstance(rows, (Mapping, Sequence)):
        return None
    if hasattr(rows, "iloc"):
        return _pandas_columns
    if hasattr(rows, "column_names"):
        return _arrow_columns
    return _polars_columns if hasattr(rows, "get_columns") else None


def _columns(rows: Any, names: Names) -> Columns:
    reader = _frame_reader(rows)
    if reader is not None:
        return reader(rows)
    if isinstance(rows, Mapping):
        return list(rows.items())
    if isinstance(rows, np.ndarray):
        fields = rows.dtype.names
        if fields is not None:
            return [(name, rows[name]) for name in fields]
        return [(_name(i, names), rows[:, i]) for i in range(rows.shape[1])]
    if rows and isinstance(rows[0], Mapping):
        keys = dict.fromkeys(key for row in rows for key in row)
        return [(key, [row.get(key) for row in rows]) for key in keys]
    names = names or getattr(rows[0], "_fields", None) if rows else names  # of named tuples
    width = len(rows[0]) if rows else len(names or ())
    return [(_name(i, names), [row[i] for row in rows]) for i in range(width)]


def _name(place: int, names: Names) -> str:
    return names[place] if names is not None and place < len(names) else str(place)


def _arrow_columns(table: Any) -> Columns:
    return [(name, table[name].to_pylist()) for name in table.column_names]


def _polars_columns(frame: Any) -> Columns:
    return [(column.name, column.to_list()) for column in frame.get_columns()]


def _pandas_columns(frame: Any) -> Columns:
    """The columns, behind those of an index that says more than the number of the row."""
    plain = type(frame.index).__name__ == "RangeIndex" and frame.index.name is None
    whole = frame if plain else frame.reset_index()
    return [(str(name), _pandas_cells(whole.iloc[:, i])) for i, name in enumerate(whole.columns)]


def _pandas_cells(series: Any) -> Any:
    """Plain numbers as an array. In anything else pandas' NaN, NaT and NA mean that there is no value."""
    if isinstance(series.dtype, np.dtype) and series.dtype.kind in "biuf":
        return series.to_numpy()
    return [None if lost else cell for cell, lost in zip(series.tolist(), series.isna().tolist(), strict=True)]


def _chosen(columns: Columns, names: Names) -> Columns:
    """The named columns in that order, without values where there are none; all of them when none are named."""
    if names is None:
        return [(str(name), cells) for name, cells in columns]
    known = {str(name): cells for name, cells in columns}
    rows = len(columns[0][1]) if columns else 0
    return [(name, known.get(name, [None] * rows)) for name in names]

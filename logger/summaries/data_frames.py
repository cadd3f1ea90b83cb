"""Data frames of pandas, polars and pyarrow → columns. They are known by what they have: no library is imported."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ..taken_objects import TakenObject, take_copy

__all__ = ["Columns", "column_cells", "copied_frame", "frame_reader"]

Columns = list[tuple[Any, Any]]  # name → cells: a numpy array or a list

# Types of polars and pyarrow that numpy has as well, in lower case.
_NUMBERS = {f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)}
_NUMBERS |= {"float", "double", "float32", "float64", "bool", "boolean"}


def frame_reader(rows: Any) -> Callable[[Any], Columns] | None:
    """How the columns of a data frame are read; None for anything else."""
    if isinstance(rows, (Mapping, Sequence)):
        return None
    if hasattr(rows, "iloc"):
        return _pandas_columns
    if hasattr(rows, "column_names"):
        return _arrow_columns
    return _polars_columns if hasattr(rows, "get_columns") else None


def copied_frame(call: str, frame: Any) -> TakenObject:
    """A frame, or its columns by name, as it is now. Raises TypeError where something in it cannot be copied.

    Pickling alone takes a few times as long as copying the cells: what a library does not change is not pickled.
    """
    if _is_kept_by_pandas(frame):
        kept = frame.copy(deep=False)
        return TakenObject(lambda: kept, 8 * frame.size)
    if frame_reader(frame) is not _polars_columns:
        return take_copy(call, frame, "the table")
    columns = frame.get_columns()
    if any(str(column.dtype) == "Object" for column in columns):
        return take_copy(call, {column.name: column.to_list() for column in columns}, "the table")
    # The numbers of polars may lie in an array of the caller's.
    copied = {one.name: column_cells(one).copy() if _has_numbers_only(one) else one.clone() for one in columns}
    return TakenObject(lambda: copied, frame.estimated_size())


def _is_kept_by_pandas(frame: Any) -> bool:
    """Whether writing to the frame leaves a shallow copy as it is: pandas from 3.0, no objects in the cells."""
    pandas = sys.modules.get("pandas")
    if pandas is None or type(frame) is not pandas.DataFrame or int(pandas.__version__.partition(".")[0]) < 3:
        return False
    return all(one.kind != "O" if isinstance(one, np.dtype) else str(one) == "str" for one in _types(frame))


def _types(frame: Any) -> list[Any]:
    """The types of a frame's columns. Where its blocks can be reached: `dtypes` makes a series first."""
    blocks = getattr(getattr(frame, "_mgr", None), "blocks", None)
    return [block.dtype for block in blocks] if isinstance(blocks, tuple) else frame.dtypes.tolist()


def column_cells(column: Any) -> Any:
    """The cells of one column: of a frame as an array where all are numbers, else as a list; anything else as it is."""
    if hasattr(column, "iloc"):
        return _pandas_cells(column)
    if hasattr(column, "to_pylist"):
        return column.to_numpy(zero_copy_only=False) if _has_numbers_only(column) else column.to_pylist()
    if hasattr(column, "to_list"):
        return column.to_numpy() if _has_numbers_only(column) else column.to_list()
    return column


def _has_numbers_only(column: Any) -> bool:
    """Of polars or pyarrow: whether numpy has the type, and no cell is empty."""
    arrow = hasattr(column, "to_pylist")
    lost = column.null_count if arrow else column.null_count()
    return not lost and str(column.type if arrow else column.dtype).lower() in _NUMBERS


def _arrow_columns(table: Any) -> Columns:
    return [(name, column_cells(column)) for name, column in zip(table.column_names, table.columns, strict=True)]


def _polars_columns(frame: Any) -> Columns:
    return [(column.name, column_cells(column)) for column in frame.get_columns()]


def _pandas_columns(frame: Any) -> Columns:
    """The columns, behind those of an index that says more than the number of the row."""
    plain = type(frame.index).__name__ == "RangeIndex" and frame.index.name is None
    whole = frame if plain else frame.reset_index(allow_duplicates=True)  # the index may be called as a column is
    return [(name, _pandas_cells(whole.iloc[:, i])) for i, name in enumerate(whole.columns)]


def _pandas_cells(series: Any) -> Any:
    """Plain numbers as an array. In anything else pandas' NaN, NaT and NA mean that there is no value."""
    if isinstance(series.dtype, np.dtype) and series.dtype.kind in "biuf":
        return series.to_numpy()
    return [None if lost else cell for cell, lost in zip(series.tolist(), series.isna().tolist(), strict=True)]

"""Parquet: a column of lists holds the vectors, or the columns of numbers do side by side; the rest is metadata."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..embedding import Column
from ..metadata import columns_of
from .table import Table, beside, uneven

__all__ = ["read_parquet"]

_NO_READER = "{name}: reading Parquet needs pyarrow, which is not installed: pip install pyarrow"
_MOST_UNPACKED = 8 << 30  # bytes
_VALUE, _TEXT = 4, 64  # bytes of a number and of a text in memory, at least


def read_parquet(path: Path, dimensions: Collection[str] | None = None) -> Table:
    """`dimensions`: the names of the columns of numbers to take, or of the one column of lists.

    Raises ValueError where there are no vectors, or pyarrow is not installed.
    """
    try:
        import pyarrow as arrow
        from pyarrow import parquet
    except ImportError:
        raise ValueError(_NO_READER.format(name=path.name)) from None
    try:
        schema = parquet.read_schema(path, memory_map=True)
        lists = [field.name for field in schema if _is_vector(arrow.types, field.type)]
        vector = next((name for name in dimensions or lists if name in lists), None)
        plain = [field.name for field in schema if _is_plain(arrow.types, field.type)]
        read = [name for name in schema.names if name == vector or name in plain]
        _check_size(path.name, parquet.read_metadata(path, memory_map=True), read)
        content = parquet.read_table(path, columns=read, memory_map=True)
    except (arrow.ArrowException, OSError) as error:
        raise ValueError(f"{path.name} cannot be read as Parquet ({error})") from None
    if not content.num_rows:
        raise ValueError(f"{path.name} holds no points: the table has no rows")
    if vector is not None:
        points, notes = _vectors(path.name, vector, content[vector].combine_chunks())
        names, taken = [vector], [vector]
    else:
        points, names, notes = _side_by_side(path.name, content, arrow.types, dimensions)
        taken = names
    columns: dict[str, Column] = {}
    for name in content.column_names:
        if name not in taken:
            columns |= columns_of({name: content[name].to_pylist()}, content.num_rows)
    others = [name for name in lists if name != vector]
    if others and vector:
        notes.append(f"{path.name}: {vector!r} holds the points; columns=[…] takes {', '.join(map(repr, others))}.")
    return Table(points, names if vector is None else (), columns, tuple(notes))


def _check_size(name: str, metadata: Any, columns: Collection[str]) -> None:
    """Repeated values take next to nothing in the file. Raises ValueError for more of them than memory bears."""
    size, names = 0, frozenset(columns)
    for group in map(metadata.row_group, range(metadata.num_row_groups)):
        for column in map(group.column, range(group.num_columns)):
            parts = column.path_in_schema.split(".")  # of what is nested; a name may have points, too
            if any(".".join(parts[:end]) in names for end in range(1, len(parts) + 1)):
                size += max(column.total_uncompressed_size, column.num_values * _each(column))
    if size > _MOST_UNPACKED:
        raise ValueError(
            f"{name} unpacks to about {size:,} bytes, at most {_MOST_UNPACKED:,} are read; columns=[…] takes fewer, "
            f"numpy.save writes an array that is mapped rather than read"
        )


def _each(column: Any) -> int:
    return _TEXT if column.physical_type == "BYTE_ARRAY" else _VALUE


def _is_vector(types: Any, kind: Any) -> bool:
    listed = types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind)
    return bool(listed and _is_number(types, kind.value_type))


def _is_number(types: Any, kind: Any) -> bool:
    return bool(types.is_floating(kind) or types.is_integer(kind))


def _is_plain(types: Any, kind: Any) -> bool:
    return not types.is_nested(kind) and not types.is_binary(kind) and not types.is_large_binary(kind)


def _vectors(name: str, column: str, cells: Any) -> tuple[NDArray[Any], list[str]]:
    """A row a list; a list of another length than most is NaN."""
    lengths = np.asarray(cells.value_lengths().fill_null(0) if cells.null_count else cells.value_lengths())
    values = cells.flatten()  # leaves out lists that are null, and what they may hide
    numbers = np.asarray(values.to_numpy(zero_copy_only=False))
    counts = np.bincount(lengths)
    counts[0] = 0
    width = int(counts.argmax())
    if width == 0:
        raise ValueError(f"{name}: the lists in {column!r} are empty")
    wrong = np.flatnonzero(lengths != width)
    if not len(wrong):
        return numbers.reshape(len(lengths), width), []
    points = np.full((len(lengths), width), np.nan, np.float32 if numbers.dtype.itemsize <= 4 else np.float64)
    ends = np.cumsum(lengths)
    right = np.flatnonzero(lengths == width)
    points[right] = numbers[(ends[right] - width)[:, None] + np.arange(width)]
    where = f"{name}, row {wrong[0] + 1:,} of {column!r}"
    return points, [uneven(where, int(wrong[0]), int(lengths[wrong[0]]), width, len(wrong) - 1)]


def _side_by_side(
    name: str, content: Any, types: Any, dimensions: Collection[str] | None
) -> tuple[NDArray[Any], list[str], list[str]]:
    numeric = [field.name for field in content.schema if _is_number(types, field.type)]
    kept, notes = beside(name, numeric, dimensions)
    if not kept:
        raise ValueError(f"{name} has neither a column of lists of numbers nor columns of numbers")
    points = np.empty((content.num_rows, len(kept)), np.float32)
    for place, column in enumerate(kept):
        points[:, place] = content[column].to_numpy()
    return points, kept, notes

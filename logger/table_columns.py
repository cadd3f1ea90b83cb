"""Typed tables ⇄ bytes.

The first part is JSON: {"rows": n, "columns": [{"name", "kind"}, …]}. Then one part for each column: n bytes, 1 where
the cell has a value and 0 where it is missing, followed by n little-endian values, or for text and images by n uint32
lengths and the contents without a gap.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .packed_parts import packed, unpacked
from .proto.event_pb2 import TensorProto

__all__ = ["Column", "Table", "packed_table", "unpacked_table"]

Array = npt.NDArray[Any]

_STORED = {"number": "<f8", "int": "<i8", "bool": "u1", "time": "<i8"}  # kind → type in the file
_IN_MEMORY = {"number": "f8", "int": "i8", "bool": "?", "time": "M8[us]"}
_OF_LENGTH = ("text", "image")
_LENGTH = np.dtype("<u4")
_MOST_CELLS = 1 << 22  # texts and pictures of a table: in memory an empty one takes as much as a short one
_LONGEST_HEADER = 8 << 20  # bytes: parsed, JSON may take twenty times as many


@dataclass(frozen=True)
class Column:
    """One column. `kind` says what `values` (one for each row) holds; where `missing` is true the cell is empty.

    "number": float64 · "int": int64 · "bool": bool · "time": datetime64[us], UTC · "text": str · "image": bytes, a PNG
    file. An empty cell holds NaN, 0, False, NaT, "" or b"". The last two kinds are object arrays.
    """

    name: str
    kind: str
    values: Array
    missing: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Table:
    """Columns of one length."""

    columns: tuple[Column, ...]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.columns[0].values) if self.columns else 0


def packed_table(table: Table) -> TensorProto:
    """The table as a tensor. Raises ValueError when it is too large for one value."""
    _check_cells(table.rows, [column.kind for column in table.columns])
    columns = [{"name": column.name, "kind": column.kind} for column in table.columns]
    header = json.dumps({"rows": table.rows, "columns": columns}).encode()
    return packed([header, *(_content(column) for column in table.columns)])


def unpacked_table(proto: TensorProto) -> Table:
    """The table in a tensor. Raises ValueError where it is none or damaged."""
    parts = unpacked(proto)
    rows, named = _header(parts[0] if parts else b"")
    if len(parts) != 1 + len(named):
        raise ValueError(f"a table of {len(named)} columns has {len(parts) - 1} parts")
    _check_cells(rows, [kind for _, kind in named])
    return Table(
        tuple(_column(name, kind, rows, content) for (name, kind), content in zip(named, parts[1:], strict=True))
    )


def _check_cells(rows: int, kinds: Sequence[str]) -> None:
    cells = rows * sum(kind in _OF_LENGTH for kind in kinds)
    if cells > _MOST_CELLS:
        raise ValueError(f"{cells} texts and images are too many for one table; at most {_MOST_CELLS} are stored")


def _header(content: bytes) -> tuple[int, list[tuple[str, str]]]:
    """(rows, name and kind of each column)."""
    if len(content) > _LONGEST_HEADER:
        raise ValueError(f"the names of a table's columns take {len(content)} bytes, more than {_LONGEST_HEADER}")
    try:
        header = json.loads(content)
        rows, columns = header["rows"], [(one["name"], one["kind"]) for one in header["columns"]]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ValueError("a table begins with JSON that names its columns, and this one does not") from error
    if type(rows) is not int or rows < 0 or not all(isinstance(word, str) for one in columns for word in one):
        raise ValueError("the names, kinds or number of rows of a table are of another type")
    return rows, columns


def _content(column: Column) -> bytes:
    there = (~column.missing).astype("u1").tobytes()
    if column.kind not in _OF_LENGTH:
        return there + np.ascontiguousarray(column.values.astype(_STORED[column.kind])).tobytes()
    cells = [cell.encode("utf-8", "replace") if isinstance(cell, str) else cell for cell in column.values.tolist()]
    return there + np.array([len(cell) for cell in cells], _LENGTH).tobytes() + b"".join(cells)


def _column(name: str, kind: str, rows: int, content: bytes) -> Column:
    stored = np.dtype(_STORED.get(kind, _LENGTH))
    if kind not in _STORED and kind not in _OF_LENGTH:
        raise ValueError(f"column {name!r} is of kind {kind!r}, which this version does not know")
    fixed = rows * (1 + stored.itemsize)
    if len(content) < fixed or (kind in _STORED and len(content) != fixed):
        raise ValueError(f"column {name!r} of {rows} rows has {len(content)} bytes")
    missing = np.frombuffer(content, "u1", rows) == 0
    numbers = np.frombuffer(content, stored, rows, offset=rows)
    if kind in _STORED:
        values = numbers.astype(_IN_MEMORY[kind])
    else:
        values = _cells(name, kind, numbers, memoryview(content)[fixed:])
    return Column(name, kind, values, missing)


def _cells(name: str, kind: str, lengths: Array, contents: memoryview) -> Array:
    ends = np.cumsum(lengths, dtype=np.int64)
    if (int(ends[-1]) if len(ends) else 0) != len(contents):
        raise ValueError(f"the cells of column {name!r} do not fill its {len(contents)} bytes")
    cells = [bytes(contents[end - length : end]) for length, end in zip(lengths.tolist(), ends.tolist(), strict=True)]
    values = np.empty(len(lengths), object)
    values[:] = [cell.decode("utf-8", "replace") for cell in cells] if kind == "text" else cells
    return values

"""Tables for the page: columns of numbers and texts in the binary envelope, pictures one by one, files to save."""

from __future__ import annotations

import csv
import io
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ...logger.compare.column_values import texts
from ...logger.crc32c import crc32c
from ...logger.table_columns import Column, Table
from ..json_answers import json_text
from ..numbers import cleansed
from ..packed import Packing
from ..queries import Refused
from .forms import Answer, Asked, attachment, form
from .images import small

__all__ = ["as_csv", "as_json", "cells", "picture"]

_LAST_EXACT = 2**53  # a browser's numbers hold every whole number up to here
_MOST_KEPT = 2  # decoded tables; one has 64 MiB at most


class _Kept:
    """The tables that were last decoded: their pictures are asked for one by one."""

    def __init__(self) -> None:
        self._tables: OrderedDict[tuple[str, str, int, int], Table] = OrderedDict()
        self._lock = threading.Lock()

    def table(self, asked: Asked) -> Table:
        """The value asked for, decoded."""
        key = (asked.run, asked.tag, asked.step, int(asked.series.crc[asked.index]))
        with self._lock:
            known = self._tables.get(key)
        table: Table = asked.value() if known is None else known
        with self._lock:
            self._tables[key] = table
            self._tables.move_to_end(key)
            while len(self._tables) > _MOST_KEPT:
                self._tables.popitem(last=False)
        return table


_kept = _Kept()


@form("tables", "cells")
def cells(asked: Asked) -> Answer:
    """Header: `rows`, `columns`, each with title, kind and the place of its array.

    number, int, bool, time (seconds since 1970, UTC): f8, NaN where the cell is empty; `nan` lists rows that hold a NaN
    all the same. text: i4 into `strings`, -1 where empty. image: f8, the checksum of the file: equal pictures have the
    same. Whole numbers that a browser would round come as text.
    """
    table = _kept.table(asked)
    packing = Packing()
    columns = [_sent(column, packing) for column in table.columns]
    return Answer(packing.frame({"rows": table.rows, "columns": columns}), "application/octet-stream")


def _sent(column: Column, packing: Packing) -> dict[str, Any]:
    kind, values = column.kind, column.values
    if kind == "int" and len(values) and np.abs(values.astype(np.float64)).max() > _LAST_EXACT:
        kind, values = "text", values.astype(str)
    head: dict[str, Any] = {"title": column.name, "kind": kind}
    if kind == "text":
        coded = texts([None if gone else str(cell) for cell, gone in zip(values, column.missing, strict=True)])
        return {**head, "strings": coded.strings, "array": packing.add(coded.codes)}
    numbers = _numbers(kind, values)
    nan = np.flatnonzero(np.isnan(numbers) & ~column.missing)
    return {**head, "nan": nan.tolist(), "array": packing.add(np.where(column.missing, np.nan, numbers))}


def _numbers(kind: str, values: Any) -> Any:
    if kind == "image":
        return np.array([crc32c(cell) for cell in values], np.float64)
    if kind == "time":
        seconds = values.astype("M8[us]").astype(np.int64) / 1e6
        return np.where(np.isnat(values), np.nan, seconds)
    return values.astype(np.float64)


@form("tables", "picture", cache=True)
def picture(asked: Asked) -> Answer:
    """The picture in cell `row`, `column`, at most `size` pixels wide and high. Raises Refused where there is none."""
    table = _kept.table(asked)
    row, place = asked.whole("row", 0, -1, 2**31), asked.whole("column", 0, -1, 2**31)
    column = table.columns[place] if 0 <= place < len(table.columns) else None
    if column is None or column.kind != "image" or not 0 <= row < table.rows or column.missing[row]:
        raise Refused(f"the table holds no picture in row {row}, column {place}", 404)
    return small(asked, bytes(column.values[row]), {})


@form("tables", "csv")
def as_csv(asked: Asked) -> Answer:
    """Every cell but pictures, of which the size is given; empty cells are empty."""
    table = _kept.table(asked)
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([column.name for column in table.columns])
    writer.writerows(zip(*(_texts(column) for column in table.columns), strict=True))
    return attachment(asked, file.getvalue().encode("utf-8", "replace"), ".csv", "text/csv; charset=utf-8")


@form("tables", "json")
def as_json(asked: Asked) -> Answer:
    """`{columns: [{name, kind}], rows: [[cell]]}`; null for empty cells, NaN and the infinities as text."""
    table = _kept.table(asked)
    columns = [{"name": column.name, "kind": column.kind} for column in table.columns]
    rows = [list(row) for row in zip(*(_plain(column) for column in table.columns), strict=True)]
    body = json_text({"columns": columns, "rows": rows}).encode("utf-8", "replace")
    return attachment(asked, body, ".json", "application/json")


def _texts(column: Column) -> Iterator[str]:
    return ("" if cell is None else str(cell) for cell in _plain(column))


def _plain(column: Column) -> Iterator[Any]:
    """The cells as JSON has them; None where there is nothing."""
    as_plain: dict[str, Callable[[Any], Any]] = {
        "number": lambda cell: cleansed(float(cell)),
        "int": int,
        "bool": bool,
        "time": lambda cell: f"{cell}Z",
        "image": lambda cell: f"picture of {len(cell)} bytes",
    }
    convert = as_plain.get(column.kind, str)
    return (None if gone else convert(cell) for cell, gone in zip(column.values, column.missing, strict=True))

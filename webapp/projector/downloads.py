"""Points as a file: their metadata and, where a layout is named, their coordinates."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..numbers import csv_number

if TYPE_CHECKING:
    from ...projector.embedding import Column, Embedding

__all__ = ["FORMS", "npy", "table"]

FORMS = {"csv": "text/csv; charset=utf-8", "tsv": "text/tab-separated-values", "npy": "application/octet-stream"}
_AT_ONCE = 5_000  # rows formatted between two writes to the socket
_AXES = ("x", "y", "z")
Rows = NDArray[np.int64]


def table(embedding: Embedding, rows: Rows | None, layout: NDArray[Any] | None, form: str) -> Iterator[str]:
    """Lines with a header: row, the columns of the metadata, then x, y (and z). Rows are counted from 0."""
    chosen = np.arange(len(embedding)) if rows is None else rows
    write = _as_csv if form == "csv" else _as_tsv
    columns = [*embedding.columns.values()]
    taken = {column.name for column in columns}
    names = () if layout is None else _names(layout.shape[1], taken)
    yield write([["row" if "row" not in taken else "row_", *(column.name for column in columns), *names]])
    for start in range(0, len(chosen), _AT_ONCE):
        part = chosen[start : start + _AT_ONCE]
        cells = [part.tolist(), *(_cells(column, part) for column in columns)]
        if layout is not None:
            cells += [list(map(_number, axis)) for axis in layout[part].T.tolist()]
        yield write(zip(*cells, strict=True))


def npy(embedding: Embedding, rows: Rows | None, layout: NDArray[Any] | None) -> bytes:
    """The layout, or the points themselves, as float32: (rows, dimensions)."""
    numbers = embedding.points if layout is None else layout
    written = io.BytesIO()
    np.save(written, np.asarray(numbers if rows is None else numbers[rows], np.float32), allow_pickle=False)
    return written.getvalue()


def _names(width: int, taken: set[str]) -> list[str]:
    names = [*_AXES][:width] if width <= len(_AXES) else [f"component {place + 1}" for place in range(width)]
    return [f"{name}_" if name in taken else name for name in names]


def _cells(column: Column, rows: Rows) -> list[Any]:
    cells: list[Any] = column.cells[rows].tolist()
    if column.cells.dtype.kind != "f":
        return cells
    return ["" if number != number else _number(number) for number in cells]


def _number(number: float) -> str:
    """Whole ones without a decimal point, as they stood in the metadata."""
    return csv_number(number).removesuffix(".0")


def _as_csv(lines: Any) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows(lines)
    return written.getvalue()


def _as_tsv(lines: Any) -> str:
    """As `add_embedding` writes it: tabs and line ends in a cell become spaces."""
    return "".join("\t".join(_one_line(cell) for cell in line) + "\n" for line in lines)


def _one_line(cell: Any) -> str:
    return str(cell).translate(_SPACES)


_SPACES = {ord("\t"): " ", ord("\n"): " ", ord("\r"): " "}

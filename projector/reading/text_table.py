"""Tables of text: a row a line, cells between tabs, commas, semicolons or spaces. Numbers become float32.

Lines that are no rows like the others are told and kept, as NaN: row i of the points stays row i of the metadata.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from ...logger import native
from ..metadata import column_of
from .table import Table, and_more, uneven
from .text_layout import Layout, text_layout

__all__ = ["kernels", "read_text_table"]

_PIECE = 4 << 20  # bytes that are read at a time
_REPORT = (
    "rows",
    "lines",
    *("uneven", "uneven_row", "uneven_line", "cells"),
    *("bad", "bad_row", "bad_line", "column"),
)
_POWERS = np.array([float(f"1e{power}") for power in range(309)])


def read_text_table(path: Path, *, plain: bool = False, dimensions: Collection[str] | None = None) -> Table:
    """The numbers of the table `path`, also where it is compressed (.gz), and its other columns as metadata.

    `plain`: every column is a dimension, as in the tensor files of a projector's configuration.
    `dimensions`: the names of the columns that are; the other ones become metadata.
    Raises ValueError where there is no number in it, OSError where it cannot be read.
    """
    with _opened(path) as file:
        layout = text_layout(path.name, file.read(_PIECE), plain, dimensions)
    with _opened(path) as file:
        file.read(layout.skipped)
        points, texts, report = _read(file, layout)
    if not report.rows:
        raise ValueError(f"{path.name} holds no points: there is no row of numbers in it")
    if report.bad + report.uneven == report.rows and not np.isfinite(points).any():
        raise ValueError(f"{path.name} holds no table of numbers; want a point a line, its numbers between tabs")
    columns = {name: column_of(name, cells) for name, cells in zip(layout.texts, texts, strict=True)}
    return Table(points, layout.numbers, columns, (*layout.notes, *_notes(path.name, layout, report)))


def _opened(path: Path) -> IO[bytes]:
    if path.suffix.lower() == ".gz":
        return io.BufferedReader(gzip.open(path))
    return path.open("rb")


def _read(file: IO[bytes], layout: Layout) -> tuple[NDArray[np.float32], list[list[str]], SimpleNamespace]:
    read_rows: Callable[..., int] = kernels().read_rows
    width, texts = len(layout.numbers), len(layout.texts)
    report = np.zeros(len(_REPORT), np.int64)
    report[1] = layout.skipped_lines
    blocks: list[NDArray[np.float32]] = []
    cells: list[list[str]] = [[] for _ in layout.texts]
    for data, last in _pieces(file, layout.quotes):
        most = int(np.count_nonzero(data == ord("\n"))) + 1
        numbers, spans = np.empty(most * width, np.float32), np.empty(most * texts * 2, np.int64)
        before = int(report[0])
        kind = (ord(layout.delimiter), int(layout.quotes), layout.targets, width, texts, _POWERS)
        read = _with_points(data) if layout.commas else data
        end = read_rows(read, len(read), int(last), *kind, numbers, spans, report)
        if end != len(data):
            raise ValueError(f"line {report[1] + 1:,}: a quotation mark is opened and never closed")
        rows = int(report[0]) - before
        blocks.append(numbers[: rows * width].reshape(rows, width))
        _add_texts(cells, data, spans[: rows * texts * 2].reshape(rows, texts, 2), layout.quotes)
    points = blocks[0] if len(blocks) == 1 else np.concatenate(blocks)
    return points, cells, SimpleNamespace(**dict(zip(_REPORT, report.tolist(), strict=True)))


def _with_points(data: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Numbers of decimal commas with points, all at their places; texts are cut out of what was there before."""
    return np.frombuffer(data.tobytes().replace(b",", b"."), np.uint8)


def _pieces(file: IO[bytes], quotes: bool) -> Iterator[tuple[NDArray[np.uint8], bool]]:
    """(whole lines, is it the last piece). Where cells may be quoted a line may go on, so that all is one piece."""
    rest = b""
    while True:
        data = file.read() if quotes else file.read(_PIECE)
        last = quotes or len(data) < _PIECE
        end = len(data) if last else data.rfind(b"\n") + 1
        if end or last:
            yield np.frombuffer(rest + data[:end], np.uint8), last
            rest = data[end:]
        else:
            rest += data
        if last:
            return


def _add_texts(cells: list[list[str]], data: NDArray[np.uint8], spans: NDArray[np.int64], quotes: bool) -> None:
    raw = data.tobytes() if cells else b""
    for place, column in enumerate(cells):
        for begin, end in spans[:, place].tolist():
            text = raw[begin:end].decode("utf-8", "replace").strip()
            if quotes and len(text) > 1 and text[0] == text[-1] == '"':
                text = text[1:-1].replace('""', '"')
            column.append(text)


def _notes(name: str, layout: Layout, report: Any) -> Iterator[str]:
    if report.uneven:
        where = f"{name}, line {report.uneven_line:,}"
        yield uneven(where, report.uneven_row, report.cells, len(layout.targets), report.uneven - 1)
    if report.bad:
        yield (
            f"{name}, line {report.bad_line:,}: column {report.column + 1:,} of point {report.bad_row + 1:,} holds no "
            f"number{and_more(report.bad - 1)}. Such points have no place in a layout; fill the cells or leave the "
            f"column out."
        )


def kernels() -> SimpleNamespace:
    """Loaded from what an earlier process compiled; compiled the first time, in a second or two."""
    return native.load(f"{__package__}.text_kernels", [Path(__file__).with_name("text_kernels.py")])

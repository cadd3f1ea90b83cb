"""Tables of text: a row a line, cells between tabs, commas, semicolons or spaces. Numbers become float32.

Lines that are no rows like the others are told and kept, as NaN: row i of the points stays row i of the metadata.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from itertools import chain
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...logger import native
from ..metadata import column_of
from .encoding import other_encoding, text_of
from .table import Table, and_more, uneven
from .text_layout import Layout, text_layout
from .unpacking import pieces_of

__all__ = ["kernels", "read_text_table"]

_LONGEST_LINE = 256 << 20  # bytes
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
    layout = text_layout(path.name, next(pieces_of(path)), plain, dimensions)
    points, texts, report = _read(path, layout)
    if not report.rows:
        raise ValueError(f"{path.name} holds no points: there is no row of numbers in it")
    if report.bad + report.uneven == report.rows and not np.isfinite(points).any():
        raise ValueError(f"{path.name} holds no table of numbers; want a point a line, its numbers between tabs")
    columns = {name: column_of(name, cells) for name, cells in zip(layout.texts, texts, strict=True)}
    return Table(points, layout.numbers, columns, (*layout.notes, *_notes(path.name, layout, report)))


def _read(path: Path, layout: Layout) -> tuple[NDArray[np.float32], list[list[str]], SimpleNamespace]:
    read_rows: Callable[..., int] = kernels().read_rows
    width, texts = len(layout.numbers), len(layout.texts)
    report = np.zeros(len(_REPORT), np.int64)
    report[1] = layout.skipped_lines
    blocks: list[NDArray[np.float32]] = []
    cells: list[list[str]] = [[] for _ in layout.texts]
    odd: list[int] = []  # rows that are no UTF-8
    for data, last in _pieces(path, layout):
        most = int(np.count_nonzero(data == ord("\n"))) + 1
        numbers, spans = np.empty(most * width, np.float32), np.empty(most * texts * 2, np.int64)
        before = int(report[0])
        kind = (ord(layout.delimiter), int(layout.quotes), layout.targets, width, texts, _POWERS)
        read = _with_points(data, layout.delimiter == ",") if layout.commas else data
        end = read_rows(read, len(read), int(last), *kind, numbers, spans, report)
        if end != len(data):
            raise ValueError(
                f"{path.name}, line {report[1] + 1:,}: a quotation mark is opened and never closed; write two of them "
                f"where one belongs to the text"
            )
        rows = int(report[0]) - before
        blocks.append(numbers[: rows * width].reshape(rows, width))
        odd += [before + row for row in _add_texts(cells, data, spans[: rows * texts * 2], layout.quotes)]
    points = blocks[0] if len(blocks) == 1 else np.concatenate(blocks)
    return points, cells, SimpleNamespace(**dict(zip(_REPORT, report.tolist(), strict=True)), odd=odd)


def _with_points(data: NDArray[np.uint8], quoted: bool) -> NDArray[np.uint8]:
    """Numbers of decimal commas with points, all at their places; texts are cut out of what was there before.

    `quoted`: only those between quotation marks; the other ones stand between cells.
    """
    if not quoted:
        return np.frombuffer(data.tobytes().replace(b",", b"."), np.uint8)
    inside = np.add.accumulate(data == ord('"'), dtype=np.uint8) & 1 == 1
    return np.where((data == ord(",")) & inside, np.uint8(ord(".")), data)


def _pieces(path: Path, layout: Layout) -> Iterator[tuple[NDArray[np.uint8], bool]]:
    """(whole lines, is it the last piece). Where cells may be quoted a line may go on, so that all is one piece."""
    if layout.quotes:
        yield np.frombuffer(b"".join(pieces_of(path, layout.skipped)), np.uint8), True
        return
    pieces = pieces_of(path, layout.skipped)
    data = next(pieces)
    waiting: list[bytes] = []  # of a line that is not whole yet
    for following in chain(pieces, (None,)):
        end = len(data) if following is None else data.rfind(b"\n") + 1
        if end or following is None:
            yield np.frombuffer(b"".join((*waiting, data[:end])), np.uint8), following is None
            waiting = [data[end:]]
        else:
            waiting.append(data)
            if sum(map(len, waiting)) > _LONGEST_LINE:
                raise ValueError(f"{path.name} is no table of text: a line is longer than {_LONGEST_LINE:,} bytes")
        data = following or b""


def _add_texts(cells: list[list[str]], data: NDArray[np.uint8], spans: NDArray[np.int64], quotes: bool) -> list[int]:
    """The rows, from the first of these on, that are no UTF-8."""
    raw, odd = data.tobytes() if cells else b"", set()
    for place, column in enumerate(cells):
        begins, ends = spans.reshape(-1, len(cells), 2)[:, place].T.tolist()
        for row, (begin, end) in enumerate(zip(begins, ends, strict=True)):
            text, plain = text_of(raw[begin:end])
            if not plain:
                odd.add(row)
            text = text.strip()
            if quotes and len(text) > 1 and text[0] == text[-1] == '"':
                text = text[1:-1].replace('""', '"')
            column.append(text)
    return sorted(odd)


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
    if report.odd:
        yield other_encoding(f"{name}, point {report.odd[0] + 1:,}", len(report.odd) - 1)


def kernels() -> SimpleNamespace:
    """Loaded from what an earlier process compiled; compiled the first time, in a second or two."""
    return native.load(f"{__package__}.text_kernels", [Path(__file__).with_name("text_kernels.py")])

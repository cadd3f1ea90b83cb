"""Tables as lines of text: names to the left, figures to the right below each other."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import Any

from ..analysis.wording import kernel_title, percent, time_text
from ..table import Column, Table
from .letters import cut_apart, padded, width_of

__all__ = ["bytes_text", "figure_text", "text_table"]

_GAP = 2  # blanks between columns
_LEAST = 22  # columns that a name keeps, however narrow the page is
_BYTES = ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB"))


def text_table(table: Table, names: Sequence[str], most: int | None = None, width: int = 96) -> list[str]:
    """The columns of these names, the first `most` rows; a last line says how many are left out.

    width  of the lines. Names are cut to fit; figures are not, so that many of them make longer lines
    """
    columns = [column for name in names for column in table.columns if column.name == name]
    count = len(table) if most is None else min(most, len(table))
    rows = [row for row, _ in zip(table.rows(), range(count), strict=False)]
    of_kernels = table.name.startswith("kernel")
    cells = [[_cell(row[column.name], column, of_kernels) for row in rows] for column in columns]
    titles = [[column.title] for column in columns]
    widths = _fitting(titles, cells, columns, width)
    if widths != _natural(titles, cells) or _together(widths) > width:
        titles = [_broken(column.title, texts) for column, texts in zip(columns, cells, strict=True)]
        widths = _fitting(titles, cells, columns, width)
    cells = [
        cut_apart(texts, room) if column.is_text else texts
        for texts, room, column in zip(cells, widths, columns, strict=True)
    ]
    high = max(map(len, titles), default=0)
    head = [[""] * (high - len(lines)) + lines for lines in titles]
    lines = [_line([column[at] for column in head], columns, widths) for at in range(high)]
    lines += [_line([texts[at] for texts in cells], columns, widths) for at in range(count)]
    if count < len(table):
        lines.append(f"… and {len(table) - count:,} more")
    return lines


def _cell(value: Any, column: Column, of_kernels: bool) -> str:
    text = figure_text(value, column)
    return kernel_title(text) if of_kernels and column.is_text else text


def _fitting(
    titles: Sequence[Sequence[str]], cells: Sequence[Sequence[str]], columns: Sequence[Column], width: int
) -> list[int]:
    """Columns as wide as what is in them; where that is too much, the widest names are cut."""
    widths = _natural(titles, cells)
    texts = [at for at, column in enumerate(columns) if column.is_text and widths[at] > _LEAST]
    while texts and (over := _together(widths) - width) > 0:
        widest = max(texts, key=lambda at: widths[at])
        widths[widest] = max(_LEAST, widths[widest] - over)
        texts.remove(widest)
    return widths


def _natural(titles: Sequence[Sequence[str]], cells: Sequence[Sequence[str]]) -> list[int]:
    return [max(map(width_of, (*title, *texts)), default=0) for title, texts in zip(titles, cells, strict=True)]


def _together(widths: Sequence[int]) -> int:
    return sum(widths) + _GAP * (len(widths) - 1)


def _broken(title: str, cells: Sequence[str]) -> list[str]:
    """A title in lines that are no longer than what stands below it, where its words allow that."""
    return textwrap.wrap(title, max(map(width_of, cells), default=1) or 1, break_long_words=False) or [""]


def figure_text(value: Any, column: Column) -> str:
    """A cell as people read it; "–" for what is missing."""
    if column.is_text:
        return " ".join(str(value).split())
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "–"
    if column.unit == "ns":
        return time_text(value)
    if column.unit == "share":
        return percent(value)
    if column.unit in ("bytes", "bytes/s"):
        return bytes_text(value) + ("/s" if column.unit == "bytes/s" else "")
    return f"{value:,}" if isinstance(value, int) else f"{value:,.4g}"


def bytes_text(value: float) -> str:
    """1500000 → "1.50 MB"."""
    for size, unit in _BYTES:
        if abs(value) >= size:
            return f"{value / size:.2f} {unit}"
    return f"{value:.0f} B"


def _line(cells: Sequence[str], columns: Sequence[Column], widths: Sequence[int]) -> str:
    parts = [padded(*each) for each in zip(cells, widths, (not column.is_text for column in columns), strict=True)]
    return (" " * _GAP).join(parts).rstrip()

"""Tables as lines of text: names to the left, figures to the right below each other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ..analysis.wording import percent, time_text
from ..table import Column, Table

__all__ = ["bytes_text", "figure_text", "text_table"]

_LONGEST_NAME = 58  # letters of a text in a table
_BYTES = ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB"))


def text_table(table: Table, names: Sequence[str], most: int | None = None) -> list[str]:
    """The columns of these names, the first `most` rows; a last line says how many are left out."""
    columns = [column for name in names for column in table.columns if column.name == name]
    count = len(table) if most is None else min(most, len(table))
    rows = [row for row, _ in zip(table.rows(), range(count), strict=False)]
    cells = [[_title(column) for column in columns]]
    cells += [[figure_text(row[column.name], column) for column in columns] for row in rows]
    widths = [max(len(line[place]) for line in cells) for place in range(len(columns))]
    lines = [_line(line, columns, widths) for line in cells]
    if count < len(table):
        lines.append(f"… and {len(table) - count:,} more")
    return lines


def figure_text(value: Any, column: Column) -> str:
    """A cell as people read it; "–" for what is missing."""
    if column.is_text:
        return _short(str(value))
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


def _title(column: Column) -> str:
    return column.title


def _short(text: str) -> str:
    """The middle of a long name is left out: beginning and end tell kernels apart."""
    plain = " ".join(text.split())
    if len(plain) <= _LONGEST_NAME:
        return plain
    end = _LONGEST_NAME // 3
    return f"{plain[: _LONGEST_NAME - end - 1]}…{plain[-end:]}"


def _line(cells: Sequence[str], columns: Sequence[Column], widths: Sequence[int]) -> str:
    parts = [
        cell.ljust(width) if column.is_text else cell.rjust(width)
        for cell, column, width in zip(cells, columns, widths, strict=True)
    ]
    return "  ".join(parts).rstrip()

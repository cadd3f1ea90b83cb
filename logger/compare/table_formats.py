"""A run table as text: CSV, JSON, Markdown, LaTeX, padded columns."""

from __future__ import annotations

import csv
import io
import json
import math
import unicodedata
from collections.abc import Callable, Iterator
from datetime import datetime, timezone

from .column_values import Kind, Table

__all__ = ["csv_text", "harmless", "json_text", "latex_text", "markdown_text", "plain_text"]

_LONGEST_CELL = 80  # characters of a text in a terminal
_MARKDOWN = str.maketrans(
    {**{sign: f"\\{sign}" for sign in "\\|`*_[]~$"}, "<": "&lt;", ">": "&gt;", "&": "&amp;", "\n": " ", "\r": " "}
)
_LATEX = str.maketrans({
    **{sign: f"\\{sign}" for sign in "&%$#_{}"}, "\\": r"\textbackslash{}", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}",
    '"': "''", "[": "{[}", "*": "{*}", "\n": " ", "\r": " ", "Δ": r"$\Delta$", "−": "$-$",
})  # fmt: skip

Value = float | bool | str | None


def csv_text(table: Table) -> str:
    """One line per run behind a line of names."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([harmless(info.name) for info in table.columns])
    for row in _cells(table, _exact):
        writer.writerow(harmless(cell) if kind == "text" else cell for cell, kind in row)
    return out.getvalue()


def json_text(table: Table) -> str:
    """A list with an object per run."""
    rows = [{name: _json_value(value) for name, value in row.items()} for row in table]
    return json.dumps(rows, ensure_ascii=False, indent=1, allow_nan=False)


def markdown_text(table: Table) -> str:
    """Numbers to the right."""
    lines = [[info.title.translate(_MARKDOWN) for info in table.columns]]
    lines.append(["---" if info.kind == "text" else "---:" for info in table.columns])
    lines += [[cell.translate(_MARKDOWN) for cell, _ in row] for row in _cells(table, _short)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def latex_text(table: Table) -> str:
    """A tabular with lines around its head. A [ or * behind the end of a line would be an argument of it."""
    alignment = "".join("l" if info.kind == "text" else "r" for info in table.columns)
    lines = [[info.title.translate(_LATEX) for info in table.columns]]
    lines += [[cell.translate(_LATEX) for cell, _ in row] for row in _cells(table, _short)]
    head, *body = [" & ".join(line) + r" \\" for line in lines]
    parts = [rf"\begin{{tabular}}{{{alignment}}}", r"\hline", head, r"\hline", *body, r"\hline", r"\end{tabular}", ""]
    return "\n".join(parts)


def plain_text(table: Table) -> str:
    """As wide as the widest cell; control characters, which a terminal would obey, as escapes."""
    lines = [[_printable(info.title) for info in table.columns]]
    lines += [[_printable(cell) for cell, _ in row] for row in _cells(table, _short)]
    widths = [max(_width(line[at]) for line in lines) for at in range(len(table.columns))]
    left = [info.kind == "text" for info in table.columns]
    return "".join("  ".join(map(_padded, line, widths, left)).rstrip() + "\n" for line in lines)


# --- cells ------------------------------------------------------------------------------------------------------------


def _cells(table: Table, shown: Callable[[Value, Kind], str]) -> Iterator[list[tuple[str, Kind]]]:
    """Row by row: the text of each cell and the kind of its column."""
    for row in table:
        yield [(shown(value, info.kind), info.kind) for value, info in zip(row.values(), table.columns, strict=True)]


def _exact(value: Value, kind: Kind) -> str:
    """Without loss: numbers as Python writes them, whole ones without a point."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if kind == "time":
        return _moment(value, "%Y-%m-%dT%H:%M:%S.%f+00:00")
    return repr(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)


def _short(value: Value, kind: Kind) -> str:
    """For readers: six digits, times to the second, durations in hours, minutes and seconds."""
    if value is None or isinstance(value, (str, int)):
        return _exact(value, kind)
    if kind == "time":
        return _moment(value, "%Y-%m-%d %H:%M:%S")
    if kind == "duration":
        return _span(value)
    whole = value.is_integer() and abs(value) < 1e15
    return str(int(value)) if whole else f"{value:.6g}"


def _moment(seconds: float, pattern: str) -> str:
    """UTC."""
    try:
        return datetime.fromtimestamp(seconds, timezone.utc).strftime(pattern)
    except (ValueError, OverflowError, OSError):  # no year of ours
        return repr(seconds)


def _span(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.3g} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"


def harmless(text: str) -> str:
    """A text that a spreadsheet would take for a formula with an apostrophe before it; numbers are none."""
    if text[:1] not in ("=", "+", "-", "@", "\t", "\r"):
        return text
    try:
        float(text)
    except ValueError:
        return f"'{text}"
    return text


def _json_value(value: Value) -> Value:
    if isinstance(value, float):
        if not math.isfinite(value):
            return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    return value


def _printable(text: str) -> str:
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return shown if len(shown) <= _LONGEST_CELL else shown[: _LONGEST_CELL - 1] + "…"


def _width(text: str) -> int:
    """Columns that a terminal gives the text."""
    return sum(0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF") for c in text)


def _padded(text: str, width: int, left: bool) -> str:
    space = " " * (width - _width(text))
    return text + space if left else space + text

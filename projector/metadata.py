"""What is known about the points besides their numbers: a table of text, or what a program hands over.

A row belongs to the point of the same number. Cells that are missing are empty, and NaN among numbers.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..logger.garbage import without_collecting
from .embedding import Column
from .reading.encoding import other_encoding, text_of
from .reading.table import and_more

__all__ = ["column_of", "columns_of", "read_metadata"]

_MISSING = frozenset(("", "nan", "NaN", "NA", "N/A", "null", "None"))
_CODE = re.compile(r"_|^0\d+$|^\d{16,}$", re.MULTILINE)  # digits that are a name
_LOOKED_AT = 1_000  # cells that tell most columns of text
_LARGEST = 4 << 30  # bytes
_HEAD = 1 << 16  # bytes that show whether it is text


def column_of(name: str, cells: Sequence[str]) -> Column:
    """Numbers where every cell that says something is one, else texts. "007" and "1_000" are texts."""
    numbers = None if _numbers(cells[:_LOOKED_AT]) is None else _numbers(cells)
    if numbers is not None and any(cell not in _MISSING for cell in cells):
        return Column(name, numbers)
    texts = np.empty(len(cells), object)
    texts[:] = cells
    return Column(name, texts)


def _numbers(cells: Sequence[str]) -> NDArray[np.float64] | None:
    """NaN where a cell is missing; None where one is no number, or would not come back from it."""
    if _CODE.search("\n".join(cells)):
        return None
    try:
        return np.array([math.nan if cell in _MISSING else float(cell) for cell in cells], np.float64)
    except ValueError:
        return None


def read_metadata(path: Path, points: int) -> tuple[dict[str, Column], list[str]]:
    """The columns of the table `path` for so many points, and what was wrong with it, a sentence each.

    Projectors take the first line for a header when there are two columns or more, and only then. Tables whose number
    of lines says otherwise are believed. Raises ValueError, OSError.
    """
    with path.open("rb") as file:
        if b"\0" in file.read(_HEAD):
            told = f"{path.name} is no table of text: the {points:,} points have no metadata. Save it as .tsv in UTF-8."
            return {}, [told]
    with without_collecting():
        rows, odd = _rows(path)
    if not rows:
        return {}, [f"{path.name} is empty: the {points:,} points have no metadata."]
    width = max(len(row) for row in rows[:100])
    header = rows.pop(0) if _has_header(rows, width, points) else []
    notes = [*_uneven(path.name, rows, width, len(header) > 0), *odd, *_too_few_or_many(path.name, len(rows), points)]
    names = _names(header, width)
    del rows[points:]
    rows.extend([] for _ in range(points - len(rows)))
    for at, row in enumerate(rows):
        if len(row) < width:
            rows[at] = [*row, *[""] * (width - len(row))]
    return {name: column_of(name, [row[place] for row in rows]) for place, name in enumerate(names)}, notes


def _rows(path: Path) -> tuple[list[list[str]], list[str]]:
    """Cells of the lines, and a note where some are no UTF-8; the empty lines at the end are none."""
    size = path.stat().st_size
    if size > _LARGEST:
        raise ValueError(f"{path.name} has {size:,} bytes; metadata may have {_LARGEST:,}")
    text, odd = _text(path)
    text = text.replace("\r\n", "\n")
    lines = text.rstrip("\n").split("\n") if text.strip("\n") else []
    if path.suffix.lower() != ".csv" or (lines and "\t" in lines[0]):
        return [line.split("\t") for line in lines], odd
    return list(csv.reader(f"{line}\n" for line in lines)), odd  # a cell in quotation marks may hold several lines


def _text(path: Path) -> tuple[str, list[str]]:
    raw = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    text, plain = text_of(raw)
    if plain:
        return text, []
    lines = [text_of(line) for line in raw.split(b"\n")]  # one that is damaged leaves the others as they are
    odd = [place for place, (_, plain) in enumerate(lines) if not plain]
    where = f"{path.name}, line {odd[0] + 1:,}"
    return "\n".join(line for line, _ in lines), [other_encoding(where, len(odd) - 1)]


def _has_header(rows: Sequence[Sequence[str]], width: int, points: int) -> bool:
    if len(rows) == points + 1:
        return True
    if width == 1:
        return False
    if len(rows) != points:
        return True
    return any(_only_head_is_text([row[place] for row in rows[:100] if place < len(row)]) for place in range(width))


def _only_head_is_text(cells: Sequence[str]) -> bool:
    """Numbers follow a first cell that is none: the table has a header, and a row less than there are points."""
    kinds = [column_of("", part).cells.dtype.kind for part in (cells[:1], cells[1:])]
    return len(cells) > 2 and kinds == ["O", "f"]


def _names(header: Sequence[str], width: int) -> list[str]:
    """One name a column, all different."""
    names: list[str] = []
    for place in range(width):
        name = (header[place].strip() if place < len(header) else "") or (
            "label" if width == 1 else f"column {place + 1}"
        )
        names.append(f"{name} ({place + 1})" if name in names else name)
    return names


def _uneven(name: str, rows: Sequence[Sequence[str]], width: int, header: bool) -> list[str]:
    wrong = [place for place, row in enumerate(rows) if len(row) != width]
    if not wrong:
        return []
    first = wrong[0]
    return [
        f"{name}, line {first + 1 + header:,}: the row has {len(rows[first]):,} cells, not {width:,} like the others"
        f"{and_more(len(wrong) - 1)}. Missing cells stay empty; a tab or line break inside a cell is often the cause."
    ]


def _too_few_or_many(name: str, rows: int, points: int) -> list[str]:
    if rows < points:
        return [
            f"{name} has {rows:,} rows for {points:,} points: point {rows + 1:,} and those after it have no metadata. "
            f"Write a line for every point, in the same order."
        ]
    if rows > points:
        return [
            f"{name} has {rows:,} rows for {points:,} points: row {points + 1:,} and those after it are left out. "
            f"Write a line for every point, in the same order."
        ]
    return []


def columns_of(given: Any, points: int) -> dict[str, Column]:
    """Metadata as a program hands it over: {name: cells}, a data frame, rows of cells, or a label a point.

    Raises ValueError where there are more or fewer cells than points.
    """
    if hasattr(given, "to_dict") and not isinstance(given, Mapping):
        given = {str(name): given[name].to_numpy() for name in given.columns}
    if isinstance(given, Mapping):
        named = {str(name): cells for name, cells in given.items()}
    else:
        rows = [_listed(row) for row in _listed(given)]
        if rows and isinstance(rows[0], (list, tuple)):
            named = {f"column {at + 1}": [row[at] for row in rows] for at in range(len(rows[0]))}
        else:
            named = {"label": rows}
    return {name: _given_column(name, cells, points) for name, cells in named.items()}


def _given_column(name: str, cells: Any, points: int) -> Column:
    listed = _listed(cells)
    if not isinstance(listed, Iterable) or isinstance(listed, (str, bytes)):
        raise ValueError(
            f"metadata {name!r}: got one {type(cells).__name__}, want a cell for each of {points:,} points"
        )
    listed = list(listed)
    if len(listed) != points:
        raise ValueError(f"metadata {name!r}: got {len(listed):,} cells for {points:,} points")
    if listed and all(isinstance(cell, (int, float)) and not isinstance(cell, bool) for cell in listed):
        return Column(name, np.array(listed, np.float64))
    texts = np.empty(points, object)
    texts[:] = ["" if cell is None or cell != cell else str(cell) for cell in listed]  # NaN is not itself
    return Column(name, texts)


def _listed(value: Any) -> Any:
    """An array or tensor as lists and numbers."""
    return value.tolist() if hasattr(value, "tolist") else value

"""How a table of text is laid out, judged by its first rows: delimiter, header, which columns hold numbers."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np
from numpy.typing import NDArray

from .encoding import text_of
from .table import beside

__all__ = ["Layout", "is_number", "text_layout"]

_SAMPLE = 100  # rows that are looked at
_DELIMITERS = {".tsv": "\t", ".tab": "\t", ".csv": ",;\t", ".txt": "\t,; ", ".vec": " \t"}
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Layout:
    """targets: of each column its place among the numbers, or -1 - its place among the texts."""

    delimiter: str
    quotes: bool  # cells may stand in quotation marks
    skipped: int  # bytes before the first row of points: a mark of the encoding, a header
    skipped_lines: int
    numbers: list[str]
    texts: list[str]
    targets: NDArray[np.int64]
    notes: tuple[str, ...] = ()
    commas: bool = False  # numbers have a decimal comma


def is_number(cell: str) -> bool:
    """As the kernel sees it: no underscores."""
    try:
        float(cell)
    except ValueError:
        return False
    return "_" not in cell


def text_layout(name: str, head: bytes, plain: bool = False, dimensions: Collection[str] | None = None) -> Layout:
    """Of the file `name` that begins with `head`. Raises ValueError where no column holds numbers."""
    if head.startswith(_MARKS) or b"\0" in head:
        raise ValueError(
            f"{name} is no text in UTF-8; raw float32 needs its shape (n, dimensions), UTF-16 has to be saved as UTF-8"
        )
    if b"\n" not in head and b"\r" in head.rstrip():
        raise ValueError(f"{name}: its lines end in a carriage return alone; save it with those of Unix or Windows")
    mark = 3 if head.startswith(b"\xef\xbb\xbf") else 0
    shown = (text_of(line)[0] for line in head[mark:].split(b"\n", 3 * _SAMPLE)[: 3 * _SAMPLE])
    lines = [line for line in shown if line.strip()]
    delimiter = _delimiter(name, lines)
    quotes = not plain and _quoted(lines, delimiter)
    rows = [_cells(line, delimiter, quotes) for line in lines[: _SAMPLE + 1]]
    if not rows:
        raise ValueError(f"{name} holds no points: the file is empty")
    commas = (delimiter in ";\t" or (delimiter == "," and quotes)) and not plain and _decimal_commas(rows[1:] or rows)
    if commas:
        rows = [[_with_point(cell) for cell in row] for row in rows]
    counted = _word_vectors(rows) if delimiter == " " and not plain else 0
    columns = _most_common([len(row) for row in rows[counted:]])
    if columns > 1 and not any(row[columns - 1] for row in rows[counted:] if len(row) == columns):
        columns -= 1  # a delimiter at the end of every line
        rows = [row[:columns] if not any(row[columns:]) else row for row in rows]
    body = [row for row in rows[counted + 1 :] if len(row) == columns] or rows[counted : counted + 1]
    numeric = [plain or _mostly_numbers([row[place] for row in body]) for place in range(columns)]
    header = not counted and _is_header(rows, numeric, plain)
    names = _names(rows[0] if header else [], columns)
    skipped = mark + (_first_line(head[mark:]) if header or counted else 0)
    lines_before = head[mark:skipped].count(b"\n") if skipped else 0
    where = [names[place] for place in range(columns) if numeric[place]]
    kept, notes = (where, []) if plain else beside(name, where, dimensions)
    if not kept:
        raise ValueError(f"{name}: no column holds numbers; a row a line, cells between tabs or commas is read")
    numbers, texts = [one for one in names if one in set(kept)], [one for one in names if one not in set(kept)]
    places = {**{one: at for at, one in enumerate(numbers)}, **{one: -1 - at for at, one in enumerate(texts)}}
    targets = np.array([places[one] for one in names], np.int64)
    return Layout(delimiter, quotes, skipped, lines_before, numbers, texts, targets, tuple(notes), commas)


def _delimiter(name: str, lines: Sequence[str]) -> str:
    """The likeliest one that every kind of file may have; the first where a line is one cell."""
    suffixes = [suffix.lower() for suffix in PurePath(name).suffixes if suffix.lower() != ".gz"]
    wanted = _DELIMITERS.get(suffixes[-1] if suffixes else "", "\t,; ")
    for candidates in (wanted, "\t,; "):
        counts = {one: sum(one in line.strip() for line in lines) for one in candidates}
        best = max(counts, key=lambda one: counts[one], default="\t")
        if counts.get(best, 0) * 2 > len(lines):
            return best
    return wanted[0]


def _quoted(lines: Sequence[str], delimiter: str) -> bool:
    """Whether quotation marks enclose cells. Between tabs they may be letters too: there each has its second one."""
    if delimiter in ",;":
        return any('"' in line for line in lines)
    if delimiter != "\t":
        return False
    marked = [cell.strip() for line in lines for cell in line.split(delimiter) if '"' in cell]
    whole = all(
        len(cell) > 1 and cell[0] == cell[-1] == '"' and '"' not in cell[1:-1].replace('""', "") for cell in marked
    )
    return bool(marked) and whole


def _cells(line: str, delimiter: str, quotes: bool) -> list[str]:
    if quotes:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]
    line = line.rstrip("\r")
    cells = line.split() if delimiter == " " else line.split(delimiter)
    return [cell.strip() for cell in cells]


def _with_point(cell: str) -> str:
    """A number with a decimal comma as one with a point; anything else as it is."""
    number = cell.replace(",", ".")
    return number if cell.count(",") == 1 and is_number(number) else cell


def _decimal_commas(rows: Sequence[Sequence[str]]) -> bool:
    """Numbers have commas and none has a point: as spreadsheets write them in most of Europe."""
    cells = [cell for row in rows for cell in row]
    commas = [cell for cell in cells if _with_point(cell) != cell]
    thousands = all(_THOUSANDS.fullmatch(cell) for cell in commas)  # 1,000 is a thousand where nothing says otherwise
    return bool(commas) and not thousands and not any("." in cell and is_number(cell) for cell in cells)


def _most_common(counts: Sequence[int]) -> int:
    return max(Counter(counts).items(), key=lambda entry: entry[1])[0]


def _mostly_numbers(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and sum(map(is_number, filled)) * 2 >= len(filled)


def _word_vectors(rows: Sequence[Sequence[str]]) -> int:
    """1 where the first line says how many words and dimensions follow, as word2vec writes it."""
    first = rows[0]
    if len(rows) < 2 or len(first) != 2 or not all(cell.isdecimal() for cell in first):
        return 0
    return int(len(rows[1]) == int(first[1]) + 1)


def _is_header(rows: Sequence[Sequence[str]], numeric: Sequence[bool], plain: bool) -> bool:
    """No number where numbers follow, or the counting names that tables without names get."""
    if len(rows) < 2 or len(rows[0]) != len(numeric):
        return False
    named = [cell for cell, counts in zip(rows[0], numeric, strict=True) if counts and cell]
    numbers = [cell for cell in named if is_number(cell)]
    if not numbers:
        return bool(named)
    return (
        not plain and len(named) > 2 and len(numbers) > 1 and numbers == [str(place) for place in range(len(numbers))]
    )


def _names(header: Sequence[str], columns: int) -> list[str]:
    """One name a column, all different."""
    names: list[str] = []
    taken: set[str] = set()
    for place in range(columns):
        name = (header[place] if place < len(header) else "") or ("index" if header and not place else "")
        name = name or f"column {place + 1}"
        while name in taken:
            name += f" ({place + 1})"
        taken.add(name)
        names.append(name)
    return names


def _first_line(data: bytes) -> int:
    """Bytes up to the end of the first line that says something."""
    at = 0
    while True:
        end = data.find(b"\n", at)
        if end < 0:
            return len(data)
        if data[at:end].strip():
            return end + 1
        at = end + 1

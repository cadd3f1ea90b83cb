"""Tables of module path → number, from CSV, TSV or JSON: times, sensitivities, sizes, whatever somebody measured."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

__all__ = ["MOST_TABLE_BYTES", "NumberTable", "parse_tables"]

MOST_TABLE_BYTES = 16 << 20
_MOST_ROWS = 500_000
_MOST_COLUMNS = 20
_LONGEST_TITLE, _LONGEST_UNIT = 200, 40  # characters
_PATHS = frozenset({"module", "path", "name", "layer", "node", "parameter", "id", "key", "scope"})
_UNIT = re.compile(r"(.+?)\s*[(\[]([^)\]]{1,20})[)\]]")
_VALUE_KEYS = ("value", "number")
_NUMBER_KEYS = (*_VALUE_KEYS, "time", "seconds")
_SCALES = {"ms": (1e-3, "s"), "us": (1e-6, "s"), "µs": (1e-6, "s"), "ns": (1e-9, "s"), "seconds": (1.0, "s")}


@dataclass(frozen=True, slots=True)
class NumberTable:
    """`rows`: path of a module, node or parameter → number. `combine`: how modules without one are told: by their
    parts' "sum", "mean" or "max"."""

    title: str
    rows: Mapping[str, float]
    unit: str = ""
    combine: str = "sum"
    notes: Sequence[str] = field(default_factory=tuple)


def parse_tables(content: bytes, name: str) -> list[NumberTable]:
    """A table for each column of numbers. Raises ValueError with a sentence where there is none."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{name!r} is no text in UTF-8: byte {error.start} is wrong") from None
    title = re.sub(r"\.(csv|tsv|txt|json)$", "", name.rsplit("/", 1)[-1], flags=re.I)
    tables = _of_json(text, name, title) if text.lstrip()[:1] in ("{", "[") else _of_lines(text, name, title)
    tables = [table for table in tables if table.rows]
    if not tables:
        raise ValueError(f"{name!r} has no row with a path and a number, such as 'encoder.layers.0,1.5'")
    return tables


# --- JSON -------------------------------------------------------------------------------------------------------------


def _of_json(text: str, name: str, title: str) -> list[NumberTable]:
    """{path: number}, {path: {column: number}}, {"title", "unit", "combine", "values": {…}}, or a list of records."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{name!r} is no JSON: {error}") from None
    if isinstance(found, list):
        return _of_records(title, found)
    values = found.get("values", found.get("results"))
    if not isinstance(values, dict):
        return _of_records(title, [[path, row] for path, row in found.items()])
    combine = found.get("combine", "sum")
    if combine not in ("sum", "mean", "max"):
        raise ValueError(f"{name!r}: 'combine' is one of sum, mean and max, not {str(combine)[:80]!r}")
    unit, told = found.get("unit", ""), found.get("title") or found.get("name")
    rows = ((path, _json_row(["", value])[1]) for path, value in values.items())
    return [_table(str(told or title), rows, str(unit), combine)]


def _of_records(title: str, rows: list[Any]) -> list[NumberTable]:
    """A table for each number that records have; one where they say which is the value, one of numbers alone."""
    records = [row[1] if isinstance(row, list) and len(row) == 2 else row for row in rows]
    numbers: dict[str, None] = {}
    for record in records:
        if isinstance(record, dict) and len(numbers) < _MOST_COLUMNS:
            numbers.update({key: None for key, one in record.items() if not _is_path(key) and _number(one) is not None})
    columns = [*numbers][:_MOST_COLUMNS]
    if len(columns) < 2 or any(key in _VALUE_KEYS for key in columns):
        return [_table(title, map(_json_row, rows))]
    tables = []
    for column in columns:
        told, unit = _title_and_unit(column)
        cells = (
            (_json_row(row)[0], record[column])
            for row, record in zip(rows, records, strict=True)
            if isinstance(record, dict) and record.get(column) is not None
        )
        tables.append(_table(f"{title} · {told}", cells, unit))
    alone = [row for row, record in zip(rows, records, strict=True) if not isinstance(record, dict)]
    if alone:
        tables.insert(0 if 2 * len(alone) > len(rows) else len(tables), _table(title, map(_json_row, alone)))
    return tables


def _is_path(key: str) -> bool:
    return key.strip().lower() in _PATHS


def _json_row(row: Any) -> tuple[Any, Any]:
    """(path, number) of [path, number] or {"module": path, "value": number}."""
    if isinstance(row, list) and len(row) == 2:
        path, row = row
        return path, _json_row(row)[1] if isinstance(row, dict) else row
    if not isinstance(row, dict):
        return None, None
    path = next((value for key, value in row.items() if _is_path(key)), None)
    number = next((row[key] for key in _NUMBER_KEYS if key in row), None)
    return path, number if number is not None else next((one for one in row.values() if _number(one) is not None), None)


# --- lines ------------------------------------------------------------------------------------------------------------


def _of_lines(text: str, name: str, title: str) -> list[NumberTable]:
    first = text[: text.find("\n") if "\n" in text else None]
    delimiter = max("\t;,", key=lambda one: (first.count(one), one == ","))
    try:
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise ValueError(f"{name!r} is no table: {error}") from None
    rows = [row for row in rows if not row[0].lstrip().startswith("#")]
    width = max(map(len, rows), default=0)
    has_header = bool(rows) and all(_number(cell) is None for cell in rows[0])
    header = [cell.strip() for cell in rows[0]] if has_header else []
    header += [""] * (width - len(header))
    body = rows[1:] if has_header else rows
    paths = next((place for place, word in enumerate(header) if _is_path(word)), 0)
    tables = []
    for place in [place for place in range(width) if place != paths][:_MOST_COLUMNS]:
        told, unit = _title_and_unit(header[place])
        cells = ((row[paths], row[place]) for row in body if len(row) > max(paths, place) and row[place].strip())
        tables.append(_table(" · ".join(filter(None, (title, told))), cells, unit))
    return tables


def _title_and_unit(header: str) -> tuple[str, str]:
    """ "time (ms)" is "time" in "ms"."""
    match = _UNIT.fullmatch(header)
    return (match[1], match[2]) if match else (header, "")


def _table(title: str, cells: Iterable[tuple[Any, Any]], unit: str = "", combine: str = "sum") -> NumberTable:
    factor, unit = _SCALES.get(unit, (1.0, unit))
    title, unit = title[:_LONGEST_TITLE], unit[:_LONGEST_UNIT]
    rows: dict[str, float] = {}
    wrong = 0
    for count, (path, cell) in enumerate(cells):
        if count >= _MOST_ROWS:
            return NumberTable(title, rows, unit, combine, (f"Only the first {_MOST_ROWS:,} rows are read.",))
        number = _number(cell)
        if number is None or not isinstance(path, str):
            wrong += 1
        else:
            rows[path.strip()] = number * factor
    notes = (f"{wrong:,} {'row has' if wrong == 1 else 'rows have'} no path or no number.",) if wrong else ()
    return NumberTable(title, rows, unit, combine, notes)


def _number(cell: Any) -> float | None:
    """None for what is no finite number."""
    if isinstance(cell, bool) or not isinstance(cell, int | float | str):
        return None
    try:
        number = float(cell)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None

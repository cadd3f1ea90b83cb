"""A table of figures with units: what every analysis gives, a page draws, and a report writes as text, CSV or JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["Column", "Table", "Unit"]

# "share" is 0 to 1. Times are ns in tables and µs, ms or s where people read them.
Unit = Literal["", "ns", "bytes", "count", "share", "bytes/s", "flop/s", "flop"]


@dataclass(frozen=True)
class Column:
    """A name that JSON and CSV use, a title for people, and one value a row: numbers (NaN: none) or texts.

    hint  what it means and how it is computed, in a sentence or two
    """

    name: str
    title: str
    values: NDArray[Any] | Sequence[str]
    unit: Unit = ""
    hint: str = ""

    @property
    def is_text(self) -> bool:
        return not isinstance(self.values, np.ndarray)


@dataclass(frozen=True)
class Table:
    """Columns of one length. notes: sentences that must be read with it (what is missing, what was estimated)."""

    name: str
    title: str
    columns: tuple[Column, ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        lengths = {column.name: len(column.values) for column in self.columns}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"table {self.name}: columns differ in length: {lengths}")

    def __len__(self) -> int:
        return len(self.columns[0].values) if self.columns else 0

    def __getitem__(self, name: str) -> NDArray[Any] | Sequence[str]:
        """The values of a column. Raises KeyError."""
        for column in self.columns:
            if column.name == name:
                return column.values
        raise KeyError(f"table {self.name} has no column {name!r}; it has {[column.name for column in self.columns]}")

    def rows(self) -> Iterator[dict[str, Any]]:
        """Plain Python values by column name; None for NaN."""
        columns = [(column.name, _plain(column.values)) for column in self.columns]
        for row in range(len(self)):
            yield {name: values[row] for name, values in columns}

    def to_json(self) -> dict[str, Any]:
        """{name, title, notes, columns: [{name, title, unit, hint, text, values}]}, ready for json.dumps."""
        return {
            "name": self.name,
            "title": self.title,
            "notes": list(self.notes),
            "columns": [
                {
                    "name": column.name,
                    "title": column.title,
                    "unit": column.unit,
                    "hint": column.hint,
                    "text": column.is_text,
                    "values": _plain(column.values),
                }
                for column in self.columns
            ],
        }

    def to_csv(self) -> str:
        """A line of names, then the rows; units as in the table."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(f"{column.name} ({column.unit})" if column.unit else column.name for column in self.columns)
        writer.writerows(row.values() for row in self.rows())
        return out.getvalue()


def _plain(values: NDArray[Any] | Sequence[str]) -> list[Any]:
    if not isinstance(values, np.ndarray):
        return list(values)
    plain = values.tolist()
    return [value if np.isfinite(value) else None for value in plain] if values.dtype.kind == "f" else plain

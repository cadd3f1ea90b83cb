"""The run table: a row per run, columns by name, filtered, sorted, against a baseline."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..errors import RunNotFound
from ..reader.discovery import natural_key
from ..user_state import read_state
from .column_values import Column, ColumnInfo, Numbers, Texts
from .columns import ColumnReader
from .comparison import Log, compare
from .filter import matching
from .nodes import Member, Name, Node, walk

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

__all__ = ["RunTable", "build_table", "default_columns", "log_table", "split_columns"]

Rows = npt.NDArray[np.intp]

_SHOWN_FIRST = ("name", "state", "start", "duration", "last_step")
_MOST_SCALARS = 50  # columns of scalars where nobody chose any


@dataclass(eq=False, repr=False)
class RunTable:
    """Rows are runs. Iterating gives a dict per row: column name → value, None where it is missing."""

    columns: list[ColumnInfo]
    runs: list[str]
    _values: list[Column]

    def __len__(self) -> int:
        return len(self.runs)

    def __iter__(self) -> Iterator[dict[str, float | bool | str | None]]:
        for row in range(len(self.runs)):
            yield {info.name: column.at(row) for info, column in zip(self.columns, self._values, strict=True)}

    def __repr__(self) -> str:
        return f"<RunTable: {len(self.runs):,} rows, {len(self.columns):,} columns>"

    def __str__(self) -> str:
        return self.to_text()

    def column(self, name: str) -> npt.NDArray[Any]:
        """A column's values: float64, NaN for missing ones (times and durations in seconds), or objects for text.

        Raises KeyError.
        """
        return self.values(name).array()

    def values(self, name: str) -> Column:
        """A column with what is missing. Raises KeyError."""
        for info, column in zip(self.columns, self._values, strict=True):
            if info.name == name:
                return column
        raise KeyError(f"the table has no column {name!r}; it has {', '.join(info.name for info in self.columns)}")

    def to_csv(self) -> str:
        """Full precision; times in ISO 8601, durations in seconds; texts that a spreadsheet would run are quoted."""
        from .table_formats import csv_text

        return csv_text(self)

    def to_json(self) -> str:
        """A list of objects; missing values are null, NaN and the infinities strings."""
        from .table_formats import json_text

        return json_text(self)

    def to_markdown(self) -> str:
        """A table of GitHub's Markdown."""
        from .table_formats import markdown_text

        return markdown_text(self)

    def to_latex(self) -> str:
        """A tabular that needs no package."""
        from .table_formats import latex_text

        return latex_text(self)

    def to_text(self) -> str:
        """Columns padded with spaces, for a terminal."""
        from .table_formats import plain_text

        return plain_text(self)

    def to_arrow(self) -> pyarrow.Table:
        """An Arrow table. Raises ModuleNotFoundError where pyarrow is not installed."""
        from .table_frames import to_arrow

        return to_arrow(self)

    def to_pandas(self) -> pandas.DataFrame:
        """A data frame indexed by run. Raises ModuleNotFoundError where pandas is not installed."""
        from .table_frames import to_pandas

        return to_pandas(self)

    def to_polars(self) -> polars.DataFrame:
        """A data frame. Raises ModuleNotFoundError where polars or pyarrow is not installed."""
        from .table_frames import to_polars

        return to_polars(self)

    def to_parquet(self, path: str | os.PathLike[str]) -> None:
        """Write a Parquet file. Raises ModuleNotFoundError where pyarrow is not installed."""
        from .table_frames import parquet_bytes

        with open(path, "wb") as file:
            file.write(parquet_bytes(self))


def build_table(
    reader: ColumnReader,
    columns: str | Sequence[str] | None = None,
    *,
    where: str = "",
    sort: str | Sequence[str] = (),
    limit: int | None = None,
    baseline: str | None = None,
    runs: Sequence[str] | None = None,
) -> RunTable:
    """The table of a snapshot, each column once; with `runs` these rows in this order, before filter and sort.

    Raises ExpressionError for a column, filter or sort key that cannot be understood, RunNotFound for the baseline.
    """
    names = default_columns(reader) if columns is None else list(dict.fromkeys(_separate(columns)))
    keys = _separate(sort)
    nodes = [reader.parse(name) for name in names]
    reader.prepare([*nodes, *(reader.parse(key.removeprefix("-")) for key in keys)])
    rows = _rows(reader, where, runs)
    rows = _sorted(reader, rows, keys)
    rows = rows[: max(limit, 0)] if limit is not None else rows
    whole = [reader.column(name) for name in names]
    if baseline is not None:
        at = _row_of(reader, baseline)
        whole = [part for pair, node in zip(whole, nodes, strict=True) for part in _against(reader, pair, node, at)]
    found = [reader.snapshot.rows[row] for row in rows]
    return RunTable([info for info, _ in whole], found, [column.take(rows) for _, column in whole])


def log_table(
    log: Log, state_file: str | os.PathLike[str] | None, columns: str | Sequence[str] | None, **wanted: Any
) -> RunTable:
    """The table of a log as it is now, with the names, tags and notes of a user state file. Raises as `build_table`."""
    user = read_state(state_file).document["runs"] if state_file is not None else {}
    return build_table(ColumnReader(compare(log), user), columns, **wanted)


def default_columns(reader: ColumnReader) -> list[str]:
    """What a table shows when nobody chose: the run at a glance, hyperparameters, last values of scalars."""
    known = reader.snapshot
    taken = set(_SHOWN_FIRST) | {"run", "last", "points", "tags", "note", "damaged"}
    hparams = [f"hparams.{name}" if name in taken or name in known.scalars else name for name in known.hparam_infos]
    scalars = [tag for tag in known.scalars[:_MOST_SCALARS] if tag not in known.hparam_infos and tag not in taken]
    return [*_SHOWN_FIRST, *hparams, *scalars]


def split_columns(text: str) -> list[str]:
    """ "a,b.at(c.max)" → its parts: commas outside of brackets, quotes and backticks separate."""
    parts, depth, quote, begin = [], 0, "", 0
    for at, sign in enumerate(text):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "`\"'":
            quote = sign
        elif sign in "([":
            depth += 1
        elif sign in ")]":
            depth -= 1
        elif sign == "," and depth <= 0:
            parts.append(text[begin:at])
            begin = at + 1
    return [part.strip() for part in [*parts, text[begin:]] if part.strip()]


def _separate(columns: str | Sequence[str]) -> list[str]:
    return split_columns(columns) if isinstance(columns, str) else list(columns)


# --- rows -------------------------------------------------------------------------------------------------------------


def _rows(reader: ColumnReader, where: str, runs: Sequence[str] | None) -> Rows:
    found = matching(reader, where)
    rows = np.arange(len(reader.snapshot.rows)) if found is None else found
    if runs is None:
        return rows
    place = {run: at for at, run in enumerate(reader.snapshot.rows)}
    chosen = np.array([place[run] for run in dict.fromkeys(runs) if run in place], np.intp)
    return chosen[np.isin(chosen, rows)]


def _sorted(reader: ColumnReader, rows: Rows, keys: Sequence[str]) -> Rows:
    """By the first key, then the next; missing values and NaN last whichever way."""
    ranks: list[npt.NDArray[Any]] = []
    for key in keys:
        down = key.startswith("-")
        rank = _rank(reader.column(key.removeprefix("-"))[1].take(rows))
        missing = np.isnan(rank)
        ranks += [missing, np.where(missing, 0.0, -rank if down else rank)]
    return rows[np.lexsort(ranks[::-1])] if ranks else rows  # lexsort: the last key counts most


def _rank(column: Column) -> npt.NDArray[np.float64]:
    """Numbers to sort by, NaN for missing."""
    if isinstance(column, Numbers):
        return column.values
    if isinstance(column, Texts):
        numbers = column.as_numbers
        if (np.isnan(numbers) == column.missing).all():
            return numbers
    order = sorted(range(len(column.strings)), key=lambda at: natural_key(column.strings[at]))
    rank = np.full(len(order) + 1, math.nan)
    rank[order] = np.arange(len(order))
    return rank[column.codes]


# --- the baseline -----------------------------------------------------------------------------------------------------


def _row_of(reader: ColumnReader, run: str) -> int:
    row = reader.snapshot.joins.parent.get(run, run)
    try:
        return reader.snapshot.rows.index(row)
    except ValueError:
        raise RunNotFound(f"the baseline {run!r} is no run of the log directory") from None


def _against(
    reader: ColumnReader, pair: tuple[ColumnInfo, Column], node: Node, row: int
) -> Iterator[tuple[ColumnInfo, Column]]:
    """The column; behind one of scalars its difference from the baseline's, and that in % of the baseline's size."""
    info, column = pair
    yield pair
    if not isinstance(column, Numbers) or info.kind != "number" or not _is_measured(reader, node):
        return
    reference = column.values[row]
    with np.errstate(all="ignore"):
        difference = column.values - reference
        percent = np.where(reference == 0, np.nan, 100.0 * difference / abs(reference))
    for suffix, values in ((" Δ", difference), (" Δ%", percent)):
        yield ColumnInfo(info.name + suffix, info.title + suffix, "number"), Numbers(values, np.isnan(values))


def _is_measured(reader: ColumnReader, node: Node) -> bool:
    """Whether a scalar is in the expression: differences of hyperparameters or times say nothing."""
    snapshot = reader.snapshot
    return any(
        isinstance(part, Member)
        or (isinstance(part, Name) and part.text in snapshot.scalars_known and part.text not in snapshot.hparam_infos)
        for part in walk(node)
    )

"""`dashboard query`: the run table or series of scalars, in the terminal."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from .logdirs import nothing_under, open_named

if TYPE_CHECKING:
    from ..logger import LogDir
    from ..logger.compare.columns import ColumnReader
    from ..logger.compare.expressions import ExpressionError
    from ..logger.compare.table import RunTable

__all__ = ["query"]


def query(asked: argparse.Namespace) -> int:
    """Print what `query_flags.parse_query` understood; exit code 1 where there is no run, 2 for a mistake."""
    from ..logger.compare.expressions import ExpressionError
    from ..logger.errors import LogError

    with open_named(asked.logdirs, asked.index_dir) as log:
        if not log.runs:
            print(f"dashboard query: {nothing_under(log)}", file=sys.stderr)
            return 1
        if asked.columns is not None and not asked.columns.strip(" ,"):
            print("dashboard query: --columns names no column; say for example --columns name,state", file=sys.stderr)
            return 2
        try:
            table = _answer(log, asked)
        except ExpressionError as error:
            return _mistake(error, asked)
        except LogError as error:
            print(f"dashboard query: {error}", file=sys.stderr)
            return 2
    try:
        _write(table, asked.format)
    except BrokenPipeError:
        raise  # `| head`: nobody is told
    except (OSError, ModuleNotFoundError) as error:
        print(f"dashboard query: {error}", file=sys.stderr)
        return 1
    if not len(table) and asked.limit != 0:
        what = "has points of " + ", ".join(asked.series) if asked.series else f"matches {asked.where}"
        print(f"dashboard query: none of the runs {what}", file=sys.stderr)  # the answer, an empty one, is on stdout
    return 0


def _answer(log: LogDir, asked: argparse.Namespace) -> RunTable:
    from ..logger.compare.columns import ColumnReader
    from ..logger.compare.comparison import compare
    from ..logger.compare.table import build_table, split_columns
    from ..logger.user_state import default_state_file, read_state

    place = asked.state_file
    if place is None and asked.index_dir != "":
        place = default_state_file(asked.index_dir, asked.logdirs.values())
    state = read_state(place)
    if state.where and state.problem:
        print(f"dashboard query: {state.problem}", file=sys.stderr)
    reader = ColumnReader(compare(log), state.document["runs"])
    chosen = split_columns(asked.columns) if asked.columns is not None else ["run"] if asked.series else None
    limit = None if asked.series else asked.limit
    table = build_table(reader, chosen, where=asked.where, sort=asked.sort, limit=limit, baseline=asked.baseline)
    return _points(log, reader, table.runs, asked.series, asked.limit) if asked.series else table


def _points(log: LogDir, reader: ColumnReader, rows: Sequence[str], tags: Sequence[str], limit: int | None) -> RunTable:
    """The latest points of these scalars, a line each: run, tag, step, wall_time, value. Raises ExpressionError.

    `limit` counts runs that have one of them.
    """
    import numpy as np

    from ..logger.compare.column_values import Column, ColumnInfo, Numbers, Texts
    from ..logger.compare.table import RunTable
    from ..logger.compare.unknown_names import unknown_scalar

    snapshot = reader.snapshot
    for tag in tags:
        if tag not in snapshot.scalars_known:
            raise unknown_scalar(tag, snapshot.scalars)
    having = [row for row in rows if any(snapshot.source(row, tag) is not None for tag in tags)]
    rows = having if limit is None else having[:limit]
    found = []
    for at, row in enumerate(rows):
        for number, tag in enumerate(tags):
            source = snapshot.source(row, tag)
            if source is not None:
                found.append((at, number, log.scalars(*source).latest()))
    lengths = [len(points) for _, _, points in found]
    row_codes, tag_codes = (
        np.repeat(np.array([series[part] for series in found], np.int32), lengths) for part in (0, 1)
    )
    step, wall, value = (
        np.concatenate([np.empty(0, kind), *(getattr(points, part) for _, _, points in found)])
        for part, kind in (("step", np.int64), ("wall_time", np.float64), ("value", np.float64))
    )
    present = np.zeros(len(step), bool)
    infos = [ColumnInfo("run", "run", "text"), ColumnInfo("tag", "tag", "text"), ColumnInfo("step", "step", "number"),
             ColumnInfo("wall_time", "wall_time", "time"), ColumnInfo("value", "value", "number")]  # fmt: skip
    columns: list[Column] = [Texts(row_codes, list(rows)), Texts(tag_codes, list(tags)),
               Numbers(step.astype(np.float64), present, whole=step), Numbers(wall, present, "time"),
               Numbers(value, present)]  # fmt: skip
    return RunTable(infos, [rows[code] for code in row_codes.tolist()], columns)


def _write(table: RunTable, form: str) -> None:
    """Raises OSError where it cannot be written, ModuleNotFoundError for Parquet without pyarrow."""
    if form == "parquet":
        from ..logger.compare.table_frames import parquet_bytes

        if sys.stdout.isatty():
            raise OSError("Parquet is no text; write it to a file: --format parquet > runs.parquet")
        sys.stdout.buffer.write(parquet_bytes(table))
        sys.stdout.flush()
        return
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")  # names that the terminal's or a pipe's encoding lacks
    writers = {
        "table": table.to_text,
        "csv": table.to_csv,
        "json": table.to_json,
        "markdown": table.to_markdown,
        "latex": table.to_latex,
    }
    text = writers[form]().replace("\r\n", "\n")
    sys.stdout.write(text if text.endswith("\n") else text + "\n")
    sys.stdout.flush()


def _mistake(error: ExpressionError, asked: argparse.Namespace) -> int:
    """The sentence, and the place below the text it is in, where the text is the filter's."""
    print(f"dashboard query: {error.message}", file=sys.stderr)
    marked = asked.where[error.start : error.end]
    if marked and (f"`{marked}`" in error.message or not (asked.columns or asked.sort or asked.series)):
        print(f"  {asked.where}\n  {' ' * error.start}{'^' * (error.end - error.start)}", file=sys.stderr)
    return 2

"""Points of many series as one tidy table, made as it is sent.

Its columns are run, tag, step, wall_time[, x], value[, smoothed]. Where groups are drawn they are group, tag, step,
wall_time[, x], center, low, high, runs[, smoothed, smoothed_low, smoothed_high]. `x`: another scalar is the axis.

Never more than one tag of the runs asked for is in memory as text, however large the log.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..logger.compare.table_formats import harmless
from ..logger.errors import LogError
from .group_frames import GroupCurve, group_curves
from .numbers import csv_number, json_number
from .queries import Refused, ScalarsQuery, View
from .series_answers import check_formula, curves_for, first_wall_times

if TYPE_CHECKING:
    from ..logger import LogDir
    from .curves import Curves

__all__ = ["FORMATS", "Tidy", "all_points", "shown_points"]

_AT_ONCE = 20_000  # rows made between two writes to the socket
_POINT = ("tag", "step", "wall_time")
_BAND = ("center", "low", "high", "runs")
_SMOOTHED_BAND = ("smoothed", "smoothed_low", "smoothed_high")
_WHOLE = {"step", "runs"}  # columns of integers

Column = NDArray[Any]  # int64 or float64


@dataclass(frozen=True, slots=True)
class _Part:
    """The rows of one series: its columns of numbers in the order of the table's, the last of which may be missing."""

    name: str  # of the run or the group
    tag: str  # or the text of a formula
    numbers: tuple[Column, ...]

    def rows(self) -> Iterator[list[list[float]]]:
        """The columns of numbers, a stretch at a time."""
        for begin in range(0, len(self.numbers[0]), _AT_ONCE):
            yield [column[begin : begin + _AT_ONCE].tolist() for column in self.numbers]


@dataclass(frozen=True, slots=True)
class Tidy:
    """A table: the names of its columns, and its rows series by series."""

    columns: tuple[str, ...]
    parts: Iterator[_Part]


def all_points(log: LogDir, runs: Iterable[str], tags: frozenset[str] | None, latest: bool) -> Tidy:
    """Every scalar of the runs, or those under some tags; with `latest` without what restarts made obsolete."""
    return Tidy(("run", *_POINT, "value"), _all_parts(log, runs, tags, latest))


def _all_parts(log: LogDir, runs: Iterable[str], tags: frozenset[str] | None, latest: bool) -> Iterator[_Part]:
    for run in runs:
        try:
            for tag in log.tags(run).get("scalars", ()):
                if tags is None or tag in tags:
                    series = log.scalars(run, tag)
                    series = series.latest() if latest else series
                    yield _Part(run, tag, (series.step, series.wall_time, series.value))
        except LogError:  # it went away while the others were sent
            continue


def shown_points(log: LogDir, query: ScalarsQuery) -> Tidy:
    """What a chart shows, from all points: the query of POST /api/scalars. Raises Refused before the first part."""
    for wanted in query.series:
        if wanted.is_formula:
            check_formula(log, wanted.tag)
    smoothed = any(wanted.smoothing for wanted in query.series)
    point = (*_POINT, "x") if query.view.x_tag is not None else _POINT
    if query.groups is None:
        columns = ("run", *point, "value", *["smoothed"] * smoothed)
    else:
        columns = ("group", *point, *_BAND, *_SMOOTHED_BAND * smoothed)
    return Tidy(columns, _shown_parts(log, query))


def _shown_parts(log: LogDir, query: ScalarsQuery) -> Iterator[_Part]:
    starts = first_wall_times(log, (run for wanted in query.series for run in wanted.runs))
    for wanted in query.series:
        curves = curves_for(log, wanted, query.view, starts)
        if curves is None:
            continue
        if query.groups is None:
            yield from _parts_of_runs(curves, query.view)
        else:
            for group in group_curves(curves, query.groups, query.view):
                yield _part_of_group(group, wanted.tag, query.view)


def _parts_of_runs(curves: Curves, view: View) -> Iterator[_Part]:
    positions = curves.positions(view)
    x = [positions] if view.x_tag is not None else []
    smoothed = [curves.smoothed] if curves.smoothed is not None else []
    columns = [curves.step, curves.wall_time, *x, curves.value, *smoothed]
    for i, run in enumerate(curves.runs):
        span = slice(int(curves.offsets[i]), int(curves.offsets[i + 1]))
        inside = _inside(positions[span], view)
        yield _Part(run, curves.tag, tuple(column[span][inside] for column in columns))


def _part_of_group(group: GroupCurve, tag: str, view: View) -> _Part:
    x = [group.x] if view.x_tag is not None else []
    band = group.center, group.low, group.high, group.count
    columns = (group.step, group.wall_time, *x, *band, *(group.smoothed or ()))
    inside = _inside(group.x, view)
    return _Part(group.name, tag, tuple(column[inside] for column in columns))


def _inside(positions: Column, view: View) -> NDArray[np.bool_]:
    """Which points lie in the part of the axis that is shown."""
    if view.range is None:
        return np.ones(len(positions), bool)
    return (positions >= view.range[0]) & (positions <= view.range[1])


def _csv(table: Tidy) -> Iterator[bytes]:
    """NaN and the infinities as Python writes them; names that a spreadsheet would run get an apostrophe."""
    yield (",".join(table.columns) + "\r\n").encode()
    for part in table.parts:
        cells = io.StringIO()
        csv.writer(cells).writerow([harmless(part.name), harmless(part.tag)])
        names = cells.getvalue().removesuffix("\r\n")  # with its end of line the writer quotes names that hold one
        lacking = "," * (len(table.columns) - 2 - len(part.numbers))
        for columns in part.rows():
            lines = (f"{names},{','.join(map(csv_number, row))}{lacking}\r\n" for row in zip(*columns, strict=True))
            yield "".join(lines).encode("utf-8", "replace")


def _json(table: Tidy) -> Iterator[bytes]:
    """A list of objects, one a line; NaN and the infinities as texts."""
    yield b"["
    before = "\n"
    keys = [f'"{name}":' for name in table.columns[2:]]
    for part in table.parts:
        begin = f'{{"{table.columns[0]}":{json.dumps(part.name)},"tag":{json.dumps(part.tag)},'
        for columns in part.rows():
            rows = []
            for row in zip(*columns, strict=True):
                fields = ",".join(key + json_number(number) for key, number in zip(keys, row, strict=False))
                rows.append(f"{begin}{fields}}}")
            yield (before + ",\n".join(rows)).encode()
            before = ",\n"
    yield b"\n]\n"


def _parquet(table: Tidy) -> Iterator[bytes]:
    """A row group for each series or a few of them; needs pyarrow."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise Refused("Parquet needs pyarrow where the dashboard runs: pip install pyarrow", 501) from None
    return _row_groups(pyarrow, table)


def _row_groups(pyarrow: Any, table: Tidy) -> Iterator[bytes]:
    word = pyarrow.dictionary(pyarrow.int32(), pyarrow.string())
    kinds = [pyarrow.int64() if name in _WHOLE else pyarrow.float64() for name in table.columns[2:]]
    schema = pyarrow.schema(list(zip(table.columns, [word, word, *kinds], strict=True)))
    sink = _Sink()
    with pyarrow.parquet.ParquetWriter(sink, schema) as writer:
        waiting: list[Any] = []
        for part in table.parts:
            waiting.append(_arrow(pyarrow, part, schema))
            if sum(piece.num_rows for piece in waiting) >= 50 * _AT_ONCE:
                writer.write_table(pyarrow.concat_tables(waiting).unify_dictionaries())
                waiting = []
                yield sink.take()
        if waiting:
            writer.write_table(pyarrow.concat_tables(waiting).unify_dictionaries())
    yield sink.take()


def _arrow(pyarrow: Any, part: _Part, schema: Any) -> Any:
    rows = len(part.numbers[0])
    words = [
        pyarrow.DictionaryArray.from_arrays(
            np.zeros(rows, np.int32), pyarrow.array([text.encode("utf-8", "replace").decode()], pyarrow.string())
        )
        for text in (part.name, part.tag)
    ]
    numbers = [pyarrow.array(column) for column in part.numbers]
    lacking = [pyarrow.nulls(rows, pyarrow.float64())] * (len(schema) - 2 - len(numbers))
    return pyarrow.Table.from_arrays([*words, *numbers, *lacking], schema=schema)


class _Sink(io.RawIOBase):
    """A file whose bytes are taken as they come."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: list[bytes] = []
        self._position = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def write(self, data: Any) -> int:
        self._waiting.append(bytes(data))
        self._position += len(self._waiting[-1])
        return len(self._waiting[-1])

    def take(self) -> bytes:
        """What was written since the last time."""
        data, self._waiting = b"".join(self._waiting), []
        return data


# format → (media type, its writer)
FORMATS: dict[str, tuple[str, Callable[[Tidy], Iterator[bytes]]]] = {
    "csv": ("text/csv; charset=utf-8", _csv),
    "json": ("application/json", _json),
    "parquet": ("application/vnd.apache.parquet", _parquet),
}

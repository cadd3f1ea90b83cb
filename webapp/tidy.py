"""Points of many series as one tidy table: run, tag, step, wall_time, value[, smoothed]; made as it is sent.

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
from .numbers import csv_number, json_number
from .queries import Refused, ScalarsQuery, View
from .series_answers import check_formula, curves_for, first_wall_times

if TYPE_CHECKING:
    from ..logger import LogDir
    from .curves import Curves

__all__ = ["FORMATS", "Part", "all_parts", "shown_parts"]

_AT_ONCE = 20_000  # rows made between two writes to the socket
_COLUMNS = ("run", "tag", "step", "wall_time", "value", "smoothed")


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one series."""

    run: str
    tag: str  # or the text of a formula
    step: NDArray[np.int64]
    wall_time: NDArray[np.float64]
    value: NDArray[np.float64]
    smoothed: NDArray[np.float64] | None = None

    def rows(self) -> Iterator[list[list[float]]]:
        """The columns of numbers, a stretch at a time."""
        columns = [column for column in (self.step, self.wall_time, self.value, self.smoothed) if column is not None]
        for begin in range(0, len(self.step), _AT_ONCE):
            yield [column[begin : begin + _AT_ONCE].tolist() for column in columns]


def all_parts(log: LogDir, runs: Iterable[str], tags: frozenset[str] | None, latest: bool) -> Iterator[Part]:
    """Every scalar of the runs, or those under some tags; with `latest` without what restarts made obsolete."""
    for run in runs:
        try:
            for tag in log.tags(run).get("scalars", ()):
                if tags is None or tag in tags:
                    series = log.scalars(run, tag)
                    series = series.latest() if latest else series
                    yield Part(run, tag, series.step, series.wall_time, series.value)
        except LogError:  # it went away while the others were sent
            continue


def shown_parts(log: LogDir, query: ScalarsQuery) -> Iterator[Part]:
    """What a chart shows, from all points: the query of POST /api/scalars. Raises Refused before the first part."""
    if query.groups is not None:
        raise Refused("groups: bands are not downloaded; ask for the runs")
    for wanted in query.series:
        if wanted.is_formula:
            check_formula(log, wanted.tag)
    starts = first_wall_times(log, (run for wanted in query.series for run in wanted.runs))

    def parts() -> Iterator[Part]:
        for wanted in query.series:
            curves = curves_for(log, wanted, query.view, starts)
            if curves is not None:
                yield from _parts_of(curves, query.view)

    return parts()


def _parts_of(curves: Curves, view: View) -> Iterator[Part]:
    positions = curves.positions(view)
    for i, run in enumerate(curves.runs):
        span = slice(int(curves.offsets[i]), int(curves.offsets[i + 1]))
        inside = np.ones(span.stop - span.start, bool)
        if view.range is not None:
            inside = (positions[span] >= view.range[0]) & (positions[span] <= view.range[1])
        smoothed = None if curves.smoothed is None else curves.smoothed[span][inside]
        numbers = curves.step[span][inside], curves.wall_time[span][inside], curves.value[span][inside]
        yield Part(run, curves.tag, *numbers, smoothed)


def _csv(parts: Iterable[Part], smoothed: bool) -> Iterator[bytes]:
    """NaN and the infinities as Python writes them; names that a spreadsheet would run get an apostrophe."""
    yield (",".join(_COLUMNS if smoothed else _COLUMNS[:-1]) + "\r\n").encode()
    for part in parts:
        cells = io.StringIO()
        csv.writer(cells).writerow([harmless(part.run), harmless(part.tag)])
        names = cells.getvalue().removesuffix("\r\n")  # with its end of line the writer quotes names that hold one
        lacking = "," if smoothed and part.smoothed is None else ""
        for columns in part.rows():
            lines = (f"{names},{','.join(map(csv_number, row))}{lacking}\r\n" for row in zip(*columns, strict=True))
            yield "".join(lines).encode("utf-8", "replace")


def _json(parts: Iterable[Part], smoothed: bool) -> Iterator[bytes]:
    """A list of objects, one a line; NaN and the infinities as texts."""
    yield b"["
    before = "\n"
    for part in parts:
        keys = [f'"{name}":' for name in _COLUMNS[2:]]
        begin = f'{{"run":{json.dumps(part.run)},"tag":{json.dumps(part.tag)},'
        for columns in part.rows():
            rows = []
            for row in zip(*columns, strict=True):
                fields = ",".join(key + json_number(number) for key, number in zip(keys, row, strict=False))
                rows.append(f"{begin}{fields}}}")
            yield (before + ",\n".join(rows)).encode()
            before = ",\n"
    yield b"\n]\n"


def _parquet(parts: Iterable[Part], smoothed: bool) -> Iterator[bytes]:
    """A row group for each series or a few of them; needs pyarrow."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise Refused("Parquet needs pyarrow where the dashboard runs: pip install pyarrow", 501) from None
    return _row_groups(pyarrow, parts, smoothed)


def _row_groups(pyarrow: Any, parts: Iterable[Part], smoothed: bool) -> Iterator[bytes]:
    word = pyarrow.dictionary(pyarrow.int32(), pyarrow.string())
    kinds = [word, word, pyarrow.int64(), *[pyarrow.float64()] * (3 if smoothed else 2)]
    schema = pyarrow.schema(list(zip(_COLUMNS, kinds, strict=False)))
    sink = _Sink()
    with pyarrow.parquet.ParquetWriter(sink, schema) as writer:
        waiting: list[Any] = []
        for part in parts:
            waiting.append(_arrow(pyarrow, part, schema))
            if sum(table.num_rows for table in waiting) >= 50 * _AT_ONCE:
                writer.write_table(pyarrow.concat_tables(waiting).unify_dictionaries())
                waiting = []
                yield sink.take()
        if waiting:
            writer.write_table(pyarrow.concat_tables(waiting).unify_dictionaries())
    yield sink.take()


def _arrow(pyarrow: Any, part: Part, schema: Any) -> Any:
    rows = len(part.step)
    words = [
        pyarrow.DictionaryArray.from_arrays(
            np.zeros(rows, np.int32), pyarrow.array([text.encode("utf-8", "replace").decode()], pyarrow.string())
        )
        for text in (part.run, part.tag)
    ]
    numbers = [pyarrow.array(column) for column in (part.step, part.wall_time, part.value)]
    if "smoothed" in schema.names:
        numbers.append(
            pyarrow.nulls(rows, pyarrow.float64()) if part.smoothed is None else pyarrow.array(part.smoothed)
        )
    return pyarrow.Table.from_arrays([*words, *numbers], schema=schema)


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
FORMATS: dict[str, tuple[str, Callable[[Iterable[Part], bool], Iterator[bytes]]]] = {
    "csv": ("text/csv; charset=utf-8", _csv),
    "json": ("application/json", _json),
    "parquet": ("application/vnd.apache.parquet", _parquet),
}

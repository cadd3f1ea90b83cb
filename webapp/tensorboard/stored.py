"""Values of tags as TensorBoard's plugins look at them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ...logger.errors import LogError
from ..queries import Refused

if TYPE_CHECKING:
    from ...logger import LogDir
    from ...logger.reader import BlobSeries

__all__ = ["Point", "find_series", "points", "read_all", "series_of_kind"]

_AT_ONCE = 16 << 20  # bytes of values that are read together

Point = tuple[float, int, Any]  # wall time, step, value


def series_of_kind(log: LogDir, kind: str) -> Iterator[tuple[str, str, BlobSeries]]:
    """(run, tag, series) of every tag of a kind."""
    for run in log.runs:
        try:
            for tag in log.tags(run).get(kind, ()):
                yield run, tag, log.blobs(run, kind, tag)
        except LogError:  # the run went away meanwhile
            continue


def find_series(log: LogDir, run: str, kind: str, tag: str) -> BlobSeries | None:
    """The values of a tag that a restart did not supersede; None where there is no such run or tag."""
    try:
        return log.blobs(run, kind, tag).latest()
    except LogError:
        return None


def read_all(series: BlobSeries, begin: int = 0) -> Iterator[tuple[int, Any]]:
    """(index, value) of each value from `begin` that can be decoded, in order: a bad one hides no others."""
    while begin < len(series):
        end = _part(series, begin)
        found: dict[int, Any] = {}
        try:
            for index, message in series.raws(range(begin, end)):
                with suppress(LogError):
                    found[index] = series.decoded(index, message)
        except LogError:  # the file was changed meanwhile: value by value, then
            for index in range(begin, end):
                with suppress(LogError):
                    found[index] = series[index]
        yield from sorted(found.items(), key=lambda item: item[0])
        begin = end


def _part(series: BlobSeries, begin: int) -> int:
    """Where a part ends that begins there and can be kept in memory; it has one value at least."""
    held, end = 0, begin
    while end < len(series) and (end == begin or held + series.nbytes[end] <= _AT_ONCE):
        held += int(series.nbytes[end])
        end += 1
    return end


def points(log: LogDir, run: str, kind: str, tag: str, what: str) -> list[Point]:
    """Every value of a tag. Raises Refused (404) where there is no such run or tag; `what` is its name in words."""
    series = find_series(log, run, kind, tag)
    if series is None:
        raise Refused(f"no {what} for run={run[:200]!r}, tag={tag[:200]!r}", 404)
    return [(float(series.wall_time[i]), int(series.step[i]), value) for i, value in read_all(series)]

"""One run: an immutable view of its files, and the queries on it."""

from __future__ import annotations

import threading
import time
import zlib
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import TagNotFound
from .discovery import natural_key
from .event_file import EventFile
from .kinds import KINDS, SCALARS, SESSIONS
from .run_tags import RunTags
from .segments import Phase, Series, combine, plan
from .series import Metadata, Scalars
from .status import FileStatus, RunInfo

__all__ = ["Epochs", "RunView", "Unreadable"]

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Unreadable:
    """An event file that could not be opened or read."""

    path: str
    detail: str


class Epochs:
    """Tells a series that only grew from one whose earlier points changed."""

    # Numbers differ between processes, so that a page that outlives the server never takes new data for old.
    _counter = int(time.time() * 1000)
    _lock = threading.Lock()

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[object, int, int, int]] = {}

    @classmethod
    def _next(cls) -> int:
        with cls._lock:
            cls._counter += 1
            return cls._counter

    def of(self, tag: str, mode: str, origin: object, step: Array, wall: Array, simple: bool) -> int:
        """The series' epoch. `origin` says which files it came from; a simple series of the same origin only grows."""
        count = len(step)
        before = self._known.get((tag, mode))
        if before is not None:
            known_origin, epoch, known_count, known_print = before
            if simple and known_print == 0 and known_origin == origin and count >= known_count:
                if count > known_count:
                    self._known[tag, mode] = (origin, epoch, count, 0)
                return epoch
            if not simple and known_count <= count and known_print == _print(step, wall, known_count):
                self._known[tag, mode] = (origin, epoch, count, _print(step, wall, count))
                return epoch
        epoch = self._next()
        self._known[tag, mode] = (origin, epoch, count, 0 if simple else _print(step, wall, count))
        return epoch


def _print(step: Array, wall: Array, count: int) -> int:
    head = zlib.crc32(np.ascontiguousarray(step[:count], np.int64).data)
    return zlib.crc32(np.ascontiguousarray(wall[:count], np.float64).data, head) or 1


@dataclass(frozen=True)
class RunView:
    """A run as it was at one moment. Safe to use from any thread."""

    name: str
    files: tuple[EventFile, ...]
    unreadable: tuple[Unreadable, ...]
    tags: RunTags
    epochs: Epochs

    @cached_property
    def phases(self) -> list[Phase]:
        return plan(self.files)

    @cached_property
    def by_kind(self) -> dict[str, list[str]]:
        """kind → tags in natural order, of what the files hold now."""
        present: set[int] = set()
        for file in self.files:
            present |= _series_of(file)
        series = self.tags.series
        return _in_order(frozenset([series[number] for number in present]))

    @cached_property
    def info(self) -> RunInfo:
        steps = [file.max_step for file in self.files if file.max_step is not None]
        return RunInfo(
            name=self.name,
            first_wall_time=_least([file.min_wall for file in self.files]),
            last_wall_time=-_least([-file.max_wall for file in self.files]),
            first_event_time=_least([file.first_event for file in self.files]),
            last_step=max(steps, default=None),
            scalar_points=sum(file.scalars for file in self.files),
            segments=sum(len(file.sessions) - 1 for file in self.files),
            damaged_files=sum(file.is_damaged for file in self.files),
        )

    def find(self, tag: str) -> Series | None:
        """The points of a scalar tag in their stored types; None when there are none."""
        number = self.tags.number.get((SCALARS, tag))
        if number is None:
            return None
        known = self._plain.get(number)
        if known is None:
            known = combine(self.phases, number)
            # Kept where it is a view of the columns and costs nothing.
            if known is not None and known.is_plain and known.rows.wall.base is not None:
                self._plain[number] = known
        return known

    @cached_property
    def _plain(self) -> dict[int, Series]:
        return {}

    def scalars(self, tag: str) -> Scalars:
        series = self.find(tag)
        if series is None:
            raise TagNotFound(f"run {self.name!r} has no scalars {tag!r}; {self.offer(SCALARS)}")
        rows = series.rows
        segment = np.zeros(len(rows.step), np.int32) if series.segment is None else series.segment
        metadata = Metadata.parse(self.tags.metadata.get(self.tags.number[SCALARS, tag]))
        columns = rows.step.astype(np.int64), rows.wall.astype(np.float64), rows.value.astype(np.float64)
        return Scalars(*columns, segment, metadata, series.superseded)

    def offer(self, kind: str) -> str:
        """What there is of a kind, for messages."""
        tags = self.by_kind.get(kind, [])
        if not tags:
            return f"it has no {kind} at all"
        return f"it has {', '.join(map(repr, tags[:5]))}" + (f" and {len(tags) - 5} more" if len(tags) > 5 else "")

    @property
    def origin(self) -> tuple[int, ...]:
        return tuple(file.generation for file in self.files)

    @property
    def file_count(self) -> int:
        return len({file.path for file in self.files} | {file.path for file in self.unreadable})

    def file_statuses(self) -> list[FileStatus]:
        """Every event file, those that cannot be read (any more) included."""
        found = {file.path: self._file_status(file) for file in self.files}
        for path, detail in ((file.path, file.detail) for file in self.unreadable):
            nothing = FileStatus(path, 0, 0, 0, 0, 0, "unreadable", (), ())
            found[path] = replace(found.get(path, nothing), state="unreadable", detail=detail)
        return sorted(found.values(), key=lambda status: natural_key(status.path))

    def _file_status(self, file: EventFile) -> FileStatus:
        damage = (*file.damage, file.tail_damage) if file.tail_damage else file.damage
        state = "damaged" if damage else "truncated" if file.is_truncated else "ok"
        counts = _kind_counts(file, self.tags)
        values = {kind: counts[kind] for kind in self.by_kind if kind in counts}
        read = file.stamp.size, file.offset, file.events, file.scalars, file.blobs
        return FileStatus(file.path, *read, state, damage, tuple(values), values)


def _kind_counts(file: EventFile, tags: RunTags) -> Counter[str]:
    """How many values of each kind the file holds."""
    counts: Counter[str] = Counter({SCALARS: file.scalars} if file.scalars else {})
    for session in file.sessions:
        for blobs in session.blobs:
            numbers, times = np.unique(blobs.series, return_counts=True)
            for number, count in zip(numbers.tolist(), times.tolist(), strict=True):
                counts[tags.series[number][0]] += count
    return counts


def _least(times: list[float]) -> float:
    """The smallest that is a number; NaN where none is."""
    return min((time for time in times if time == time), default=float("nan"))


@lru_cache(maxsize=4096)
def _in_order(series: frozenset[tuple[str, str]]) -> dict[str, list[str]]:
    """kind → tags in natural order, but for the marks of sessions. Runs with the same tags share it."""
    found: dict[str, list[str]] = {}
    for kind, tag in series:
        if kind != SESSIONS:
            found.setdefault(kind, []).append(tag)
    order = {kind: rank for rank, kind in enumerate(KINDS)}
    kinds = sorted(found, key=lambda kind: (order.get(kind, len(order)), kind))
    return {kind: sorted(found[kind], key=natural_key) for kind in kinds}


def _series_of(file: EventFile) -> set[int]:
    """Numbers of the series that the file has rows of."""
    found: set[int] = set()
    for session in file.sessions:
        for block in session.blocks:
            found.update(block.tags.tolist())
        for blobs in session.blobs:
            found.update(blobs.series.tolist())
    return found

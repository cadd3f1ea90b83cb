"""What each scalar of each run came to, over all its points; restarts leave the latest ones."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import numpy.typing as npt

from .. import native
from ..reader.blocks import Block, ColumnsDamaged
from ..reader.kinds import SCALARS
from ..reader.run import RunView
from .statistics_layout import COLUMNS, UNSORTED
from .stored_series import StoredSeries

__all__ = ["COLUMNS", "Found", "StatisticsCache", "statistics_of"]

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

_HERE = Path(__file__)
_SOURCES = [
    *(_HERE.with_name(name) for name in ("statistics_kernels.py", "statistics_layout.py", "tokens.py")),
    _HERE.parent.with_name("reader") / "memory.py",
]
_PARALLEL = 200_000  # points from which several threads are worth their start …
_LONG = 1_000  # … if so many are in a run: for shorter ones Python, which one thread at a time runs, is the work
_SHARES = 8  # pieces of work per thread


def kernels() -> SimpleNamespace:
    """Loaded from what an earlier process compiled; compiled the first time, which takes seconds."""
    return native.load(f"{__package__}.statistics_kernels", _SOURCES)


@dataclass(frozen=True)
class Found:
    """Statistics of some tags of some runs."""

    values: Floats  # (runs, tags, len(COLUMNS)); NaN where a run lacks the tag
    there: Mask  # (runs, tags)
    damaged: list[int]  # runs whose columns on disk turned out damaged; nothing is known of them


def statistics_of(views: Sequence[RunView], tags: Sequence[str]) -> Found:
    """The statistics of these tags in each run.

    `last` and `first` are values as logged; min, max, mean and std (the sample's) leave out NaN; steps as float64.
    """
    shape = len(views), len(tags)
    found = Found(np.full((*shape, UNSORTED), np.nan), np.zeros(shape, bool), [])
    left = _in_one_piece(views, tags, found)
    for run, tag in left:
        if run not in found.damaged:
            try:
                _pieced_together(found, views[run], run, tag, tags[tag])
            except ColumnsDamaged:
                found.damaged.append(run)
    return found


def _in_one_piece(views: Sequence[RunView], tags: Sequence[str], found: Found) -> list[tuple[int, int]]:
    """Take what lies in one block, in order of step: nearly everything. (run, tag) of the rest."""
    pairs = [(SCALARS, tag) for tag in tags]
    blocks: list[Block] = []
    entries: list[tuple[int, int, int, int]] = []  # run, tag, block, place in it
    left: list[tuple[int, int]] = []
    for run, view in enumerate(views):
        numbers = [
            (tag, number) for tag, pair in enumerate(pairs) if (number := view.tags.number.get(pair)) is not None
        ]
        block = _only_block(view)
        if block is None:
            left += [(run, tag) for tag, _ in numbers]
            continue
        places = block.places
        for tag, number in numbers:
            place = places.get(number)
            if place is not None:
                entries.append((run, tag, len(blocks), place))
        blocks.append(block)
    if entries:
        run_of, tag_of, block_of, place_of = (np.ascontiguousarray(column) for column in np.array(entries, np.int64).T)
        series = StoredSeries(blocks, block_of, place_of)
        found.damaged.extend(dict.fromkeys(run_of[series.damaged(kernels())].tolist()))
        values, in_order = series.statistics(kernels())
        found.values[run_of[in_order], tag_of[in_order]] = values[in_order]
        found.there[run_of[in_order], tag_of[in_order]] = True
        left += zip(run_of[~in_order].tolist(), tag_of[~in_order].tolist(), strict=True)
    return left


def _only_block(view: RunView) -> Block | None:
    """The run's columns where they lie in one piece: nearly always."""
    if len(view.files) != 1:
        return None
    sessions = [part for part in view.files[0].sessions if part.start is not None or part.blocks or part.blobs]
    if len(sessions) != 1 or len(sessions[0].blocks) != 1:
        return None
    return sessions[0].blocks[0]


def _pieced_together(found: Found, view: RunView, run: int, tag: int, name: str) -> None:
    """Take one series from several blocks, sessions or files. Raises ColumnsDamaged."""
    series = view.find(name)
    if series is None:
        return
    latest = series.latest
    columns = (np.ascontiguousarray(column) for column in (latest.step, latest.wall, latest.value))
    whole = Block(np.zeros(1, np.int32), np.array([0, len(latest.step)]), *columns)
    first = np.zeros(1, np.int64)
    found.values[run, tag] = StoredSeries([whole], first, first).statistics(kernels())[0][0]
    found.there[run, tag] = True


class _Table:
    """One tag: what is known of it in each run, a row each."""

    def __init__(self, rows: int) -> None:
        self.values = np.full((rows, UNSORTED), np.nan)
        self.state = np.zeros(rows, np.int8)  # 0 not known, 1 the run lacks the tag, 2 it has it

    def grow(self, rows: int) -> None:
        more = rows - len(self.state)
        self.values = np.concatenate([self.values, np.full((more, UNSORTED), np.nan)])
        self.state = np.concatenate([self.state, np.zeros(more, np.int8)])


class StatisticsCache:
    """Statistics of runs as they were last seen; a run is computed anew when its view is another one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._row: dict[str, int] = {}  # run → row of the tables; row 0 is no run's
        self._free: list[int] = []
        self._views: list[RunView | None] = [None]  # per row
        self._tables: dict[str, _Table] = {}
        self._seen: Mapping[str, RunView] | None = None  # the runs as they were last looked at …
        self._complete: set[str] = set()  # … and the tags that were computed for all of them since

    def ensure(self, views: Mapping[str, RunView], tags: Sequence[str]) -> list[str]:
        """Compute what is not known yet of these tags; the runs whose columns on disk turned out damaged."""
        with self._lock:
            if views is not self._seen:
                self._look(views)
                self._seen, self._complete = views, set()
            tags = [tag for tag in tags if tag not in self._complete]
            if not tags:
                return []
            tables = [self._tables.setdefault(tag, _Table(len(self._views))) for tag in tags]
            for table in self._tables.values():
                if len(table.state) < len(self._views):
                    table.grow(2 * len(self._views))
            rows = np.array([self._row[run] for run in views], np.int64)
            unknown = np.array([table.state[rows] == 0 for table in tables]).reshape(len(tags), len(rows))
            lacking = np.flatnonzero(unknown.any(1)).tolist()
            wanted = rows[unknown.any(0)].tolist()
            damaged = self._compute(wanted, [tags[tag] for tag in lacking]) if wanted else []
            self._complete.update(tags)
            return damaged

    def _look(self, views: Mapping[str, RunView]) -> None:
        """Give new runs a row, and forget what was known of those that are gone or have changed."""
        for run in self._row.keys() - views.keys():
            self._free.append(self._row.pop(run))
        changed = []
        for run, view in views.items():
            row = self._row.get(run)
            if row is None:
                row = self._row[run] = self._free.pop() if self._free else len(self._views)
                if row == len(self._views):
                    self._views.append(None)
            if self._views[row] is not view:
                self._views[row] = view
                changed.append(row)
        for table in self._tables.values():
            known = [row for row in changed if row < len(table.state)]
            table.state[known] = 0

    def _compute(self, rows: Sequence[int], tags: Sequence[str]) -> list[str]:
        views = [view for row in rows if (view := self._views[row]) is not None]
        points = sum(view.info.scalar_points for view in views)
        workers = (os.cpu_count() or 1) if points >= max(_PARALLEL, _LONG * len(views)) else 1
        size = -(-len(views) // (workers * _SHARES)) if workers > 1 else len(views)
        shares = [slice(at, at + size) for at in range(0, len(views), size)]

        def work(share: slice) -> Found:
            return statistics_of(views[share], tags)

        with ThreadPoolExecutor(workers) as threads:
            found = list(threads.map(work, shares))
        return [run for share, part in zip(shares, found, strict=True) for run in self._keep(rows[share], tags, part)]

    def _keep(self, rows: Sequence[int], tags: Sequence[str], found: Found) -> list[str]:
        """Enter what was found; the names of the damaged runs."""
        damaged = [view.name for run in found.damaged if (view := self._views[rows[run]]) is not None]
        whole = np.setdiff1d(np.arange(len(rows)), found.damaged)
        places = np.asarray(rows, np.int64)[whole]
        for at, tag in enumerate(tags):
            self._tables[tag].values[places] = found.values[whole, at]
            self._tables[tag].state[places] = 1 + found.there[whole, at]
        return damaged

    def column(self, runs: Sequence[str], tag: str, statistic: int) -> tuple[Floats, Mask]:
        """(one statistic of a tag in each run, whether the run lacks it), as `ensure` computed them."""
        with self._lock:
            table = self._tables.get(tag)
            if table is None:
                return np.full(len(runs), np.nan), np.ones(len(runs), bool)
            rows = np.array([self._row.get(run, 0) for run in runs], np.int64)
            there = table.state[rows] == 2
            return np.where(there, table.values[rows, statistic], np.nan), ~there

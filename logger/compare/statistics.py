"""What each scalar of each run came to, over all its points; restarts leave the latest ones."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt

from .. import native
from ..reader.blocks import Block, ColumnsDamaged
from ..reader.kinds import SCALARS
from ..reader.run import RunView
from .statistics_layout import COLUMNS, UNSORTED, WIDTH

__all__ = ["COLUMNS", "StatisticsCache", "run_statistics"]

Floats = npt.NDArray[np.float64]

_SOURCES = [Path(__file__).with_name(name) for name in ("statistics_kernels.py", "statistics_layout.py", "tokens.py")]
_PARALLEL = 200_000  # points from which several threads are worth their start
_SHARE = 32  # runs that a thread takes at once


def kernels() -> SimpleNamespace:
    """Loaded from what an earlier process compiled; compiled the first time, which takes seconds."""
    return native.load(f"{__package__}.statistics_kernels", _SOURCES)


def run_statistics(view: RunView, tags: Sequence[str]) -> dict[str, Floats]:
    """tag → its statistics in the order of COLUMNS, for those of the tags that the run has. Raises ColumnsDamaged.

    `last` and `first` are values as logged; min, max, mean and std (the sample's) leave out NaN; steps as float64.
    """
    numbers = {tag: number for tag in tags if (number := view.tags.number.get((SCALARS, tag))) is not None}
    block = _only_block(view)
    found: dict[str, Floats] = {}
    if block is not None:
        places = {tag: rows for tag, number in numbers.items() if (rows := block.rows(number)) is not None}
        bounds = np.array([(rows.start, rows.stop) for rows in places.values()], np.int64).reshape(-1, 2)
        out = _reduce(block.step, block.value, bounds[:, 0], bounds[:, 1])
        found = {tag: row[:UNSORTED] for tag, row in zip(places, out, strict=True) if row[UNSORTED] != 1.0}
        numbers = {tag: number for tag, number in numbers.items() if tag in places and tag not in found}
    for tag in numbers:
        series = view.find(tag)
        if series is not None:
            latest = series.rows if series.superseded is None else series.rows.take(~series.superseded)
            whole = np.array([0]), np.array([len(latest.step)])
            found[tag] = _reduce(latest.step, latest.value, *whole)[0, :UNSORTED]
    return found


def _only_block(view: RunView) -> Block | None:
    """The run's columns where they lie in one piece: nearly always."""
    if len(view.phases) != 1 or len(view.phases[0].sessions) != 1:
        return None
    blocks = view.phases[0].sessions[0].blocks
    return blocks[0] if len(blocks) == 1 else None


def _reduce(step: npt.NDArray[Any], value: npt.NDArray[Any], begins: Any, ends: Any) -> Floats:
    """One row of WIDTH numbers per series."""
    out = np.empty(WIDTH * len(begins))
    if len(begins):
        run = getattr(kernels(), f"i{step.dtype.itemsize}f{value.dtype.itemsize}")
        columns = (np.ascontiguousarray(column) for column in (step, value, begins, ends))
        run(*columns, out)
    return out.reshape(-1, WIDTH)


class StatisticsCache:
    """Statistics of runs as they were last seen; a run is computed anew when its view is another one."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[RunView, dict[str, Floats | None]]] = {}
        self._lock = threading.Lock()

    def ensure(self, views: Mapping[str, RunView], tags: Sequence[str]) -> list[str]:
        """Compute what is not known yet of these tags; the runs whose columns on disk turned out damaged."""
        with self._lock:
            for run in self._known.keys() - views.keys():
                del self._known[run]
            wanted = [(view, missing) for run, view in views.items() if (missing := self._missing(run, view, tags))]
            points = sum(view.info.scalar_points for view, _ in wanted)
            if points < _PARALLEL:
                return self._compute(wanted)
            shares = [wanted[at : at + _SHARE] for at in range(0, len(wanted), _SHARE)]
            with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
                return [run for damaged in threads.map(self._compute, shares) for run in damaged]

    def _missing(self, run: str, view: RunView, tags: Sequence[str]) -> list[str]:
        known = self._known.get(run)
        if known is None or known[0] is not view:
            self._known[run] = known = (view, {})
        return [tag for tag in tags if tag not in known[1]]

    def _compute(self, wanted: Sequence[tuple[RunView, list[str]]]) -> list[str]:
        damaged = []
        for view, tags in wanted:
            try:
                found = run_statistics(view, tags)
            except ColumnsDamaged:
                damaged.append(view.name)
                continue
            self._known[view.name][1].update((tag, found.get(tag)) for tag in tags)
        return damaged

    def of(self, run: str, tag: str) -> Floats | None:
        """What `ensure` computed; None where the run lacks the tag."""
        known = self._known.get(run)
        return known[1].get(tag) if known is not None else None

"""Levels of detail of a timeline: records of slices merged into cells of 2^level ns: no question reads all slices.

Merging a finer level gives the same records as merging the slices: slices shorter than a cell join those of the same
cell that they touch in their lane, longer ones stay alone. So every slice is in exactly one record of each level.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...logger.reader.decoder import fresh_pages
from ..analysis.compiled import kernels

__all__ = ["LaneRows", "Level", "Records", "levels_of"]

_FIRST, _STEP, _LAST = 11, 2, 48  # levels that may be kept: cells of 2 µs, 8 µs, 33 µs …
_WORTH = 0.6  # a level with more records than this share of the next finer one is not kept
_SAMPLES, _SAMPLE = 64, 512  # of the finer level: how many, and how many records each


@dataclass(frozen=True)
class Records:
    """Columns (r,) of merged slices: `start`, `end`, `total`, `longest` int64 ns; `count`, `row` int32."""

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    count: NDArray[np.int32]
    total: NDArray[np.int64]
    row: NDArray[np.int32]
    longest: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.start)

    @property
    def columns(self) -> tuple[NDArray[Any], ...]:
        """In the order of the fields."""
        return (self.start, self.end, self.count, self.total, self.row, self.longest)

    @staticmethod
    def room(size: int) -> Records:
        """Uninitialised columns for `size` records; of large ones only what is written takes memory."""
        whole, half = fresh_pages(4 * size, np.int64).reshape(4, size), fresh_pages(2 * size, np.int32).reshape(2, size)
        return Records(whole[0], whole[1], half[0], whole[2], half[1], whole[3])

    def until(self, size: int) -> Records:
        """The first `size` of them."""
        return Records(*(column[:size] for column in self.columns))


class _Source(ABC):
    """What records are merged from, lane after lane; lane_from (lanes + 1,) int64: where each begins."""

    lane_from: NDArray[np.int64]

    def merged(
        self, level: int, lanes: NDArray[np.int32], edges: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], Records]:
        """(offsets (lanes × tiles + 1,), records) of each lane between neighbouring edges; no finer than the source."""
        low, high = (np.empty(len(lanes) * (len(edges) - 1), np.int64) for _ in range(2))
        self._find(lanes, edges, low, high)
        return self._of_ranges(level, low, high)

    def level(self, level: int) -> Level:
        """All of it, as a coarser level."""
        return Level(level, *self._of_ranges(level, self.lane_from[:-1], self.lane_from[1:]))

    def share(self, level: int) -> float:
        """About how many records a coarser level has, of those that are here: as samples of all lanes tell."""
        size = int(self.lane_from[-1])
        low = np.linspace(0, size, _SAMPLES, endpoint=False).astype(np.int64)
        high = np.minimum(low + _SAMPLE, self.lane_from[np.searchsorted(self.lane_from, low, "right")])
        return len(self._of_ranges(level, low, high)[1]) / max(1, int((high - low).sum()))

    def _of_ranges(
        self, level: int, low: NDArray[np.int64], high: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], Records]:
        offsets, out = np.empty(len(low) + 1, np.int64), Records.room(int((high - low).sum()))
        self._merge(low, high, level, offsets, out)
        return offsets, out.until(int(offsets[-1]))

    @abstractmethod
    def _find(self, lanes: Any, edges: Any, low: Any, high: Any) -> None:
        """Fills in which places of each lane are in each tile."""

    @abstractmethod
    def _merge(self, low: Any, high: Any, level: int, offsets: Any, out: Records) -> None:
        """Fills in the records of each range of places."""


@dataclass(frozen=True)
class LaneRows(_Source):
    """The slices themselves: order (n,) int32, their rows; start and duration (n,) int64 ns, by row."""

    order: NDArray[np.int32]
    lane_from: NDArray[np.int64]
    start: NDArray[np.int64]
    duration: NDArray[np.int64]

    def _find(self, lanes: Any, edges: Any, low: Any, high: Any) -> None:
        columns = (self.lane_from, self.order, self.start, self.duration)
        kernels("lane_kernels").find_rows(lanes, edges, *columns, low, high)

    def _merge(self, low: Any, high: Any, level: int, offsets: Any, out: Records) -> None:
        columns = (self.order, self.start, self.duration)
        kernels("lane_kernels").merge_rows(low, high, level, *columns, offsets, *out.columns)


@dataclass(frozen=True)
class Level(_Source):
    """Records of cells of 2^number ns."""

    number: int
    lane_from: NDArray[np.int64]
    records: Records

    def _find(self, lanes: Any, edges: Any, low: Any, high: Any) -> None:
        columns = (self.lane_from, self.records.start, self.records.end, self.records.count)
        kernels("lane_kernels").find_records(lanes, edges, *columns, low, high)

    def _merge(self, low: Any, high: Any, level: int, offsets: Any, out: Records) -> None:
        kernels("lane_kernels").merge_records(low, high, level, *self.records.columns, offsets, *out.columns)


def levels_of(rows: LaneRows) -> list[Level]:
    """The levels worth keeping, finest first: together smaller than the slices."""
    levels: list[Level] = []
    source: _Source = rows
    size = len(rows.order)
    for number in range(_FIRST, _LAST, _STEP):
        if size < 1 << 15:  # so few are merged at once when somebody asks
            break
        if source.share(number) <= _WORTH:
            source = source.level(number)
            levels.append(source)
            size = len(source.records)
    return levels

"""A trace as a timeline asks for it: bands of lanes, and any window of them in records no narrower than a pixel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..analysis.compiled import kernels
from ..trace import Trace
from .bands import Band, bands_of
from .levels import LaneRows, Level, Records, levels_of

__all__ = ["Timeline", "Window", "timeline_window"]


@dataclass(frozen=True)
class Window:
    """Records of some bands over some tiles.

    level    a record that stands for several slices holds those that begin in one cell of 2^level ns
    edges    (tiles + 1,) int64 ns
    lanes    (l,) int32 lanes of the timeline, those of a band together
    offsets  (l × tiles + 1,) int64: the records of each lane in each tile
    records  a slice that begins before a tile and reaches into it is there, too: with a start before the tile's edge
    """

    level: int
    edges: NDArray[np.int64]
    lanes: NDArray[np.int32]
    offsets: NDArray[np.int64]
    records: Records

    @property
    def continued(self) -> NDArray[np.bool_]:
        """(r,) whether a record began before its tile."""
        tiles = len(self.edges) - 1
        counts = np.diff(self.offsets)
        began = np.repeat(np.tile(self.edges[:-1], len(self.lanes)), counts) if tiles else np.empty(0, np.int64)
        found: NDArray[np.bool_] = self.records.start < began
        return found


class Timeline:
    """Bands, lanes and levels of detail of one trace. Making one takes about 0.15 s for each million slices.

    bands      in the order people read them
    lane_base  (bands + 1,) int64: the first lane of each band
    lane       (n,) int32: the lane of each slice, counted over all bands
    """

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        start, duration = (np.ascontiguousarray(of) for of in (trace.slices.start, trace.slices.duration))
        bands, band = bands_of(trace)
        style = np.array([found.kind.nested for found in bands], np.int8)
        lanes = np.zeros(len(bands), np.int32)
        lane, below = np.empty(len(start), np.int32), np.empty(len(start), np.int32)
        kernels("lane_kernels").assign_lanes(
            start, duration, band, style, np.full(len(bands), -1, np.int32), below, lanes, lane
        )
        self.bands: list[Band] = [replace(found, lanes=int(count)) for found, count in zip(bands, lanes, strict=True)]
        self.lane_base: NDArray[np.int64] = np.concatenate([[0], np.cumsum(lanes)]).astype(np.int64)
        lane += self.lane_base[:-1].astype(np.int32)[band]
        self.lane: NDArray[np.int32] = lane
        self.rows = _in_lanes(lane, int(self.lane_base[-1]), start, duration)
        self.levels: list[Level] = levels_of(self.rows)
        end = int((start + duration).max()) if len(start) else 0
        self.end = max(end, int(trace.memory.time.max(initial=0)), 1)

    def window(self, level: int, edges: NDArray[np.int64], bands: Sequence[int]) -> Window:
        """Records of `bands` between neighbouring edges (ns, ascending, multiples of 2^level)."""
        spans = [np.arange(self.lane_base[band], self.lane_base[band + 1], dtype=np.int32) for band in bands]
        lanes = np.concatenate([np.empty(0, np.int32), *spans])
        source: LaneRows | Level = self.rows
        for kept in self.levels:
            if kept.number <= level:
                source = kept
        return Window(level, edges, lanes, *source.merged(level, lanes, edges))

    def place_of(self, row: int) -> tuple[int, int]:
        """(band, lane within it) of a slice."""
        lane = int(self.lane[row])
        band = int(np.searchsorted(self.lane_base, lane, "right")) - 1
        return band, lane - int(self.lane_base[band])

    def bands_at(self, rows: NDArray[np.integer]) -> NDArray[np.int64]:
        """(k,) the band of each row."""
        bands: NDArray[np.int64] = np.searchsorted(self.lane_base, self.lane[rows], "right") - 1
        return bands


def timeline_window(
    trace: Trace | Timeline, start: int, end: int, pixels: int, bands: Sequence[int] | None = None
) -> Window:
    """What a picture of `pixels` columns shows from `start` to `end` (ns): about two records a column and lane at most.

    The window grows to whole cells. Nothing is dropped: records that are not `continued` together hold the count and
    the duration of all slices that begin within `edges`. Raises ValueError for an empty window or no pixels.
    """
    if end <= start or pixels < 1:
        raise ValueError(f"a window needs a duration and pixels, got {start} to {end} ns on {pixels} pixels")
    timeline = trace if isinstance(trace, Timeline) else Timeline(trace)
    level = max(0, ((end - start) // pixels).bit_length() - 1)
    cell = 1 << level
    edges = np.array([start // cell * cell, -(-end // cell) * cell], np.int64)
    return timeline.window(level, edges, range(len(timeline.bands)) if bands is None else bands)


def _in_lanes(lane: NDArray[np.int32], lanes: int, start: NDArray[np.int64], duration: NDArray[np.int64]) -> LaneRows:
    lane_from = np.concatenate([[0], np.cumsum(np.bincount(lane, minlength=lanes))]).astype(np.int64)
    order = np.empty(len(lane), np.int32)
    kernels("lane_kernels").sort_into_lanes(lane, lane_from[:-1].copy(), order)
    return LaneRows(order, lane_from, start, duration)

"""Columns of the log → the points a chart shows of them.

One tag of many runs is reduced by a handful of compiled calls, whatever the number of runs; tags are reduced in
parallel threads. Importing this module loads the compiled kernels.
"""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from . import reduce
from .queries import ScalarsQuery, SeriesQuery, View

if TYPE_CHECKING:
    from ..logger import LogDir
    from ..logger.reader import ScalarColumns

__all__ = ["ReducedTag", "chart_columns", "reduce_columns", "reduce_query"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Codes = NDArray[np.uint8]

_POINTS_PER_CHART = 200_000  # more cannot be told apart in one chart, and cost time to send and draw
_FEWEST_COLUMNS = 64
_LONGEST_TAIL = 4_096  # points sent as they are when a page asks for what is new
_KEPT_PER_COLUMN = 4  # first, last, lowest, highest

_threads = ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1), thread_name_prefix="reduce")


@dataclass(frozen=True, slots=True)
class ReducedTag:
    """The series of one tag, and which of their points are sent. All arrays have one entry per series unless said."""

    tag: str
    runs: Sequence[str]  # names
    segments: Sequence[int]
    epochs: Sequence[int]
    step: Ints  # all points of all series, end to end
    wall_time: Floats  # likewise
    value: Floats  # likewise
    smoothed: Floats | None  # likewise; None: not asked for
    offsets: Ints  # len(series) + 1
    start: Floats  # wall time of the run's first event
    begin: Ints  # index of the first point covered: 0 unless this is a tail
    kept: Ints  # indices into the columns; those of series s begin at offsets[s]
    counts: Ints  # three per series: points kept, NaNs, infinities
    spans: Floats  # two per series: lowest and highest finite value
    codes: Codes  # three per series: types of step, time and value (see reduce_kernels.widths)


def reduce_query(log: LogDir, query: ScalarsQuery) -> list[ReducedTag]:
    """Answer each tag of the query, in order; tags without points in any of the runs are left out."""
    starts: dict[str, float] = {}
    for run in dict.fromkeys(run for wanted in query.series for run in wanted.runs):
        first = _first_wall_time(log, run)
        if first is not None:
            starts[run] = first

    def answer(wanted: SeriesQuery) -> ReducedTag | None:
        runs = [run for run in wanted.runs if run in starts]
        columns = log.scalar_columns(wanted.tag, runs, query.view.segments)
        if len(columns.offsets) < 2:
            return None
        return reduce_columns(columns, wanted, runs, np.array([starts[run] for run in runs]), query.view)

    return [reduced for reduced in _threads.map(answer, query.series) if reduced is not None]


def reduce_columns(
    columns: ScalarColumns, wanted: SeriesQuery, runs: Sequence[str], starts: Floats, view: View
) -> ReducedTag:
    """Smooth, choose and measure the points of one tag.

    runs, starts   what columns.run indexes: names and wall times of their first events
    """
    kernels = reduce.kernels()
    offsets = columns.offsets
    run_of = np.asarray(columns.run, np.int64)
    names = [runs[i] for i in run_of]
    start = starts[run_of]
    begin = _tails(columns, wanted, names, view)
    smoothed = None
    if view.smoothing > 0.0:
        smoothed = np.empty(len(columns.value))
        kernels.smooth(view.smoothing, columns.value, offsets, smoothed)
    series = len(names)
    kept, counts, spans = np.empty(len(columns.step), np.int64), np.empty(3 * series, np.int64), np.empty(2 * series)
    axis, log = reduce.AXES[view.axis], int(view.log_x)
    low, high = _limits(columns, start, begin, view)
    drawn = chart_columns(view.pixels, series)
    all_up_to = 2 * drawn if not begin.any() else max(2 * drawn, _LONGEST_TAIL)
    kernels.pick(
        axis, log, low, high, drawn, all_up_to,
        columns.step, columns.wall_time, columns.value, offsets, start, begin,
        np.empty(7, np.int64), kept, counts, spans,
    )  # fmt: skip
    codes = np.zeros(3 * series, np.uint8)
    codes[2::3] = ~np.asarray(columns.exact32, bool)
    kernels.widths(columns.step, columns.wall_time, offsets, start, kept, counts, codes)
    return ReducedTag(
        tag=wanted.tag,
        runs=names,
        segments=_as_list(columns.segment),
        epochs=_as_list(columns.epoch),
        step=columns.step,
        wall_time=columns.wall_time,
        value=columns.value,
        smoothed=smoothed,
        offsets=offsets,
        start=start,
        begin=begin,
        kept=kept,
        counts=counts,
        spans=spans,
        codes=codes,
    )


def chart_columns(pixels: int, series: int) -> int:
    """How many columns to reduce to: one per pixel, halved while there are too many points."""
    columns = pixels
    while columns // 2 >= _FEWEST_COLUMNS and columns * series * _KEPT_PER_COLUMN > _POINTS_PER_CHART:
        columns //= 2
    return columns


def _first_wall_time(log: LogDir, run: str) -> float | None:
    """Wall time of the run's first event, 0 if it has none; None when there is no such run."""
    try:
        first = log.run_info(run).first_wall_time
    except KeyError:
        return None
    return first if first is not None and math.isfinite(first) else 0.0


def _tails(columns: ScalarColumns, wanted: SeriesQuery, names: Sequence[str], view: View) -> Ints:
    """Per series, the number of points the client has and may keep: those of the same epoch."""
    begin = np.zeros(len(names), np.int64)
    if not wanted.known or view.segments == "separate":  # segments come and go: a run has no one tail
        return begin
    known = {run: (count, epoch) for run, count, epoch in zip(wanted.runs, wanted.known, wanted.epochs, strict=True)}
    lengths = np.diff(columns.offsets).tolist()
    for series, (name, epoch, length) in enumerate(zip(names, _as_list(columns.epoch), lengths, strict=True)):
        count, epoch_known = known[name]
        if epoch_known == epoch and count <= length:
            begin[series] = count
    return begin


def _limits(columns: ScalarColumns, start: Floats, begin: Ints, view: View) -> tuple[float, float]:
    """The ends of the visible x range as the kernels see it (logarithms on a logarithmic axis)."""
    axis, log = reduce.AXES[view.axis], int(view.log_x)
    if view.range is not None:
        low, high = view.range
        if not view.log_x:
            return low, high
        if low > 0.0:
            return float(np.log10(low)), float(np.log10(high))
    ends = np.empty(2)
    reduce.kernels().extent(axis, log, columns.step, columns.wall_time, columns.offsets, start, begin, ends)
    first, last = ends.tolist()
    if view.range is not None:  # a logarithmic axis that begins at 0 or below begins at the data
        last = float(np.log10(high)) if high > 0.0 else first - 1.0
    return first, last


def _as_list(values: Sequence[int] | NDArray[np.int64]) -> list[int]:
    return values.tolist() if isinstance(values, np.ndarray) else list(values)

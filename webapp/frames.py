"""Columns of the log → the points a chart shows of them.

One tag of many runs is reduced by a handful of compiled calls, whatever the number of runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import reduce
from .curves import Curves
from .queries import SeriesQuery, View
from .winding import thinned

__all__ = ["Codes", "Floats", "Ints", "ReducedTag", "chart_columns", "limits", "reduce_curves"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Codes = NDArray[np.uint8]

_POINTS_PER_CHART = 200_000  # more cannot be told apart in one chart, and cost time to send and draw
_FEWEST_COLUMNS = 64
_LONGEST_TAIL = 4_096  # points sent as they are when a page asks for what is new
_KEPT_PER_COLUMN = 4  # first, last, lowest, highest
_MOST_PER_COLUMN = 7  # and the first NaN and infinities; more than that are several visits


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
    more: Mapping[str, Floats | NDArray[np.int32]] = field(default_factory=dict)  # further columns that are sent
    notes: Sequence[Mapping[str, Any]] = ()  # per series: further fields of its entry; () for none


def reduce_curves(curves: Curves, wanted: SeriesQuery, view: View) -> ReducedTag:
    """Choose and measure the points of one tag."""
    kernels = reduce.kernels()
    offsets, start = curves.offsets, curves.start
    begin = _tails(curves, wanted, view)
    series = len(curves.runs)
    kept, counts, spans = np.empty(len(curves.step), np.int64), np.empty(3 * series, np.int64), np.empty(2 * series)
    axis, log = reduce.AXES["wall" if curves.x is not None else view.axis], int(view.log_x)
    wall_time = curves.wall_time if curves.x is None else curves.x  # a scalar is an axis that needs no conversion
    low, high = limits(view, axis, curves.step, wall_time, offsets, start, begin)
    drawn = chart_columns(view.pixels, series)
    all_up_to = 2 * drawn if not begin.any() else max(2 * drawn, _LONGEST_TAIL)
    kernels.pick(
        axis, log, low, high, drawn, all_up_to,
        curves.step, wall_time, curves.value, offsets, start, begin,
        np.empty(7, np.int64), kept, counts, spans,
    )  # fmt: skip
    if curves.x is not None:
        _thin_winding(curves, view, low, high, drawn, kept, counts)
    codes = np.zeros(3 * series, np.uint8)
    codes[2::3] = ~curves.exact32
    kernels.widths(curves.step, curves.wall_time, offsets, start, kept, counts, codes)
    return ReducedTag(
        tag=curves.tag,
        runs=curves.runs,
        segments=curves.segments,
        epochs=curves.epochs,
        step=curves.step,
        wall_time=curves.wall_time,
        value=curves.value,
        smoothed=curves.smoothed,
        offsets=offsets,
        start=start,
        begin=begin,
        kept=kept,
        counts=counts,
        spans=spans,
        codes=codes,
        more={} if curves.x is None else {"x": curves.x},
    )


def _thin_winding(curves: Curves, view: View, low: float, high: float, drawn: int, kept: Ints, counts: Ints) -> None:
    """Where x falls or repeats, columns are visited again and again: keep of all visits what one would have kept."""
    assert curves.x is not None
    for series, count in enumerate(counts[0::3].tolist()):
        if count <= _MOST_PER_COLUMN * drawn:
            continue
        begin, end = int(curves.offsets[series]), int(curves.offsets[series + 1])
        with np.errstate(all="ignore"):
            x = np.log10(curves.x[begin:end]) if view.log_x else curves.x[begin:end]
        own = thinned(kept[begin : begin + count] - begin, x, curves.value[begin:end], low, high, drawn) + begin
        kept[begin : begin + len(own)] = own
        counts[3 * series] = len(own)


def chart_columns(pixels: int, series: int) -> int:
    """How many columns to reduce to: one per pixel, halved while there are too many points."""
    columns = pixels
    while columns // 2 >= _FEWEST_COLUMNS and columns * series * _KEPT_PER_COLUMN > _POINTS_PER_CHART:
        columns //= 2
    return columns


def _tails(curves: Curves, wanted: SeriesQuery, view: View) -> Ints:
    """Per series, the number of points the client has and may keep: those of the same epoch."""
    begin = np.zeros(len(curves.runs), np.int64)
    if not wanted.known or view.segments == "separate":  # segments come and go: a run has no one tail
        return begin
    if wanted.smoothing is not None and not wanted.smoothing.looks_back_only:
        return begin  # new points change the curve before them
    known = {run: (count, epoch) for run, count, epoch in zip(wanted.runs, wanted.known, wanted.epochs, strict=True)}
    lengths = np.diff(curves.offsets).tolist()
    for series, (name, epoch, length) in enumerate(zip(curves.runs, curves.epochs, lengths, strict=True)):
        count, epoch_known = known[name]
        if epoch_known == epoch and count <= length:
            begin[series] = count
    return begin


def limits(
    view: View, axis: int, step: Ints, wall_time: Floats, offsets: Ints, start: Floats, begin: Ints
) -> tuple[float, float]:
    """The ends of the visible x range as the kernels see it (logarithms on a logarithmic axis)."""
    if view.range is not None:
        low, high = view.range
        if not view.log_x:
            return low, high
        if low > 0.0:
            return float(np.log10(low)), float(np.log10(high))
    ends = np.empty(2)
    reduce.kernels().extent(axis, int(view.log_x), step, wall_time, offsets, start, begin, ends)
    first, last = ends.tolist()
    if view.range is not None:  # a logarithmic axis that begins at 0 or below begins at the data
        last = float(np.log10(high)) if high > 0.0 else first - 1.0
    return first, last

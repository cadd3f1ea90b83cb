"""What is asked for of one tag or formula, over all its points: x, values, derivative, smoothing."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..logger.compare.bands import align
from ..logger.compare.curves import derivative, smooth
from .queries import SeriesQuery, View
from .row_columns import row_columns

if TYPE_CHECKING:
    from ..logger import LogDir
    from ..logger.reader import ScalarColumns

__all__ = ["Curves", "curves_of", "mixed_epoch", "with_x", "worked"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Curves:
    """The series of one tag or formula. Columns hold all points of all series, end to end."""

    tag: str
    runs: Sequence[str]  # per series: name
    segments: Sequence[int]  # likewise
    epochs: Sequence[int]  # likewise
    start: Floats  # likewise: wall time of the run's first event
    exact32: NDArray[np.bool_]  # likewise: every value is a float32
    offsets: Ints  # len(series) + 1
    step: Ints
    wall_time: Floats
    value: Floats
    x: Floats | None = None  # where x is a scalar
    smoothed: Floats | None = None  # None: not asked for

    def positions(self, view: View) -> Ints | Floats:
        """Where the points lie on the view's axis; steps as integers."""
        if self.x is not None:
            return self.x
        if view.axis == "step":
            return self.step
        if view.axis == "wall":
            return self.wall_time
        return self.wall_time - np.repeat(self.start, np.diff(self.offsets))


def curves_of(columns: ScalarColumns, tag: str, runs: Sequence[str], starts: Floats) -> Curves:
    """Columns as the log gives them.

    runs, starts   what columns.run indexes: names and wall times of their first events
    """
    run_of = np.asarray(columns.run, np.int64)
    return Curves(
        tag=tag,
        runs=[runs[i] for i in run_of],
        segments=_as_list(columns.segment),
        epochs=_as_list(columns.epoch),
        start=starts[run_of],
        exact32=np.asarray(columns.exact32, bool),
        offsets=columns.offsets,
        step=columns.step,
        wall_time=columns.wall_time,
        value=columns.value,
    )


def with_x(curves: Curves, log: LogDir, x_tag: str) -> Curves:
    """The points that lie within the steps of the run's scalar `x_tag`, with its value there as x.

    Between two points of that scalar x is linear in the step; where a step repeats the last counts; NaNs are skipped.
    """
    wanted = list(dict.fromkeys(curves.runs))
    columns = row_columns(log, x_tag, wanted)
    place = {wanted[run]: i for i, run in enumerate(_as_list(columns.run))}
    ends = columns.offsets.tolist()
    x = np.full(len(curves.step), np.nan)
    epochs = list(curves.epochs)
    for series, (begin, end) in enumerate(zip(curves.offsets[:-1].tolist(), curves.offsets[1:].tolist(), strict=True)):
        i = place.get(curves.runs[series])
        if i is None:
            continue
        own = slice(ends[i], ends[i + 1])
        x[begin:end] = _interpolated(columns.step[own], columns.value[own], curves.step[begin:end])
        epochs[series] = mixed_epoch(epochs[series], int(columns.epoch[i]))
    return _only(replace(curves, x=x, epochs=epochs), np.isfinite(x))


def mixed_epoch(*epochs: int) -> int:
    """Several epochs as one number that JavaScript holds exactly."""
    return zlib.crc32(repr(epochs).encode())


def worked(curves: Curves, wanted: SeriesQuery, view: View) -> Curves:
    """With the derivative and the smoothing asked for."""
    smoothing = wanted.smoothing
    if not wanted.derivative and smoothing is None:
        return curves
    x = _from_first(curves.positions(view), curves.offsets)
    if wanted.derivative:
        slopes = derivative(x, curves.value, curves.offsets)
        curves = replace(curves, value=slopes, exact32=np.zeros(len(curves.exact32), bool))
    if smoothing is not None:
        curves = replace(curves, smoothed=smooth(smoothing, curves.value, x, curves.offsets))
    return curves


def _from_first(positions: Ints | Floats, offsets: Ints) -> Floats:
    """Positions relative to each series' first: differences of large steps stay exact."""
    lengths = np.diff(offsets)
    first = positions[np.minimum(offsets[:-1], max(len(positions) - 1, 0))] if len(positions) else positions[:0]
    if not len(positions):
        return np.empty(0)
    return np.ascontiguousarray(positions - np.repeat(first, lengths), np.float64)


def _interpolated(step: Ints, value: Floats, at: Ints) -> Floats:
    """The scalar at other steps; NaN outside its range."""
    finite = np.isfinite(value)
    known = align(step[finite], np.array([0, int(finite.sum())]))
    if not len(known.x):
        return np.full(len(at), np.nan)
    found: Floats = np.interp(
        (at - known.origin).astype(np.float64), known.x, known.take(value[finite]), np.nan, np.nan
    )
    return found


def _only(curves: Curves, keep: NDArray[np.bool_]) -> Curves:
    """Some of the points; series left without any are left out."""
    before = np.concatenate([[0], np.cumsum(keep)])
    ends = before[curves.offsets]
    lengths = np.diff(ends)
    left: list[int] = np.flatnonzero(lengths).tolist()
    assert curves.x is not None
    return replace(
        curves,
        runs=[curves.runs[i] for i in left],
        segments=[curves.segments[i] for i in left],
        epochs=[curves.epochs[i] for i in left],
        start=curves.start[left],
        exact32=curves.exact32[left],
        offsets=np.concatenate([[0], np.cumsum(lengths[left])]).astype(np.int64),
        step=curves.step[keep],
        wall_time=curves.wall_time[keep],
        value=curves.value[keep],
        x=curves.x[keep],
    )


def _as_list(values: Sequence[int] | NDArray[np.int64]) -> list[int]:
    return values.tolist() if isinstance(values, np.ndarray) else list(values)

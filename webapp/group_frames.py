"""Groups of runs → one line each with a band, as few points of them as a chart shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..logger.compare.bands import Aligned, align, band_on, thin, union_grid
from . import reduce
from .curves import Curves
from .frames import Floats, Ints, ReducedTag, chart_columns, limits
from .queries import GroupsQuery, View

__all__ = ["GroupCurve", "group_curves", "reduce_groups"]

_BAND = ("low", "high")


@dataclass(frozen=True, slots=True)
class GroupCurve:
    """One group over its grid. Arrays have one entry per grid point."""

    name: str
    runs: int  # those that have the tag
    points: int  # of all of them
    union: int  # distinct positions; more than len(x) when the grid was thinned
    start: float  # wall time of the first event of any of the runs
    x: Floats
    step: Ints  # where x is not the step: mean over the runs
    wall_time: Floats  # where x is not a time: start + mean time since the runs' own starts
    center: Floats
    low: Floats
    high: Floats
    count: Ints
    smoothed: tuple[Floats, Floats, Floats] | None  # centre, low and high of the smoothed runs


def group_curves(curves: Curves, groups: GroupsQuery, view: View) -> list[GroupCurve]:
    """One curve for each group that has points. Runs are worked on before they are grouped."""
    place = {run: i for i, run in enumerate(curves.runs)}
    made = []
    for name, runs in groups.members:
        members = [place[run] for run in runs if run in place]
        if members and (curve := _group_curve(name, _members(curves, members), groups, view)) is not None:
            made.append(curve)
    return made


def reduce_groups(curves: Curves, groups: GroupsQuery, view: View) -> ReducedTag | None:
    """Centre and band of each group, and which of their points are sent; None when no group has any."""
    made = group_curves(curves, groups, view)
    if not made:
        return None
    offsets = np.cumsum([0, *(len(curve.x) for curve in made)]).astype(np.int64)
    columns = {name: np.concatenate([getattr(curve, name) for curve in made]) for name in _COLUMNS}
    start = np.array([curve.start for curve in made])
    more: dict[str, Any] = {name: columns[name] for name in _BAND}
    more["count"] = columns["count"].astype(np.int32)
    smoothed = [curve.smoothed for curve in made if curve.smoothed is not None]
    if smoothed:
        center, *edges = (np.concatenate(parts) for parts in zip(*smoothed, strict=True))
        more |= {f"smooth_{name}": edge for name, edge in zip(_BAND, edges, strict=True)}
    if view.axis != "step" or view.x_tag is not None:
        more["x"] = columns["x"]
    kept, counts, spans = _picked(columns, offsets, start, view)
    codes = np.ones(3 * len(made), np.uint8)
    reduce.kernels().widths(columns["step"], columns["wall_time"], offsets, start, kept, counts, codes)
    return ReducedTag(
        tag=curves.tag,
        runs=[curve.name for curve in made],
        segments=[0] * len(made),
        epochs=[0] * len(made),
        step=columns["step"],
        wall_time=columns["wall_time"],
        value=columns["center"],
        smoothed=center if smoothed else None,
        offsets=offsets,
        start=start,
        begin=np.zeros(len(made), np.int64),
        kept=kept,
        counts=counts,
        spans=spans,
        codes=codes,
        more=more,
        notes=[
            {"group": True, "runs": c.runs, "points": c.points, "grid": len(c.x), "union": c.union} for c in made
        ],
    )  # fmt: skip


_COLUMNS = ("x", "step", "wall_time", "center", "low", "high", "count")


def _members(curves: Curves, members: list[int]) -> Curves:
    """The curves of some runs."""
    ends = curves.offsets.tolist()
    in_one_piece = members == list(range(members[0], members[-1] + 1))
    rows = (
        slice(ends[members[0]], ends[members[-1] + 1])
        if in_one_piece
        else np.concatenate([np.arange(ends[i], ends[i + 1]) for i in members])
    )
    lengths = np.diff(curves.offsets)[members]
    return Curves(
        tag=curves.tag,
        runs=[curves.runs[i] for i in members],
        segments=[],
        epochs=[],
        start=curves.start[members],
        exact32=curves.exact32[members],
        offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        step=curves.step[rows],
        wall_time=curves.wall_time[rows],
        value=curves.value[rows],
        x=None if curves.x is None else curves.x[rows],
        smoothed=None if curves.smoothed is None else curves.smoothed[rows],
    )


def _group_curve(name: str, runs: Curves, groups: GroupsQuery, view: View) -> GroupCurve | None:
    aligned = align(runs.positions(view), runs.offsets)
    union = union_grid(aligned) if len(runs.runs) > 1 else aligned.x
    if not len(union):
        return None
    shown = _around(union, view, aligned.origin)
    if len(runs.runs) == 1:
        return _lone_curve(name, runs, aligned, shown)
    grid = thin(union[shown], len(runs.runs))
    how = groups.center, groups.band
    center, low, high, count = band_on(grid, aligned, aligned.take(runs.value), *how)
    smoothed = None
    if runs.smoothed is not None:
        smoothed = band_on(grid, aligned, aligned.take(runs.smoothed), *how)[:3]
    start = float(runs.start.min())
    step, wall_time = _elsewhere(grid, aligned, runs, view, start)
    x = grid + aligned.origin
    return GroupCurve(
        name, len(runs.runs), len(runs.value), len(union), start, x, step, wall_time, center, low, high, count, smoothed
    )


def _lone_curve(name: str, run: Curves, aligned: Aligned, shown: slice) -> GroupCurve:
    """A group of one run is that run, whatever the centre and the band: hundreds of them come at once."""
    points = np.arange(len(aligned.x))[shown]
    rows = points if aligned.rows is None else aligned.rows[points]
    value = run.value[rows]
    smoothed = None if run.smoothed is None else run.smoothed[rows]
    return GroupCurve(
        name, 1, len(run.value), len(aligned.x), float(run.start[0]), aligned.x[points] + aligned.origin,
        run.step[rows], run.wall_time[rows], value, value, value, (~np.isnan(value)).astype(np.int64),
        None if smoothed is None else (smoothed, smoothed, smoothed),
    )  # fmt: skip


def _around(union: Floats, view: View, origin: int) -> slice:
    """The part of a grid that the view shows, with a neighbour on each side."""
    if view.range is None:
        return slice(None)
    low, high = np.searchsorted(union, [view.range[0] - origin, view.range[1] - origin], ("left"))
    return slice(max(int(low) - 1, 0), int(high) + 2)


def _elsewhere(grid: Floats, aligned: Aligned, runs: Curves, view: View, start: float) -> tuple[Ints, Floats]:
    """Steps and wall times of the grid points: those of the axis itself as they are, the others as means."""
    if view.x_tag is None and view.axis == "step":
        step = grid.astype(np.int64) + aligned.origin
    else:
        first = int(runs.step.min())
        mean = band_on(grid, aligned, aligned.take((runs.step - first).astype(np.float64)), "mean", "none")[0]
        step = mean.round().astype(np.int64) + first
    if view.x_tag is None and view.axis == "wall":
        return step, grid
    if view.x_tag is None and view.axis == "relative":
        return step, start + grid
    since = runs.wall_time - np.repeat(runs.start, np.diff(runs.offsets))
    return step, start + band_on(grid, aligned, aligned.take(since), "mean", "none")[0]


def _picked(columns: dict[str, NDArray[Any]], offsets: Ints, start: Floats, view: View) -> tuple[Ints, Ints, Floats]:
    """Points kept, counts and spans as in ReducedTag: what the centre keeps, and what both edges of the band keep."""
    groups, total = len(offsets) - 1, int(offsets[-1])
    none, axis = np.zeros(groups, np.int64), reduce.AXES["wall"]
    low, high = limits(view, axis, columns["step"], columns["x"], offsets, start, none)
    drawn = chart_columns(view.pixels, groups)
    marks, found = np.zeros(total, bool), {}
    center = columns["center"]
    edges = [name for name in _BAND if not np.array_equal(columns[name], center, equal_nan=True)]
    for name in ("center", *edges):
        kept, counts, spans = np.empty(total, np.int64), np.empty(3 * groups, np.int64), np.empty(2 * groups)
        reduce.kernels().pick(
            axis, int(view.log_x), low, high, drawn, 2 * drawn,
            columns["step"], columns["x"], columns[name], offsets, start, none,
            np.empty(7, np.int64), kept, counts, spans,
        )  # fmt: skip
        for first, count in zip(offsets[:-1].tolist(), counts[0::3].tolist(), strict=True):
            marks[kept[first : first + count]] = True
        found[name] = counts, spans
    counts, spans = found["center"]
    for end, name in enumerate(_BAND):
        spans[end::2] = found.get(name, found["center"])[1][end::2]
    kept = np.empty(total, np.int64)
    for group, (first, last) in enumerate(zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)):
        own = first + np.flatnonzero(marks[first:last])
        kept[first : first + len(own)] = own
        counts[3 * group] = len(own)
    return kept, counts, spans

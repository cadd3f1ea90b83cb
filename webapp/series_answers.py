"""The series that a request asks for: from the log, through curves and groups, to what is sent. Tags in parallel."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from ..logger.compare.nodes import ExpressionError, Node
from .curves import Curves, curves_of, with_x, worked
from .formula_columns import formula_columns, parsed
from .frames import ReducedTag, reduce_curves
from .group_frames import reduce_groups
from .queries import Refused, ScalarsQuery, SeriesQuery, View
from .row_columns import row_columns

if TYPE_CHECKING:
    from ..logger import LogDir
    from ..logger.reader import ScalarColumns

__all__ = ["check_formula", "curves_for", "first_wall_times", "reduce_query", "threads"]

threads = ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1), thread_name_prefix="series")


def reduce_query(log: LogDir, query: ScalarsQuery) -> list[ReducedTag]:
    """Answer each tag of the query, in order; tags without points in any of the runs are left out."""
    starts = first_wall_times(log, (run for wanted in query.series for run in wanted.runs))

    def answer(wanted: SeriesQuery) -> ReducedTag | None:
        curves = curves_for(log, wanted, query.view, starts)
        if curves is None:
            return None
        if query.groups is not None:
            return reduce_groups(curves, query.groups, query.view)
        return reduce_curves(curves, wanted, query.view)

    return [reduced for reduced in threads.map(answer, query.series) if reduced is not None]


def curves_for(log: LogDir, wanted: SeriesQuery, view: View, starts: dict[str, float]) -> Curves | None:
    """All points of what is wanted, smoothed and so on; None when there are none."""
    runs = [run for run in wanted.runs if run in starts]
    columns = _columns(log, wanted, runs, view)
    if len(columns.offsets) < 2:
        return None
    curves = curves_of(columns, wanted.tag, runs, np.array([starts[run] for run in runs]))
    if view.x_tag is not None:
        curves = with_x(curves, log, view.x_tag)
        if not len(curves.runs):
            return None
    return worked(curves, wanted, view)


def _columns(log: LogDir, wanted: SeriesQuery, runs: Sequence[str], view: View) -> ScalarColumns:
    """Raises Refused for a formula that cannot be understood."""
    if not wanted.is_formula:
        return row_columns(log, wanted.tag, runs, view.segments)
    return formula_columns(check_formula(log, wanted.tag), runs, partial(row_columns, log))


def check_formula(log: LogDir, text: str) -> Node:
    """The tree of a formula. Raises Refused, with the place of the mistake."""
    try:
        return parsed(log, text)
    except ExpressionError as error:
        raise Refused(error.message, span=(error.start, error.end)) from None


def first_wall_times(log: LogDir, runs: Iterable[str]) -> dict[str, float]:
    """Wall time of the first event of those runs that exist."""
    starts = {}
    for run in dict.fromkeys(runs):
        first = _first_wall_time(log, run)
        if first is not None:
            starts[run] = first
    return starts


def _first_wall_time(log: LogDir, run: str) -> float | None:
    """Wall time of the run's first event, 0 if it has none; None when there is no such run."""
    try:
        first = log.run_info(run).first_wall_time
    except KeyError:
        return None
    return first if first is not None and math.isfinite(first) else 0.0

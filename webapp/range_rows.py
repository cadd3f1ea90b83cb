"""The rows of POST /api/statistics: what each series asked for comes to within a range of x."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..logger.compare.range_statistics import RangeStatistics, range_statistics
from .curves import Curves
from .frames import Floats, Ints
from .group_frames import group_curves
from .numbers import cleansed
from .queries import ScalarsQuery, SeriesQuery
from .series_answers import curves_for, first_wall_times, threads

if TYPE_CHECKING:
    from ..logger import LogDir

__all__ = ["statistics_rows"]


def statistics_rows(log: LogDir, query: ScalarsQuery) -> list[dict[str, Any]]:
    """One row per series, or per group: statistics of its centre line. Raises Refused."""
    starts = first_wall_times(log, (run for wanted in query.series for run in wanted.runs))

    def answer(wanted: SeriesQuery) -> list[dict[str, Any]]:
        curves = curves_for(log, wanted, query.view, starts)
        if curves is None:
            return []
        return _of_runs(curves, query) if query.groups is None else _of_groups(curves, query)

    return [row for rows in threads.map(answer, query.series) for row in rows]


def _of_runs(curves: Curves, query: ScalarsQuery) -> list[dict[str, Any]]:
    x = curves.positions(query.view)
    found = range_statistics(x, curves.value, curves.offsets, query.view.range)
    names = [
        {"tag": curves.tag, "run": run, "segment": segment}
        for run, segment in zip(curves.runs, curves.segments, strict=True)
    ]
    return _rows(names, x, curves.step, curves.value, found)


def _of_groups(curves: Curves, query: ScalarsQuery) -> list[dict[str, Any]]:
    assert query.groups is not None
    made = group_curves(curves, query.groups, query.view)
    if not made:
        return []
    offsets = np.cumsum([0, *(len(curve.x) for curve in made)]).astype(np.int64)
    on_steps = query.view.axis == "step" and query.view.x_tag is None
    step, value = (np.concatenate([getattr(curve, name) for curve in made]) for name in ("step", "center"))
    x = step if on_steps else np.concatenate([curve.x for curve in made])
    names = [{"tag": curves.tag, "run": curve.name, "group": True, "runs": curve.runs} for curve in made]
    return _rows(names, x, step, value, range_statistics(x, value, offsets, query.view.range))


def _rows(
    names: list[dict[str, Any]], x: NDArray[Any], step: Ints, value: Floats, found: RangeStatistics
) -> list[dict[str, Any]]:
    rows = []
    for i, name in enumerate(names):
        row = {**name, "count": int(found.count[i]), "nan": int(found.nan[i])}
        first, last, low, high = (int(place[i]) for place in (found.first, found.last, found.at_min, found.at_max))
        numbers = dict.fromkeys(_NUMBERS)
        if first >= 0:
            begin, end = float(value[first]), float(value[last])
            change = end - begin
            numbers = {
                "min": value[low], "max": value[high], "mean": found.mean[i], "std": found.std[i],
                "first": begin, "last": end, "change": change,
                "change_percent": 100.0 * change / abs(begin) if begin else math.nan,
                "slope": found.slope[i], "x_at_min": x[low], "x_at_max": x[high],
            }  # fmt: skip
        row |= {key: _plain(number) for key, number in numbers.items()}
        row |= {
            "step_at_min": int(step[low]) if first >= 0 else None,
            "step_at_max": int(step[high]) if first >= 0 else None,
        }
        rows.append(row)
    return rows


_NUMBERS = ("min", "max", "mean", "std", "first", "last", "change", "change_percent", "slope", "x_at_min", "x_at_max")


def _plain(number: Any) -> float | str | None:
    """As JSON holds it: NaN is null, an infinity a text."""
    return None if number is None or math.isnan(number) else cleansed(float(number))

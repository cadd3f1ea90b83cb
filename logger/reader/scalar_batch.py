"""One scalar tag of many runs at once, for drawing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from .run import RunView
from .segments import Rows, Series
from .series import ScalarColumns

__all__ = ["scalar_columns"]

MODES = ("latest", "all", "separate")


class _Drawn(NamedTuple):
    run: int
    segment: int
    epoch: int
    rows: Rows


def scalar_columns(
    tag: str, views: Sequence[RunView | None], segments: Literal["latest", "all", "separate"]
) -> ScalarColumns:
    """The series of `tag` in these runs, those that have it; with "separate" one per segment."""
    if segments not in MODES:
        raise ValueError(f"scalar_columns: segments is one of {', '.join(MODES)}, got {segments!r}")
    series: list[_Drawn] = []
    for index, view in enumerate(views):
        found = view.find(tag) if view is not None else None
        if view is not None and found is not None:
            series += _of_run(index, view, tag, found, segments)
    offsets = np.zeros(len(series) + 1, np.int64)
    np.cumsum([len(drawn.rows.step) for drawn in series], out=offsets[1:])
    count = int(offsets[-1])
    step, wall, value = np.empty(count, np.int64), np.empty(count, np.float64), np.empty(count, np.float64)
    for drawn, first, last in zip(series, offsets[:-1].tolist(), offsets[1:].tolist(), strict=True):
        step[first:last], wall[first:last], value[first:last] = drawn.rows
    return ScalarColumns(
        step, wall, value, offsets,
        run=np.array([drawn.run for drawn in series], np.int64),
        segment=np.array([drawn.segment for drawn in series], np.int64),
        epoch=np.array([drawn.epoch for drawn in series], np.int64),
        exact32=np.array([_is_exact32(drawn.rows.value) for drawn in series], np.bool_),
    )  # fmt: skip


def _of_run(index: int, view: RunView, tag: str, series: Series, segments: str) -> list[_Drawn]:
    if segments == "separate" and series.segment is not None:
        drawn = []
        for number in range(int(series.segment[-1]) + 1):
            part = series.rows.take(series.segment == number)
            epoch = view.epochs.of(tag, f"segment {number}", view.origin, part.step, part.wall, simple=False)
            drawn.append(_Drawn(index, number, epoch, part))
        return drawn
    rows = series.latest if segments == "latest" else series.rows
    simple = series.segment is None and len(view.files) == 1 and series.is_plain
    epoch = view.epochs.of(tag, segments, view.origin, rows.step, rows.wall, simple)
    return [_Drawn(index, 0, epoch, rows)]


def _is_exact32(values: npt.NDArray[Any]) -> bool:
    if values.dtype == np.float32:
        return True
    return bool(np.array_equal(values.astype(np.float32), values, equal_nan=True))

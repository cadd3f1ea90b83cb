"""Histograms as TensorBoard lists them: rows of left, right, count."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ...logger.percentiles import BASIS_POINTS, percentiles
from ..numbers import cleansed
from .stored import points

if TYPE_CHECKING:
    from ...logger import LogDir
    from ...logger.reader.values import Histogram

__all__ = ["bucket_rows", "buckets", "percentile_rows"]

_KIND, _WORDS = "histograms", "histogram data"


def buckets(histogram: Histogram) -> npt.NDArray[np.float64]:
    """(n, 3): the outermost edges of a HistogramProto are replaced by its minimum and maximum, as TensorBoard does."""
    table = np.column_stack([histogram.left, histogram.right, histogram.counts])
    if len(table) and not math.isnan(histogram.sum):  # a tensor of buckets has no sum, and its own edges
        table[0, 0], table[-1, 1] = histogram.min, histogram.max
    return table


def bucket_rows(log: LogDir, run: str, tag: str) -> list[Any]:
    """[wall time, step, [[left, right, count], …]] of each value. Raises Refused."""
    found = points(log, run, _KIND, tag, _WORDS)
    return [[cleansed(wall), step, _cleansed_rows(buckets(value))] for wall, step, value in found]


def _cleansed_rows(table: npt.NDArray[np.float64]) -> list[Any]:
    """The table as lists; almost every one is finite throughout, and then a million buckets need no look at each."""
    rows = table.tolist()
    return rows if np.isfinite(table).all() else [list(map(cleansed, row)) for row in rows]


def percentile_rows(log: LogDir, run: str, tag: str) -> list[Any]:
    """[wall time, step, [[basis point, value], …]] of each value. Raises Refused."""
    found = points(log, run, _KIND, tag, _WORDS)
    return [[cleansed(wall), step, _percentiles(buckets(value))] for wall, step, value in found]


def _percentiles(table: npt.NDArray[np.float64]) -> list[tuple[int, float | str]]:
    if not len(table):
        return [(point, 0.0) for point in BASIS_POINTS]
    found = percentiles(table[:, 1], table[:, 2], table[0, 0], table[-1, 1])
    return [(point, cleansed(value)) for point, value in found]

"""Histograms: values → counts in buckets of growing width."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ..proto.event_pb2 import HistogramProto, Summary

Floats = npt.NDArray[np.float64]

_FIRST_EDGE = 1e-12
_LAST_EDGE = 1e20
_GROWTH = 1.1
_HUGE = np.finfo(np.float64).max


@functools.cache
def default_edges() -> Floats:
    """0 and ±1e-12 · 1.1ⁿ up to 1e20: TensorFlow's."""
    positive = []
    edge = _FIRST_EDGE
    while edge < _LAST_EDGE:
        positive.append(edge)
        edge *= _GROWTH  # repeated multiplication, to land on the very same numbers
    return np.array([-edge for edge in reversed(positive)] + [0.0] + positive)


def histogram_summary(tag: str, values: Any, bins: str | Any = "tensorflow", max_bins: int | None = None) -> Summary:
    """The histogram of all `values`; see `histogram_proto`."""
    return Summary(value=[Summary.Value(tag=tag, histo=histogram_proto(np.asarray(values), bins, max_bins))])


def histogram_proto(values: Any, bins: str | Any = "tensorflow", max_bins: int | None = None) -> HistogramProto:
    """Counts the values in the bins, `max_bins` at most, and cuts off the empty ones at both ends.

    bins: "tensorflow", any other bins of numpy.histogram (a rule's name, a number), or the edges themselves.
    `num` counts all values; NaN are in no bucket, infinities in an outermost one. Minimum, maximum and sums are of the
    finite values.
    """
    flat = values.reshape(-1)
    flat = np.sort(flat if flat.dtype in (np.float32, np.float64) else flat.astype(np.float64))  # NaN go to the end
    finite = flat[np.searchsorted(flat, -np.inf, "right") : np.searchsorted(flat, np.inf, "left")]
    known = flat[: np.searchsorted(flat, np.inf, "right")]
    if isinstance(bins, str) and bins == "tensorflow":
        edges = default_edges()
    else:
        edges = np.histogram_bin_edges(finite.astype(np.float64), bins).astype(np.float64)
    counts = _counts(known, edges)
    edges, counts = _merged(edges, counts, max_bins)
    limits, counts = _with_outliers(edges, counts, known)
    # The dot product of float32 would lose digits; in float64 it is as fast as reading the values.
    wide = finite.astype(np.float64)
    return HistogramProto(
        min=float(wide[0]) if wide.size else 0.0,
        max=float(wide[-1]) if wide.size else 0.0,
        num=flat.size,
        sum=float(wide.sum()),
        sum_squares=float(wide.dot(wide)),
        bucket_limit=limits.tolist(),
        bucket=counts.tolist(),
    )


def _counts(ordered: Any, edges: Floats) -> Floats:
    """How many values lie in [edge, next edge), the last bin with its right edge."""
    below = np.searchsorted(ordered, edges, "left")
    below[-1] = np.searchsorted(ordered, edges[-1], "right")
    return np.diff(below).astype(np.float64)


def _merged(edges: Floats, counts: Floats, max_bins: int | None) -> tuple[Floats, Floats]:
    """Neighbouring bins in groups of equal size, so that at most about `max_bins` are left."""
    if max_bins is None or len(counts) <= max_bins:
        return edges, counts
    group = len(counts) // max_bins
    starts = np.arange(0, len(counts), group)
    return np.append(edges[starts], edges[-1]), np.add.reduceat(counts, starts)


def _with_outliers(edges: Floats, counts: Floats, known: Any) -> tuple[Floats, Floats]:
    """Right limits and counts: the filled range with one empty bucket before it, and values beyond the edges."""
    below = float(np.searchsorted(known, edges[0], "left"))
    above = float(known.size - np.searchsorted(known, edges[-1], "right"))
    filled = np.flatnonzero(counts)
    if not known.size:  # NaN alone
        return np.zeros(1), np.zeros(1)
    first, last = (filled[0], filled[-1]) if filled.size else (0, len(counts) - 1)
    if below:
        first = 0
    if above:
        last = len(counts) - 1
    # A bucket's left edge is the limit before it, so the first bucket says where the filled range begins.
    limits = edges[first : last + 2]
    kept = np.concatenate(([below], counts[first : last + 1]))
    if above:
        limits, kept = np.append(limits, _HUGE), np.append(kept, above)
    return limits, kept


def raw_histogram_summary(
    tag: str, moments: tuple[float, float, float, float, float], limits: Sequence[float], counts: Sequence[float]
) -> Summary:
    """A histogram counted elsewhere; `moments` are minimum, maximum, number, sum and sum of squares."""
    least, most, number, total, squares = moments
    histogram = HistogramProto(
        min=least, max=most, num=number, sum=total, sum_squares=squares, bucket_limit=limits, bucket=counts
    )
    return Summary(value=[Summary.Value(tag=tag, histo=histogram)])

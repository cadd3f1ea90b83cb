"""Histograms: values → counts in buckets of growing width."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ..proto.event_pb2 import HistogramProto, Summary
from ..values import array

Floats = npt.NDArray[Any]
Counts = npt.NDArray[Any]

_FIRST_EDGE = 1e-12
_LAST_EDGE = 1e20
_GROWTH = 1.1
_HUGE = float(np.finfo(np.float64).max)
_FEW = 50_000
_BLOCK = 1 << 13
_RULES = ("tensorflow", "auto", "fd", "doane", "scott", "stone", "rice", "sturges", "sqrt")


@functools.cache
def default_edges() -> Floats:
    """0 and ±1e-12 · 1.1ⁿ up to 1e20: TensorFlow's."""
    positive = []
    edge = _FIRST_EDGE
    while edge < _LAST_EDGE:
        positive.append(edge)
        edge *= _GROWTH  # repeated multiplication, to land on the very same numbers
    return np.array([-edge for edge in reversed(positive)] + [0.0] + positive)


def checked_bins(call: str, bins: object, max_bins: int | None) -> str | int | Floats:
    """`bins` as `histogram_proto` takes it, edges copied.

    Raises ValueError or TypeError unless it is a rule's name, a positive number or rising edges.
    """
    if max_bins is not None and max_bins < 1:
        raise ValueError(f"{call}: max_bins must be at least 1, got {max_bins}")
    if isinstance(bins, str):
        if bins not in _RULES:
            raise ValueError(f"{call}: bins must be one of {', '.join(_RULES)}, a number or edges, got {bins!r}")
        return bins
    edges = np.asarray(array(call, bins, what="bins as a name, a number or edges"))
    if edges.ndim == 0 and edges.dtype.kind in "iu" and edges >= 1:
        return int(edges)
    if edges.ndim != 1 or edges.size < 2 or edges.dtype.kind not in "fiu" or not (np.diff(edges) >= 0).all():
        raise ValueError(f"{call}: bins must be a positive number or two rising edges at least, got {bins!r:.60}")
    return edges.astype(np.float64)


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
    if flat.dtype not in (np.float32, np.float64):
        flat = flat.astype(np.float64)
    if isinstance(bins, str) and bins == "tensorflow":
        edges, slots = default_edges(), _default_slots(flat)
    else:
        edges = np.histogram_bin_edges(flat[np.isfinite(flat)].astype(np.float64), bins).astype(np.float64)
        slots = _slots(flat, edges)
    edges, slots = _merged(edges, slots, max_bins)
    limits, counts = _filled_buckets(edges, slots)
    least, most, total, squares = _moments(flat)
    return HistogramProto(
        min=least,
        max=most,
        num=flat.size,
        sum=total,
        sum_squares=squares,
        bucket_limit=limits.tolist(),
        bucket=counts.tolist(),
    )


def _moments(values: Floats) -> tuple[float, float, float, float]:
    """Minimum, maximum, sum and sum of squares of the finite values, in float64; zeros when there are none."""
    least, most, totals, squares = math.inf, -math.inf, [], []
    for block in _blocks(values):
        wide = block.astype(np.float64, copy=False)
        with np.errstate(all="ignore"):  # infinities, and squares beyond them
            total = float(wide.sum())
            if not math.isfinite(total):
                wide = wide[np.isfinite(wide)]
                total = float(wide.sum())
            if wide.size:
                least, most = min(least, float(wide.min())), max(most, float(wide.max()))
                totals.append(total)
                squares.append(float(wide.dot(wide)))  # too short to wake a thread pool
    return (least, most, sum(totals), sum(squares)) if totals else (0.0, 0.0, 0.0, 0.0)


def _blocks(values: Floats) -> Iterator[Floats]:
    """Pieces that stay in the processor's cache, and whose copies need no fresh pages from the system."""
    for start in range(0, values.size, _BLOCK):
        yield values[start : start + _BLOCK]


def _slots(values: Floats, edges: Floats) -> Counts:
    """How many values lie below the first edge, in each bin (the last with its right edge), and above the last edge."""
    ordered = np.sort(values)  # NaN go to the end
    known = np.searchsorted(ordered, np.inf, "right")
    below = np.searchsorted(ordered, edges, "left")
    below[-1] = np.searchsorted(ordered, edges[-1], "right")
    return np.diff(np.concatenate(([0], below, [known])))


@functools.cache
def _keys() -> tuple[npt.NDArray[np.int16], Floats]:
    """Per key, the upper 16 bits of a float32: the slot of its lowest values, and the edge where the next slot begins.

    A key's values span less than 1 % where bins span 10 %, so there is one edge at most; infinity where there is none.
    The bounds of a key are taken one float32 step too wide, because a float64 may have been rounded into it.
    Slots past the real ones: NaN, +inf; NaN, -inf (the keys of infinities hold NaN too, which is below any edge).
    """
    edges = default_edges()
    above = len(edges)
    key = np.arange(1 << 16, dtype=np.uint32)
    bounds = np.stack([(key << 16).view(np.float32), (key << 16 | 0xFFFF).view(np.float32)])
    with np.errstate(all="ignore"):  # many of the keys are NaN
        low = np.nextafter(bounds.min(0), np.float32(-np.inf))
        high = np.nextafter(bounds.max(0), np.float32(np.inf))
    slot = np.searchsorted(edges, low, "right")
    edge = np.where(np.searchsorted(edges, high, "right") > slot, edges[np.minimum(slot, above - 1)], np.inf)
    edge[edge == edges[-1]] = np.nextafter(edges[-1], np.inf)  # the last bin has its right edge
    zero = int(np.searchsorted(edges, 0.0, "right"))
    slot[0], edge[0] = zero, np.inf  # +0, and what rounds to it, is from above
    slot[0x8000], edge[0x8000] = zero - 1, 0.0  # -0 is 0, what rounds to it is below
    nan = key & 0x7FFF > 0x7F80
    slot[nan], edge[nan] = above + 1, np.inf
    slot[0x7F80], edge[0x7F80] = above + 1, 0.0
    slot[0xFF80], edge[0xFF80] = above + 3, -np.inf
    return slot.astype(np.int16), edge


def _default_slots(values: Floats) -> Counts:
    """`_slots` for the default edges. Many values are counted by their leading bits, three times as fast as sorted."""
    if values.size < _FEW:
        return _slots(values, default_edges())
    slot_of_key, edge_of_key = _keys()
    above = len(default_edges())
    slots = np.zeros(above + 5, np.int64)
    for block in _blocks(values):
        with np.errstate(over="ignore", invalid="ignore"):
            single = block.astype("<f4")
        key = single.view("<u2")[1::2].astype(np.intp)
        slot = slot_of_key.take(key, mode="clip")
        slot += block >= edge_of_key.take(key, mode="clip")
        slots += np.bincount(slot, minlength=slots.size)
    slots[above] += slots[above + 2]
    slots[0] += slots[above + 4]
    return slots[: above + 1]


def _merged(edges: Floats, slots: Counts, max_bins: int | None) -> tuple[Floats, Counts]:
    """Neighbouring bins in groups of equal size, so that at most about `max_bins` are left."""
    bins = len(edges) - 1
    if max_bins is None or bins <= max_bins:
        return edges, slots
    group = bins // max_bins
    starts = np.arange(0, bins, group)
    merged = np.add.reduceat(slots[1:-1], starts)
    return np.append(edges[starts], edges[-1]), np.concatenate((slots[:1], merged, slots[-1:]))


def _filled_buckets(edges: Floats, slots: Counts) -> tuple[Floats, Counts]:
    """Right limits and counts from one bucket before the first filled one to the last filled one.

    A bucket's left edge is the limit before it, so the bucket before says where the values begin.
    """
    filled = np.flatnonzero(slots)
    if not filled.size:  # NaN alone
        return np.zeros(1), np.zeros(1, np.int64)
    first, last = max(0, int(filled[0]) - 1), int(filled[-1])
    limits = np.append(edges, _HUGE)  # slot i ends at limits[i]
    return limits[first : last + 1], slots[first : last + 1]


def raw_histogram_summary(
    tag: str, moments: tuple[float, float, float, float, float], limits: Sequence[float], counts: Sequence[float]
) -> Summary:
    """A histogram counted elsewhere; `moments` are minimum, maximum, number, sum and sum of squares."""
    least, most, number, total, squares = moments
    histogram = HistogramProto(
        min=least, max=most, num=number, sum=total, sum_squares=squares, bucket_limit=limits, bucket=counts
    )
    return Summary(value=[Summary.Value(tag=tag, histo=histogram)])

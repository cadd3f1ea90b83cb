"""Percentiles of many histograms at once, by the same definition as logger/percentiles.py has for one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...logger.percentiles import BASIS_POINTS

__all__ = ["SHARES", "percentiles"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SHARES = np.array(BASIS_POINTS) / BASIS_POINTS[-1]


def percentiles(
    left: Floats, right: Floats, counts: Floats, offsets: Ints, low: Floats, high: Floats, shares: Floats = SHARES
) -> Floats:
    """The values below which the `shares` of each histogram's counts lie, (histograms, shares); NaN where all are 0.

    Histogram h has the buckets offsets[h] … offsets[h + 1] of left, right and counts. Within a bucket [a, b) that holds
    c values after s before it, the value of share p of the n values is

        a + (b - a) · (p · n - s) / c,

    as if the values were spread evenly in it. No value lies below `low` or above `high` (one of each a histogram), so
    buckets are cut there. A share that ends exactly where a bucket ends is the beginning of the next filled bucket;
    share 1 is the end of the last. This is the definition of TensorBoard's distributions.
    """
    found = np.full((len(offsets) - 1, len(shares)), np.nan)
    usable = np.isfinite(counts) & (counts > 0) & ~np.isnan(left) & ~np.isnan(right)
    owner = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))[usable]
    if not len(owner):
        return found
    filled = counts[usable]
    begin = _cut(left[usable], low[owner], high[owner])
    end = _cut(right[usable], low[owner], high[owner])
    first = np.flatnonzero(np.diff(owner, prepend=-1))
    last = np.append(first[1:], len(owner)) - 1
    filled = _alike(filled, first, last - first + 1)
    through = np.cumsum(filled)  # over all histograms, so that one search finds the buckets of all
    before = through[first] - filled[first]
    wanted = before[:, None] + (through[last] - before)[:, None] * shares
    bucket = np.searchsorted(through, wanted, "right").clip(first[:, None], last[:, None])
    share = ((wanted - (through[bucket] - filled[bucket])) / filled[bucket]).clip(0.0, 1.0)
    found[owner[first]] = begin[bucket] * (1.0 - share) + end[bucket] * share
    return found


def _alike(filled: Floats, first: Ints, lengths: Ints) -> Floats:
    """Counts as parts of their histogram, so that one of huge counts swallows no other's: divided by a power of two."""
    _, exponent = np.frexp(np.maximum.reduceat(filled, first))
    parts: Floats = np.ldexp(filled, -np.repeat(exponent, lengths)).clip(np.finfo(np.float64).tiny)
    return parts


def _cut(edges: Floats, low: Floats, high: Floats) -> Floats:
    """`edges` between `low` and `high`; a bound that is NaN bounds nothing, and none leaves room for infinity."""
    huge = np.finfo(np.float64).max
    cut: Floats = np.fmin(np.fmax(np.fmin(np.fmax(edges, low), high), -huge), huge)
    return cut

"""Whether two sets of steps differ by more than steps differ anyway."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

__all__ = ["ASSUMPTIONS", "adjusted", "rank_sum", "smallest_p"]

ASSUMPTIONS = (
    "Significance: Wilcoxon's rank sum test of the steps' figures, two-sided. It assumes no distribution, but that "
    "steps do not depend on each other. Of the rows called significant, at most 5 % are expected to be chance "
    "(Benjamini and Hochberg)."
)
# Ways to choose the first set among all steps: up to here all are tried, beyond it their sum is close to normal.
_EXACT = 10_000


def rank_sum(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """(r,) two-sided p of the rank sum test (Wilcoxon 1945, Mann and Whitney 1947) of each row; NaN with an empty set.

    first, second  (r, a) and (r, b), a figure per step. Ties get the mean of their ranks. Exact over all ways to choose
    the first set where there are at most 10,000, otherwise normal with the correction for ties and for continuity.
    """
    count, other = first.shape[1], second.shape[1]
    if not count or not other:
        return np.full(len(first), np.nan)
    ranks = _mid_ranks(np.concatenate([first, second], axis=1))
    distance = np.abs(ranks[:, :count].sum(axis=1) - count * (count + other + 1) / 2)
    if math.comb(count + other, count) > _EXACT:
        return _normal(ranks, count, distance)
    ways = np.zeros((math.comb(count + other, count), count + other))
    for row, chosen in enumerate(combinations(range(count + other), count)):
        ways[row, list(chosen)] = 1
    p = np.empty(len(ranks))
    for begin in range(0, len(ranks), 200):  # (ways, 200) at a time
        sums = ways @ ranks[begin : begin + 200].T
        far = np.abs(sums - count * (count + other + 1) / 2) >= distance[begin : begin + 200] - 1e-9
        p[begin : begin + 200] = far.mean(axis=0)
    return p


def smallest_p(first: int, second: int) -> float:
    """The smallest p that sets of these sizes can have: with three steps against three it is 0.1."""
    return min(1.0, 2 / math.comb(first + second, first)) if first and second else 1.0


def adjusted(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """(r,) p adjusted for the number of rows (Benjamini and Hochberg 1995); NaN stays and does not count."""
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(-p[known], kind="stable")]
    factor = len(known) / np.arange(len(known), 0, -1)
    q = np.full(len(p), np.nan)
    q[order] = np.minimum(np.minimum.accumulate(p[order] * factor), 1.0)
    return q


def _mid_ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(r, n) ranks from 1 within each row, ties their mean."""
    order = np.argsort(values, axis=1, kind="stable")
    ascending = np.take_along_axis(values, order, axis=1)
    place = np.broadcast_to(np.arange(values.shape[1]), values.shape)
    edge = np.diff(ascending, axis=1) != 0
    ends = np.ones((len(values), 1), np.bool_)
    first = np.maximum.accumulate(np.where(np.hstack([ends, edge]), place, 0), axis=1)
    last = np.where(np.hstack([edge, ends]), place, values.shape[1])
    last = np.minimum.accumulate(last[:, ::-1], axis=1)[:, ::-1]
    ranks = np.empty(values.shape)
    np.put_along_axis(ranks, order, (first + last) / 2 + 1, axis=1)
    return ranks


def _normal(ranks: NDArray[np.float64], count: int, distance: NDArray[np.float64]) -> NDArray[np.float64]:
    # The variance of a sum of `count` ranks drawn without replacement, whatever ties there are.
    n = ranks.shape[1]
    variance = count * (n - count) / (n - 1) * ranks.var(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(variance > 0, np.maximum(distance - 0.5, 0) / np.sqrt(variance), 0.0)
    return np.array([math.erfc(each / math.sqrt(2)) for each in z])

"""How strongly pairs of points want to be neighbours: the joint probabilities P of t-SNE."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .compiled import kernels
from .threads import in_ranges

__all__ = ["MOST_PAIRS", "Neighbors", "joint", "supervised", "usable_perplexity"]

NEIGHBORS_PER_PERPLEXITY = 3  # beyond three times the perplexity probabilities are about 0
MOST_PAIRS = 300_000_000  # of a point and its neighbour: each takes some 40 bytes


@dataclass(frozen=True)
class Neighbors:
    """The k nearest other points of each of m points. rows: (m, k) int32; squared: (m, k) distances², ascending."""

    rows: NDArray[np.int32]
    squared: NDArray[np.float32]


def usable_perplexity(wanted: float, m: int) -> float:
    """The nearest perplexity that m points and memory allow: three times as many neighbours of each must be there."""
    return max(1.0, min(wanted, (m - 1) / NEIGHBORS_PER_PERPLEXITY, MOST_PAIRS / max(1, m) / NEIGHBORS_PER_PERPLEXITY))


def neighbors_needed(perplexity: float, m: int) -> int:
    """How many neighbours of each point count."""
    return max(1, min(m - 1, int(NEIGHBORS_PER_PERPLEXITY * perplexity)))


def joint(neighbors: Neighbors, perplexity: float) -> Any:
    """(m, m) sparse symmetric P, float32, sum 1, from the first 3 × perplexity neighbours of each point."""
    from scipy.sparse import csr_array

    m, there = neighbors.rows.shape
    k = min(there, neighbors_needed(perplexity, m))
    squared = np.ascontiguousarray(neighbors.squared[:, :k]).reshape(-1)
    p = np.empty(m * k, np.float32)
    in_ranges(m, lambda begin, end: kernels().conditional(begin, end, k, perplexity, squared, p))
    columns = np.ascontiguousarray(neighbors.rows[:, :k]).reshape(-1)
    one_way = csr_array((p, columns, np.arange(0, m * k + 1, k)), shape=(m, m))
    both = (one_way + one_way.T).tocsr()
    both.sort_indices()
    both.data *= np.float32(1.0 / float(both.data.sum(dtype=np.float64)))
    return both


def supervised(affinities: Any, labels: NDArray[np.int32], weight: float) -> Any:
    """P with less attraction between points of different labels; −1 is unknown and changes nothing.

    weight: 0 … 100, the share in percent that is taken from such pairs; P sums to 1 again.
    """
    owner = np.repeat(np.arange(affinities.shape[0]), np.diff(affinities.indptr))
    ours, theirs = labels[owner], labels[affinities.indices]
    differ = (ours != theirs) & (ours >= 0) & (theirs >= 0)
    changed = affinities.copy()
    changed.data *= np.where(differ, np.float32(1 - weight / 100), np.float32(1))
    total = float(changed.data.sum(dtype=np.float64))
    if total > 0:
        changed.data *= np.float32(1 / total)
    return changed

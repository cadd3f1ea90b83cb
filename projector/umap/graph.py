"""Who is whose neighbour, and how surely: the fuzzy simplicial set of UMAP.

McInnes, Healy, Melville, "UMAP", 2018, section 3.1 and, with labels, the intersection of section 3.4's kind that
umap-learn's supervised reduction makes.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..tsne.threads import in_ranges
from .compiled import kernels

__all__ = ["curve", "fuzzy_graph", "supervised"]

_UNKNOWN = 1.0  # distance to a label that is not known: weights of such pairs fall to 1/e


def fuzzy_graph(rows: NDArray[np.int32], distances: NDArray[np.float32]) -> Any:
    """(m, m) sparse symmetric weights from 0 to 1, float32: a + b - a b of both directions.

    rows, distances: (m, k), the k nearest others of each point, ascending.
    """
    from scipy.sparse import csr_array

    m, k = rows.shape
    flat = np.ascontiguousarray(distances, np.float32).reshape(-1)
    mean = float(flat.sum(dtype=np.float64)) / (m * (k + 1))  # with the distance 0 of each point to itself
    weights = np.empty(m * k, np.float32)
    in_ranges(m, lambda begin, end: kernels().memberships(begin, end, k, flat, mean, weights))
    return _both_ways(csr_array((weights, rows.reshape(-1), np.arange(0, m * k + 1, k)), shape=(m, m)))


def supervised(graph: Any, labels: NDArray[np.int32], share: float) -> Any:
    """The graph with edges between different labels weakened to exp(-2.5 / (1 - share)); all of them at share 1.

    labels: (m,), -1 unknown: edges from and to them keep 1/e of their weight. Afterwards the surest edge of each point
    counts fully again.
    """
    edges = graph.tocoo()
    ours, theirs = labels[edges.row], labels[edges.col]
    unknown = (ours < 0) | (theirs < 0)
    far = 2.5 / (1.0 - share) if share < 1.0 else np.inf
    edges.data = edges.data * np.where(unknown, np.exp(-_UNKNOWN), np.where(ours != theirs, np.exp(-far), 1.0))
    edges.eliminate_zeros()
    by_rows = edges.tocsr()
    surest = by_rows.max(axis=1).toarray().ravel()
    by_rows.data /= np.repeat(np.where(surest > 0, surest, 1.0), np.diff(by_rows.indptr))
    return _both_ways(by_rows)


@lru_cache(8)
def curve(min_dist: float, spread: float) -> tuple[float, float]:
    """(a, b) of 1 / (1 + a d^2b), the closeness of points at distance d in the layout.

    Fitted to 1 up to `min_dist` and exp(-(d - min_dist) / spread) beyond, over 300 distances up to 3 × spread.
    """
    from scipy.optimize import curve_fit

    d = np.linspace(0, 3 * spread, 300)
    wanted = np.where(d < min_dist, 1.0, np.exp(-np.clip(d - min_dist, 0, None) / spread))
    (a, b), _ = curve_fit(lambda x, a, b: 1.0 / (1.0 + a * x ** (2 * b)), d, wanted)
    return float(a), float(b)


def _both_ways(one_way: Any) -> Any:
    other = one_way.T.tocsr()
    both = (one_way + other - one_way * other).tocsr().astype(np.float32)
    both.eliminate_zeros()
    both.sort_indices()
    return both

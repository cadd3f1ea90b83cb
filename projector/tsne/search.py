"""The k nearest neighbours of all points, exact in the space that is searched, block by block.

Products of blocks of points come from BLAS in float32, k and a few more of each point are kept, and their distances
are computed again in float64. Where rounding could have hidden a neighbour the point is searched again in float64.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..pca import principal_axes, projected
from ..preprocessing import preprocess
from .affinities import Neighbors
from .compiled import search_kernels
from .threads import in_ranges

__all__ = ["AFFORDABLE", "KEPT", "METRICS", "search", "searched_space"]

METRICS = ("euclidean", "cosine", "manhattan")
_QUERIES = 1_024  # points whose neighbours are looked for at once
_POINTS = 4_096  # among that many at once: the products stay in the cache
_MORE = 8  # kept beyond k, for rounding
KEPT = 50  # principal components
AFFORDABLE = 1e12  # multiplications of a search through all dimensions


def searched_space(points: NDArray[np.float32], metric: str, components: int | None) -> tuple[NDArray[np.float32], str]:
    """(points to search among, the sentence that says what was left out, or "").

    components: how many principal components are kept; 0 all dimensions, None as many as time allows.
    """
    m, d = points.shape
    if metric == "cosine":
        points = preprocess(points, ("l2",))
    kept = components if components is not None else (KEPT if float(m) * m * d > AFFORDABLE else 0)
    if metric == "manhattan" or not kept or kept >= min(m, d):
        return points, ""
    axes = principal_axes(points, kept)
    share = float(axes.variances[:kept].sum()) / (axes.total or 1.0)
    return projected(points, axes), (
        f"Neighbours are those among the first {kept} principal components, {share:.1%} of the variance; "
        "“components” = 0 searches all dimensions."
    )


def search(points: NDArray[np.float32], k: int, metric: str) -> Iterator[tuple[int, Neighbors | None]]:
    """Yields (points done, None) as it goes on, and at last (m, the neighbours).

    k is at most m − 1. Distances of "cosine" are those of scikit-learn, 1 − cos; `points` are of length 1 then.
    """
    m = len(points)
    rows, squared = np.empty((m, k), np.int32), np.empty((m, k), np.float32)
    sides = _Sides(points, k, metric)
    for query in range(0, m, _QUERIES):
        here = np.arange(query, min(query + _QUERIES, m))
        found, apart, sure = sides.nearest(here, np.float32)
        if not sure.all():
            found[~sure], apart[~sure], _ = sides.nearest(here[~sure], np.float64)
        rows[here], squared[here] = found, apart
        yield int(here[-1]) + 1, None
    if metric == "manhattan":
        squared **= 2
    yield m, Neighbors(rows, squared**2 / np.float32(4) if metric == "cosine" else squared)


class _Sides:
    """The points as they are multiplied: about their mean, so that products lose few digits."""

    def __init__(self, points: NDArray[np.float32], k: int, metric: str) -> None:
        self._k, self._manhattan = k, metric == "manhattan"
        self._given = np.ascontiguousarray(points, np.float32)
        self._centred = self._given if self._manhattan else preprocess(self._given, ("centre",))
        self._forms: dict[Any, tuple[NDArray[Any], NDArray[Any]]] = {}

    def nearest(
        self, queries: NDArray[np.int64], kind: type
    ) -> tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.bool_]]:
        """((q, k) rows, (q, k) distances ascending, (q,) whether rounding cannot have hidden a nearer one)."""
        m, d = self._given.shape
        kept, places = min(self._k + _MORE, m - 1), queries.astype(np.int32)
        rows, values = np.full(len(places) * kept, -1, np.int32), np.full(len(places) * kept, np.inf, kind)
        points, norms = self._form(kind)
        keep = getattr(search_kernels(), f"keep_nearest_{np.dtype(kind).itemsize}")
        for point in range(0, m, _POINTS):
            count = min(_POINTS, m - point)
            products = self._products(places, points, point, count)
            heaps = (point, count, kept, places, products, norms, rows, values)
            in_ranges(len(places), lambda begin, end: keep(begin, end, *heaps))  # noqa: B023  # done before the next
        apart = np.empty(len(places) * kept)
        measured = (kept, d, int(self._manhattan), places, self._given.reshape(-1), rows, apart)
        in_ranges(len(places), lambda begin, end: search_kernels().distances(begin, end, *measured))
        nearest = np.lexsort((rows.reshape(-1, kept), apart.reshape(-1, kept)))[:, : self._k]
        apart = np.take_along_axis(apart.reshape(-1, kept), nearest, axis=1)
        sure = self._sure(apart[:, -1], values.reshape(-1, kept)[:, 0], norms[queries], kind)
        return np.take_along_axis(rows.reshape(-1, kept), nearest, axis=1), apart, sure

    def _products(self, places: NDArray[np.int32], points: NDArray[Any], point: int, count: int) -> NDArray[Any]:
        """(queries × count,) products with the points from `point` on."""
        if not self._manhattan:
            return np.asarray(points[places] @ points[point : point + count].T).reshape(-1)
        made = np.empty(len(places) * count, np.float32)
        task = (point, count, points.shape[1], places, points.reshape(-1), made)
        in_ranges(len(places), lambda begin, end: search_kernels().half_manhattan(begin, end, *task))
        return made

    def _sure(self, last: NDArray[Any], farthest: NDArray[Any], norms: NDArray[Any], kind: type) -> NDArray[np.bool_]:
        """Whether the last neighbour is nearer than the farthest point kept, by more than products are rounded."""
        if self._manhattan or self._k + _MORE > len(self._given) - 1:
            return np.ones(len(last), bool)
        rounding = 8 * np.finfo(kind).eps * (norms + np.abs(farthest))
        return np.asarray(last <= farthest + norms - rounding)

    def _form(self, kind: type) -> tuple[NDArray[Any], NDArray[Any]]:
        """(the points, their squared lengths) as numbers of this kind."""
        if kind not in self._forms:
            points: NDArray[Any] = self._centred.astype(kind, copy=False)
            norms = np.zeros(len(points), kind) if self._manhattan else np.einsum("ij,ij->i", points, points)
            self._forms[kind] = points, norms
        return self._forms[kind]

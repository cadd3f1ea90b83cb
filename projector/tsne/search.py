"""The k nearest neighbours of all points, exact in the space that is searched, block by block."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ..pca import principal_axes, projected
from ..preprocessing import preprocess
from .affinities import Neighbors

__all__ = ["METRICS", "search", "searched_space"]

METRICS = ("euclidean", "cosine", "manhattan")
_BLOCK = 1_024  # points whose neighbours are looked for at once
_KEPT = 50  # principal components
_AFFORDABLE = 1e12  # multiplications of a search through all dimensions


def searched_space(points: NDArray[np.float32], metric: str, components: int | None) -> tuple[NDArray[np.float32], str]:
    """(points to search among, the sentence that says what was left out, or "").

    components: how many principal components are kept; 0 all dimensions, None as many as time allows.
    """
    m, d = points.shape
    if metric == "cosine":
        points = preprocess(points, ("l2",))
    kept = components if components is not None else (_KEPT if float(m) * m * d > _AFFORDABLE else 0)
    if metric == "manhattan" or not kept or kept >= min(m, d):
        return points, ""
    axes = principal_axes(points, kept)
    share = float(axes.variances[:kept].sum()) / (axes.total or 1.0)
    return projected(points, axes), (
        f"Neighbours are those among the first {kept} principal components, {share:.1%} of the variance; "
        "“components” = 0 searches all dimensions."
    )


def search(points: NDArray[np.float32], k: int, metric: str) -> Iterator[tuple[int, Neighbors | None]]:
    """Yields (points done, None) as it goes on, and at last (m, the neighbours)."""
    from sklearn.neighbors import NearestNeighbors

    m = len(points)
    rows, squared = np.empty((m, k), np.int32), np.empty((m, k), np.float32)
    index = NearestNeighbors(algorithm="brute", metric="manhattan" if metric == "manhattan" else "euclidean")
    index.fit(points)
    for begin in range(0, m, _BLOCK):
        end = min(begin + _BLOCK, m)
        distance, found = index.kneighbors(points[begin:end], min(k + 1, m))
        rows[begin:end], squared[begin:end] = _without_self(found, distance**2, np.arange(begin, end))
        yield end, None
    yield m, Neighbors(rows, squared / np.float32(4) if metric == "cosine" else squared)


def _without_self(
    found: NDArray[np.int64], squared: NDArray[np.float32], own: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Takes each point itself out of its neighbours, wherever equal points have put it, or else the last."""
    there = found == own[:, None]
    place = np.where(there.any(axis=1), there.argmax(axis=1), found.shape[1] - 1)
    keep = np.arange(found.shape[1]) != place[:, None]
    shape = (len(own), found.shape[1] - 1)
    return found[keep].reshape(shape), squared[keep].reshape(shape)

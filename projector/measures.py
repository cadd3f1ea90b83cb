"""How much of the data's neighbourhoods a layout keeps: trustworthiness, recall of neighbours, per point and over all.

Trustworthiness: Venna and Kaski, "Neighborhood preservation in nonlinear projection methods", ICANN 2001. Recall of
neighbours: the mean share of the k nearest in the data that are among the k nearest in the layout (Lee and Verleysen,
"Quality assessment of dimensionality reduction", Neurocomputing 72, 2009: Q_NX(k)). Neighbours and ranks are
scikit-learn's own, so that figures can be compared with anybody's.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from .embedding import Embedding

__all__ = ["Faithfulness", "Quality", "faithfulness", "quality"]

Rows = NDArray[np.int64]
Floats = NDArray[np.float32]
Space = Literal["euclidean", "cosine"]

_BLOCK = 2_000  # points whose neighbours are searched at a time; progress is told after each


@dataclass(frozen=True)
class Quality:
    """Of the sampled points among themselves: neighbours that were not sampled do not count.

    trustworthiness: 0 to 1; how few strangers are among the k nearest of the layout, by how far they came.
    recall: 0 to 1; the share of the k nearest in the data that are among the k nearest of the layout.
    rows: (sample,) int64, ascending, the points measured. per_point: (sample,) float32, recall of each.
    """

    trustworthiness: float
    recall: float
    rows: Rows
    per_point: Floats
    k: int
    sample: int
    metric: Space
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Faithfulness:
    """Recall of single points among all points.

    recall: (n,) float32, 0 to 1; NaN for points that were not measured, are not finite or are not in the layout.
    """

    recall: Floats
    k: int
    measured: int
    metric: Space
    notes: tuple[str, ...] = ()

    @property
    def mean(self) -> float:
        """Over the measured points: recall against all the data."""
        return float(np.nanmean(self.recall))


def quality(
    embedding: Embedding | NDArray[Any],
    coordinates: NDArray[Any],
    *,
    k: int = 10,
    sample: int | None = 5000,
    seed: int = 0,
    metric: Space = "euclidean",
) -> Quality:
    """Trustworthiness and recall of a layout, on `sample` points drawn by `seed`; None takes all.

    embedding: an Embedding or (n, dimensions). coordinates: (n, any). metric: of the data; the layout's is Euclidean.
    Rows that are not finite in either are left out. All at once in memory: 20 bytes × sample².

    Raises ValueError where the shapes do not fit, or where fewer than 2 k + 1 points are left.
    """
    from sklearn.manifold import trustworthiness

    both = _finite_in_both(embedding, coordinates)
    rows, notes = _sampled(both, sample, seed)
    _check(k, len(rows), metric)
    data, layout = _taken(embedding, rows), np.asarray(coordinates)[rows]
    hits = _hits(data, layout, np.arange(len(rows)), k, metric)
    trust = float(trustworthiness(data, layout, n_neighbors=k, metric=metric))
    left_out = _left_out(len(both) - int(both.sum()))
    recall = float(hits.mean()) / k
    return Quality(trust, recall, rows, _share(hits, k), k, len(rows), metric, (*left_out, *notes))


def faithfulness(
    embedding: Embedding | NDArray[Any],
    coordinates: NDArray[Any],
    *,
    k: int = 10,
    sample: int | None = None,
    seed: int = 0,
    metric: Space = "euclidean",
    on_progress: Callable[[int, int], None] | None = None,
    executor: Executor | None = None,
) -> Faithfulness:
    """Recall of each point, its neighbours searched among all points and not a sample of them.

    Takes time as the square of the number of points (about a minute for 100,000 × 256 on two cores); `sample` measures
    only so many. on_progress: called with (points done, points to do) after each block of 2,000; what it raises ends
    the work. executor: blocks are handed to it; a pool of processes gets a copy of the data with each block.

    Raises ValueError as `quality` does.
    """
    both = _finite_in_both(embedding, coordinates)
    _check(k, int(both.sum()), metric)
    among = np.flatnonzero(both)
    rows, notes = _sampled(both, sample, seed)
    data, layout = _taken(embedding, among), np.asarray(coordinates)[among]
    places = np.searchsorted(among, rows)
    recall = np.full(len(both), np.nan, np.float32)
    done = 0
    for part, hits in _block_by_block(data, layout, places, k, metric, executor):
        recall[among[part]] = _share(hits, k)
        done += len(part)
        if on_progress is not None:
            on_progress(done, len(rows))
    left_out = _left_out(len(both) - len(among))
    return Faithfulness(recall, k, len(rows), metric, (*left_out, *notes))


def _block_by_block(
    data: NDArray[Any], layout: NDArray[Any], places: Rows, k: int, metric: Space, executor: Executor | None
) -> Iterator[tuple[Rows, Rows]]:
    parts = [places[start : start + _BLOCK] for start in range(0, len(places), _BLOCK)]
    if executor is None:
        for part in parts:
            yield part, _hits(data, layout, part, k, metric)
    else:
        waiting = [executor.submit(_hits_elsewhere, data, layout, part, k, metric) for part in parts]
        try:
            for part, future in zip(parts, waiting, strict=True):
                yield part, future.result()
        finally:
            for future in waiting:
                future.cancel()


def _hits_elsewhere(data: NDArray[Any], layout: NDArray[Any], places: Rows, k: int, metric: Space) -> Rows:
    """`_hits`, on one thread in a worker process: OpenMP's threads do not survive a fork, and waiting hangs."""
    if multiprocessing.parent_process() is None:
        return _hits(data, layout, places, k, metric)
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    with threadpool_limits(1):
        return _hits(data, layout, places, k, metric)


def _hits(data: NDArray[Any], layout: NDArray[Any], places: Rows, k: int, metric: Space) -> Rows:
    """(places,): of the k nearest in the data, how many are among the k nearest in the layout."""
    there = _nearest(data, places, k, metric)
    here = _nearest(layout, places, k, "euclidean")
    # Both as numbers of (point, neighbour) pairs: what is in both is counted in one pass.
    count, offset = len(data), np.arange(len(places))[:, None] * len(data)
    shared = np.intersect1d((there + offset).ravel(), (here + offset).ravel(), assume_unique=True)
    return np.bincount(shared // count, minlength=len(places))


def _share(hits: Rows, k: int) -> Floats:
    return (hits / k).astype(np.float32)


def _nearest(points: NDArray[Any], places: Rows, k: int, metric: Space) -> Rows:
    """(places, k): the nearest other points, exactly."""
    from sklearn.neighbors import NearestNeighbors

    search = NearestNeighbors(n_neighbors=k + 1, metric=metric).fit(points)
    found = search.kneighbors(points[places], return_distance=False)
    # A point is not its own neighbour. Where copies of it took its place in the list the first goes, as scikit-learn
    # does for `kneighbors()`.
    own = found == places[:, None]
    own[~own.any(axis=1), 0] = True
    others: Rows = found[~own].reshape(len(places), k).astype(np.int64)
    return others


def _finite_in_both(embedding: Embedding | NDArray[Any], coordinates: NDArray[Any]) -> NDArray[np.bool_]:
    """(n,): rows that can be measured. Raises ValueError where the shapes do not fit."""
    whole = embedding if isinstance(embedding, Embedding) else Embedding("", np.asanyarray(embedding))
    layout = np.asarray(coordinates)
    if whole.points.ndim != 2 or layout.ndim != 2 or len(layout) != len(whole):
        raise ValueError(
            f"points (n, dimensions) and coordinates (n, 2 or 3) are wanted, got {whole.points.shape}, {layout.shape}"
        )
    both: NDArray[np.bool_] = whole.finite & np.isfinite(layout).all(axis=1)
    return both


def _sampled(chosen: NDArray[np.bool_], sample: int | None, seed: int) -> tuple[Rows, tuple[str, ...]]:
    rows = np.flatnonzero(chosen)
    if sample is None or sample >= len(rows):
        return rows, ()
    some = np.sort(np.random.default_rng(seed).choice(rows, sample, replace=False))
    return some, (f"Measured on {sample:,} of {len(rows):,} points, drawn at random (seed {seed}).",)


def _taken(embedding: Embedding | NDArray[Any], rows: Rows) -> NDArray[Any]:
    """These rows in memory, in a type that scikit-learn computes with."""
    points = embedding.points if isinstance(embedding, Embedding) else np.asanyarray(embedding)
    taken = np.asarray(points[rows])
    return taken.astype(np.float32 if taken.dtype == np.float16 else taken.dtype.newbyteorder("="), copy=False)


def _check(k: int, count: int, metric: str) -> None:
    if metric not in ("euclidean", "cosine"):
        raise ValueError(f"quality is measured with euclidean or cosine distances, got {metric!r}")
    if k < 1:
        raise ValueError(f"at least 1 neighbour has to be compared, got k={k}")
    if 2 * k >= count:
        raise ValueError(f"{k} neighbours need more than {2 * k} points, {count} are left: choose k < {count / 2:g}")


def _left_out(count: int) -> tuple[str, ...]:
    return (f"{count:,} rows with NaN or infinity were left out.",) if count else ()

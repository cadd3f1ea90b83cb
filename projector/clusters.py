"""Clusters of a layout, and the words that tell them apart.

HDBSCAN: Campello, Moulavi, Sander, "Density-based clustering based on hierarchical density estimates", 2013, as in
scikit-learn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .cluster_terms import Metadata
from .embedding import Embedding

__all__ = ["Cluster", "Clusters", "clusters_as_facts", "find_clusters"]

Labels = NDArray[np.int32]
_MOST = 30_000  # points that HDBSCAN sees: its time grows as their square
_NEIGHBORS = 5  # sampled points that decide for one that was not


@dataclass(frozen=True)
class Cluster:
    """terms: what its metadata holds more often than that of the others, the most telling first; where its points have
    nothing in common, what those in the middle say."""

    label: int
    size: int
    centre: tuple[float, ...]  # (dims,) the median of its points
    terms: tuple[str, ...]


@dataclass(frozen=True)
class Clusters:
    """labels: (n,) int32, the largest cluster 0; -1 for points in none, without a place or not asked for."""

    labels: Labels
    clusters: tuple[Cluster, ...]
    notes: tuple[str, ...] = ()


def find_clusters(
    coordinates: NDArray[Any],
    embedding: Embedding | None = None,
    *,
    least: int | None = None,
    rows: ArrayLike | None = None,
    columns: Sequence[str] | None = None,
    terms: int = 3,
    seed: int = 0,
) -> Clusters:
    """Clusters of an (n, dims) layout.

    embedding: its metadata names the clusters; none without it. least: points of the smallest cluster; None is 1 % of
    the points, at least 5. rows: only these points, numbers or a mask. columns: of the metadata; None takes all texts
    and categories. terms: how many a cluster gets.
    Above 30,000 points clusters are found among so many, drawn by `seed`, and the others join their nearest: a note
    says so. Raises ValueError for shapes and columns that do not fit and for least below 2.
    """
    layout = np.asarray(coordinates)
    if layout.ndim != 2 or (embedding is not None and len(embedding) != len(layout)):
        raise ValueError(f"coordinates (n, 2 or 3) of the embedding's points are wanted, got {layout.shape}")
    if least is not None and least < 2:
        raise ValueError(f"a cluster has at least 2 points, got least={least}")
    chosen = _placed(layout, rows)
    smallest = least if least is not None else max(5, len(chosen) // 100)
    labels = np.full(len(layout), -1, np.int32)
    found, notes = _labels(layout[chosen].astype(np.float64), smallest, seed)
    labels[chosen] = _by_size(found)
    metadata = Metadata(embedding, columns) if embedding is not None else None
    return Clusters(labels, tuple(_described(layout, labels, metadata, terms)), notes)


def clusters_as_facts(found: Clusters) -> dict[str, Any]:
    """All but the labels, in values that JSON holds."""
    clusters = [
        {
            "label": cluster.label,
            "terms": list(cluster.terms),
            "size": cluster.size,
            **dict(zip("xyz", np.asarray(cluster.centre).tolist(), strict=False)),
        }
        for cluster in found.clusters
    ]
    return {"clusters": clusters, "notes": list(found.notes)}


def _described(layout: NDArray[Any], labels: Labels, metadata: Metadata | None, count: int) -> Iterator[Cluster]:
    words = metadata.top_terms(labels, count) if metadata is not None else []
    for label, size in enumerate(np.bincount(labels[labels >= 0])):
        rows = np.flatnonzero(labels == label)
        centre = np.median(layout[rows], axis=0)
        terms = words[label] if metadata is not None else ()
        if metadata is not None and not terms:
            # Every point says something else, as words do: those in the middle stand for the others.
            nearest = np.argsort(np.linalg.norm(layout[rows] - centre, axis=1), kind="stable")[:count]
            terms = metadata.cells(rows[nearest])
        yield Cluster(label, int(size), tuple(float(x) for x in centre), terms)


def _placed(layout: NDArray[Any], rows: ArrayLike | None) -> NDArray[np.int64]:
    finite = np.isfinite(layout).all(axis=1)
    if rows is None:
        return np.flatnonzero(finite)
    given = np.asarray(rows)
    numbers = np.flatnonzero(given) if given.dtype == bool else np.unique(given.astype(np.int64))
    if len(numbers) and not 0 <= int(numbers[0]) <= int(numbers[-1]) < len(layout):
        raise ValueError(f"rows from 0 to {len(layout) - 1:,} are there, got {numbers[0]:,} to {numbers[-1]:,}")
    placed: NDArray[np.int64] = numbers[finite[numbers]]
    return placed


def _labels(layout: NDArray[np.float64], least: int, seed: int) -> tuple[Labels, tuple[str, ...]]:
    """(a label for each point, −1 none; what was sampled)."""
    count = len(layout)
    if count < least:
        return np.full(count, -1, np.int32), (f"{count} points are fewer than a cluster of {least}.",)
    if count <= _MOST:
        return _hdbscan(layout, least), ()
    sample = np.sort(np.random.default_rng(seed).choice(count, _MOST, replace=False))
    found = _hdbscan(layout[sample], max(2, least * _MOST // count))
    return _joined(layout, layout[sample], found), (
        f"Clusters were found among {_MOST:,} of {count:,} points drawn at random (seed {seed}); the others joined "
        "their nearest.",
    )


def _hdbscan(layout: NDArray[np.float64], least: int) -> Labels:
    from sklearn.cluster import HDBSCAN

    # Copies of one point, a whole cluster of them, would have an infinite density.
    found = HDBSCAN(min_cluster_size=least, min_samples=min(least, 10, len(layout)), copy=True).fit(layout).labels_
    labels: Labels = np.where(found < 0, -1, found).astype(np.int32)
    return labels


def _joined(layout: NDArray[np.float64], sampled: NDArray[np.float64], found: Labels) -> Labels:
    """Each point gets the label that most of its nearest sampled points have."""
    from sklearn.neighbors import NearestNeighbors

    near = NearestNeighbors(n_neighbors=_NEIGHBORS).fit(sampled).kneighbors(layout, return_distance=False)
    votes = found[near]
    best, most = np.full(len(layout), -1, np.int32), np.zeros(len(layout), np.int64)
    for turn in range(_NEIGHBORS):
        count = (votes == votes[:, turn : turn + 1]).sum(axis=1)
        best = np.where(count > most, votes[:, turn], best).astype(np.int32)
        most = np.maximum(count, most)
    return best


def _by_size(labels: Labels) -> Labels:
    """Renumbered: the largest cluster is 0; of equal ones that which had the lower number."""
    if not (labels >= 0).any():
        return labels
    order = np.argsort(-np.bincount(labels[labels >= 0]), kind="stable")
    rank = np.empty(len(order) + 1, np.int32)
    rank[order], rank[-1] = np.arange(len(order)), -1
    renumbered: Labels = rank[labels]
    return renumbered

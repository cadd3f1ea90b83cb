"""Layouts are measured against the points as their method saw them: preprocessed, under its metric."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .embedding import Embedding
from .measures import Quality, Space, quality
from .preprocessing import preprocess as preprocessed

__all__ = ["about_seen", "measured_quality", "points_as_seen"]

_SAME_DISTANCES: tuple[list[str], ...] = ([], ["centre"])


def points_as_seen(embedding: Embedding, preprocess: Sequence[str]) -> Embedding | NDArray[Any]:
    """(n, dimensions), NaN where a row is not finite; the embedding itself where no distance has changed."""
    if list(preprocess) in _SAME_DISTANCES:
        return embedding
    good = np.flatnonzero(embedding.finite)
    seen = preprocessed(embedding.points if len(good) == len(embedding) else embedding.points[good], tuple(preprocess))
    if len(good) == len(embedding):
        return seen
    points = np.full((len(embedding), seen.shape[1]), np.nan, seen.dtype)
    points[good] = seen
    return points


def about_seen(preprocess: Sequence[str]) -> Iterator[str]:
    """A sentence where that is not the points themselves."""
    if list(preprocess) not in _SAME_DISTANCES:
        yield f"Measured against the points as the method saw them: {', '.join(preprocess)}."


def measured_quality(
    embedding: Embedding,
    coordinates: NDArray[Any],
    *,
    k: int,
    sample: int,
    preprocess: Sequence[str],
    metric: Space,
    seed: int = 0,
) -> tuple[dict[str, Any], Quality]:
    """Trustworthiness and recall, as values that JSON holds, and all that was measured. Raises ValueError."""
    points = points_as_seen(embedding, preprocess)
    found = quality(points, coordinates, k=k, sample=sample, metric=metric, seed=seed)
    facts = {
        "trustworthiness": found.trustworthiness,
        "recall": found.recall,
        "k": found.k,
        "sample": found.sample,
        "points": len(embedding),
        "metric": found.metric,
        "notes": [*found.notes, *about_seen(preprocess)],
    }
    return facts, found

"""Where points are before the first iteration."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..pca import principal_axes, projected
from .affinities import Neighbors

__all__ = ["initial_layout", "placed_by_neighbors"]

_DEVIATION = 1e-4  # of the first axis: small, so that early exaggeration can arrange all points
_JITTER = 0.01  # of that: equal points must be able to part


def initial_layout(
    points: NDArray[np.float32], how: Any, dims: int, rng: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """((m, dims) float32, (m,) which of them are still to be placed).

    how: "pca", "random" or an (m, ≥ dims) array such as the layout of the step before, whose size is kept; rows of NaN
    in it are points that were not there.
    Raises ValueError for another shape.
    """
    m = len(points)
    unplaced = np.zeros(m, bool)
    if not m:
        return np.zeros((0, dims), np.float32), unplaced
    if isinstance(how, str) and how == "random":
        return (rng.standard_normal((m, dims)) * _DEVIATION).astype(np.float32), unplaced
    if isinstance(how, str):
        layout = _principal(points, dims)
    else:
        layout = np.array(how, np.float32)
        if layout.ndim != 2 or layout.shape[0] != m or layout.shape[1] < dims:
            raise ValueError(
                f"the layout to start from is {layout.shape}, want ({m}, {dims}): a row for every finite point"
            )
        layout = layout[:, :dims]
        unplaced = np.asarray(~np.isfinite(layout).all(axis=1))
        layout[unplaced] = layout[~unplaced].mean(axis=0) if not unplaced.all() else 0.0
    if isinstance(how, str):
        layout = layout - layout.mean(axis=0)
        deviation = float(layout.std(axis=0).max())
        layout = layout * (_DEVIATION / deviation if deviation > 0 else 0.0)
    size = max(float(layout.std()), _DEVIATION)
    jitter = rng.standard_normal(layout.shape) * (size * _JITTER)
    return (layout + jitter).astype(np.float32), unplaced


def placed_by_neighbors(
    layout: NDArray[np.float32], unplaced: NDArray[np.bool_], neighbors: Neighbors
) -> NDArray[np.float32]:
    """The layout with each unplaced point among its neighbours that have a place."""
    made: NDArray[np.float32] = layout.copy()
    for row in np.flatnonzero(unplaced):
        known = neighbors.rows[row][~unplaced[neighbors.rows[row]]][:10]
        if len(known):
            made[row] = layout[known].mean(axis=0)
    return made


def _principal(points: NDArray[np.float32], dims: int) -> NDArray[np.float32]:
    layout = projected(points, principal_axes(points, dims))
    padded: NDArray[np.float32] = np.pad(layout, ((0, 0), (0, dims - layout.shape[1])))
    return padded

"""Where points are before the first epoch of UMAP."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..pca import principal_axes, projected

__all__ = ["in_a_box", "principal", "spectral"]

SIDE = 10.0  # of the square or cube that the layout begins in
_NOISE = 1e-5  # of the side: equal points must be able to part


def principal(points: NDArray[np.float32], dims: int) -> NDArray[np.float32]:
    """(m, dims): the first principal components; 0 where the points have fewer."""
    layout = projected(points, principal_axes(points, min(dims, points.shape[1])))
    padded: NDArray[np.float32] = np.pad(layout, ((0, 0), (0, dims - layout.shape[1])))
    return padded


def spectral(graph: Any, dims: int, seed: int) -> NDArray[np.float32] | None:
    """(m, dims): the smoothest functions over the graph, or None where it falls into parts.

    Eigenvectors of the normalised Laplacian: Belkin and Niyogi, "Laplacian eigenmaps", 2003; the largest of
    D^-½ A D^-½ beside the first, which is the same everywhere.
    """
    from scipy.sparse import diags_array
    from scipy.sparse.csgraph import connected_components
    from scipy.sparse.linalg import ArpackError, eigsh

    m = graph.shape[0]
    if m < 4 * (dims + 1) or connected_components(graph, directed=False, return_labels=False) > 1:
        return None
    root = np.sqrt(np.asarray(graph.sum(axis=1), np.float64).ravel())
    normalised = diags_array(1 / root) @ graph.astype(np.float64) @ diags_array(1 / root)
    noise = np.random.default_rng(seed).standard_normal(m)
    try:
        values, vectors = eigsh(normalised, dims + 1, which="LA", v0=root + 0.01 * noise, tol=1e-4, maxiter=5 * m)
    except ArpackError:  # also where it does not converge
        return None
    order = np.argsort(-values)[1:]
    found: NDArray[np.float32] = vectors[:, order].astype(np.float32)
    return found


def in_a_box(layout: NDArray[np.float32], seed: int) -> NDArray[np.float32]:
    """Each axis from 0 to 10, with a little noise."""
    low, high = layout.min(axis=0), layout.max(axis=0)
    scaled = (layout - low) * (SIDE / np.where(high > low, high - low, 1.0))
    noise = np.random.default_rng(seed).standard_normal(layout.shape) * (SIDE * _NOISE)
    boxed: NDArray[np.float32] = np.ascontiguousarray(scaled + noise, np.float32)
    return boxed

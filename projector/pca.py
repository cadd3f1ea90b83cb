"""Principal components, exact: the eigenvectors of the covariance of all points.

Pearson, "On lines and planes of closest fit", 1901; the covariance is that of scikit-learn's
`PCA(svd_solver="covariance_eigh")`, but of centred points, so that a large mean costs no digits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .preprocessing import blocks, column_means
from .reducer import Frame, Parameter, Points, Reducer

__all__ = ["PCA", "Axes", "principal_axes", "projected"]

# Multiplications; beyond, blocks are multiplied as float32, and summed as float64.
_DOUBLE_UP_TO, _DOUBLE_PRODUCTS_UP_TO = 2e10, 1e8
_DENSE_UP_TO = 6_000  # side of the largest matrix that is decomposed as a whole


@dataclass(frozen=True)
class Axes:
    """Directions of the greatest variance of (m, d) points."""

    mean: NDArray[np.float64]  # (d,)
    directions: NDArray[np.float64]  # (k, d) orthonormal, the greatest variance first
    variances: NDArray[np.float64]  # (min(m - 1, d),) or (k,), divided by m - 1: the spectrum
    total: float  # variance in all directions


class PCA(Reducer):
    """One frame: the points along the directions of their greatest variance.

    The frame has `components` columns, at least `dims` and at most d. `details`: "explained_variance" (all of the
    spectrum, in squared units of the points), "explained_variance_ratio" (their share of the total), "components"
    (k, d) unit directions, "loadings" (k, d) directions × standard deviation along them, "mean" (d,).
    The sign of a direction is that for which its largest entry is positive.
    """

    method = "pca"
    exact = True
    title = "PCA"
    parameters = (
        Parameter(
            "components", "whole", 10, "Components", "How many directions are kept to choose the axes from.", least=1
        ),
    )

    def __init__(self, points: Points, *, dims: int = 2, seed: int = 0, components: int = 10) -> None:
        if components < 1 or dims < 1:
            raise ValueError(f"PCA needs at least one component, got components={components}, dims={dims}")
        self._points, self._columns = points, max(dims, components)
        self._dims = dims
        self.notes: list[str] = []
        self.details: dict[str, Any] = {}

    def __iter__(self) -> Iterator[Frame]:
        points, (m, d) = self._points, self._points.shape
        if not m:
            yield Frame(np.zeros((0, self._dims), np.float32), 1, 1, last=True)
            return
        axes = principal_axes(points, min(self._columns, d))
        coordinates = projected(points, axes)
        if coordinates.shape[1] < self._dims:
            self.notes.append(_told_few(d, self._dims))
            coordinates = np.pad(coordinates, ((0, 0), (0, self._dims - coordinates.shape[1])))
        self._describe(axes)
        yield Frame(coordinates, 1, 1, last=True)

    def _describe(self, axes: Axes) -> None:
        kept = axes.variances[: len(axes.directions)]
        if axes.total == 0:
            self.notes.append("All points are equal: there is no variance to explain.")
        if len(axes.variances) < min(len(self._points) - 1, len(axes.mean)):
            self.notes.append(
                f"The variance of the first {len(axes.variances)} components is exact; "
                f"the rest of {min(self._points.shape):,} was not computed."
            )
        self.details = {
            "explained_variance": axes.variances,
            "explained_variance_ratio": axes.variances / (axes.total or 1.0),
            "components": axes.directions.astype(np.float32),
            "loadings": (axes.directions * np.sqrt(_padded(kept, len(axes.directions)))[:, None]).astype(np.float32),
            "mean": axes.mean,
        }


def principal_axes(points: Points, count: int) -> Axes:
    """The first `count` (at most d) axes of (m, d) finite points; beyond the rank any orthonormal directions."""
    m, d = points.shape
    mean = column_means(points)
    count = min(count, d)
    if min(m, d) > _DENSE_UP_TO:
        return _largest(points, mean, count)
    kind = np.float64 if float(m) * d * min(m, d) <= _DOUBLE_UP_TO else np.float32
    if d <= m:
        product = _summed_products(points, mean, kind)
        values, vectors = np.linalg.eigh(product)
        values, directions = values[::-1], vectors[:, ::-1].T[:count]
    else:
        values, directions = _from_inner_products(points, mean, count)
    values = np.clip(values, 0, None) / max(1, m - 1)
    total = float(values.sum())
    values[values <= total * 1e-15] = 0.0
    return Axes(mean, _signed(directions), values[: max(1, min(m - 1, d))], total)


def projected(points: Points, axes: Axes) -> NDArray[np.float32]:
    """(m, k) float32: centred points along the axes."""
    made = np.empty((len(points), len(axes.directions)), np.float32)
    kind = np.float32 if points.size * len(axes.directions) > _DOUBLE_PRODUCTS_UP_TO else np.float64
    for rows, centred in _centred_blocks(points, axes.mean, kind):
        made[rows] = centred @ axes.directions.T.astype(kind)
    return made


def _centred_blocks(points: Points, mean: NDArray[np.float64], kind: type) -> Iterator[tuple[slice, NDArray[Any]]]:
    """(rows, their centred points). What comes as float32 and is wanted so is never made float64: it takes as long
    again as the products do, and the mean is rounded no more than the points are.
    """
    within = np.float32 if kind is np.float32 and points.dtype.itemsize <= 4 else np.float64
    for rows, block in blocks(points, within):
        yield rows, (block - mean.astype(within)).astype(kind, copy=False)


def _summed_products(points: Points, mean: NDArray[np.float64], kind: type) -> NDArray[np.float64]:
    """(d, d): transposed centred points × centred points."""
    total = np.zeros((points.shape[1], points.shape[1]))
    for _, centred in _centred_blocks(points, mean, kind):
        total += centred.T @ centred
    return total


def _from_inner_products(
    points: Points, mean: NDArray[np.float64], count: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Fewer points than dimensions: the (m, m) products between points have the same spectrum."""
    centred = np.asarray(points, np.float64) - mean
    values, vectors = np.linalg.eigh(centred @ centred.T)
    values, vectors = values[::-1].copy(), vectors[:, ::-1]
    directions = vectors[:, :count].T @ centred
    rank = int((values[:count] > max(values[0], 0.0) * 1e-12).sum())
    # Directions without variance are free: any that complete the others.
    completed, _ = np.linalg.qr(np.concatenate([directions[:rank], np.eye(count, points.shape[1])]).T)
    found = completed.T[:count]
    found[:rank] = directions[:rank] / np.linalg.norm(directions[:rank], axis=1, keepdims=True)
    return values, found


def _largest(points: Points, mean: NDArray[np.float64], count: int) -> Axes:
    """Lanczos iterations for matrices too large to decompose: to machine precision, but the first axes only."""
    from scipy.sparse.linalg import LinearOperator, eigsh

    m, d = points.shape

    def times(vector: NDArray[np.float64]) -> NDArray[np.float64]:
        made = np.zeros(d)
        for _, centred in _centred_blocks(points, mean, np.float64):
            made += centred.T @ (centred @ vector.ravel())
        return made

    start = np.random.default_rng(0).standard_normal(d)
    values, vectors = eigsh(LinearOperator((d, d), times, dtype=np.float64), k=min(count, d - 1), v0=start)
    order = np.argsort(-values)
    total = sum(float((centred**2).sum()) for _, centred in _centred_blocks(points, mean, np.float64))
    values = np.clip(values[order], 0, None) / max(1, m - 1)
    return Axes(mean, _signed(vectors.T[order]), values, total / max(1, m - 1))


def _signed(directions: NDArray[np.float64]) -> NDArray[np.float64]:
    largest = np.abs(directions).argmax(axis=1)
    signs = np.sign(directions[np.arange(len(directions)), largest])
    return directions * np.where(signs == 0, 1, signs)[:, None]


def _padded(values: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    return np.pad(values, (0, max(0, length - len(values))))


def _told_few(d: int, dims: int) -> str:
    return f"The points have {d} {'dimension' if d == 1 else 'dimensions'}: the other {dims - d} of the layout are 0."

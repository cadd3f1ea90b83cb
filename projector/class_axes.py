"""Directions that tell classes apart: through their means, or by Fisher's discriminant."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from .pca import principal_axes
from .preprocessing import blocks
from .reducer import Points

__all__ = ["Classes", "discriminants", "mean_directions"]

Floats = NDArray[np.float64]
_NO_VARIANCE = 1e-10  # of the largest standard deviation: directions below it are rounding


class Classes:
    """The means of C classes of (m, d) points; codes: (m,), -1 for points of none. Raises ValueError below two."""

    def __init__(self, points: Points, codes: NDArray[np.int32]) -> None:
        if len(codes) != len(points):
            raise ValueError(f"a class for each of {len(points):,} points is wanted, got {len(codes):,}")
        present, self.codes = np.unique(codes, return_inverse=True)
        self.codes = self.codes - int(present[0] < 0) if len(present) else self.codes
        count = int((present >= 0).sum())
        if count < 2:
            raise ValueError(f"axes between classes need two of them, the column has {count} that are not empty")
        self.sizes = np.bincount(self.codes[self.codes >= 0], minlength=count)
        self.means: Floats = np.zeros((count, points.shape[1]))  # (C, d)
        for rows, block in blocks(points):
            known = np.flatnonzero(self.codes[rows] >= 0)
            members = csr_array((np.ones(len(known)), (self.codes[rows][known], known)), shape=(count, len(block)))
            self.means += members @ block
        self.means /= self.sizes[:, None]

    @property
    def grand_mean(self) -> Floats:
        """(d,) over all points that are in a class."""
        mean: Floats = self.sizes @ self.means / self.sizes.sum()
        return mean


def mean_directions(classes: Classes, count: int) -> tuple[Floats, Floats]:
    """(origin (d,), directions (up to count, d) orthonormal): the principal axes of the means, each class equal."""
    axes = principal_axes(classes.means, min(count, len(classes.means) - 1, classes.means.shape[1]))
    kept = np.sqrt(axes.variances[: len(axes.directions)])
    return axes.mean, axes.directions[: len(kept)][kept > _NO_VARIANCE * max(float(kept.max(initial=0.0)), 1e-300)]


def discriminants(points: Points, classes: Classes, count: int) -> tuple[Floats, Floats]:
    """(origin (d,), directions (up to count, d)): means lie farthest apart in units of the spread within classes.

    Fisher, "The use of multiple measurements in taxonomic problems", 1936; Rao, 1948, for more than two classes. A
    point's coordinate is (p - origin) · direction, in standard deviations within classes (of n - C degrees of freedom):
    scikit-learn's `LinearDiscriminantAnalysis(solver="svd").transform` up to signs, and from its version 1.9 on up to
    √(1 - C/n). Directions in which no class varies are left out.
    """
    origin, sizes = classes.grand_mean, classes.sizes
    within = _within(points, classes)
    values, vectors = np.linalg.eigh(within / max(1, int(sizes.sum()) - len(sizes)))
    spread = np.sqrt(np.clip(values, 0.0, None))
    kept = spread > _NO_VARIANCE * max(float(spread.max(initial=0.0)), 1e-300)
    whitening = vectors[:, kept] / spread[kept]
    weighted = np.sqrt(sizes)[:, None] * ((classes.means - origin) @ whitening)
    _, strength, turned = np.linalg.svd(weighted, full_matrices=False)
    telling = strength > _NO_VARIANCE * max(float(strength.max(initial=0.0)), 1e-300)
    directions: Floats = (whitening @ turned[telling].T).T
    return origin, directions[: min(count, len(sizes) - 1)]


def _within(points: Points, classes: Classes) -> Floats:
    """(d, d): products of what is left of each point after its class's mean."""
    total = np.zeros((points.shape[1], points.shape[1]))
    for rows, block in blocks(points):
        known = classes.codes[rows] >= 0
        rest = block[known] - classes.means[classes.codes[rows][known]]
        total += rest.T @ rest
    return total

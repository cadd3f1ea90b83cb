"""One layout turned, mirrored and moved onto another.

Schönemann, "A generalized solution of the orthogonal Procrustes problem", Psychometrika 31, 1966; with a scale and a
translation: Schönemann and Carroll, 1970.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Motion", "best_motion"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Motion:
    """p → scale × (p - source) · rotation + target; distances are kept but for the scale."""

    rotation: Floats  # (dims, dims) orthogonal; may mirror
    scale: float
    source: Floats  # (dims,) mean of what is moved
    target: Floats  # (dims,) mean of what it is moved onto
    disparity: float  # squared distances that are left, as a share of the target's around its mean; NaN where that is 0

    def apply(self, layout: NDArray[Any]) -> NDArray[np.float32]:
        """(n, dims) → (n, dims); NaN stays NaN."""
        moved = (layout.astype(np.float64) - self.source) @ self.rotation * self.scale + self.target
        return moved.astype(np.float32)


def best_motion(target: NDArray[Any], layout: NDArray[Any], *, scale: bool = False) -> Motion:
    """The motion that brings (n, dims) points of a layout nearest to the same points of `target`.

    It makes Σ |target - moved|² least. scale: sizes may change too; over many steps that shrinks what moves at random,
    so without it sizes are compared as they are. Rows that are not finite in either do not count.
    Raises ValueError where shapes differ or no row is finite in both.
    """
    if target.shape != layout.shape or target.ndim != 2:
        raise ValueError(f"two layouts of the same points are wanted, got {target.shape} and {layout.shape}")
    both = np.isfinite(target).all(axis=1) & np.isfinite(layout).all(axis=1)
    if not both.any():
        raise ValueError("no point has a place in both layouts: there is nothing to align them by")
    fixed, moving = target[both].astype(np.float64), layout[both].astype(np.float64)
    centre, own = fixed.mean(axis=0), moving.mean(axis=0)
    fixed, moving = fixed - centre, moving - own
    u, strengths, v = np.linalg.svd(moving.T @ fixed)
    size, wanted = float((moving**2).sum()), float((fixed**2).sum())
    factor = float(strengths.sum()) / size if scale and size > 0 else 1.0
    left = wanted - 2 * factor * float(strengths.sum()) + factor**2 * size
    return Motion(u @ v, factor, own, centre, max(left, 0.0) / wanted if wanted > 0 else float("nan"))

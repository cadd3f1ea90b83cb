"""How dense the points of a flat layout lie, on a grid, for contours.

A Gaussian kernel estimate (Silverman, "Density estimation for statistics and data analysis", 1986) of points counted
in cells first (Wand, "Fast computation of multivariate kernel estimators", 1994): a million points take the time of
one pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Density", "density"]

_REACH = 3.0  # bandwidths around the points that the grid covers
_LONGEST = 4.0  # bandwidths after which the kernel is cut; it is below 0.0004 there


@dataclass(frozen=True)
class Density:
    """values: (size, size) float32, points per unit area, row by row from the lowest y; their integral is the number of
    points. x, y: (size,) float64, the middles of the cells. bandwidth: of the kernel, in units of the layout."""

    values: NDArray[np.float32]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    bandwidth: tuple[float, float]


def density(
    coordinates: NDArray[Any], *, size: int = 256, bandwidth: float | None = None, rows: ArrayLike | None = None
) -> Density:
    """The density of (n, ≥ 2) points, of which the first two coordinates count.

    bandwidth: the kernel's standard deviation; None is Scott's rule, deviation × n^(-1/6) on each axis (Scott,
    "Multivariate density estimation", 1992). rows: only these points, numbers or a mask. Points that are not finite
    do not count; without any the grid is empty: zeros from 0 to 1.
    Raises ValueError for a wrong shape, fewer than 2 cells and a bandwidth that is not above 0.
    """
    layout = np.asarray(coordinates)
    if layout.ndim != 2 or layout.shape[1] < 2:
        raise ValueError(f"coordinates (n, 2 or 3) are wanted, got {layout.shape}")
    if size < 2:
        raise ValueError(f"a grid has at least 2 cells a side, got size={size}")
    if bandwidth is not None and not bandwidth > 0:
        raise ValueError(f"a bandwidth is above 0, got {bandwidth}")
    flat = (layout if rows is None else layout[np.asarray(rows)])[:, :2].astype(np.float64)
    flat = flat[np.isfinite(flat).all(axis=1)]
    if not len(flat):
        middles = (np.arange(size) + 0.5) / size
        return Density(np.zeros((size, size), np.float32), middles, middles, (0.0, 0.0))
    widths = np.full(2, bandwidth) if bandwidth is not None else _scott(flat)
    return _smoothed(flat, size, widths)


def _scott(flat: NDArray[np.float64]) -> NDArray[np.float64]:
    deviation = flat.std(axis=0, ddof=1) if len(flat) > 1 else np.zeros(2)
    # Points in a line or in one place still have an area around them.
    size = float(deviation.max()) or 1.0
    widths: NDArray[np.float64] = np.maximum(deviation, 0.01 * size) * len(flat) ** (-1 / 6)
    return widths


def _smoothed(flat: NDArray[np.float64], size: int, widths: NDArray[np.float64]) -> Density:
    from scipy.ndimage import gaussian_filter

    low, high = flat.min(axis=0) - _REACH * widths, flat.max(axis=0) + _REACH * widths
    cell = (high - low) / size
    counts = _shared_between_cells((flat - low) / cell - 0.5, size)
    sigma = tuple((widths / cell)[::-1])
    values = gaussian_filter(counts, sigma, mode="constant", truncate=_LONGEST) / (cell[0] * cell[1])
    x, y = (low[axis] + (np.arange(size) + 0.5) * cell[axis] for axis in (0, 1))
    return Density(values.astype(np.float32), x, y, (float(widths[0]), float(widths[1])))


def _shared_between_cells(at: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """(size, size): each point shared between the four middles around it, the nearer the more."""
    lower = np.clip(np.floor(at).astype(np.int64), 0, size - 2)
    right = np.clip(at - lower, 0.0, 1.0)
    counts = np.zeros(size * size)
    for i in (0, 1):
        for j in (0, 1):
            share = np.abs(1 - j - right[:, 0]) * np.abs(1 - i - right[:, 1])
            places = (lower[:, 1] + i) * size + lower[:, 0] + j
            counts += np.bincount(places, share, size * size)
    return counts.reshape(size, size)

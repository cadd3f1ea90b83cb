"""Repulsion between all pairs in the time of a Fourier transform.

Σ_j 1 / (1 + |y − y_j|²) is a convolution, a potential φ, and the repulsive forces are its slope: points are spread onto
a regular grid, the grid is convolved, and φ and its slope are read at the points. One transform there and one back
instead of the four of Linderman et al., "Fast interpolation-based t-SNE", Nature Methods 2019, whose forces are
interpolated one by one. A spacing of 0.4 keeps the forces within about one percent of the exact ones.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from .compiled import grid_kernels
from .threads import cores, in_ranges

__all__ = ["GridRepulsion"]

_SPACING = 0.4  # between nodes, in units of the layout: the kernel's width is 1
_FEWEST = 64  # spacings across the layout, also when it is small
_MOST = 2_048
_MARGIN = 3  # nodes beyond the outermost points
# How the nodes that a point touches are apart, and with which weight: the product of the spline with itself, in the
# mean, for a point at a node and for one half way between two.
_NEAR = np.arange(-3, 4)
_SELF = np.array([1, 120, 1191, 2416, 1191, 120, 1]) / 5_040
_SELF_AT_NODE = np.array([0, 1, 8, 18, 8, 1, 0]) / 36
_SELF_BETWEEN = np.array([1, 46, 575, 1_060, 575, 46, 1]) / 2_304
_GROWTH = 1.03  # sides of grids are steps of this: transformed kernels are used again


class GridRepulsion:
    """For layouts of two dimensions. `coarse` tells whether the layout ever was too large for the usual spacing."""

    def __init__(self) -> None:
        self.coarse = False

    def __call__(self, layout: NDArray[np.float32], slope: NDArray[np.float32]) -> float:
        """Σ_ij 1 / (1 + d²) over all pairs of different points; slope: out, (n, 2), of each point's own sum."""
        n, flat = len(layout), layout.reshape(-1)
        low, high = layout.min(axis=0).astype(float), layout.max(axis=0).astype(float)
        spacing, side, size = self._grid_for(float((high - low).max()))
        low -= _MARGIN * spacing
        place = (float(low[0]), float(low[1]), spacing, side, flat)
        kernel = _kernel(spacing, size)
        nodes = np.zeros(side * side, np.float32)
        grid_kernels().spread(0, n, *place, nodes)
        potential = _convolved(nodes.reshape(side, side), kernel.transformed).reshape(-1)
        task = (*place, potential, kernel.own_slope, slope.reshape(-1))
        total = sum(in_ranges(n, lambda begin, end: grid_kernels().gather(begin, end, *task)))
        return float(total) - n * kernel.own + kernel.offset * n * (n - 1)

    def _grid_for(self, span: float) -> tuple[float, int, int]:
        """(spacing, nodes a side, nodes a side with room so that a convolution does not come round)."""
        from scipy.fft import next_fast_len

        spacing = _SPACING
        if span < spacing * _FEWEST:
            spacing *= 2.0 ** math.floor(math.log2(max(span, 1e-30) / (spacing * _FEWEST)))
        if span > spacing * _MOST:
            spacing, self.coarse = span / _MOST, True
        nodes = math.ceil(span / spacing) + 2 * _MARGIN + 1
        stepped = math.ceil(_GROWTH ** math.ceil(math.log(nodes, _GROWTH)))
        size = int(next_fast_len(2 * stepped - 1, real=True))
        return spacing, (size + 1) // 2, size


def _convolved(nodes: NDArray[np.float32], kernel: NDArray[np.float32]) -> NDArray[np.float32]:
    """The potential at the nodes. Rows and columns of zeros, half of the padded grid, are not transformed."""
    from scipy import fft

    side, size, workers = len(nodes), len(kernel), cores()
    there = fft.fft(fft.rfft(nodes, size, axis=1, workers=workers), size, axis=0, workers=workers, overwrite_x=True)
    there *= kernel
    back = fft.ifft(there, axis=0, workers=workers, overwrite_x=True)[:side]
    return np.ascontiguousarray(fft.irfft(back, size, axis=1, workers=workers)[:, :side])


@dataclass(frozen=True)
class _Kernel:
    transformed: NDArray[np.float32]  # (size, size // 2 + 1)
    offset: float  # the least value, which was taken from all, so that small layouts lose no digits
    own: float  # what a point adds to its own potential, in the mean over places between the nodes
    own_slope: float  # and to its slope there, see `gather`


@lru_cache(4)
def _kernel(spacing: float, size: int) -> _Kernel:
    """1 / (1 + r²) as nodes feel it: divided by the splines of both ends, so that none of their smoothing is left."""
    from scipy.fft import irfft2, rfft2

    steps = np.arange(size)
    apart = (np.minimum(steps, size - steps) * spacing) ** 2
    offset = 1.0 / (1.0 + 2.0 * float(apart.max()))
    smoothing = ((2.0 + np.cos(2.0 * np.pi * steps / size)) / 3.0) ** 2
    transformed = rfft2(1.0 / (1.0 + apart[:, None] + apart[None, :]) - offset).real
    transformed /= smoothing[:, None] * smoothing[: size // 2 + 1]
    near = irfft2(transformed, (size, size))[np.ix_(_NEAR, _NEAR)]
    by_axis = near @ _SELF
    own_slope = 16 * float((_SELF_BETWEEN - _SELF_AT_NODE) @ by_axis) / spacing  # from ∫ t (1 − t) (1 − 2t) = 1 / 32
    return _Kernel(transformed.astype(np.float32), offset, float(_SELF @ by_axis), own_slope)

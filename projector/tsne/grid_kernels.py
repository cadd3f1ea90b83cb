"""Repulsion on a grid: points → nodes, and potential at the nodes → potential and slope at the points.

Cubic B-splines as in smooth particle-mesh Ewald (Essmann et al., J. Chem. Phys. 103, 1995). A point at x (in nodes)
touches the nodes floor(x) − 1 … floor(x) + 2 of each axis. Layouts and grids lie row by row in one dimension.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator,misc"

from __future__ import annotations

from numba import float32, float64, int64, njit, types, void

__all__ = ["EXPORTS"]

_F4_IN, _F4 = types.Array(float32, 1, "C", readonly=True), types.Array(float32, 1, "C")
_kernel = njit(error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
_inlined = njit(inline="always", error_model="numpy")


@_inlined
def _weights(t):
    """Of the four nodes for a point at `t` (0 … 1) between the second and the third."""
    s = 1.0 - t
    first, last = s * s * s / 6.0, t * t * t / 6.0
    second = (3.0 * t * t * t - 6.0 * t * t + 4.0) / 6.0
    return first, second, 1.0 - first - second - last, last


@_inlined
def _slopes(t):
    """Derivatives of the weights."""
    s = 1.0 - t
    first, last = -0.5 * s * s, 0.5 * t * t
    second = 0.5 * (3.0 * t * t - 4.0 * t)
    return first, second, -first - second - last, last


@_kernel
def spread(begin, end, low_x, low_y, spacing, side, layout, grid):
    """Adds each point to the nodes around it. layout: (n, 2); low: place of the first node; grid: (side, side)."""
    for i in range(begin, end):
        x, y = (layout[2 * i] - low_x) / spacing, (layout[2 * i + 1] - low_y) / spacing
        row, column = int(x), int(y)
        across, along = _weights(x - row), _weights(y - column)
        at = (row - 1) * side + column - 1
        for a in range(4):
            for b in range(4):
                grid[at + b] += across[a] * along[b]
            at += side


@_kernel
def gather(begin, end, low_x, low_y, spacing, side, layout, potential, own, slope):
    """Sum of the potential at the points; slope: out, (n, 2) its derivatives there.

    Between nodes a point feels itself: along an axis about `own` × t (1 − t) (1 − 2t), which is taken off.
    """
    total = 0.0
    for i in range(begin, end):
        x, y = (layout[2 * i] - low_x) / spacing, (layout[2 * i + 1] - low_y) / spacing
        row, column = int(x), int(y)
        across, along = _weights(x - row), _weights(y - column)
        down, right = _slopes(x - row), _slopes(y - column)
        at = (row - 1) * side + column - 1
        by_x, by_y = 0.0, 0.0
        for a in range(4):
            value, change = 0.0, 0.0
            for b in range(4):
                value += potential[at + b] * along[b]
                change += potential[at + b] * right[b]
            total += across[a] * value
            by_x += down[a] * value
            by_y += across[a] * change
            at += side
        t, s = x - row, y - column
        slope[2 * i] = by_x / spacing - own * t * (1.0 - t) * (1.0 - 2.0 * t)
        slope[2 * i + 1] = by_y / spacing - own * s * (1.0 - s) * (1.0 - 2.0 * s)
    return total


_PLACE = (int64, int64, float64, float64, float64, int64)
EXPORTS = {
    "spread": (spread, void(*_PLACE, _F4_IN, _F4)),
    "gather": (gather, float64(*_PLACE, _F4_IN, _F4_IN, float64, _F4)),
}

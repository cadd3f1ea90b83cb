"""Distances of many points to one, in one pass over the points.

Points lie row after row in one array, `width` numbers each. Sums are made in float64 whatever the points are stored
as: what a pass costs is reading the points, and no error of the arithmetic changes the order of neighbours. Only the
compiler imports this module; nearest.py hands out what it made of it.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator,misc"

from __future__ import annotations

import math

from numba import float32, float64, int64, njit, types, void

__all__ = ["EXPORTS"]

_F8 = types.Array(float64, 1, "C")
_F4_IN, _F8_IN = (types.Array(kind, 1, "C", readonly=True) for kind in (float32, float64))
# The order of a sum is free, so that it is made several lanes at a time; NaN and infinity keep their meaning.
_FAST = {"reassoc", "contract", "nsz"}
_kernel = njit(error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True, fastmath=_FAST)


@_kernel
def euclidean(points, width, query, out):
    """out[row] = sqrt(Σ (x - q)²): from differences, as products would lose what a far origin takes."""
    for row in range(len(out)):
        begin, total = row * width, 0.0
        for i in range(width):
            difference = float64(points[begin + i]) - query[i]
            total += difference * difference
        out[row] = math.sqrt(total)


@_kernel
def manhattan(points, width, query, out):
    """out[row] = Σ |x - q|."""
    for row in range(len(out)):
        begin, total = row * width, 0.0
        for i in range(width):
            total += abs(float64(points[begin + i]) - query[i])
        out[row] = total


@_kernel
def dot(points, width, query, out):
    """out[row] = Σ x q."""
    for row in range(len(out)):
        begin, total = row * width, 0.0
        for i in range(width):
            total += float64(points[begin + i]) * query[i]
        out[row] = total


@_kernel
def cosine(points, width, query, out):
    """out[row] = 1 - Σ x q / sqrt(Σ x²), for a query of length 1; 1 for a row of zeros, which has no direction."""
    for row in range(len(out)):
        begin, total, square = row * width, 0.0, 0.0
        for i in range(width):
            x = float64(points[begin + i])
            total += x * query[i]
            square += x * x
        out[row] = 1.0 - total / math.sqrt(square) if square > 0.0 else 1.0


EXPORTS = {
    f"{function.__name__}_{suffix}": (function, void(points, int64, _F8_IN, _F8))
    for function in (euclidean, manhattan, dot, cosine)
    for suffix, points in (("f4", _F4_IN), ("f8", _F8_IN))
}

"""The nearest of many points, from blocks of products or distances.

Matrices lie row by row in one dimension. Kernels work on the queries `begin` to `end` of a block.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator,misc"

from __future__ import annotations

from numba import float32, float64, int32, int64, njit, types, void

__all__ = ["EXPORTS"]

_F4_IN, _F4 = types.Array(float32, 1, "C", readonly=True), types.Array(float32, 1, "C")
_F8_IN, _F8 = types.Array(float64, 1, "C", readonly=True), types.Array(float64, 1, "C")
_I4_IN, _I4 = types.Array(int32, 1, "C", readonly=True), types.Array(int32, 1, "C")
_kernel = njit(error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
_TOGETHER = 64  # points that are compared with the farthest neighbour at once
_fast_kernel = njit(error_model="numpy", fastmath=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)


@_fast_kernel
def _least(norms, products):
    least = norms[0] - (products[0] + products[0])
    for j in range(len(norms)):
        least = min(least, norms[j] - (products[j] + products[j]))
    return least


@_kernel
def _replace_farthest(heap, k, value, row, rows, values):
    """`value` instead of the greatest of the k from place `heap` on, which stay a heap."""
    at = 0
    while True:
        below = 2 * at + 1
        if below >= k:
            break
        if below + 1 < k and values[heap + below + 1] > values[heap + below]:
            below += 1
        if values[heap + below] <= value:
            break
        values[heap + at], rows[heap + at] = values[heap + below], rows[heap + below]
        at = below
    values[heap + at], rows[heap + at] = value, row


def _keep_nearest(begin, end, point, count, k, queries, products, norms, rows, values):
    """Of the points `point` to `point + count`, those that are among the k nearest so far of each query.

    A distance is norms[j] − 2 products[i, j]: the squared one less the query's own norm; a query is no neighbour of
    itself. queries: their places among the points. rows, values: (queries, k) heaps, the farthest first.
    """
    for i in range(begin, end):
        heap, own = i * k, queries[i] - point
        farthest = values[heap]
        for first in range(0, count, _TOGETHER):
            last = min(first + _TOGETHER, count)
            length, product = norms[point + first : point + last], products[i * count + first : i * count + last]
            if _least(length, product) >= farthest:
                continue
            for j in range(len(length)):
                value = length[j] - (product[j] + product[j])
                if value < farthest and first + j != own:
                    _replace_farthest(heap, k, value, point + first + j, rows, values)
                    farthest = values[heap]


_keep_nearest_4, _keep_nearest_8 = _kernel(_keep_nearest), _kernel(_keep_nearest)


@_kernel
def distances(begin, end, k, d, manhattan, queries, points, rows, out):
    """Of each query to its k `rows`: squared or, with `manhattan`, the sum of absolute differences. points: (n, d)."""
    for i in range(begin, end):
        for kept in range(i * k, (i + 1) * k):
            total, first, second = 0.0, int64(queries[i]) * d, int64(rows[kept]) * d
            for axis in range(d):
                apart = float64(points[first + axis]) - float64(points[second + axis])
                total += abs(apart) if manhattan else apart * apart
            out[kept] = total


@_fast_kernel
def half_manhattan(begin, end, point, count, d, queries, points, products):
    """−½ Σ |x − y| of queries and points: what `_keep_nearest` makes the distance of when norms are 0."""
    for i in range(begin, end):
        first = int64(queries[i]) * d
        for j in range(count):
            second, total = (point + j) * d, float32(0)
            for axis in range(d):
                total += abs(points[first + axis] - points[second + axis])
            products[i * count + j] = -total / 2


_BLOCK = (*([int64] * 5), _I4_IN)  # begin, end, three sizes, queries
EXPORTS = {
    "keep_nearest_4": (_keep_nearest_4, void(*_BLOCK, _F4_IN, _F4_IN, _I4, _F4)),
    "keep_nearest_8": (_keep_nearest_8, void(*_BLOCK, _F8_IN, _F8_IN, _I4, _F8)),
    "distances": (distances, void(*_BLOCK, _F4_IN, _I4_IN, _F8)),
    "half_manhattan": (half_manhattan, void(*_BLOCK, _F4_IN, _F4)),
}

"""The loops of t-SNE over points and pairs of neighbours.

Matrices lie row by row in one dimension. Kernels work on the points `begin` to `end` and write to these rows only, so
that ranges run in parallel threads. Only the compiler imports this module; compiled.py hands out what it made of it.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator,misc"

from __future__ import annotations

import math

import numpy as np
from numba import float32, float64, int32, int64, njit, types, void

__all__ = ["EXPORTS"]

_F4_IN, _F4 = types.Array(float32, 1, "C", readonly=True), types.Array(float32, 1, "C")
_I4_IN, _I8_IN = types.Array(int32, 1, "C", readonly=True), types.Array(int64, 1, "C", readonly=True)
_kernel = njit(error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
# Sums in any order, so that eight numbers are worked on at once.
_fast_kernel = njit(
    error_model="numpy", fastmath={"reassoc", "contract", "nsz"}, no_cpython_wrapper=True, no_cfunc_wrapper=True
)
_F4_ZERO, _F4_ONE = np.float32(0), np.float32(1)

_HALVINGS = 100
_EXACT = 1e-5  # of the entropy, in nats
_LONGEST_STEP = 5.0  # of one point in one iteration, in units of the layout


@_kernel
def conditional(begin, end, k, perplexity, squared, out):
    """Probabilities of the k neighbours of each point, whose entropy is log(perplexity).

    p(j | i) ∝ exp(−β_i d²): van der Maaten & Hinton, "Visualizing data using t-SNE", 2008, section 2. β is found by
    halving. squared: n × k squared distances, ascending. out: n × k.
    """
    wanted = math.log(perplexity)
    for i in range(begin, end):
        nearest, scale = squared[i * k], 0.0
        for j in range(i * k, (i + 1) * k):
            scale += squared[j] - nearest
        scale /= k
        beta, low, high = 1.0 / scale if scale > 0.0 else 1.0, 0.0, math.inf
        for _ in range(_HALVINGS):
            total, mean = 0.0, 0.0
            for j in range(i * k, (i + 1) * k):
                distance = squared[j] - nearest
                p = math.exp(-beta * distance)
                out[j] = p
                total += p
                mean += p * distance
            excess = math.log(total) + beta * mean / total - wanted
            if abs(excess) < _EXACT or scale == 0.0:
                break
            if excess > 0.0:
                low = beta
                beta = beta * 2.0 if high == math.inf else 0.5 * (low + high)
            else:
                high = beta
                beta = 0.5 * (low + high)
        for j in range(i * k, (i + 1) * k):
            out[j] /= total


def _move(dims):
    """One function for layouts of 2 and one of 3 dimensions, so that loops over axes cost nothing."""

    @_fast_kernel
    def move(
        begin, end, exaggeration, repulsion, rate, momentum, starts, columns, p, slope, layout, out, update, gains
    ):
        """One iteration of the points `begin` to `end`: layout → out, both (n, dims).

        The gradient is Σ_j (exaggeration p_ij) K_ij (y_i − y_j) + repulsion slope_i with K = 1 / (1 + d²), a quarter of
        that of van der Maaten, "Accelerating t-SNE using tree-based algorithms", 2014, equation 7. `update` and `gains`
        are the state of the descent (Jacobs, 1988). starts, columns, p: the rows of P; its diagonal is empty.
        """
        for i in range(begin, end):
            x, y = layout[dims * i], layout[dims * i + 1]
            z = layout[dims * i + 2] if dims == 3 else x
            ax, ay, az = _F4_ZERO, _F4_ZERO, _F4_ZERO
            for edge in range(starts[i], starts[i + 1]):
                j = dims * columns[edge]
                dx, dy = x - layout[j], y - layout[j + 1]
                dz = z - layout[j + 2] if dims == 3 else _F4_ZERO
                pull = p[edge] / (_F4_ONE + dx * dx + dy * dy + dz * dz)
                ax += pull * dx
                ay += pull * dy
                if dims == 3:
                    az += pull * dz
            length = 0.0
            for axis in range(dims):
                pulled = ax if axis == 0 else (ay if axis == 1 else az)
                at = dims * i + axis
                gradient = exaggeration * pulled + repulsion * slope[at]
                same = gradient * update[at] > 0.0
                gains[at] = gains[at] * 0.8 + 0.01 if same else gains[at] + 0.2
                update[at] = momentum * update[at] - rate * gains[at] * gradient
                length += update[at] * update[at]
            shorter = min(1.0, _LONGEST_STEP / math.sqrt(length)) if length > 0.0 else 1.0
            for at in range(dims * i, dims * i + dims):
                update[at] *= shorter
                out[at] = layout[at] + update[at]

    return move


def _spread_out(dims):
    @_fast_kernel
    def spread_out(begin, end, starts, columns, p, layout):
        """Σ p_ij log(1 + d²): the part of the Kullback-Leibler divergence that the layout of the pairs makes."""
        total = 0.0
        for i in range(begin, end):
            for edge in range(starts[i], starts[i + 1]):
                squared = _F4_ONE
                for axis in range(dims):
                    apart = layout[dims * i + axis] - layout[dims * columns[edge] + axis]
                    squared += apart * apart
                total += p[edge] * math.log(squared)
        return total

    return spread_out


def _push(dims):
    @_fast_kernel
    def push(begin, end, n, planes, slope):
        """Σ K over all pairs; slope: out, (n, dims) derivatives of each point's sum. planes: (dims, n)."""
        total = 0.0
        xs, ys, zs = planes[:n], planes[n : 2 * n], planes[2 * n :]
        for i in range(begin, end):
            x, y = xs[i], ys[i]
            z = zs[i] if dims == 3 else x
            sum_k, by_x, by_y, by_z = _F4_ZERO, _F4_ZERO, _F4_ZERO, _F4_ZERO
            for j in range(n):
                dx, dy = xs[j] - x, ys[j] - y
                dz = zs[j] - z if dims == 3 else _F4_ZERO
                k = _F4_ONE / (_F4_ONE + dx * dx + dy * dy + dz * dz)
                sum_k += k
                by_x += k * k * dx
                by_y += k * k * dy
                by_z += k * k * dz
            total += sum_k
            slope[dims * i], slope[dims * i + 1] = 2.0 * by_x, 2.0 * by_y
            if dims == 3:
                slope[dims * i + 2] = 2.0 * by_z
        return total

    return push


_RANGE, _PAIRS = (int64, int64), (_I8_IN, _I4_IN, _F4_IN)
_MOVE = void(*_RANGE, *([float64] * 4), *_PAIRS, *([_F4_IN] * 2), *([_F4] * 3))
_SPREAD_OUT = float64(*_RANGE, *_PAIRS, _F4_IN)
_PUSH = float64(*_RANGE, int64, _F4_IN, _F4)

EXPORTS = {
    "conditional": (conditional, void(*_RANGE, int64, float64, _F4_IN, _F4)),
    "move2": (_move(2), _MOVE),
    "move3": (_move(3), _MOVE),
    "spread_out2": (_spread_out(2), _SPREAD_OUT),
    "spread_out3": (_spread_out(3), _SPREAD_OUT),
    "push2": (_push(2), _PUSH),
    "push3": (_push(3), _PUSH),
}

"""The loops of t-SNE over points and pairs of neighbours.

Matrices lie row by row in one dimension. Kernels work on the points `begin` to `end` and write to these rows only, so
that ranges run in parallel threads. Only the compiler imports this module; compiled.py hands out what it made of it.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator,misc"

from __future__ import annotations

import math

from numba import float32, float64, int64, njit, types, void

__all__ = ["EXPORTS"]

_F4_IN, _F4 = types.Array(float32, 1, "C", readonly=True), types.Array(float32, 1, "C")
_kernel = njit(error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)

_HALVINGS = 100
_EXACT = 1e-5  # of the entropy, in nats


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


EXPORTS = {
    "conditional": (conditional, void(int64, int64, int64, float64, _F4_IN, _F4)),
}

"""The loops of UMAP over points and edges.

McInnes, Healy, Melville, "UMAP: uniform manifold approximation and projection for dimension reduction", 2018, section 4
(numbers of algorithms and formulas are of its version 3). Matrices lie row by row in one dimension. Only the compiler
imports this module; compiled.py hands out what it made of it.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator,misc"

from __future__ import annotations

import math

from numba import float32, float64, int32, int64, njit, types, uint64, void

__all__ = ["EXPORTS"]

_F4_IN, _F4 = types.Array(float32, 1, "C", readonly=True), types.Array(float32, 1, "C")
_F8, _I4_IN = types.Array(float64, 1, "C"), types.Array(int32, 1, "C", readonly=True)
_kernel = njit(error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
_inlined = njit(inline="always", error_model="numpy")

_HALVINGS, _EXACT = 64, 1e-5
_NARROWEST = 1e-3  # of the mean distance: sigma of a point among copies of itself
_FARTHEST = 4.0  # that one force moves a point, in units of the layout, at a learning rate of 1
_NEAR = 0.001  # keeps the repulsion of points at one place finite


@_kernel
def memberships(begin, end, k, distances, mean, out):
    """How surely each of its k nearest others belongs to a point: exp(-(d - rho) / sigma), algorithm 3.

    rho is the distance of the nearest at another place; sigma is found by halving, so that memberships sum up to
    log2(k + 1), the point itself counted among its neighbours. distances: n × k ascending. mean: of all of them.
    """
    wanted = math.log2(k + 1.0)
    for i in range(begin, end):
        rho, total = 0.0, 0.0
        for j in range(i * k, (i + 1) * k):
            total += distances[j]
            if rho == 0.0 and distances[j] > 0.0:
                rho = float64(distances[j])
        low, high, sigma = 0.0, math.inf, 1.0
        for _ in range(_HALVINGS):
            found = 0.0
            for j in range(i * k, (i + 1) * k):
                beyond = distances[j] - rho
                found += math.exp(-beyond / sigma) if beyond > 0.0 else 1.0
            if abs(found - wanted) < _EXACT:
                break
            if found > wanted:
                high = sigma
                sigma = 0.5 * (low + high)
            else:
                low = sigma
                sigma = sigma * 2.0 if high == math.inf else 0.5 * (low + high)
        sigma = max(sigma, _NARROWEST * (total / (k + 1.0) if rho > 0.0 else mean))
        for j in range(i * k, (i + 1) * k):
            beyond = distances[j] - rho
            out[j] = math.exp(-beyond / sigma) if beyond > 0.0 and sigma > 0.0 else 1.0


@_inlined
def _mixed(state):
    """The next of a sequence of 64 random bits: Steele, Lea and Flood, "Fast splittable pseudorandom number
    generators", 2014 (SplitMix64)."""
    z = state + uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> uint64(30))) * uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> uint64(27))) * uint64(0x94D049BB133111EB)
    return z ^ (z >> uint64(31))


@_inlined
def _limited(force):
    return min(max(force, -_FARTHEST), _FARTHEST)


@_kernel
def epoch(number, dims, heads, tails, period, due, drawn, negatives, a, b, repulsion, rate, seed, layout):
    """One pass over the edges that are due, algorithm 5: both ends approach, random others push the head away.

    heads, tails: points of each edge. period: epochs from one turn of an edge to its next. due: in and out, the epoch
    of its next turn. drawn: in and out, how far its random others were drawn. layout: in and out, n × dims.
    In order of the edges, on one thread: the same seed gives the same layout.
    """
    count = uint64(len(layout) // dims)
    for edge in range(len(heads)):
        if due[edge] > number:
            continue
        due[edge] += period[edge]
        head, tail, square = heads[edge] * dims, tails[edge] * dims, 0.0
        for i in range(dims):
            difference = float64(layout[head + i]) - layout[tail + i]
            square += difference * difference
        if square > 0.0:
            power = math.exp(b * math.log(square))
            pull = -2.0 * a * b * power / square / (1.0 + a * power)
            for i in range(dims):
                step = _limited(pull * (float64(layout[head + i]) - layout[tail + i])) * rate
                layout[head + i] += step
                layout[tail + i] -= step
        draws = int64((number - drawn[edge]) * negatives / period[edge])
        drawn[edge] += draws * period[edge] / negatives
        state = _mixed(uint64(seed) ^ _mixed(uint64(edge) * uint64(0x100000001B3) + uint64(number)))
        for _ in range(draws):
            state = _mixed(state)
            other, square = int64(state % count) * dims, 0.0
            if other == head:
                continue
            for i in range(dims):
                difference = float64(layout[head + i]) - layout[other + i]
                square += difference * difference
            if square > 0.0:
                power = math.exp(b * math.log(square))
                push = 2.0 * repulsion * b / ((_NEAR + square) * (1.0 + a * power))
                for i in range(dims):
                    layout[head + i] += _limited(push * (float64(layout[head + i]) - layout[other + i])) * rate


EXPORTS = {
    "memberships": (memberships, void(int64, int64, int64, _F4_IN, float64, _F4)),
    "epoch": (
        epoch,
        void(
            *(int64, int64, _I4_IN, _I4_IN, _F4_IN, _F8, _F8),
            *(int64, float64, float64, float64, float64, int64, _F4),
        ),
    ),
}

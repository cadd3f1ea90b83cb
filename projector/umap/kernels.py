"""The loops of UMAP over points and edges.

McInnes, Healy, Melville, "UMAP: uniform manifold approximation and projection for dimension reduction", 2018, section 4
(numbers of algorithms and formulas are of its version 3). Matrices lie row by row in one dimension. Only the compiler
imports this module; compiled.py hands out what it made of it.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator,misc"

from __future__ import annotations

import math

import numpy as np
from numba import float32, float64, int32, int64, njit, types, uint64, void

__all__ = ["EXPORTS"]

_F4_IN, _F4 = types.Array(float32, 1, "C", readonly=True), types.Array(float32, 1, "C")
_F8, _I4_IN = types.Array(float64, 1, "C"), types.Array(int32, 1, "C", readonly=True)
_kernel = njit(error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
_inlined = njit(inline="always", error_model="numpy")

_HALVINGS, _EXACT = 64, 1e-5
_NARROWEST = 1e-3  # of the mean distance: sigma of a point among copies of itself
_FARTHEST = 4.0  # that one force moves a point, in units of the layout, at a learning rate of 1
_MANTISSA_LEFT = 17  # bits of a float32 between two entries of the table of powers
_MANTISSA_MASK, _MANTISSA_SHARE = (1 << _MANTISSA_LEFT) - 1, 2.0**-_MANTISSA_LEFT
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
def _power(square, powers):
    """square^b, on a line between the two nearest of `powers`: 64 of them from each power of two to the next."""
    bits = np.float32(square).view(np.int32)
    place, beyond = bits >> _MANTISSA_LEFT, (bits & _MANTISSA_MASK) * _MANTISSA_SHARE
    low = powers[place]
    return low + (powers[place + 1] - low) * beyond


@_inlined
def _limited(force):
    return min(max(force, -_FARTHEST), _FARTHEST)


@_inlined
def _place(layout, at, solid):
    return float64(layout[at]), float64(layout[at + 1]), float64(layout[at + 2]) if solid else 0.0


@_inlined
def _put(layout, at, solid, x, y, z):
    layout[at] = x
    layout[at + 1] = y
    if solid:
        layout[at + 2] = z


@_kernel
def epoch(number, dims, heads, tails, period, due, drawn, negatives, a, b, powers, repulsion, rate, seed, layout):
    """One pass over the edges that are due, algorithm 5: both ends approach, random others push the head away.

    dims: 2 or 3. heads, tails: points of each edge. period: epochs from one turn of an edge to its next. due: in and
    out, the epoch of its next turn. drawn: in and out, how far its random others were drawn. powers: see `_power`.
    layout: in and out, n × dims. In order of the edges, on one thread: the same seed gives the same layout.
    """
    count, solid = uint64(len(layout) // dims), dims == 3
    for edge in range(len(heads)):
        if due[edge] > number:
            continue
        due[edge] += period[edge]
        head, tail = heads[edge] * dims, tails[edge] * dims
        x, y, z = _place(layout, head, solid)
        tail_x, tail_y, tail_z = _place(layout, tail, solid)
        dx, dy, dz = x - tail_x, y - tail_y, z - tail_z
        square = dx * dx + dy * dy + dz * dz
        if square > 0.0:
            power = _power(square, powers)
            pull = -2.0 * a * b * power / (square * (1.0 + a * power))
            dx, dy, dz = _limited(pull * dx) * rate, _limited(pull * dy) * rate, _limited(pull * dz) * rate
            x, y, z = x + dx, y + dy, z + dz
            _put(layout, tail, solid, tail_x - dx, tail_y - dy, tail_z - dz)
        draws = int64((number - drawn[edge]) * negatives / period[edge])
        drawn[edge] += draws * period[edge] / negatives
        state = _mixed(uint64(seed) ^ _mixed(uint64(edge) * uint64(0x100000001B3) + uint64(number)))
        for _ in range(draws):
            state = _mixed(state)
            other = int64(((state >> uint64(32)) * count) >> uint64(32)) * dims
            other_x, other_y, other_z = _place(layout, other, solid)
            dx, dy, dz = x - other_x, y - other_y, z - other_z
            square = dx * dx + dy * dy + dz * dz
            if square > 0.0 and other != head:
                power = _power(square, powers)
                push = 2.0 * repulsion * b / ((_NEAR + square) * (1.0 + a * power))
                x += _limited(push * dx) * rate
                y += _limited(push * dy) * rate
                z += _limited(push * dz) * rate
        _put(layout, head, solid, x, y, z)


EXPORTS = {
    "memberships": (memberships, void(int64, int64, int64, _F4_IN, float64, _F4)),
    "epoch": (
        epoch,
        void(
            *(int64, int64, _I4_IN, _I4_IN, _F4_IN, _F8, _F8),
            *(int64, float64, float64, _F4_IN, float64, float64, int64, _F4),
        ),
    ),
}

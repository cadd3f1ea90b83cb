"""Clouds and meshes made small enough to be drawn: fewer points that cover the same space, fewer and larger faces."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["cell_codes", "fewer_faces", "spread_order"]

Array = NDArray[Any]
Codes = NDArray[np.uint32]

_COUNTED = 1 << 21  # cells whose numbers, three of them, fit 63 bits
_BITS = 10  # of a coordinate: the finest grid has 1024 cells a side


def cell_codes(unit: Array) -> Codes:
    """Morton codes (bits of x, y and z in turn) of points (n, 3) in the cube −1 … 1: a prefix names a coarser cell."""
    cells = ((unit + 1) * (1 << (_BITS - 1))).clip(0, (1 << _BITS) - 1).astype(np.uint32)
    spread = cells
    for shift, mask in ((16, 0x030000FF), (8, 0x0300F00F), (4, 0x030C30C3), (2, 0x09249249)):
        spread = (spread | spread << np.uint32(shift)) & np.uint32(mask)
    codes: Codes = spread[:, 0] << np.uint32(2) | spread[:, 1] << np.uint32(1) | spread[:, 2]
    return codes


def spread_order(codes: Codes, most: int) -> NDArray[np.int64]:
    """At most `most` points, such that every beginning of the list covers all of space as evenly as it can.

    The first point of each cell of a coarse grid comes first, then those of finer grids, then what is left, in an
    order that is random and always the same. So a far-off point stays, whatever is left out.
    """
    order = np.argsort(codes, kind="stable")
    ordered = codes[order]
    level = np.zeros(len(codes), np.uint8)  # grid on which a point is the first of its cell
    differs = ordered[1:] ^ ordered[:-1]
    level[1:] = _BITS + 1
    for bits in range(_BITS):
        level[1:][differs >> np.uint32(3 * bits) != 0] = _BITS - bits
    shuffled = np.random.default_rng(0).permutation(len(codes))
    ranked = shuffled[np.argsort(level[shuffled], kind="stable")]
    kept: NDArray[np.int64] = order[ranked[:most]]
    return kept


def fewer_faces(vertices: Array, colors: Array | None, faces: Array, codes: Codes, most: int) -> tuple[Any, ...]:
    """(vertices, colours, faces, cells a side): vertices of one cell become their mean (vertex clustering,
    Rossignac and Borrel 1993), on the finest grid that leaves at most `most` faces."""
    order = np.argsort(codes, kind="stable")
    low, high = 1, _BITS
    while low < high:  # the finest level that is coarse enough
        middle = (low + high + 1) // 2
        if len(_merged(faces, _cells(codes, order, middle))) <= most:
            low = middle
        else:
            high = middle - 1
    cell = _cells(codes, order, low)
    kept = _merged(faces, cell)
    counts = np.maximum(np.bincount(cell), 1)

    def mean(values: Array) -> Array:
        return np.stack([np.bincount(cell, values[:, axis]) / counts for axis in range(3)], axis=1)

    return mean(vertices), None if colors is None else mean(colors), kept[:most], 1 << low


def _cells(codes: Codes, order: Array, level: int) -> Array:
    """The cell of each vertex on the grid of 2^level cells a side, by its number among those that hold any."""
    coarse = codes[order] >> np.uint32(3 * (_BITS - level))
    cell = np.zeros(len(codes), np.int64)
    cell[order[1:]] = np.cumsum(coarse[1:] != coarse[:-1])
    return cell


def _merged(faces: Array, cell: Array) -> Array:
    """Faces between cells, each once and none without an area."""
    between: Array = cell[faces]
    a, b, c = between.T
    between = between[(a != b) & (b != c) & (a != c)]
    cells = int(cell.max(initial=0)) + 1
    if cells > _COUNTED:  # so many cells that few faces fall together
        return between
    turned = np.take_along_axis(between, (np.argmin(between, axis=1)[:, None] + np.arange(3)) % 3, axis=1)
    _, first = np.unique(turned @ np.array([cells * cells, cells, 1]), return_index=True)
    once: Array = turned[first]
    return once

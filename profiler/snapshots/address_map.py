"""Segments and the blocks in them, as cells along addresses: no more of them than a picture can show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .snapshot import Snapshot, State

__all__ = ["AddressMap", "address_map"]

_FINEST = 600  # cells that a segment is cut into where its blocks are more than that


@dataclass(frozen=True)
class AddressMap:
    """segment  (s,) int64, rows of Snapshot.segments, the largest first
    first    (s + 1,) int64: segment i has the cells first[i] to first[i + 1]
    start    (c,) int64, bytes from the beginning of the segment
    size     (c,) int64 bytes
    used     (c,) float32, the share of a cell that is allocated; waiting for its freeing likewise
    waiting  (c,) float32
    block    (c,) int64, the row of the block where a cell is one, else -1
    hidden   how many segments of the device are left out
    """

    segment: NDArray[np.int64]
    first: NDArray[np.int64]
    start: NDArray[np.int64]
    size: NDArray[np.int64]
    used: NDArray[np.float32]
    waiting: NDArray[np.float32]
    block: NDArray[np.int64]
    hidden: int


def address_map(snapshot: Snapshot, device: int, most: int = 400) -> AddressMap:
    """The `most` largest segments of a device."""
    segments, blocks = snapshot.segments, snapshot.blocks
    mine = np.flatnonzero(segments.device == device)
    chosen = mine[np.argsort(-segments.total[mine], kind="stable")[:most]]
    begin = np.searchsorted(blocks.segment, chosen)
    end = np.searchsorted(blocks.segment, chosen, "right")
    cells = [
        _cells(snapshot, int(segment), np.arange(low, high))
        for segment, low, high in zip(chosen, begin, end, strict=True)
    ]
    counts = [len(each[0]) for each in cells]
    start, size, used, waiting, block = (
        np.concatenate([np.empty(0, dtype), *(each[part] for each in cells)])
        for part, dtype in enumerate((np.int64, np.int64, np.float32, np.float32, np.int64))
    )
    first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return AddressMap(chosen, first, start, size, used, waiting, block, len(mine) - len(chosen))


def _cells(snapshot: Snapshot, segment: int, rows: NDArray[np.int64]) -> tuple[NDArray[np.generic], ...]:
    blocks = snapshot.blocks
    start = blocks.address[rows] - snapshot.segments.address[segment]
    used = blocks.state[rows] == State.ALLOCATED
    waiting = blocks.state[rows] == State.AWAITING_FREE
    if len(rows) <= _FINEST:
        return start, blocks.size[rows], used.astype(np.float32), waiting.astype(np.float32), rows
    total = int(snapshot.segments.total[segment])
    edges = np.linspace(0, total, _FINEST + 1).astype(np.int64)
    shares = [
        (_covered(start, blocks.size[rows] * kind, edges) / np.maximum(np.diff(edges), 1)).astype(np.float32)
        for kind in (used, waiting)
    ]
    return edges[:-1], np.diff(edges), shares[0], shares[1], np.full(_FINEST, -1)


def _covered(start: NDArray[np.int64], size: NDArray[np.int64], edges: NDArray[np.int64]) -> NDArray[np.float64]:
    """Bytes of blocks that lie between each two edges; blocks do not overlap and come in order."""
    ends = np.stack([start, start + size], axis=1).ravel()
    up_to = np.repeat(np.cumsum(size) - size, 2)
    up_to[1::2] += size
    return np.diff(np.interp(edges, ends, up_to))

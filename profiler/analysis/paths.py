"""Trees of slices and what can be asked of them: equal paths merged, the next of a kind around a slice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..trace import Trace
from .compiled import kernels
from .nesting import Nesting, stacks

__all__ = ["Paths", "joined_parents", "merge_paths", "nearest", "within_alike"]


@dataclass(frozen=True)
class Paths:
    """Slices with equal keys from the root down are one node.

    of      (n,) int32, the node of each slice; -1 for what is in none
    parent  (m,) int32, parents come before their children; -1 at the root
    key     (m,) int32
    """

    of: NDArray[np.int32]
    parent: NDArray[np.int32]
    key: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.parent)

    def chain(self, node: int) -> list[int]:
        """The keys from a node up to its root."""
        keys = []
        while node >= 0:
            keys.append(int(self.key[node]))
            node = int(self.parent[node])
        return keys


def merge_paths(parent: NDArray[np.int32], key: NDArray[np.int32], include: NDArray[np.bool_]) -> Paths:
    """The tree of `include`d slices, all (n,); others stand for the node around them. `parent` comes before its
    children."""
    count = len(parent)
    node, node_parent, node_key = (np.empty(count, np.int32) for _ in range(3))
    table = np.full(1 << max(int(2 * include.sum()).bit_length(), 4), -1, np.int32)
    found = kernels("paths_kernels").merge(
        parent, np.ascontiguousarray(key), include.astype(np.int8), table, node, node_parent, node_key
    )
    return Paths(node, node_parent[:found].copy(), node_key[:found].copy())


def within_alike(parent: NDArray[np.int32], key: NDArray[np.int32]) -> NDArray[np.bool_]:
    """(n,) whether a slice lies in another with the same key; keys below 0 are alike with nothing."""
    found = np.empty(len(parent), np.int8)
    kernels("paths_kernels").within_alike(parent, np.ascontiguousarray(key), found)
    return found.astype(np.bool_)


def nearest(parent: NDArray[np.int32], include: NDArray[np.bool_]) -> NDArray[np.int32]:
    """(n,) the slice itself where it is included, else the nearest included one around it, else -1."""
    found = np.empty(len(parent), np.int32)
    kernels("paths_kernels").nearest(parent, include.astype(np.int8), found)
    return found


def joined_parents(trace: Trace, nested: Nesting) -> NDArray[np.int32]:
    """(n,) one tree of both stacks: the innermost slice of either that holds a slice whole, -1 without one."""
    slices = trace.slices
    joined = np.empty(len(slices), np.int32)
    kernels("paths_kernels").join(
        np.ascontiguousarray(slices.start),
        np.ascontiguousarray(slices.duration),
        np.ascontiguousarray(slices.track),
        stacks(trace),
        nested.parent,
        np.full(2 * len(trace.tracks), -1, np.int32),
        joined,
    )
    return joined

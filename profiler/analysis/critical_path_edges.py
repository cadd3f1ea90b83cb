"""A graph of dependencies: nodes in time, and edges that weigh what they lasted or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

__all__ = ["Edges", "Graph", "PathKind"]


class PathKind(IntEnum):
    """What a piece of time on the path was spent with."""

    HOST = 0
    OUTSIDE = 1
    LAUNCH = 2
    STREAM = 3
    KERNEL = 4
    COMMUNICATION = 5
    MEMCPY = 6
    SYNC = 7
    THREAD = 8


@dataclass(frozen=True)
class Graph:
    """Node 0 is the window's start; node 1 + 2 i and 2 + 2 i are the start and the end of `rows[i]`.

    rows    (m,) int64 of `Trace.slices`
    time    (1 + 2 m,) int64 ns of each node, cut to the window at its start
    tail, head, weight, kind, row  (e,) edges: int32 nodes, int64 ns, int8 PathKind, int32 the slice whose time it is
    last    the node at which the window's work was done: the latest of the device, the main thread and autograd's.
            Other threads, which look after collectives or load data, only wait for something to do
    """

    rows: NDArray[np.int64]
    time: NDArray[np.int64]
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    weight: NDArray[np.int64]
    kind: NDArray[np.int8]
    row: NDArray[np.int32]
    last: int

    @cached_property
    def by_tail(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """(v + 1,) and (e,): the edges that leave node u are second[first[u] : first[u + 1]]."""
        counts = np.bincount(self.tail, minlength=len(self.time))
        return np.r_[0, np.cumsum(counts)].astype(np.int32), np.argsort(self.tail, kind="stable").astype(np.int32)


class Edges:
    """Edges as they come up, in pieces; those that would lead back in time are left out."""

    def __init__(self, time: NDArray[np.int64]) -> None:
        self._time = time
        self._pieces: list[tuple[NDArray[np.int64], ...]] = [(np.empty(0, np.int64),) * 5]

    @property
    def times(self) -> NDArray[np.int64]:
        """ns of each node."""
        return self._time

    def add(
        self, tail: NDArray[np.int64], head: NDArray[np.int64], kind: object, row: object, waited: object = False
    ) -> None:
        """kind, row, waited: of each edge, or one for all."""
        lasted = self._time[head] - self._time[tail]
        whole = [np.broadcast_to(np.asarray(each, np.int64), tail.shape) for each in (kind, row, waited)]
        forward = lasted >= 0
        weight = np.where(whole[2] != 0, 0, lasted)
        self._pieces.append(tuple(each[forward] for each in (tail, head, weight, whole[0], whole[1])))

    def graph(self, rows: NDArray[np.int64], last: int) -> Graph:
        tail, head, weight, kind, row = (np.concatenate(each) for each in zip(*self._pieces, strict=True))
        small = (tail.astype(np.int32), head.astype(np.int32), weight, kind.astype(np.int8), row.astype(np.int32))
        return Graph(rows, self._time, *small, last)

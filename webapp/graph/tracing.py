"""What an operation depends on, what depends on it, and the ways from one to another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ...logger.graphs.model import Edges
from .group_tree import Ints

__all__ = ["Reach", "Route"]

Mask = NDArray[np.bool_]
_Neighbours: TypeAlias = tuple[list[int], list[int]]  # where those of each node begin, and all of them


@dataclass(frozen=True, slots=True)
class Route:
    """The ways from some nodes to others."""

    between: Mask  # the nodes on any way
    shortest: list[int]  # the nodes of the shortest one, in order; empty where there is no way


class Reach:
    """Which nodes are reached along the edges, order edges included."""

    def __init__(self, edges: Edges, nodes: int) -> None:
        self._edges, self._count = edges, nodes

    @cached_property
    def _down(self) -> _Neighbours:
        return self._matrix(self._edges.source, self._edges.target)

    @cached_property
    def _up(self) -> _Neighbours:
        return self._matrix(self._edges.target, self._edges.source)

    def _matrix(self, begin: Ints | NDArray[np.int32], end: Ints | NDArray[np.int32]) -> _Neighbours:
        order = np.argsort(begin, kind="stable")
        starts = np.searchsorted(begin[order], np.arange(self._count + 1))
        return starts.tolist(), end[order].tolist()

    def reached(self, start: Ints, direction: str) -> Mask:
        """The nodes at `start` and all that lie "up" (what they need), "down" (what needs them) or "both" ways."""
        found = np.zeros(self._count, np.bool_)
        found[start] = True
        if direction != "down":
            found |= self._search(self._up, start)[0]
        if direction != "up":
            found |= self._search(self._down, start)[0]
        return found

    def route(self, start: Ints, end: Ints) -> Route:
        """From `start` to `end` along the edges."""
        reached, before, order = self._search(self._down, start)
        wanted = np.zeros(self._count, np.bool_)
        wanted[end] = True
        wanted[start] = False
        between = reached & self._search(self._up, end)[0]
        first = next((node for node in order if wanted[node]), None)
        if first is None:
            return Route(np.zeros(self._count, np.bool_), [])
        steps = [first]
        while before[steps[-1]] >= 0:
            steps.append(int(before[steps[-1]]))
        return Route(between, steps[::-1])

    def _search(self, neighbours: _Neighbours, start: Ints) -> tuple[Mask, list[int], list[int]]:
        """Breadth first: (which nodes are reached, the node before each or -1, the order)."""
        starts, ends = neighbours
        before = [-1] * self._count
        found = bytearray(self._count)
        order = start.tolist()
        for node in order:
            found[node] = 1
        for node in order:  # grows meanwhile
            for other in ends[starts[node] : starts[node + 1]]:
                if not found[other]:
                    found[other] = 1
                    before[other] = node
                    order.append(other)
        return np.frombuffer(bytes(found), np.bool_), before, order

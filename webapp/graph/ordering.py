"""Rows of a layered drawing with the bends of long edges, each row in an order with few crossings: Sugiyama's method.

Edges over several rows run through bends, one in each row between; edges of one vertex share their bends, so that they
are drawn as one line that branches.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from .ranks import Pair, backward_edges, rows_of
from .untangling import untangle

__all__ = ["Skeleton", "skeleton_of"]


@dataclass(frozen=True, slots=True)
class Skeleton:
    """Rows of vertices from left to right; those from `count` on are bends of edges.

    chains  of each edge: the bends it runs through, from its begin to its end
    back    edges that lead upwards: their bends begin in the row of their begin and end in that of their end
    above   of each vertex: those in the row above it that a line leads to; below likewise
    """

    count: int
    rows: list[list[int]]
    row_of: list[int]
    chains: dict[Pair, list[int]]
    back: set[Pair]
    above: list[list[int]]
    below: list[list[int]]


def skeleton_of(count: int, edges: Sequence[Pair], tops: Sequence[int] = (), bottoms: Sequence[int] = ()) -> Skeleton:
    """Rows and order of a connected graph; `tops` and `bottoms` stay in their order in the first and last row."""
    back = backward_edges(count, [edge for edge in edges if edge[0] != edge[1]])
    back |= {edge for edge in edges if edge[0] == edge[1]}
    down = [edge for edge in edges if edge not in back]
    row_of = rows_of(count, down, frozenset(tops), frozenset(bottoms))
    skeleton = _with_bends(count, row_of, down, sorted(back))
    _first_order(skeleton, tops, bottoms)
    untangle(skeleton.rows, skeleton.above, skeleton.below, fixed_first=bool(tops), fixed_last=bool(bottoms))
    return skeleton


def _with_bends(count: int, row_of: list[int], down: Sequence[Pair], back: Sequence[Pair]) -> Skeleton:
    row_of = list(row_of)
    above: list[list[int]] = [[] for _ in range(count)]
    below: list[list[int]] = [[] for _ in range(count)]

    def bend(row: int) -> int:
        row_of.append(row)
        above.append([])
        below.append([])
        return len(row_of) - 1

    def join(upper: int, lower: int) -> None:
        below[upper].append(lower)
        above[lower].append(upper)

    trunks: list[list[int]] = [[] for _ in range(count)]
    chains: dict[Pair, list[int]] = {}
    for begin, end in down:
        trunk = trunks[begin]
        between = row_of[end] - row_of[begin] - 1
        while len(trunk) < between:
            trunk.append(bend(row_of[begin] + len(trunk) + 1))
            join(trunk[-2] if len(trunk) > 1 else begin, trunk[-1])
        join(trunk[between - 1] if between else begin, end)
        chains[begin, end] = trunk[:between]
    for begin, end in back:
        bends = [bend(row) for row in range(row_of[end], row_of[begin] + 1)]
        for upper, lower in itertools.pairwise(bends):
            join(upper, lower)
        chains[begin, end] = bends[::-1]
    rows: list[list[int]] = [[] for _ in range(max(row_of, default=-1) + 1)]
    return Skeleton(count, rows, row_of, chains, set(back), above, below)


def _first_order(skeleton: Skeleton, tops: Sequence[int], bottoms: Sequence[int]) -> None:
    """Vertices in the order of a walk from the first rows down."""
    seen = [False] * len(skeleton.row_of)
    starts = [*tops, *sorted(range(len(seen)), key=skeleton.row_of.__getitem__)]
    kept_last = set(bottoms)
    for start in starts:
        way = [start]
        while way:
            vertex = way.pop()
            if seen[vertex] or vertex in kept_last:
                continue
            seen[vertex] = True
            skeleton.rows[skeleton.row_of[vertex]].append(vertex)
            way.extend(other for other in reversed(skeleton.below[vertex]) if not seen[other])
            way.extend(other for other in skeleton.above[vertex] if not seen[other])
    if tops:
        skeleton.rows[0][:] = tops
    if bottoms:
        skeleton.rows[-1][:] = bottoms

"""Order of the vertices in each row, with few crossings: Sugiyama's method.

Edges over several rows run through bends, one in each row between; edges of one vertex share their bends, so that they
are drawn as one line that branches. The order comes from a walk through the graph, is swept up and down with
barycentres, and neighbours are exchanged where that saves crossings (Gansner et al. 1993, "A technique for drawing
directed graphs", section 3).
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass

from .ranks import Pair, backward_edges, rows_of

__all__ = ["Skeleton", "crossings", "skeleton_of"]

_SWEEPS, _PATIENCE = 16, 4
_EXCHANGES = 8


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
    _sweep(skeleton, fixed_first=bool(tops), fixed_last=bool(bottoms))
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


def _sweep(skeleton: Skeleton, *, fixed_first: bool, fixed_last: bool) -> None:
    rows = skeleton.rows
    position = [0] * len(skeleton.row_of)
    for row in rows:
        _number(row, position)
    first, last = int(fixed_first), len(rows) - 1 - int(fixed_last)
    best, kept, failures = crossings(rows, skeleton.below, position), [row[:] for row in rows], 0
    for sweep in range(_SWEEPS):
        if not best:
            break
        if sweep % 2 == 0:
            for row in rows[max(first, 1) : last + 1]:
                _sort(row, skeleton.above, position)
        else:
            for row in reversed(rows[first : min(last, len(rows) - 2) + 1]):
                _sort(row, skeleton.below, position)
        _exchange(skeleton, rows[first : last + 1], position)
        now = crossings(rows, skeleton.below, position)
        failures = 0 if now < best else failures + 1
        if now < best:
            best, kept = now, [row[:] for row in rows]
        elif failures >= _PATIENCE:
            break
    rows[:] = kept


def _number(row: Sequence[int], position: list[int]) -> None:
    for place, vertex in enumerate(row):
        position[vertex] = place


def _sort(row: list[int], others: Sequence[Sequence[int]], position: list[int]) -> None:
    """By the mean position of the others; a vertex without others keeps its place."""
    keys = {}
    for vertex in row:
        near = others[vertex]
        keys[vertex] = sum(map(position.__getitem__, near)) / len(near) if near else position[vertex]
    row.sort(key=keys.__getitem__)
    _number(row, position)


def _exchange(skeleton: Skeleton, rows: Sequence[list[int]], position: list[int]) -> None:
    """Exchange neighbours as long as that saves crossings."""
    at = position.__getitem__
    for row in rows:
        below = {vertex: sorted(map(at, skeleton.below[vertex])) for vertex in row}
        above = {vertex: sorted(map(at, skeleton.above[vertex])) for vertex in row}
        for _ in range(_EXCHANGES):
            better = False
            for place in range(len(row) - 1):
                left, right = row[place], row[place + 1]
                now = _between(above[left], above[right]) + _between(below[left], below[right])
                if now and now > _between(above[right], above[left]) + _between(below[right], below[left]):
                    row[place], row[place + 1] = right, left
                    better = True
            if not better:
                break
        _number(row, position)


def _between(left: Sequence[int], right: Sequence[int]) -> int:
    """Crossings of the lines of two neighbours, from the sorted positions of their other ends."""
    if not left or not right or left[-1] <= right[0]:
        return 0
    return sum(bisect_left(right, place) for place in left)


def crossings(rows: Sequence[Sequence[int]], below: Sequence[Sequence[int]], position: Sequence[int]) -> int:
    """How often lines between neighbouring rows cross."""
    total = 0
    for row in rows[:-1]:
        passed: list[int] = []  # positions of the ends so far, sorted
        for vertex in row:
            ends = sorted(map(position.__getitem__, below[vertex]))
            if passed and ends and ends[0] < passed[-1]:
                total += sum(len(passed) - bisect_right(passed, end) for end in ends)
            for end in ends:
                insort(passed, end)
    return total

"""Nodes that need themselves: what no program computes, but a damaged or hand-made graph may hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from .model import Edges, Node

__all__ = ["cycle_note"]

_LOOPS = frozenset(("NextIteration", "RefNextIteration"))  # what they give leads back to where a loop begins
_SHOWN = 5  # nodes of a way

Neighbours = dict[int, list[int]]


def cycle_note(nodes: Sequence[Node], edges: Edges) -> str | None:
    """A sentence that tells of such nodes; None where there are none."""
    after = _leading_back(nodes, edges)
    before: Neighbours = {}
    for begin, ends in after.items():
        for end in ends:
            before.setdefault(end, []).append(begin)
    places = before.keys() & after.keys()
    left = _with_both(places, after, before)
    if not left:
        return None
    left = _in_cycles(left, after)
    way = [f"{nodes[place].path[:80]!r}" for place in _round(min(left), left, after)]
    shown = " → ".join(way if len(way) <= _SHOWN + 2 else [*way[:_SHOWN], "…", way[-1]])
    count = f"{len(left):,} node{' needs itself' if len(left) == 1 else 's need themselves'}"
    return f"{count}, edges back are drawn as they are: {shown}."


def _leading_back(nodes: Sequence[Node], edges: Edges) -> Neighbours:
    """The edges among which all cycles are, by where they begin.

    A cycle lies between the first node that an edge leads back to and the last that one comes from: in most graphs
    nothing leads back.
    """
    back = np.flatnonzero(edges.source >= edges.target)
    back = back[[nodes[place].op not in _LOOPS for place in edges.source[back].tolist()]] if len(back) else back
    if not len(back):
        return {}
    low, high = edges.target[back].min(), edges.source[back].max()
    inside = (edges.source <= high) & (edges.source >= low) & (edges.target <= high) & (edges.target >= low)
    found: Neighbours = {}
    for begin, end in zip(edges.source[inside].tolist(), edges.target[inside].tolist(), strict=True):
        if nodes[begin].op not in _LOOPS:
            found.setdefault(begin, []).append(end)
    return found


def _with_both(places: Iterable[int], after: Neighbours, before: Neighbours) -> set[int]:
    """Those that stay when all that has nothing before it or nothing behind it is taken away, again and again."""
    left = set(places)
    for ways, others in ((after, before), (before, after)):
        waits = {place: sum(other in left for other in others[place]) for place in left}
        free = [place for place, count in waits.items() if not count]
        for place in free:
            left.remove(place)
            for other in ways[place]:
                if other in left:
                    waits[other] -= 1
                    if not waits[other]:
                        free.append(other)
    return left


def _in_cycles(left: set[int], after: Neighbours) -> set[int]:
    """Those that lie in a cycle, not merely on a way from one to another."""
    from scipy.sparse import coo_array  # half a second, and only damaged graphs get here
    from scipy.sparse.csgraph import connected_components

    places = np.array(sorted(left))
    pairs = np.array([(begin, end) for begin in left for end in after.get(begin, ()) if end in left])
    ends = np.searchsorted(places, pairs).T
    matrix = coo_array((np.ones(len(pairs), np.int8), (ends[0], ends[1])), shape=(len(places), len(places)))
    _, group = connected_components(matrix, connection="strong")
    inside = np.bincount(group)[group] > 1
    inside[ends[0][ends[0] == ends[1]]] = True  # what needs itself at once
    return set(places[inside].tolist())


def _round(place: int, left: set[int], after: Neighbours) -> list[int]:
    """A way from a node back to itself, among those that lie in cycles: of each, one can always go on."""
    way: dict[int, None] = {}
    while place not in way:
        way[place] = None
        place = next(other for other in after[place] if other in left)
    found = list(way)
    return [*found[found.index(place) :], place]

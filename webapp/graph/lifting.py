"""The edges of one level of the picture: edges between nodes deep inside become edges between the items of the level.

What comes from outside the level enters by a port on its top border, one for each tensor, and leaves by a port on its
bottom border, so that a connection that passes through an open group stays visible in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from .outline import Ints, Outline

__all__ = ["Level", "level_of"]

MOST_PORTS = 8  # on each border; more are merged


@dataclass(frozen=True, slots=True)
class Level:
    """What an item holds, with places 0 … n-1 for the items in it and n, n+1, … for its ports.

    Edges are parallel arrays; an edge of the model may be here once. A source node outside enters by `inlets`, and a
    source node inside leaves by `outlets`: places of their ports.
    """

    items: list[int]
    tops: int  # how many ports on the top border; they come first
    bottoms: int
    inlets: dict[int, int]
    outlets: dict[int, int]
    begin: Ints  # place where each edge begins
    end: Ints
    node: Ints  # the node in the model it comes from
    edge: Ints  # its place in the edges of the model

    @property
    def size(self) -> int:
        """Items and ports."""
        return len(self.items) + self.tops + self.bottoms


def level_of(outline: Outline, item: int) -> Level:
    """The level in an item."""
    items = outline.children.get(item, [])
    full = [place for place, child in enumerate(items) if outline.nodes_in(child)]
    starts = np.array([outline.start[items[place]] for place in full], np.int64)
    edges = outline.edges_between(outline.start[item], outline.end[item])
    begin = _within(outline.source_place[edges], starts, outline.end[item], full)
    end = _within(outline.target_place[edges], starts, outline.end[item], full)
    shown = begin != end
    edges, begin, end = edges[shown], begin[shown], end[shown]
    node = outline.source[edges]
    count = len(items)
    inlets = _ports(node[begin < 0], end[begin < 0], count)
    tops = len(set(inlets.values()))
    outlets = _ports(node[end < 0], begin[end < 0], count + tops)
    begin[begin < 0] = [inlets[one] for one in node[begin < 0].tolist()]
    end[end < 0] = [outlets[one] for one in node[end < 0].tolist()]
    bottoms = len(set(outlets.values()))
    return Level(items, tops, bottoms, inlets, outlets, begin, end, node, outline.edges[edges])


def _within(places: Ints, starts: Ints, end: int, full: list[int]) -> Ints:
    """The item of the level that holds each place; -1 where none does."""
    if not full:
        return np.full(len(places), -1)
    at = np.searchsorted(starts, places, side="right") - 1
    found: Ints = np.where((at < 0) | (places >= end), -1, np.array(full, np.int64)[at])
    return found


def _ports(nodes: Ints, items: Ints, first: int) -> dict[int, int]:
    """Node → place of its port. With too many nodes, those that touch the same items share one, then the last ones."""
    touched: dict[int, list[int]] = defaultdict(list)
    for node, item in zip(nodes.tolist(), items.tolist(), strict=True):
        touched[node].append(item)
    keys: Iterable[object] = touched
    if len(touched) > MOST_PORTS:
        keys = [tuple(sorted(set(items))) for items in touched.values()]
    places: dict[object, int] = {}
    for key in keys:
        places.setdefault(key, min(len(places), MOST_PORTS - 1))
    return {node: first + places[key] for node, key in zip(touched, keys, strict=True)}

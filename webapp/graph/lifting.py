"""The edges of one level of the picture: edges between nodes deep inside become edges between the items of the level.

What comes from outside the level enters by a port on its top border, one for each tensor, and leaves by a port on its
bottom border, so that a connection that passes through an open group stays visible in it. Where very many cross a
border, only those that several items share get a port; the others are strays, drawn as short ends at their item. So
are the edges of hubs, items that very many others lead to or take from: drawn in full they would hide the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .outline import Ints, Outline

__all__ = ["Hub", "Level", "Stray", "level_of"]

_MOST_PORTS = 24  # on each border
_SHARED = 3  # items
_HUB_TAKES, _HUB_GIVES = 32, 48  # other items; lines that lead away from one item are drawn as one that branches


@dataclass(frozen=True, slots=True)
class Stray:
    """Edges between an item and something far: what is beyond the border without a port, or the other end at a hub."""

    item: int  # place in the level
    enters: bool
    other: int  # place of the other item, -1 beyond the border
    edge: Ints  # places in the edges of the model


@dataclass(frozen=True, slots=True)
class Hub:
    """An item whose edges are strays."""

    item: int  # place in the level
    takes: bool  # from the others, rather than gives to them
    others: int  # how many


@dataclass(frozen=True, slots=True)
class Level:
    """What an item holds, with places 0 … n-1 for the items in it and n, n+1, … for its ports.

    Edges are parallel arrays. A source node outside enters by `inlets`, and a source node inside leaves by `outlets`:
    places of their ports.
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
    strays: list[Stray]
    hubs: list[Hub]

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
    node, enters, leaves = outline.source[edges], begin < 0, end < 0
    inlets = _ports(node[enters], end[enters], len(items))
    outlets = _ports(node[leaves], begin[leaves], len(items) + len(inlets))
    begin[enters] = [inlets.get(one, -1) for one in node[enters].tolist()]
    end[leaves] = [outlets.get(one, -1) for one in node[leaves].tolist()]
    edge = outline.edges[edges]
    inner = (begin >= 0) & (begin < len(items)) & (end >= 0) & (end < len(items))
    hubs = [
        *_hubs(end[inner], begin[inner], _HUB_TAKES, takes=True),
        *_hubs(begin[inner], end[inner], _HUB_GIVES, takes=False),
    ]
    to_hub = inner & np.isin(end, [hub.item for hub in hubs if hub.takes])
    from_hub = inner & np.isin(begin, [hub.item for hub in hubs if not hub.takes])
    strays = [
        *_strays(end, np.full(len(end), -1), begin < 0, edge, enters=True),
        *_strays(begin, np.full(len(end), -1), end < 0, edge, enters=False),
        *_strays(begin, end, to_hub, edge, enters=False),
        *_strays(end, begin, from_hub & ~to_hub, edge, enters=True),
    ]
    kept = (begin >= 0) & (end >= 0) & ~to_hub & ~from_hub
    begin, end, node, edge = (one[kept] for one in (begin, end, node, edge))
    return Level(items, len(inlets), len(outlets), inlets, outlets, begin, end, node, edge, strays, hubs)


def _hubs(items: Ints, others: Ints, least: int, *, takes: bool) -> list[Hub]:
    """Items that are joined to at least so many others."""
    pairs = np.unique(np.stack([items, others]), axis=1)
    found, counts = np.unique(pairs[0], return_counts=True)
    both = zip(found.tolist(), counts.tolist(), strict=True)
    return [Hub(item, takes, count) for item, count in both if count >= least]


def _within(places: Ints, starts: Ints, end: int, full: Sequence[int]) -> Ints:
    """The item of the level that holds each place; -1 where none does."""
    if not full:
        return np.full(len(places), -1)
    at = np.searchsorted(starts, places, side="right") - 1
    found: Ints = np.where((at < 0) | (places >= end), -1, np.array(full, np.int64)[at])
    return found


def _ports(nodes: Ints, items: Ints, first: int) -> dict[int, int]:
    """Node → place of its port; nodes of strays have none."""
    touched: dict[int, set[int]] = {}
    for node, item in zip(nodes.tolist(), items.tolist(), strict=True):
        touched.setdefault(node, set()).add(item)
    kept = list(touched)
    if len(kept) > _MOST_PORTS:
        shared = [node for node in kept if len(touched[node]) >= _SHARED]
        kept = sorted(shared, key=lambda node: -len(touched[node]))[:_MOST_PORTS]
    return {node: first + place for place, node in enumerate(kept)}


def _strays(items: Ints, others: Ints, stray: NDArray[np.bool_], edge: Ints, *, enters: bool) -> list[Stray]:
    items, others, edge = items[stray], others[stray], edge[stray]
    pairs = np.unique(np.stack([items, others]), axis=1).T.tolist()
    return [Stray(item, enters, other, edge[(items == item) & (others == other)]) for item, other in pairs]

"""The graph as a picture nests it: groups and nodes in the order of the computation, every item a number.

Items 0 … N-1 are the nodes of the model, N … N+G-1 its groups (N is the root); what is made up for the picture (folds
of repeated siblings, sections of large groups) follows. Nodes get *places* in a walk through the nesting, so that what
lies in an item is a range of places.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from heapq import heapify, heappop, heappush
from itertools import chain
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ...logger.graphs.model import GraphModel
from .numbering import numbered

__all__ = ["Ints", "Made", "Outline"]

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Made:
    """An item made up for the picture."""

    kind: Literal["fold", "section"]
    id: str
    label: str
    sub: str


class Outline:
    """The items of a graph.

    parent      of each item; -1 for the root and for constants that are drawn in their consumers
    children    of each item that has some, in the order of the computation
    start, end  range of places of each item
    aside       which nodes are drawn in their consumers
    made        what is not in the model
    constants_of  node → the constants that are drawn in it
    """

    def __init__(self, model: GraphModel) -> None:
        self.model = model
        self.count = len(model.nodes)
        self.root = self.count
        source, target = model.edges.source, model.edges.target
        self.aside = _constants(model)
        self.constants_of = self._consumed(source, target)
        drawn = ~(self.aside[source] | self.aside[target]) & (source != target)
        self.edges: Ints = np.flatnonzero(drawn)  # places in the model's edges
        self.source: Ints = source[self.edges].astype(np.int64)
        self.target: Ints = target[self.edges].astype(np.int64)
        self.time = _computation_order(self.count, self.source, self.target)
        self.parent = [node.group + self.count for node in model.nodes]
        self.parent += [group.parent + self.count if place else -1 for place, group in enumerate(model.groups)]
        self.children: dict[int, list[int]] = self._children()
        self.made: dict[int, Made] = {}
        self._parameters: dict[int, int] = {}
        self._unused: dict[int, list[int]] | None = None  # when it is first asked for: folds are there by then
        self.walk()

    def walk(self) -> None:
        """Give places to the nodes, and their range to all items."""
        self.start = [0] * len(self.parent)
        self.end = [0] * len(self.parent)
        place, ways = 0, [(self.root, False)]
        while ways:
            item, leaving = ways.pop()
            if leaving:
                self.end[item] = place
                continue
            self.start[item] = place
            if item < self.count:
                place += 1
                self.end[item] = place
                continue
            ways.append((item, True))
            ways.extend((child, False) for child in reversed(self.children.get(item, ())))
        places = np.array(self.start[: self.count], np.int64)
        self._walk: Ints = np.full(place, -1)
        shown = np.flatnonzero(~self.aside)
        self._walk[places[shown]] = shown
        self.source_place: Ints = places[self.source]
        self.target_place: Ints = places[self.target]
        self._by_source: Ints = np.argsort(self.source_place, kind="stable")
        self._by_target: Ints = np.argsort(self.target_place, kind="stable")
        self._sorted_source: Ints = self.source_place[self._by_source]
        self._sorted_target: Ints = self.target_place[self._by_target]

    def put(self, item: int, children: list[int], made: Made) -> int:
        """A new item of `item` for some of its children, which are next to each other: the walk stays the same."""
        new = len(self.parent)
        self.parent.append(item)
        self.start.append(self.start[children[0]])
        self.end.append(self.end[children[-1]])
        self.children[new] = children
        self.made[new] = made
        for child in children:
            self.parent[child] = new
        return new

    def id_of(self, item: int) -> str:
        """The name of an item in addresses and scenes: groups end in "/"."""
        if item < self.count:
            return self.model.nodes[item].path
        return self.made[item].id if item in self.made else f"{self.model.groups[item - self.count].path}/"

    def name_of(self, item: int) -> str:
        """The last part of the path of a node or group."""
        if item in self.made:
            return self.made[item].label
        return (self.model.nodes[item] if item < self.count else self.model.groups[item - self.count]).name

    def edges_between(self, start: int, end: int) -> Ints:
        """Places (in `edges`) of the edges with at least one end in a range of places."""
        bounds = (start, end)
        first, last = np.searchsorted(self._sorted_source, bounds)
        leaving = self._by_source[first:last]
        first, last = np.searchsorted(self._sorted_target, bounds)
        entering = self._by_target[first:last]
        outside = (self.source_place[entering] < bounds[0]) | (self.source_place[entering] >= bounds[1])
        found: Ints = np.sort(np.concatenate([leaving, entering[outside]]))
        return found

    def nodes_in(self, item: int) -> int:
        """How many nodes are drawn in an item."""
        return self.end[item] - self.start[item]

    def nodes_of(self, item: int) -> Ints:
        """The nodes that are drawn in an item."""
        return self._walk[self.start[item] : self.end[item]]

    def parameters_in(self, item: int) -> int:
        """How many numbers the parameters have that an item uses, each counted once."""
        if item not in self._parameters:
            nodes = self.model.nodes
            used = set(chain.from_iterable([nodes[node].parameters for node in self.nodes_of(item).tolist()]))
            used.update(self._idle().get(item, ()))
            self._parameters[item] = sum(map(self._learned.__getitem__, used))
        return self._parameters[item]

    @cached_property
    def _learned(self) -> list[int]:
        """How many numbers each parameter holds; 0 for buffers and constants."""
        parameters = self.model.parameters
        numbers, specs = numbered([one.spec for one in parameters])
        elements = [spec.elements or 0 for spec in specs]
        return [elements[at] if one.kind == "parameter" else 0 for one, at in zip(parameters, numbers, strict=True)]

    def _idle(self) -> dict[int, list[int]]:
        """Items that hold parameters which no node uses → those."""
        if self._unused is None:
            self._unused = {}
            for group, parameters in self.model.idle.items():
                item = group + self.count
                while item >= 0:
                    self._unused.setdefault(item, []).extend(parameters)
                    item = self.parent[item]
        return self._unused

    def _consumed(self, source: NDArray[np.int32], target: NDArray[np.int32]) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for edge in np.flatnonzero(self.aside[source] & ~self.aside[target]).tolist():
            found.setdefault(int(target[edge]), []).append(int(source[edge]))
        return found

    def _children(self) -> dict[int, list[int]]:
        """Nodes and groups of each group, by when they are first computed; groups without nodes at the end."""
        never = self.count
        first = [*self.time.tolist(), *[never] * len(self.model.groups)]
        aside = [*self.aside.tolist(), *[False] * len(self.model.groups)]  # of groups: holds constants
        for item in range(self.count):
            if aside[item]:
                aside[self.parent[item]] = True
            elif first[item] < first[self.parent[item]]:
                first[self.parent[item]] = first[item]
        for item in range(len(self.parent) - 1, self.root, -1):
            first[self.parent[item]] = min(first[self.parent[item]], first[item])
            aside[self.parent[item]] |= aside[item]
        children: dict[int, list[int]] = {self.root: []}
        for item, parent in enumerate(self.parent):
            if aside[item] and (item < self.count or first[item] == never):  # nothing of a group like this is drawn
                self.parent[item] = -1
            elif parent >= 0:
                children.setdefault(parent, []).append(item)
        for inside in children.values():
            inside.sort(key=first.__getitem__)
        return children


def _constants(model: GraphModel) -> Bools:
    """Constants that operations use and nothing else: they are drawn in those rather than as boxes."""
    constant = np.fromiter((node.role == "constant" for node in model.nodes), bool, len(model.nodes))
    used = np.zeros(len(model.nodes), bool)
    if constant.any():
        takes = np.fromiter((node.role == "op" for node in model.nodes), bool, len(model.nodes))
        into_operation = takes[model.edges.target]
        used[model.edges.source[into_operation]] = True
        used[model.edges.source[~into_operation]] = False  # what goes out of the graph has a line there
    return constant & used


def _computation_order(count: int, source: Ints, target: Ints) -> Ints:
    """When each node is computed: its own place where that fits the edges, else behind what it depends on."""
    if not len(source) or (source < target).all():
        return np.arange(count)
    order = np.argsort(source, kind="stable")
    begin = np.searchsorted(source[order], np.arange(count + 1)).tolist()
    next_of = target[order].tolist()
    waits = np.bincount(target, minlength=count).tolist()
    time, now = np.full(count, -1), 0
    ready, first_left = [node for node in range(count) if not waits[node]], 0
    heapify(ready)
    while now < count:
        if not ready:  # a cycle: go on with its first node
            while time[first_left] >= 0:
                first_left += 1
            ready.append(first_left)
        node = heappop(ready)
        if time[node] >= 0:
            continue
        time[node], now = now, now + 1
        for other in next_of[begin[node] : begin[node + 1]]:
            waits[other] -= 1
            if waits[other] == 0:
                heappush(ready, other)
    return time

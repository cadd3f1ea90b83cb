"""Two graphs as one that has the parts of both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ...logger.graphs.model import Edges, GraphModel, Group, Node, Parameter
from .group_tree import Ints

__all__ = ["Merged", "merge"]


@dataclass(frozen=True, slots=True)
class Merged:
    """`nodes`, `groups`: the place of each in `a` and in `b`, -1 for none; `edges`: 1 where it is, else 0."""

    model: GraphModel
    nodes: Ints
    groups: Ints
    edges: Ints


def merge(a: GraphModel, b: GraphModel, match: Mapping[int, int]) -> Merged:
    """`match`: place of a node in `a` → in `b`. What is in both is as in `b`; nodes stand in the order of both."""
    groups, group_places = _groups(a, b)
    at = {group.path: place for place, group in enumerate(groups)}
    places = _order(a, b, match)
    parameters = _Parameters()
    nodes: list[Node] = []
    for one, other in places.tolist():
        model, node = (b, b.nodes[other]) if other >= 0 else (a, a.nodes[one])
        used = tuple([parameters.place(model.parameters[place]) for place in node.parameters])
        nodes.append(replace(node, group=at[model.groups[node.group].path], parameters=used))
    parameters.add_idle(a, b)
    edges, of_edges = _edges(a, b, places)
    notes = [*dict.fromkeys((*a.notes, *b.notes))]
    level = b.level if a.level == b.level else f"{a.level} → {b.level}"
    title = b.title if a.title == b.title else f"{a.title} → {b.title}"
    model = GraphModel(title, b.format, groups, nodes, edges, parameters.listed, level, notes)
    return Merged(model, places, group_places, of_edges)


def _groups(a: GraphModel, b: GraphModel) -> tuple[list[Group], Ints]:
    """Those of `b`, behind them those that only `a` has: all come behind their parents."""
    groups = [*b.groups]
    at = dict(b.group_at)
    places = [[a.group_at.get(group.path, -1), place] for place, group in enumerate(groups)]
    for place, group in enumerate(a.groups):
        if group.path not in at:
            at[group.path] = len(groups)
            groups.append(replace(group, parent=at[a.groups[group.parent].path]))
            places.append([place, -1])
    return groups, np.array(places, np.int64)


def _order(a: GraphModel, b: GraphModel, match: Mapping[int, int]) -> Ints:
    """Pairs of places: the order of `b`, with what only `a` has behind what it stood behind there."""
    behind: defaultdict[int, list[int]] = defaultdict(list)  # place in b → places in a
    last = -1
    for place in range(len(a.nodes)):
        if place in match:
            last = match[place]
        else:
            behind[last].append(place)
    back = {other: one for one, other in match.items()}
    pairs = [(place, -1) for place in behind[-1]]
    for place in range(len(b.nodes)):
        pairs.append((back.get(place, -1), place))
        pairs.extend((gone, -1) for gone in behind.get(place, ()))
    return np.array(pairs, np.int64).reshape(-1, 2)


def _edges(a: GraphModel, b: GraphModel, places: Ints) -> tuple[Edges, Ints]:
    """Edges of both, in the order of their targets' inputs; and whether each is in `a`, in `b`."""
    rows = [_rows(model.edges, places[:, side], len(model.nodes)) for side, model in enumerate((a, b))]
    both, which = np.unique(np.concatenate(rows), axis=0, return_inverse=True)
    present = np.zeros((len(both), 2), np.int64)
    which = which.reshape(-1)
    present[which[: len(rows[0])], 0] = 1
    present[which[len(rows[0]) :], 1] = 1
    target, into, source, output, control = both.astype(np.int32).T
    return Edges(source, target, output, into, control.astype(np.bool_)), present


def _rows(edges: Edges, places: Ints, count: int) -> Ints:
    """target, input, source, output, control of each edge; the ends as places in the merged graph."""
    at = np.full(count, -1, np.int64)
    there = np.flatnonzero(places >= 0)
    at[places[there]] = there
    return np.stack([at[edges.target], edges.input, at[edges.source], edges.output, edges.control], axis=1)


class _Parameters:
    """Parameters of both graphs; one that differs is there twice."""

    def __init__(self) -> None:
        self.listed: list[Parameter] = []
        self._at: dict[Parameter, int] = {}

    def place(self, parameter: Parameter) -> int:
        """Where it is in `listed`."""
        place = self._at.setdefault(parameter, len(self.listed))
        if place == len(self.listed):
            self.listed.append(parameter)
        return place

    def add_idle(self, a: GraphModel, b: GraphModel) -> None:
        """Those that no node uses belong to their modules: all of `b`, and of `a` what has no successor in it."""
        named = {parameter.name for parameter in b.parameters}
        for model in (b, a):
            idle = [model.parameters[place] for places in model.idle.values() for place in places]
            for parameter in idle:
                if model is b or parameter.name not in named:
                    self.place(parameter)

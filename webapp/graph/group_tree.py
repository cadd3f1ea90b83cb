"""The groups of a graph as intervals: whether something lies below one is two comparisons, for all nodes at once."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...logger.graphs.model import GraphModel
from ..queries import Refused

__all__ = ["GroupTree", "Ints"]

Ints = NDArray[np.int64]


class GroupTree:
    """Groups in the order in which a walk through the tree enters them.

    A group and all below it are those with `enter[group] <= enter < leave[group]`.
    """

    def __init__(self, model: GraphModel) -> None:
        self._model = model
        count = len(model.groups)
        parent = [group.parent for group in model.groups]
        sizes, enter, behind, depth = [1] * count, [0] * count, [1] * count, [0] * count
        for group in range(count - 1, 0, -1):  # children stand behind their parents
            sizes[parent[group]] += sizes[group]
        for group in range(1, count):
            above = parent[group]
            enter[group] = enter[above] + behind[above]
            behind[above] += sizes[group]
            depth[group] = depth[above] + 1
        self.parent: Ints = np.array(parent, np.int64)
        self.enter: Ints = np.array(enter, np.int64)
        self.leave: Ints = self.enter + np.array(sizes, np.int64)
        self.depth: Ints = np.array(depth, np.int64)  # the root's is 0
        self.group_of: Ints = np.fromiter((node.group for node in model.nodes), np.int64, len(model.nodes))
        self.node_enter: Ints = self.enter[self.group_of]
        self._walk: Ints = np.argsort(self.node_enter, kind="stable")
        self._begin: Ints = np.searchsorted(self.node_enter[self._walk], np.arange(count + 1))

    @cached_property
    def first_node(self) -> list[int]:
        """For each group the first node in or below it, in the order of the graph; of an empty one the end."""
        first = [len(self.group_of)] * len(self.parent)
        for node, group in enumerate(self.group_of.tolist()):
            if node < first[group]:
                first[group] = node
        parent = self.parent.tolist()
        for group in range(len(first) - 1, 0, -1):
            first[parent[group]] = min(first[parent[group]], first[group])
        return first

    def is_under(self, group: int) -> NDArray[np.bool_]:
        """Which nodes lie in a group or below it."""
        inside: NDArray[np.bool_] = (self.node_enter >= self.enter[group]) & (self.node_enter < self.leave[group])
        return inside

    def is_within(self, group: int, other: int) -> bool:
        """Whether a group is the other one or lies below it."""
        return bool(self.enter[other] <= self.enter[group] < self.leave[other])

    def nodes_under(self, group: int) -> Ints:
        """Places of the nodes in a group and below it, those of each group together."""
        return self._walk[self._begin[self.enter[group]] : self._begin[self.leave[group]]]

    def children(self, group: int) -> Ints:
        """Places of the groups right below a group."""
        return np.flatnonzero(self.parent == group)

    def subtree_sums(self, of_groups: NDArray[Any]) -> NDArray[Any]:
        """The sum of a number over each group and all below it."""
        along = np.zeros(len(of_groups) + 1, of_groups.dtype)
        along[self.enter + 1] = of_groups
        np.cumsum(along, out=along)
        return along[self.leave] - along[self.enter]

    def common(self, one: int, other: int) -> int:
        """The lowest group that holds both."""
        while not self.is_within(other, one):
            one = int(self.parent[one])
        return one

    def above(self, group: int) -> list[int]:
        """The groups that hold this one, the outermost first, without the root."""
        found = []
        while (group := int(self.parent[group])) > 0:
            found.append(group)
        return found[::-1]

    def find(self, name: str) -> tuple[int | None, int | None]:
        """(place of the group, None) or (None, place of the node) of an id: groups end in "/". Raises Refused (404)."""
        if name.endswith("/"):
            group = self._model.group_at.get(name[:-1])
            if group is not None:
                return group, None
        node = self._model.node_at.get(name)
        if node is None:
            raise Refused(f"the graph has no {'group' if name.endswith('/') else 'node'} {name[:200]!r}", 404)
        return None, node

    def group_id(self, group: int) -> str:
        """The name of a group in addresses and scenes."""
        return f"{self._model.groups[group].path}/"

"""Values of parameters, modules and nodes, laid over a graph: which of them a box stands for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

from ...logger.graphs.model import GraphModel
from .group_tree import GroupTree
from .named_parts import Part

__all__ = ["LaidOver"]

Value = TypeVar("Value")


class LaidOver(Generic[Value]):
    """Values by the part that each is of.

    A module that has a value has that one. Any other has those of the outermost modules below it that have one, and
    of the nodes beside them; a node has those of the parameters that it uses.
    """

    def __init__(self, model: GraphModel, tree: GroupTree, values: Mapping[Part, Value]) -> None:
        self._model, self._tree, self._values = model, tree, values
        self._above: dict[int, tuple[int, ...]] = {}  # group → it and those above it that have values, outermost first
        with_groups = set(tree.parent[1:].tolist())
        self._leaf = [place not in with_groups for place in range(len(model.groups))]

    def of_frame(self, group: int) -> list[Value]:
        """What an open group has of its own: what lies in it speaks for itself."""
        own = self._values.get(Part("group", group))
        return [] if own is None else [own]

    def of_group(self, group: int) -> list[Value]:
        """What a closed group stands for."""
        return self.of_frame(group) or self.of_nodes(
            self._tree.nodes_under(group).tolist(), int(self._tree.depth[group])
        )

    def of_nodes(self, nodes: Sequence[int], depth: int) -> list[Value]:
        """What nodes stand for together; modules count whose depth is greater than `depth`."""
        found: dict[Part, Value] = {}
        for node in nodes:
            outermost = next((one for one in self._with_values(node) if self._tree.depth[one] > depth), None)
            if outermost is not None:
                part = Part("group", outermost)
                found[part] = self._values[part]
            else:
                found.update(self._own(node))
        return [*found.values()]

    def of_node(self, node: int) -> list[Value]:
        """What one node stands for; where it has nothing itself, its module, if that holds no others."""
        group = self._model.nodes[node].group
        module = self._values.get(Part("group", group)) if self._leaf[group] else None
        return [*self._own(node).values()] or ([] if module is None else [module])

    def _own(self, node: int) -> dict[Part, Value]:
        parts = [Part("node", node), *(Part("parameter", one) for one in self._model.nodes[node].parameters)]
        return {part: self._values[part] for part in parts if part in self._values}

    def _with_values(self, node: int) -> tuple[int, ...]:
        group = self._model.nodes[node].group
        if group not in self._above:
            chain = (*self._tree.above(group), group)
            self._above[group] = tuple(one for one in chain if one and Part("group", one) in self._values)
        return self._above[group]

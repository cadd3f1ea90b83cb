"""Makes graphs node by node, from sources that may be wrong: names twice, inputs that nobody has, groups like nodes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .cycles import cycle_note
from .model import Edges, GraphModel, Group, Node, Parameter, join_path
from .names import scope_parts

__all__ = ["GraphBuilder"]

_LISTED = 5  # names in a note


class GraphBuilder:
    """Collects groups, nodes, parameters and edges; `build` gives the graph with notes of what was mended."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self._groups = [Group("", -1)]
        self._group_at = {"": 0}
        self._nodes: list[Node] = []
        self._node_at: dict[str, int] = {}
        self._again: dict[str, int] = {}  # path → how often it was wanted by others
        self._parameters: list[Parameter] = []
        self._parameter_at: dict[str, int] = {}
        self._ends: list[int] = []  # source, target, output, input, control of each edge
        self._renamed: list[str] = []
        self._empty_parts: list[str] = []
        self._missing: dict[str, int] = {}

    @property
    def nodes(self) -> Sequence[Node]:
        """The nodes so far."""
        return self._nodes

    def group_path(self, place: int) -> str:
        """The path of a group."""
        return self._groups[place].path

    def group(self, parts: Sequence[str], **told: Any) -> int:
        """The place of the group with this path, made with its parents where it is new; `told` are fields of Group."""
        path = join_path(parts)
        place = self._group_at.get(path)
        if place is None:
            parent = self.group(parts[:-1])
            place = self._group_at[path] = len(self._groups)
            self._groups.append(Group(path, parent))
        for name, value in told.items():
            setattr(self._groups[place], name, value)
        return place

    def group_in(self, parent: int, path: str, **told: Any) -> int:
        """The place of the group with this path, made in `parent`, the group of the path above it, where it is new."""
        place = self._group_at.setdefault(path, len(self._groups))
        if place == len(self._groups):
            self._groups.append(Group(path, parent))
        for name, value in told.items():
            setattr(self._groups[place], name, value)
        return place

    def node(self, group: int, name: str, op: str, **told: Any) -> int:
        """Add a node to a group; its place. A name that is taken there gets a number. `told` are fields of Node."""
        return self.add(Node(self.free_path(group, name), op, group, **told))

    def free_path(self, group: int, name: str) -> str:
        """The path of a node with this name in a group; a name that is taken there gets a number."""
        prefix = self._groups[group].path
        wanted = name.replace("/", "%2F") if "/" in name else name
        return self.unused(f"{prefix}/{wanted}" if prefix else wanted)

    def unused(self, wanted: str) -> str:
        """This path, with a number where a node has it."""
        path = wanted
        while path in self._node_at:
            number = self._again[wanted] = self._again.get(wanted, 0) + 1
            path = f"{wanted}_{number}"
        return path

    def add(self, node: Node) -> int:
        """Add a node with a path that is free; its place."""
        place = self._node_at[node.path] = len(self._nodes)
        self._nodes.append(node)
        return place

    def parameter(self, parameter: Parameter) -> int:
        """The place of a parameter; one of the same name is the same."""
        place = self._parameter_at.setdefault(parameter.name, len(self._parameters))
        if place == len(self._parameters):
            self._parameters.append(parameter)
        return place

    def edge(self, source: int, target: int, output: int = 0, into: int = 0, control: bool = False) -> None:
        """Connect two nodes by their places."""
        self._ends += (source, target, output, into, control)

    def missing(self, name: str) -> int:
        """The place of a node that stands for an input which is named but not there."""
        place = self._missing.get(name)
        if place is None:
            *scope, last = scope_parts(name)
            place = self._missing[name] = self.node(self.group(scope), last, "missing", role="missing")
        return place

    def twice(self, name: str) -> None:
        """Note that a name which must be unique was met again."""
        self._renamed.append(name)

    def with_empty_part(self, name: str) -> None:
        """Note that slashes of a name lie side by side or at an end."""
        self._empty_parts.append(name)

    def build(self, title: str, format: str, level: str = "") -> GraphModel:
        """The graph of all that was added."""
        source, target, output, into, control = np.array(self._ends, dtype=np.int32).reshape(-1, 5).T.copy()
        edges = Edges(source, target, output, into, control.astype(bool))
        notes = [*self.notes]
        if self._missing:
            notes.append(
                f"{_count(len(self._missing), 'input')} not in the graph, drawn dashed: {_some(self._missing)}."
            )
        if self._renamed:
            notes.append(f"{_count(len(self._renamed), 'name')} used twice, numbered here: {_some(self._renamed)}.")
        if self._empty_parts:
            listed = f"({len(self._empty_parts):,}): {_some(self._empty_parts)}"
            notes.append(f"Names with slashes side by side or at an end, kept as parts of them {listed}.")
        if (told := cycle_note(self._nodes, edges)) is not None:
            notes.append(told)
        model = GraphModel(title, format, self._groups, self._nodes, edges, self._parameters, level, notes)
        vars(model).update(group_at=self._group_at, node_at=self._node_at)  # which it would make anew
        return model


def _some(names: Sequence[str] | dict[str, int]) -> str:
    shown = [repr(name[:80]) for name in list(names)[:_LISTED]]
    return ", ".join(shown) + (" …" if len(names) > _LISTED else "")


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{' is' if number == 1 else 's are'}"

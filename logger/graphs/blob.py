"""GraphModel ⇄ bytes, as the log holds it: a mark, then compressed JSON with a list for each field of all nodes.

What repeats (names of operations, tensors, attributes, source lines) is held once and named by its place. Names are the
last parts of paths, edges the distances between places. A reader trusts none of it.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Hashable, Sequence
from typing import Any

import numpy as np

from .blob_checks import MARK, check, unpack
from .model import Edges, GraphModel, Group, Node, Parameter, TensorSpec
from .plain_values import plain_value

__all__ = ["decode", "encode"]

_ROLES = ("op", "input", "output", "constant", "missing")
_KINDS = ("parameter", "buffer", "constant")
_MOST_PATHS = 1 << 28  # characters in all
_LEVEL = 6  # of compression: 9 takes five times as long for 1 %


class _Held:
    """Values that are named by their places."""

    def __init__(self, code: Callable[[Any], Any] = lambda value: value) -> None:
        self.values: list[Any] = []
        self._places: dict[Hashable, int] = {}
        self._code = code

    def place(self, value: Any, key: Hashable) -> int:
        """Where the value is held; values of the same key are the same."""
        place = self._places.get(key)
        if place is None:
            place = self._places[key] = len(self.values)
            self.values.append(self._code(value))
        return place


def encode(graph: GraphModel) -> bytes:
    """The graph as bytes that `decode` reads. Attributes become what JSON knows; NaN and infinity become None."""
    columns = _Columns()
    content = {
        "title": graph.title,
        "format": graph.format,
        "level": graph.level,
        "notes": graph.notes,
        "groups": columns.of_groups(graph.groups),
        "nodes": columns.of_nodes(graph.nodes),
        "edges": _edge_columns(graph.edges),
        "parameters": columns.of_parameters(graph.parameters),
        "strings": columns.strings.values,
        "attributes": columns.attributes.values,
        "outputs": columns.outputs.values,
        "specs": columns.specs.values,
    }
    text_form = json.dumps(content, separators=(",", ":"), allow_nan=False)
    return MARK + zlib.compress(text_form.encode("utf-8", "replace"), _LEVEL)


class _Columns:
    """The tables of a graph, and what they name by place."""

    def __init__(self) -> None:
        self.strings, self.attributes = _Held(), _Held()
        self.specs = _Held(lambda spec: [self._text(spec.dtype), spec.shape, self._text(spec.device)])
        self.outputs = _Held(lambda tensors: [self._spec(spec) for spec in tensors])

    def _text(self, value: str) -> int:
        return self.strings.place(value, value)

    def _spec(self, spec: TensorSpec) -> int:
        return self.specs.place(spec, spec)

    def _told(self, value: Any) -> int:
        return self.attributes.place(plain_value(value), repr(value)) if value else self.attributes.place({}, "")

    def of_groups(self, groups: Sequence[Group]) -> dict[str, list[Any]]:
        return {
            "name": [group.name for group in groups],
            "parent": [group.parent for group in groups],
            "type": [self._text(group.type) for group in groups],
            "module": [-1 if group.module is None else self._text(group.module) for group in groups],
            "call": [group.call for group in groups],
            "source": [self._text(group.source) for group in groups],
            "attributes": [self._told(group.attributes) for group in groups],
        }

    def of_nodes(self, nodes: Sequence[Node]) -> dict[str, list[Any]]:
        return {
            "name": [node.name for node in nodes],
            "op": [self._text(node.op) for node in nodes],
            "group": [node.group for node in nodes],
            "role": [_ROLES.index(node.role) for node in nodes],
            "outputs": [self.outputs.place(node.outputs, node.outputs) for node in nodes],
            "parameters": [node.parameters for node in nodes],
            "attributes": [self._told(node.attributes) for node in nodes],
            "device": [self._text(node.device) for node in nodes],
            "source": [self._text(node.source) for node in nodes],
            "flops": [_number(node.flops) for node in nodes],
            "time": [_number(node.time) for node in nodes],
            "memory": [_number(node.memory) for node in nodes],
        }

    def of_parameters(self, parameters: Sequence[Parameter]) -> dict[str, list[Any]]:
        return {
            "name": [parameter.name for parameter in parameters],
            "spec": [self._spec(parameter.spec) for parameter in parameters],
            "kind": [_KINDS.index(parameter.kind) for parameter in parameters],
            "trainable": [int(parameter.trainable) for parameter in parameters],
            "tied": [[self._text(name) for name in parameter.tied] for parameter in parameters],
        }


def _edge_columns(edges: Edges) -> dict[str, list[int]]:
    return {
        "target": np.diff(edges.target, prepend=np.int32(0)).tolist(),
        "back": (edges.target - edges.source).tolist(),
        "output": edges.output.tolist(),
        "input": edges.input.tolist(),
        "control": edges.control.astype(int).tolist(),
    }


def _number(value: float | None) -> float | None:
    """Six digits are enough for a measured time; whole numbers stay exact."""
    if value is None or isinstance(value, int):
        return value
    if not np.isfinite(value):
        return None
    return int(value) if value.is_integer() and abs(value) < 1 << 63 else float(f"{value:.6g}")


def decode(data: bytes) -> GraphModel:
    """The graph in these bytes. Raises ValueError, with what is wrong, unless `encode` could have made them."""
    content = unpack(data)
    check(content)
    strings, attributes = content["strings"], content["attributes"]
    specs = [
        TensorSpec(strings[dtype], None if shape is None else tuple(shape), strings[device])
        for dtype, shape, device in content["specs"]
    ]
    outputs = [tuple([specs[place] for place in tensors]) for tensors in content["outputs"]]
    groups = _groups(content["groups"], strings, attributes)
    return GraphModel(
        content["title"],
        content["format"],
        groups,
        _nodes(content["nodes"], groups, strings, attributes, outputs),
        _edges(content["edges"], len(content["nodes"]["name"])),
        [
            Parameter(name, specs[spec], _KINDS[kind], bool(trainable), tuple([strings[one] for one in tied]))  # type: ignore[arg-type]
            for name, spec, kind, trainable, tied in _rows(content["parameters"], "name spec kind trainable tied")
        ],
        content["level"],
        content["notes"],
    )


def _rows(columns: dict[str, list[Any]], names: str) -> Any:
    return zip(*(columns[name] for name in names.split()), strict=True)


def _joined(parent: str, name: str) -> str:
    return f"{parent}/{name}" if parent else name


def _within(left: int) -> int:
    """Groups in each other have paths that grow with the square of their number."""
    if left < 0:
        raise ValueError(f"the stored graph is damaged: its paths have more than {_MOST_PATHS} characters")
    return left


def _groups(columns: dict[str, list[Any]], strings: Sequence[str], attributes: Sequence[Any]) -> list[Group]:
    groups: list[Group] = []
    left = _MOST_PATHS
    rows = _rows(columns, "name parent type module call source attributes")
    for name, parent, kind, module, call, source, told in rows:
        path = _joined(groups[parent].path, name) if parent >= 0 else ""
        left = _within(left - len(path))
        of = None if module < 0 else strings[module]
        groups.append(Group(path, parent, strings[kind], of, call, strings[source], attributes[told]))
    return groups


def _nodes(
    columns: dict[str, list[Any]],
    groups: Sequence[Group],
    strings: Sequence[str],
    attributes: Sequence[Any],
    tensors: Sequence[tuple[TensorSpec, ...]],
) -> list[Node]:
    paths = [group.path for group in groups]
    _within(_MOST_PATHS - sum(len(paths[group]) for group in columns["group"]))
    rows = _rows(columns, "name op group role outputs parameters attributes device source flops time memory")
    return [
        Node(
            _joined(paths[group], name),
            strings[op],
            group,
            _ROLES[role],  # type: ignore[arg-type]
            tensors[outputs],
            tuple(parameters),
            attributes[told],
            strings[device],
            strings[source],
            flops,
            time,
            memory,
        )
        for name, op, group, role, outputs, parameters, told, device, source, flops, time, memory in rows
    ]


def _edges(columns: dict[str, list[int]], nodes: int) -> Edges:
    targets = np.cumsum(np.array(columns["target"], np.int64))
    sources = targets - np.array(columns["back"], np.int64)
    for ends in (sources, targets):
        if len(ends) and (ends.min() < 0 or ends.max() >= nodes):
            raise ValueError(f"the stored graph is damaged: an edge leads to none of its {nodes} nodes")
    outputs, inputs = (np.array(columns[name], np.int32) for name in ("output", "input"))
    control = np.array(columns["control"], np.int64) != 0
    return Edges(sources.astype(np.int32), targets.astype(np.int32), outputs, inputs, control)

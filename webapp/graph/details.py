"""All that is known of one node or group, with what it is connected to."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import numpy as np

from ...logger.graphs.model import GraphModel, Group, Node, Parameter
from .group_tree import GroupTree, Ints
from .sums import Sums, activation_bytes
from .tree_rows import group_numbers, known

__all__ = ["node_details"]

_MOST_LINKS = 200  # listed of what goes in or out
_MOST_PARAMETERS = 500
_MOST_ATTRIBUTES = 200
_LONGEST_TEXT = 2_000  # characters of an attribute
_DEEPEST = 6  # lists within lists


def node_details(model: GraphModel, tree: GroupTree, sums: Sums, name: str) -> dict[str, Any]:
    """The answer to GET /api/graph/node. Raises Refused (404) for an id that is not in the graph."""
    group, node = tree.find(name)
    if group is not None:
        return _group(model, tree, sums, group)
    assert node is not None
    return _node(model, node)


def _node(model: GraphModel, place: int) -> dict[str, Any]:
    node, edges = model.nodes[place], model.edges
    incoming = np.flatnonzero(edges.target == place)
    outgoing = np.flatnonzero(edges.source == place)
    return {
        "id": node.path,
        "kind": node.role,
        "type": node.op,
        "name": node.name,
        "path": node.path,
        "role": node.role,
        "attributes": _attributes(node.attributes),
        "inputs": _inputs(model, incoming),
        "inputs_in_all": len(incoming),
        "outputs": _outputs(model, outgoing, node),
        "outputs_in_all": len(outgoing),
        **_parameters(model, node.parameters),
        "flops": None if node.flops is None else known(node.flops),
        "activation_bytes": activation_bytes(node),
        "time": None if node.time is None else known(node.time),
        "memory": node.memory,
        "device": node.device,
        "source": node.source,
    }


def _group(model: GraphModel, tree: GroupTree, sums: Sums, place: int) -> dict[str, Any]:
    group, edges = model.groups[place], model.edges
    inside = tree.is_under(place)
    from_inside, to_inside = inside[edges.source], inside[edges.target]
    incoming, outgoing = np.flatnonzero(~from_inside & to_inside), np.flatnonzero(from_inside & ~to_inside)
    used = dict.fromkeys(index for node in tree.nodes_under(place).tolist() for index in model.nodes[node].parameters)
    idle = [one for group, all in model.idle.items() if tree.is_within(group, place) for one in all]
    return {
        "id": tree.group_id(place),
        "kind": "group",
        "type": group.type,
        "name": group.name,
        "path": group.path,
        "role": "group",
        "module": group.module,
        "call": group.call,
        "attributes": _attributes(group.attributes),
        "inputs": _inputs(model, incoming),
        "inputs_in_all": len(incoming),
        "outputs": _outputs(model, outgoing),
        "outputs_in_all": len(outgoing),
        **_parameters(model, used, idle),
        "device": _common_device(model, tree.nodes_under(place)),
        "source": group.source,
        "sums": group_numbers(sums, place),
        "calls": _calls(model, group),
    }


def _inputs(model: GraphModel, edges: Ints) -> list[dict[str, Any]]:
    """One entry an edge, in the order of the inputs."""
    found = []
    for edge in edges[:_MOST_LINKS].tolist():
        source = model.nodes[model.edges.source[edge]]
        found.append(
            {
                "id": source.path,
                "name": source.name,
                "spec": _written(model.spec_of(edge)),
                "output": int(model.edges.output[edge]),
                "input": int(model.edges.input[edge]),
                "control": bool(model.edges.control[edge]),
                "into": model.nodes[model.edges.target[edge]].path,
            }
        )
    return found


def _outputs(model: GraphModel, edges: Ints, node: Node | None = None) -> list[dict[str, Any]]:
    """One entry a tensor with all it goes to; those of a node that nobody takes as well."""
    found: dict[tuple[str, int, bool], dict[str, Any]] = {}
    if node is not None:
        found = {(node.path, k, False): _output(node, k, str(spec)) for k, spec in enumerate(node.outputs)}
    for edge in edges[:_MOST_LINKS].tolist():
        source, target = model.nodes[model.edges.source[edge]], model.nodes[model.edges.target[edge]]
        output, control = int(model.edges.output[edge]), bool(model.edges.control[edge])
        made = _output(source, output, _written(model.spec_of(edge)), control)
        entry = found.setdefault((source.path, output, control), made)
        entry["to"].append({"id": target.path, "name": target.name, "input": int(model.edges.input[edge])})
    return [*found.values()]


def _output(node: Node, output: int, spec: str, control: bool = False) -> dict[str, Any]:
    return {"id": node.path, "output": output, "spec": spec, "control": control, "to": []}


def _written(spec: object) -> str:
    return "" if spec is None else str(spec)


def _parameters(model: GraphModel, used: Iterable[int], idle: Collection[int] = ()) -> dict[str, Any]:
    """Those that are used, then those that no node uses."""
    all = [*dict.fromkeys(used), *idle]
    listed = [_parameter(model.parameters[index], index in idle) for index in all[:_MOST_PARAMETERS]]
    return {"parameters": listed, "parameters_in_all": len(all)}


def _parameter(parameter: Parameter, is_idle: bool) -> dict[str, Any]:
    spec = parameter.spec
    return {
        "name": parameter.name,
        "kind": parameter.kind,
        "shape": None if spec.shape is None else list(spec.shape),
        "dtype": spec.dtype,
        "count": spec.elements,
        "bytes": spec.nbytes,
        "trainable": parameter.trainable,
        "tied": list(parameter.tied[:_MOST_LINKS]),
        "idle": is_idle,
    }


def _common_device(model: GraphModel, nodes: Ints) -> str:
    devices = {model.nodes[node].device for node in nodes.tolist()} - {""}
    return ", ".join(sorted(devices)[:8])


def _calls(model: GraphModel, group: Group) -> list[str]:
    """The ids of all calls of the same module, where there are several."""
    if group.module is None:
        return []
    same = [f"{other.path}/" for other in model.groups if other.module == group.module and other.path]
    return same[:_MOST_LINKS] if len(same) > 1 else []


def _attributes(attributes: Mapping[str, Any]) -> dict[str, Any]:
    shown = {str(key): _plain(value) for key, value in [*attributes.items()][:_MOST_ATTRIBUTES]}
    if len(attributes) > _MOST_ATTRIBUTES:
        shown["…"] = f"{len(attributes) - _MOST_ATTRIBUTES:,} more"
    return shown


def _plain(value: Any, depth: int = 0) -> Any:
    """What JSON can hold, of bounded size; numbers that are not finite as text."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return value if len(value) <= _LONGEST_TEXT else f"{value[:_LONGEST_TEXT]}… ({len(value):,} characters)"
    if depth < _DEEPEST and isinstance(value, Mapping):
        return {str(key): _plain(one, depth + 1) for key, one in [*value.items()][:_MOST_ATTRIBUTES]}
    if depth < _DEEPEST and isinstance(value, list | tuple):
        more = [f"… {len(value) - _MOST_ATTRIBUTES:,} more"] if len(value) > _MOST_ATTRIBUTES else []
        return [_plain(one, depth + 1) for one in value[:_MOST_ATTRIBUTES]] + more
    return _plain(str(value), depth) if depth < _DEEPEST else "…"

"""GraphModel → JSON to read and to work with: a row for each group, node and parameter, names instead of places.

`{"stepscope_graph": 1, title, format, level, notes, groups, nodes, parameters}`. A group has path, type, module, call,
source, attributes; a node path, op, role, inputs [{from, output, input, control}], outputs [{dtype, shape, device}],
parameters (names), attributes, device, source, flops, time (seconds), memory (bytes); a parameter name, dtype, shape,
kind, trainable, tied (its other names). What is empty is left out.
"""

from __future__ import annotations

from typing import Any

from .model import GraphModel, Group, Node, Parameter, TensorSpec
from .plain_values import plain_value

__all__ = ["JSON_MARK", "as_json_form"]

JSON_MARK = "stepscope_graph"
_VERSION = 1


def as_json_form(model: GraphModel, title: str = "") -> dict[str, Any]:
    """The graph as what JSON can hold. `title`: instead of its own."""
    inputs: list[list[dict[str, Any]]] = [[] for _ in model.nodes]
    edges = model.edges
    columns = (edges.source, edges.target, edges.output, edges.input, edges.control)
    for source, target, output, into, control in zip(*(column.tolist() for column in columns), strict=True):
        told = {"from": model.nodes[source].path, "output": output, "input": into, "control": control}
        inputs[target].append({key: value for key, value in told.items() if value})
    return {
        JSON_MARK: _VERSION,
        "title": title or model.title,
        "format": model.format,
        "level": model.level,
        "notes": model.notes,
        "groups": [_group(group) for group in model.groups],
        "nodes": [_node(model, node, inputs[place]) for place, node in enumerate(model.nodes)],
        "parameters": [_parameter(parameter) for parameter in model.parameters],
    }


def _filled(**fields: Any) -> dict[str, Any]:
    """Without what is empty or unknown."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}


def _group(group: Group) -> dict[str, Any]:
    told = _filled(
        type=group.type, call=group.call or None, source=group.source, attributes=plain_value(group.attributes)
    )
    module = {} if group.module is None else {"module": group.module}  # that of the whole model is ""
    return {"path": group.path, **module, **told}


def _node(model: GraphModel, node: Node, inputs: list[dict[str, Any]]) -> dict[str, Any]:
    told = _filled(
        inputs=inputs,
        outputs=[_spec(spec) for spec in node.outputs],
        parameters=[model.parameters[place].name for place in node.parameters],
        attributes=plain_value(node.attributes),
        device=node.device,
        source=node.source,
        flops=plain_value(node.flops),
        time=plain_value(node.time),
        memory=node.memory,
    )
    return {"path": node.path, "op": node.op, "role": node.role, **told}


def _spec(spec: TensorSpec) -> dict[str, Any]:
    shape = None if spec.shape is None else {"shape": list(spec.shape)}
    return {**_filled(dtype=spec.dtype, device=spec.device), **(shape or {})}


def _parameter(parameter: Parameter) -> dict[str, Any]:
    told = {"name": parameter.name, "kind": parameter.kind, "trainable": parameter.trainable}
    return {**told, **_spec(parameter.spec), **_filled(tied=list(parameter.tied))}

"""Graphs in the form that Model Explorer opens: a collection of one graph, whose nodes name their namespaces.

https://github.com/google-ai-edge/model-explorer/wiki/4.-API-Guide
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ...logger.graphs.model import GraphModel, Group, Node, Parameter, TensorSpec
from ...logger.graphs.plain_values import plain_value

__all__ = ["as_model_explorer"]

_NAMED_OUTSIDE = {"input": "Graph Input", "output": "Graph Output", "missing": "missing", "constant": "constant"}


def as_model_explorer(model: GraphModel, title: str) -> dict[str, Any]:
    """`{label, graphs: [{id, nodes, groupNodeAttributes}]}`; every value is text, as it wants them."""
    incoming: list[list[dict[str, str]]] = [[] for _ in model.nodes]
    tensors: list[list[dict[str, Any]]] = [[] for _ in model.nodes]
    edges = model.edges
    columns = (edges.source, edges.target, edges.output, edges.input)
    for edge, (source, target, output, into) in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
        ends = {"sourceNodeId": model.nodes[source].path, "sourceNodeOutputId": str(output)}
        incoming[target].append({**ends, "targetNodeInputId": str(into)})
        spec = model.spec_of(edge)
        if spec is not None:
            tensors[target].append({"id": str(into), "attrs": _spec(spec)})
    nodes = [_node(model, node, incoming[place], tensors[place]) for place, node in enumerate(model.nodes)]
    groups = {group.path: told for group in model.groups if (told := _group(group))}
    return {"label": title, "graphs": [{"id": title or "graph", "nodes": nodes, "groupNodeAttributes": groups}]}


def _node(
    model: GraphModel, node: Node, incoming: list[dict[str, str]], tensors: list[dict[str, Any]]
) -> dict[str, Any]:
    told = {
        **node.attributes,
        **{parameter.name: _written(parameter) for parameter in (model.parameters[place] for place in node.parameters)},
        **_known(
            name=node.name, device=node.device, source=node.source, flops=node.flops, time=node.time, memory=node.memory
        ),
    }
    outputs = [{"id": str(place), "attrs": _spec(spec)} for place, spec in enumerate(node.outputs)]
    return {
        "id": node.path,
        "label": node.op if node.role == "op" else _NAMED_OUTSIDE[node.role],
        "namespace": model.groups[node.group].path,
        "attrs": [{"key": str(key), "value": _text(value)} for key, value in told.items()],
        "incomingEdges": incoming,
        "inputsMetadata": tensors,
        "outputsMetadata": outputs,
    }


def _group(group: Group) -> dict[str, str]:
    told = {**group.attributes, **_known(type=group.type, module=group.module, source=group.source)}
    return {str(key): _text(value) for key, value in told.items()}


def _spec(spec: TensorSpec) -> list[dict[str, str]]:
    return [{"key": "tensor_shape", "value": str(spec)}]


def _written(parameter: Parameter) -> str:
    frozen = "" if parameter.trainable or parameter.kind != "parameter" else ", frozen"
    return f"{parameter.kind}{frozen} {parameter.spec}"


def _known(**told: Any) -> Mapping[str, Any]:
    return {name: value for name, value in told.items() if value not in (None, "")}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(plain_value(value))

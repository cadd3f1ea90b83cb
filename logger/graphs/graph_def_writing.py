"""GraphModel → GraphDef, for TensorBoard: the same nodes under the same names, parameters as attributes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ..proto.event_pb2 import DT_INVALID, TensorShapeProto
from ..proto.graph_pb2 import AttrValue, GraphDef, NodeDef, VersionDef
from ..tensors import DTYPE_OF_NAME
from .model import GraphModel, Node, Parameter, TensorSpec

__all__ = ["graph_def_of"]

_PRODUCER = 22
_LONGEST = 1000  # bytes of an attribute; TensorBoard shows at most 1,024
_OPS = {"input": "Placeholder", "output": "Output", "constant": "Const", "missing": "Missing"}


def graph_def_of(graph: GraphModel) -> GraphDef:
    """The graph as TensorBoard and TensorFlow store it."""
    nodes = [_node(node, graph.parameters) for node in graph.nodes]
    edges = graph.edges
    columns = (edges.source.tolist(), edges.target.tolist(), edges.output.tolist(), edges.control.tolist())
    for source, target, output, control in zip(*columns, strict=True):
        name = graph.nodes[source].path
        nodes[target].input.append(f"^{name}" if control else f"{name}:{output}" if output > 0 else name)
    return GraphDef(node=nodes, versions=VersionDef(producer=_PRODUCER))


def _node(node: Node, parameters: Sequence[Parameter]) -> NodeDef:
    attributes = {name: _value(value) for name, value in node.attributes.items()}
    if node.outputs:
        shapes = AttrValue.ListValue(shape=[_shape(spec) for spec in node.outputs])
        dtype = DTYPE_OF_NAME.get(node.outputs[0].dtype, DT_INVALID)
        attributes |= {"_output_shapes": AttrValue(list=shapes), "dtype": AttrValue(type=dtype)}
    if node.parameters:
        used = [parameters[place] for place in node.parameters]
        attributes["parameters"] = _value([f"{parameter.name} {parameter.spec}" for parameter in used])
    for name, told in (("source", node.source), ("flops", node.flops), ("seconds", node.time)):
        if told:
            attributes[name] = _value(told)
    op = node.op if node.role == "op" else _OPS[node.role]
    return NodeDef(name=node.path, op=op, device=node.device, attr=attributes)


def _value(value: Any) -> AttrValue:
    if isinstance(value, bool):
        return AttrValue(b=value)
    if isinstance(value, int) and abs(value) < 1 << 63:
        return AttrValue(i=value)
    if isinstance(value, float):
        return AttrValue(f=value)
    if isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
        return AttrValue(list=AttrValue.ListValue(s=[_text(item) for item in value]))
    return AttrValue(s=_text(value if isinstance(value, str) else json.dumps(value, default=str)))


def _text(value: str) -> bytes:
    return value.encode("utf-8", "replace")[:_LONGEST]


def _shape(spec: TensorSpec) -> TensorShapeProto:
    if spec.shape is None:
        return TensorShapeProto(unknown_rank=True)
    sizes = [size if isinstance(size, int) else -1 for size in spec.shape]
    return TensorShapeProto(dim=[TensorShapeProto.Dim(size=size) for size in sizes])

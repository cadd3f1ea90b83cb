"""ONNX models → GraphDef. Needs the `onnx` package."""

from __future__ import annotations

import os
from typing import Any

from ..proto import event_pb2 as pb
from ..proto.event_pb2 import TensorShapeProto
from ..proto.graph_pb2 import AttrValue, GraphDef, NodeDef, VersionDef

_PRODUCER = 22


def onnx_graph(call: str, model: Any) -> GraphDef:
    """The graph of an ONNX file (a path) or of a loaded ModelProto.

    Nodes are named by their first output, so that edges are found by tensor names; inputs and initialisers are nodes.
    Raises TypeError for anything else, ModuleNotFoundError when a file must be read and onnx is not installed.
    """
    if isinstance(model, (str, os.PathLike)):
        try:
            import onnx
        except ModuleNotFoundError as error:
            raise ModuleNotFoundError(f"{call}: reading ONNX files needs the package onnx") from error
        model = onnx.load(os.fspath(model), load_external_data=False)
    graph = getattr(model, "graph", None)
    if graph is None:
        raise TypeError(f"{call}: expected the path of an ONNX file or a loaded model, got {type(model).__name__}")
    nodes = [_placeholder(value, "Input") for value in graph.input]
    inputs = {value.name for value in graph.input}
    for initializer in graph.initializer:
        if initializer.name not in inputs:
            nodes.append(_constant(initializer))
    owner: dict[str, str] = {}
    for node in graph.node:
        for index, output in enumerate(node.output):
            owner[output] = node.output[0] if index == 0 else f"{node.output[0]}:{index}"
    for node in graph.node:
        nodes.append(_operation(node, owner))
    nodes += [_result(value, owner) for value in graph.output]
    return GraphDef(node=nodes, versions=VersionDef(producer=_PRODUCER))


def _operation(node: Any, owner: dict[str, str]) -> NodeDef:
    attributes = {f"{attribute.name}": AttrValue(s=_attribute_text(attribute)) for attribute in node.attribute}
    inputs = [owner.get(name, name) for name in node.input if name]  # an empty name is an optional input left out
    name = node.output[0] if node.output else node.name
    return NodeDef(name=name, op=node.op_type, input=inputs, attr=attributes)


def _attribute_text(attribute: Any) -> bytes:
    fields = [str(value) for field, value in attribute.ListFields() if field.name not in ("name", "type")]
    return ", ".join(" ".join(field.split()) for field in fields).encode()[:1024]


def _placeholder(value: Any, op: str) -> NodeDef:
    shape = TensorShapeProto(dim=[TensorShapeProto.Dim(size=_size(dim)) for dim in value.type.tensor_type.shape.dim])
    attributes = {"shape": AttrValue(shape=shape), "dtype": AttrValue(type=_dtype(value.type.tensor_type.elem_type))}
    return NodeDef(name=value.name, op=op, attr=attributes)


def _result(value: Any, owner: dict[str, str]) -> NodeDef:
    node = _placeholder(value, "Output")
    node.input.append(owner.get(value.name, value.name))
    node.name = f"output/{value.name}"
    return node


def _constant(initializer: Any) -> NodeDef:
    shape = TensorShapeProto(dim=[TensorShapeProto.Dim(size=size) for size in initializer.dims])
    attributes = {"shape": AttrValue(shape=shape), "dtype": AttrValue(type=_dtype(initializer.data_type))}
    return NodeDef(name=initializer.name, op="Const", attr=attributes)


def _size(dim: Any) -> int:
    return int(dim.dim_value) if dim.HasField("dim_value") else -1


# ONNX element type → DataType.
_DTYPES = {
    1: pb.DT_FLOAT,
    2: pb.DT_UINT8,
    3: pb.DT_INT8,
    4: pb.DT_UINT16,
    5: pb.DT_INT16,
    6: pb.DT_INT32,
    7: pb.DT_INT64,
    8: pb.DT_STRING,
    9: pb.DT_BOOL,
    10: pb.DT_HALF,
    11: pb.DT_DOUBLE,
    12: pb.DT_UINT32,
    13: pb.DT_UINT64,
    16: pb.DT_BFLOAT16,
}


def _dtype(onnx_type: int) -> pb.DataType:
    return _DTYPES.get(onnx_type, pb.DT_INVALID)

"""OpenVINO models → GraphDef. Needs the `openvino` package."""

from __future__ import annotations

import importlib
import os
from typing import Any

from ..proto.event_pb2 import TensorShapeProto
from ..proto.graph_pb2 import AttrValue, GraphDef, NodeDef, VersionDef

_PRODUCER = 22


def openvino_graph(call: str, path: str | os.PathLike[str]) -> GraphDef:
    """The operations of the model in an XML file, in the order of execution.

    Raises ModuleNotFoundError when openvino is not installed.
    """
    try:
        openvino = importlib.import_module("openvino")
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(f"{call}: reading OpenVINO models needs the package openvino") from error
    model = openvino.Core().read_model(os.fspath(path))
    nodes = [_node(operation) for operation in model.get_ordered_ops()]
    return GraphDef(node=nodes, versions=VersionDef(producer=_PRODUCER))


def _node(operation: Any) -> NodeDef:
    inputs = [source.get_source_output().get_node().get_friendly_name() for source in operation.inputs()]
    shapes = [_shape(output.get_partial_shape()) for output in operation.outputs()]
    attributes = {"_output_shapes": AttrValue(list=AttrValue.ListValue(shape=shapes))}
    return NodeDef(name=operation.get_friendly_name(), op=operation.get_type_name(), input=inputs, attr=attributes)


def _shape(partial: Any) -> TensorShapeProto:
    """An unknown size is -1, as in TensorFlow."""
    sizes = [dim.get_length() if dim.is_static else -1 for dim in partial]
    return TensorShapeProto(dim=[TensorShapeProto.Dim(size=size) for size in sizes])

"""What `add_onnx_graph` is given → the graph of the ONNX model."""

from __future__ import annotations

import os
from typing import Any

from .files import open_graph_file
from .model import GraphModel
from .read_onnx import read_onnx

__all__ = ["onnx_graph"]


def onnx_graph(call: str, model: Any) -> GraphModel:
    """The graph of an ONNX file (a path) or of a loaded ModelProto. The onnx package is not needed.

    Raises TypeError for anything else, ValueError where the file is no ONNX model.
    """
    if isinstance(model, (str, os.PathLike)):
        graph = open_graph_file(model)
        if graph.format != "onnx":
            raise ValueError(f"{call}: the file {os.fspath(model)!r} is no ONNX model")
        return graph
    if not hasattr(model, "graph") or not hasattr(model, "SerializeToString"):
        raise TypeError(f"{call}: expected the path of an ONNX file or a loaded model, got {type(model).__name__}")
    try:
        content = model.SerializeToString()
    except Exception as error:  # protobuf's own, which differs from version to version
        raise ValueError(f"{call}: the model cannot be taken ({error}); give the path of its file instead") from error
    return read_onnx(content)

"""Model graphs in the forms that writers store them."""

from __future__ import annotations

from dataclasses import dataclass

from ..graphs.blob_checks import MARK
from ..graphs.wire import fields
from ..proto.event_pb2 import Summary, TaggedRunMetadata
from ..tensors import string_array
from . import layout as L

__all__ = ["Graph", "decode_graph"]


@dataclass(frozen=True)
class Graph:
    """A model graph: `format` is "graph_def", "run_metadata" (serialised messages), "keras" (JSON) or "stepscope"."""

    format: str
    data: bytes


def decode_graph(code: int, data: bytes) -> Graph:
    """The graph in a blob of this code. Raises DecodeError, ValueError."""
    if code == L.CODE_GRAPH:
        return Graph("graph_def", data)
    if code == L.CODE_META_GRAPH:
        return Graph(
            "graph_def", next((data[a:b] for number, kind, a, b in fields(data) if (number, kind) == (2, 2)), b"")
        )
    if code == L.CODE_RUN_METADATA:
        return Graph("run_metadata", TaggedRunMetadata.FromString(data).run_metadata)
    value = Summary.Value.FromString(data)
    strings = string_array(value.tensor).ravel().tolist()
    text = strings[0] if strings else b""
    if text.startswith(MARK):
        return Graph("stepscope", text)
    return Graph("keras" if text[:1] == b"{" else "run_metadata", text)

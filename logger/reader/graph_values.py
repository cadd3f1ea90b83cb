"""Model graphs in the forms that writers store them."""

from __future__ import annotations

from dataclasses import dataclass

from ..graphs.blob_checks import MARK
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
        return Graph("graph_def", _field(data, 2))
    if code == L.CODE_RUN_METADATA:
        return Graph("run_metadata", TaggedRunMetadata.FromString(data).run_metadata)
    value = Summary.Value.FromString(data)
    strings = string_array(value.tensor).ravel().tolist()
    text = strings[0] if strings else b""
    if text.startswith(MARK):
        return Graph("stepscope", text)
    return Graph("keras" if text[:1] == b"{" else "run_metadata", text)


def _field(message: bytes, number: int) -> bytes:
    """The content of a length-delimited field; the messages around a graph are not worth a declaration."""
    position = 0
    while position < len(message):
        key, position = _varint(message, position)
        if key & 7 != 2:
            raise ValueError("unexpected field in a MetaGraphDef")
        size, position = _varint(message, position)
        if key >> 3 == number:
            return message[position : position + size]
        position += size
    return b""


def _varint(message: bytes, position: int) -> tuple[int, int]:
    """(value, position behind it)."""
    value = 0
    for count, byte in enumerate(message[position : position + 10]):
        value |= (byte & 127) << 7 * count
        if byte < 128:
            return value, position + count + 1
    raise ValueError("a number without an end")

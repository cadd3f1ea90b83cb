"""Model graphs in our own compact form."""

from __future__ import annotations

from .. import plugins
from ..proto.event_pb2 import Summary
from ..tensors import string_tensor

__all__ = ["model_graph_summary"]


def model_graph_summary(tag: str, blob: bytes) -> Summary:
    """The graph, encoded, as one string."""
    content = string_tensor([blob], ())
    return Summary(value=[Summary.Value(tag=tag, metadata=plugins.metadata(plugins.GRAPH), tensor=content)])

"""Model graphs in our own compact form."""

from __future__ import annotations

from .. import plugins
from ..graphs.blob import encode
from ..graphs.model import GraphModel
from ..proto.event_pb2 import Summary
from ..tensors import string_tensor

__all__ = ["model_graph_summary"]


def model_graph_summary(tag: str, graph: GraphModel) -> Summary:
    """The graph as one compressed string."""
    content = string_tensor([encode(graph)], ())
    return Summary(value=[Summary.Value(tag=tag, metadata=plugins.metadata(plugins.GRAPH), tensor=content)])

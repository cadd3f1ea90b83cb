"""Whatever a graph was stored as → GraphModel."""

from __future__ import annotations

from ..reader.graph_values import Graph
from .model import GraphModel
from .read_graph_def import read_graph_def

__all__ = ["read_graph"]


def read_graph(graph: Graph, title: str = "") -> GraphModel:
    """The graph of a log, in any of the formats that writers use.

    What is wrong with it is said in its notes. Raises ValueError with a sentence where nothing can be drawn.
    """
    if graph.format == "graph_def":
        return read_graph_def(graph.data, title)
    raise ValueError(f"Graphs of the format {graph.format!r} cannot be drawn.")

"""Whatever a graph was stored as → GraphModel."""

from __future__ import annotations

from ..garbage import without_collecting
from ..reader.graph_values import Graph
from .blob import decode
from .model import GraphModel
from .read_graph_def import read_graph_def
from .read_keras import read_keras
from .read_run_metadata import read_run_metadata

__all__ = ["read_graph"]


def read_graph(graph: Graph, title: str = "", run_graph: Graph | None = None) -> GraphModel:
    """The graph of a log, in any of the formats that writers use.

    `run_graph`: the graph of the same run, for notes of an execution that have times but no graph.
    What is wrong with a graph is said in its notes. Raises ValueError with a sentence where nothing can be drawn.
    """
    with without_collecting():
        if graph.format == "stepscope":
            return decode(graph.data)
        if graph.format == "graph_def":
            return read_graph_def(graph.data, title)
        if graph.format == "run_metadata":
            of_run = run_graph.data if run_graph is not None and run_graph.format == "graph_def" else None
            return read_run_metadata(graph.data, title, of_run)
        if graph.format == "keras":
            return read_keras(graph.data, title)
    raise ValueError(f"Graphs of the format {graph.format!r} cannot be drawn.")

"""Whatever a graph was stored as → GraphModel."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from ..reader.graph_values import Graph
from .blob import decode
from .model import GraphModel
from .read_graph_def import read_graph_def

__all__ = ["read_graph"]


def read_graph(graph: Graph, title: str = "") -> GraphModel:
    """The graph of a log, in any of the formats that writers use.

    What is wrong with it is said in its notes. Raises ValueError with a sentence where nothing can be drawn.
    """
    with _without_collecting():
        if graph.format == "stepscope":
            return decode(graph.data)
        if graph.format == "graph_def":
            return read_graph_def(graph.data, title)
    raise ValueError(f"Graphs of the format {graph.format!r} cannot be drawn.")


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Python looks for cycles again and again while objects are made; here hundreds of thousands are, all of them kept.

    That would take as long as the reading itself.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()

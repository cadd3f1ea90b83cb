"""Graphs written for elsewhere: all of a graph as JSON, and for Model Explorer."""

from __future__ import annotations

from ...logger.graphs.json_form import as_json_form
from ..json_answers import json_text
from .model_explorer import as_model_explorer
from .opened import OpenedGraph
from .presenting import graph_title

__all__ = ["FORMS", "export_graph"]

FORMS = {"json": ".json", "model_explorer": ".model_explorer.json"}  # ends of files' names


def export_graph(graph: OpenedGraph, form: str) -> bytes:
    """All of a graph in one of FORMS."""
    write = as_json_form if form == "json" else as_model_explorer
    return json_text(write(graph.model, graph_title(graph))).encode()

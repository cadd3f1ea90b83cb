"""Graphs written for elsewhere: all of a graph as JSON, and for Model Explorer."""

from __future__ import annotations

from ...logger.graphs.json_form import as_json_form
from ..json_answers import json_text
from .model_explorer import as_model_explorer
from .opened import OpenedGraph
from .presenting import graph_title

__all__ = ["EXPORTS", "export_graph"]

_FORMS = {"json": as_json_form, "model_explorer": as_model_explorer}
EXPORTS = ("svg", *_FORMS)


def export_graph(graph: OpenedGraph, form: str) -> bytes:
    """The whole graph in one of the forms "json" and "model_explorer"."""
    return json_text(_FORMS[form](graph.model, graph_title(graph))).encode()

"""What was measured elsewhere, laid over a model graph."""

from __future__ import annotations

from flask import Blueprint, Response, request

from ..context import get_site
from ..json_answers import json_answer
from .graph_parameters import graph_of_query
from .parameters import parameter

__all__ = ["routes"]

routes = Blueprint("graph_overlays", __name__)


@routes.post("/api/graph/table")
def open_table() -> Response:
    """`name=`, a graph, and a table as the body → `{by, title, matched, unmatched, notes}`; `by` is a colouring."""
    graph = graph_of_query()
    return json_answer(get_site().graphs.tables.read(request.get_data(cache=False), parameter("name"), graph.names))

"""What changed from one model graph to another."""

from __future__ import annotations

from flask import Blueprint, Response

from ..json_answers import json_answer
from ..queries import Refused
from .graph_parameters import graph_of_query

__all__ = ["routes"]

routes = Blueprint("graph_comparison", __name__)


@routes.get("/api/graph/diff")
def diff() -> Response:
    """`a=` and `b=`, each the name of a graph as JSON → `{summary, changes, notes}`, see graph/diffing.py."""
    from ..graph.diffing import diff_answer

    graph = graph_of_query()
    if graph.comparison is None:
        raise Refused("a, b: expected the names of two graphs")
    return json_answer(diff_answer(graph.comparison))

"""Graphs in files: opened by hand, and written for elsewhere."""

from __future__ import annotations

from flask import Blueprint, Response, request

from ..context import get_site
from ..json_answers import json_answer
from .parameters import parameter

__all__ = ["routes"]

routes = Blueprint("graph_files", __name__)


@routes.post("/api/graph/file")
def open_file() -> Response:
    """`name=` and the file as the body → `{file, name, format, level, nodes, notes}`; `file` names it from then on."""
    from ..graph.uploads import file_entry

    return json_answer(file_entry(get_site().graphs.files.read(request.stream, parameter("name"))))

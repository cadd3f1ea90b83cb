"""Graphs in files: opened by hand, and written for elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from ..attachments import attachment
from ..context import get_site
from ..json_answers import json_answer
from ..queries import one_of
from .graph_parameters import graph_of_query, whole_number
from .parameters import parameter

if TYPE_CHECKING:
    from ..graph.opened import OpenedGraph
    from ..graph.theme import ThemeName

__all__ = ["routes"]

routes = Blueprint("graph_files", __name__)


@routes.post("/api/graph/file")
def open_file() -> Response:
    """`name=` and the file as the body → `{file, name, format, level, nodes, notes}`; `file` names it from then on."""
    from ..graph.uploads import file_entry

    return json_answer(file_entry(get_site().graphs.files.read(request.stream, parameter("name"))))


@routes.get("/api/graph/export")
def export() -> Response:
    """`form=json|model_explorer`: all of the graph; `svg`: a picture, as `open=`, `depth=`, `by=` and `theme=` say."""
    from ..graph.exporting import FORMS, export_graph
    from ..graph.presenting import graph_title

    form = one_of(request.args.get("form", "json"), ("svg", *FORMS), "form")
    graph = graph_of_query()
    content = _drawn(graph) if form == "svg" else export_graph(graph, form)
    name = f"{graph_title(graph) or 'graph'}{FORMS.get(form, '.svg')}"
    kind = "image/svg+xml" if form == "svg" else "application/json"
    return Response(content, content_type=kind, headers={"Content-Disposition": attachment(name)})


def _drawn(graph: OpenedGraph) -> bytes:
    from ..graph.pictures import draw_svg
    from ..graph.viewing import View

    opened = frozenset(request.args.getlist("open")) if "open" in request.args else None
    depth = whole_number("depth") if "depth" in request.args else None
    view = View(open=opened, unfold=frozenset(request.args.getlist("unfold")), depth=depth)
    themes: tuple[ThemeName, ...] = ("light", "dark")
    theme = one_of(request.args.get("theme", "light"), themes, "theme")
    return draw_svg(graph, view, request.args.get("by", ""), theme)[0]

"""The model graph: which there are, pictures of them, and what is asked about their parts."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from flask import Response, request

from ...logger.errors import LogError
from ..context import get_log, get_site
from ..json_answers import json_answer
from ..queries import Refused, names_list, one_of
from .graph_parameters import body, graph_of_body, graph_of_query, whole_number
from .parameters import parameter
from .patient import patient_routes

if TYPE_CHECKING:
    from ..graph.opened import OpenedGraph
    from ..graph.theme import ThemeName
    from ..graph.viewing import View

__all__ = ["routes"]

routes = patient_routes("graph")

_MOST_IDS = 20_000
_DIRECTIONS = ("up", "down", "both")


@routes.get("/api/graphs")
def graphs() -> Response:
    """`{runs, files}`: the graphs of the log (see graph/catalog.py), and those opened by hand."""
    graphs = get_site().graphs
    return json_answer({"runs": graphs.catalog.listed(get_log()), "files": graphs.files.listed()})


@routes.get("/api/graph/first")
def first() -> Response:
    """As a POST of `/api/graph/scene` with `{g, open: null, color: ""}` answers, of the newest graph; null without one.

    A page asks for it before it is there itself, so that the graph is read meanwhile.
    """
    from ..graph.viewing import parse_view

    graph = _newest()
    return json_answer(None) if graph is None else _scene(graph, parse_view({}), "")


@routes.get("/api/graph/first.svg")
def first_picture() -> Response:
    """The same as a picture: what the page shows until it can draw. `theme=`, `width=` and `height=` of its room."""
    from ..graph.pictures import draw_first

    theme: ThemeName = "dark" if request.args.get("theme") == "dark" else "light"
    room = whole_number("width"), whole_number("height")
    try:
        picture = draw_first(_newest(), theme, room)
    except (Refused, LogError):  # the page says what is wrong
        picture = draw_first(None, theme, room)
    return Response(picture, content_type="image/svg+xml")


def _newest() -> OpenedGraph | None:
    site = get_site()
    name = site.graphs.catalog.newest(get_log())
    return None if name is None else site.graphs.open(name, get_log, site.series)


@routes.post("/api/graph/scene")
def scene() -> Response:
    """`{g, open, unfold, all?, reveal?, fold?, color?}` → the boxes and edges of a picture, and what graph it is of.

    `open` and `unfold` of the answer are the ids it was made with. With `open: null` nobody chose yet. `color` asks
    for `colors` along with the picture, see graph/picture_colors.py.
    """
    from ..graph.viewing import parse_view

    fields = body()
    color = fields.get("color")
    if not isinstance(color, str | None):
        raise Refused("color: expected a string")
    return _scene(graph_of_body(fields), parse_view(fields), color)


def _scene(graph: OpenedGraph, view: View, color: str | None) -> Response:
    from ..graph.presenting import scene_answer
    from ..graph.viewing import find_picture

    picture = find_picture(graph, view)
    answer = Response(scene_answer(graph, picture, color), content_type="application/json")
    answer.set_etag(hashlib.blake2b(answer.get_data(), digest_size=12).hexdigest())
    graph.prepare_search()
    return answer


@routes.post("/api/graph/values")
def values() -> Response:
    """`{g, by, ids, open, unfold}` → `{kind, unit, values, legend}`, see graph/coloring.py."""
    from ..graph.coloring import box_values
    from ..graph.viewing import find_picture, parse_view

    fields = body()
    by, ids = fields.get("by"), names_list(fields.get("ids"), "ids")
    if not isinstance(by, str):
        raise Refused("by: expected a string")
    if len(ids) > _MOST_IDS:
        raise Refused(f"ids: {len(ids):,} asked for, at most {_MOST_IDS:,} are answered at once", 413)
    graph = graph_of_body(fields)
    return json_answer(box_values(graph, by, ids, find_picture(graph, parse_view(fields))))


@routes.get("/api/graph/tree")
def tree() -> Response:
    """`group=a/b/` (`/` is the root) and `from=` → `{total, from, rows}`, see graph/tree_rows.py."""
    from ..graph.tree_rows import tree_rows

    graph = graph_of_query()
    place, _ = graph.tree.find(request.args.get("group", "/"))
    if place is None:
        raise Refused(f"group: {request.args['group'][:200]!r} is a node; the names of groups end in /")
    return json_answer(tree_rows(graph.model, graph.tree, graph.sums, place, whole_number("from")))


@routes.get("/api/graph/node")
def node() -> Response:
    """`node=` → all that is known of a node or group, see graph/details.py."""
    from ..graph.details import node_details

    graph = graph_of_query()
    return json_answer(node_details(graph.model, graph.tree, graph.sums, parameter("node")))


@routes.get("/api/graph/search")
def search() -> Response:
    """`q=`, `in=name,op,attribute,shape`, `regex=1` → `{total, hits}`, see graph/search.py."""
    from ..graph.search import FIELDS, search_graph

    fields = [one_of(word, FIELDS, "in") for word in request.args.get("in", ",".join(FIELDS)).split(",")]
    regex = one_of(request.args.get("regex", "0"), ("0", "1"), "regex") == "1"
    graph = graph_of_query()
    return json_answer(search_graph(graph.model, graph.index, parameter("q"), list(dict.fromkeys(fields)), regex))


@routes.post("/api/graph/trace")
def trace() -> Response:
    """`{g, open, unfold, id, direction}` → the `boxes` and `edges` of the picture that an id needs, or that need it."""
    from ..graph.presenting import marked
    from ..graph.viewing import find_picture, parse_view

    fields = body()
    direction = one_of(fields.get("direction", "both"), _DIRECTIONS, "direction")
    graph = graph_of_body(fields)
    picture = find_picture(graph, parse_view(fields))
    return json_answer(marked(graph, picture, graph.reach.reached(_nodes(graph, fields, "id", picture), direction)))


@routes.post("/api/graph/path")
def path() -> Response:
    """`{g, open, unfold, from, to}` → all that lies on any way, as `trace`, and the `steps` of the shortest one."""
    from ..graph.presenting import route_answer
    from ..graph.viewing import find_picture, parse_view

    fields = body()
    graph = graph_of_body(fields)
    picture = find_picture(graph, parse_view(fields))
    ends = (_nodes(graph, fields, key, picture) for key in ("from", "to"))
    return json_answer(route_answer(graph, picture, *ends))


def _nodes(graph: OpenedGraph, fields: dict[str, Any], key: str, picture: Any) -> Any:
    name = fields.get(key)
    if not isinstance(name, str):
        raise Refused(f"{key}: expected the id of a node or group")
    return graph.nodes_of(name, picture)

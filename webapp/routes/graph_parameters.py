"""The graph that a request asks about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request

from ..context import get_log, get_site
from ..queries import Refused, as_object, parse_json
from .parameters import parameter

if TYPE_CHECKING:
    from ..graph.naming import Name
    from ..graph.opened import OpenedGraph

__all__ = ["body", "graph_of_body", "graph_of_query", "whole_number"]


def body() -> dict[str, Any]:
    """The JSON object that was sent. Raises Refused."""
    return as_object(parse_json(request.get_data(cache=False)))


def graph_of_body(fields: dict[str, Any]) -> OpenedGraph:
    """The graph `g` of a body. Raises Refused, LogError."""
    from ..graph.naming import graph_name

    return _open(graph_name(fields.get("g")))


def graph_of_query() -> OpenedGraph:
    """The graph of `run=&tag=&id=`, `file=`, or `a=&b=`. Raises Refused, LogError."""
    from ..graph.naming import name_in_query

    return _open(name_in_query(lambda name: parameter(name) if name in request.args else None))


def whole_number(name: str) -> int:
    """A parameter that counts something, 0 where it is not given. Raises Refused."""
    text = request.args.get(name, "0")
    if not (text.isascii() and text.isdecimal()) or len(text) > 9:
        raise Refused(f"{name}: expected a whole number, got {text[:80]!r}")
    return int(text)


def _open(name: Name) -> OpenedGraph:
    site = get_site()
    return site.graphs.open(name, get_log, site.series)

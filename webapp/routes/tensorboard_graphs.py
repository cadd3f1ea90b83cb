"""TensorBoard's graphs plugin: the graphs of runs, and what was noted of an execution, as protobuf text."""

from __future__ import annotations

from flask import Blueprint, Response, request

from ..context import get_log
from ..json_answers import json_answer
from ..queries import Refused
from .parameters import parameter
from .tensorboard_frame import plugin_route

__all__ = ["routes"]

routes = Blueprint("tensorboard_graphs", __name__)

_TEXT = "text/x-protobuf; charset=utf-8"


@plugin_route(routes, "graphs/info")
def info() -> Response:
    """{run: {run, tags: {tag: {tag, conceptual_graph, op_graph, profile}}, run_graph}}"""
    from ..tensorboard.graphs import graph_info

    return json_answer(graph_info(get_log()))


@plugin_route(routes, "graphs/graph")
def graph() -> Response:
    """The GraphDef of a run, of one of its tags, or with `conceptual=true` of its Keras model.

    Attributes of more than `limit_attr_size` bytes are left out, and named in the attribute `large_attrs_key`.
    """
    from ..tensorboard.graphs import conceptual_graph, op_graph, without_large

    log, run, tag = get_log(), parameter("run"), request.args.get("tag")
    limit, named_in = _limit()
    if request.args.get("conceptual") == "true":
        found = conceptual_graph(log, run, parameter("tag"))
    else:
        found = op_graph(log, run, tag)
    if limit is not None:
        without_large(found, limit, named_in)
    return Response(str(found), content_type=_TEXT)


@plugin_route(routes, "graphs/run_metadata")
def run_metadata() -> Response:
    """The RunMetadata of a tag: times and memory of each node."""
    from ..tensorboard.graphs import execution

    tag, run = parameter("tag"), parameter("run")
    return Response(str(execution(get_log(), run, tag)), content_type=_TEXT)


def _limit() -> tuple[int | None, str]:
    """(bytes, attribute) of the parameters. Raises Refused."""
    text, named_in = request.args.get("limit_attr_size"), request.args.get("large_attrs_key")
    if text is None:
        return None, ""
    try:
        limit = int(text)
    except ValueError:
        raise Refused(f"limit_attr_size: expected a whole number, got {text[:80]!r}") from None
    if limit <= 0:
        raise Refused(f"limit_attr_size: expected a positive number, got {limit}")
    if named_in is None:
        raise Refused("large_attrs_key: expected with limit_attr_size")
    return limit, named_in

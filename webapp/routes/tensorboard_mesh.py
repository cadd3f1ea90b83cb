"""TensorBoard's mesh plugin: tags, what was logged of a mesh, and the numbers of its parts."""

from __future__ import annotations

from flask import Blueprint, Response, request

from ..context import get_log
from ..json_answers import json_answer
from ..queries import Refused
from .parameters import parameter
from .tensorboard_frame import plugin_route, sample_number

__all__ = ["routes"]

routes = Blueprint("tensorboard_mesh", __name__)


@plugin_route(routes, "mesh/tags")
def tags() -> Response:
    """{run: {mesh: {samples}}}: meshes by their own names, not by those of their parts."""
    from ..tensorboard.meshes import mesh_tags

    return json_answer(mesh_tags(get_log()))


@plugin_route(routes, "mesh/meshes")
def meshes() -> Response:
    """[{wall_time, step, content_type, components, config, data_shape}] of the parts of a mesh, in order of step."""
    from ..tensorboard.meshes import mesh_entries

    return json_answer(mesh_entries(get_log(), parameter("run"), parameter("tag")))


@plugin_route(routes, "mesh/data")
def data() -> Response:
    """float32 (vertices), int32 (faces) or uint8 (colours) of one part, step and sample."""
    from ..tensorboard.meshes import part_bytes

    try:
        step = float(request.args.get("step", "0"))
    except ValueError:
        raise Refused(f"step: expected a number, got {request.args['step'][:80]!r}") from None
    part = request.args.get("content_type", "")
    body = part_bytes(get_log(), parameter("run"), parameter("tag"), part, step, sample_number())
    return Response(body, content_type="arraybuffer")

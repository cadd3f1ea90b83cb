"""TensorBoard's projector plugin: runs with embeddings, their configuration, and the files it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from ..context import get_log
from ..json_answers import json_answer
from ..queries import Refused
from .parameters import parameter
from .tensorboard_frame import plugin_route

if TYPE_CHECKING:
    from ...logger.proto.plugins_pb2 import ProjectorConfig
    from ..tensorboard.projector_files import Embeddings

__all__ = ["routes"]

routes = Blueprint("tensorboard_projector", __name__)

_PICTURES = (  # beginnings of the bytes; anything else is sent as bytes, so that nothing runs
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
)


@plugin_route(routes, "projector/runs")
def runs() -> Response:
    """[run, …]"""
    from ..tensorboard.projector_files import all_embeddings

    return json_answer(list(all_embeddings(get_log())))


@plugin_route(routes, "projector/info")
def info() -> Response:
    """The configuration of a run as JSON."""
    from google.protobuf import json_format

    from ..tensorboard.projector_files import embeddings_of

    found = embeddings_of(get_log(), parameter("run"))
    return Response(json_format.MessageToJson(found.config), content_type="application/json")


@plugin_route(routes, "projector/tensor")
def tensor() -> Response:
    """The points as float32, row by row; the first `num_rows` of them."""
    found, entry, rows = *_asked("tensor_path"), _rows()
    points = found.tensor(entry)
    return Response(points[:rows].tobytes(), content_type="application/octet-stream")


@plugin_route(routes, "projector/metadata")
def metadata() -> Response:
    """The labels of the points; the first `num_rows` of them behind the header."""
    from ..tensorboard.projector_files import first_lines

    found, entry, rows = *_asked("metadata_path"), _rows()
    return Response(first_lines(found.file(entry.metadata_path), rows), content_type="text/plain; charset=utf-8")


@plugin_route(routes, "projector/bookmarks")
def bookmarks() -> Response:
    """Views of the points that somebody kept, as they were stored."""
    found, entry = _asked("bookmarks_path")
    return Response(found.file(entry.bookmarks_path).read_bytes(), content_type="application/json")


@plugin_route(routes, "projector/sprite_image")
def sprite_image() -> Response:
    """The thumbnails of all points in one picture."""
    found, entry = _asked("sprite")
    data = found.file(entry.sprite.image_path).read_bytes()
    types = (content_type for head, content_type in _PICTURES if data.startswith(head))
    return Response(data, content_type=next(types, "application/octet-stream"))


def _asked(field: str) -> tuple[Embeddings, ProjectorConfig.Embedding]:
    """The run's embeddings and the one asked for, which has this field. Raises Refused."""
    from ..tensorboard.projector_files import embeddings_of

    run, name = parameter("run"), parameter("name")
    found = embeddings_of(get_log(), run)
    entry = found.find(name)
    if entry is None or not (entry.sprite.image_path if field == "sprite" else getattr(entry, field)):
        raise Refused(f"the embedding {name[:200]!r} of run {run[:200]!r} has no {field.removesuffix('_path')} file")
    return found, entry


def _rows() -> int | None:
    """The parameter `num_rows`. Raises Refused."""
    text = request.args.get("num_rows")
    if not text:
        return None
    if not text.isdecimal() or int(text[:18]) == 0:
        raise Refused(f"num_rows: expected a whole number above 0, got {text[:80]!r}")
    return int(text[:18])

"""TensorBoard's images plugin: tags, the pictures of a tag, and each picture by its key."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, Response, request

from ..context import get_log
from ..json_answers import json_answer
from ..numbers import cleansed
from ..queries import Refused
from ..tensorboard.blob_keys import blob_keys, read_key
from ..tensorboard.pictures import FIRST, picture
from ..tensorboard.samples import sampled_tags, samples_in
from ..tensorboard.stored import find_series
from .parameters import parameter
from .tensorboard_frame import plugin_route, sample_number

__all__ = ["routes"]

routes = Blueprint("tensorboard_images", __name__)


@plugin_route(routes, "images/tags")
def tags() -> Response:
    """{run: {tag: {displayName, description, samples}}}"""
    return json_answer(sampled_tags(get_log(), "images"))


@plugin_route(routes, "images/images")
def images() -> Response:
    """[{wall_time, step, query}] of one run, tag and sample; the query leads to the picture."""
    run, tag, sample = parameter("run"), parameter("tag"), sample_number()
    series = find_series(get_log(), run, "images", tag)
    if series is None:
        raise Refused(f"no image data for run={run[:200]!r}, tag={tag[:200]!r}", 404)
    keys = blob_keys(run, tag, series.step.tolist(), sample + FIRST)
    rows = zip(series.wall_time.tolist(), series.step.tolist(), samples_in(series), keys, strict=True)
    answer = [
        {"wall_time": cleansed(wall), "step": step, "query": urlencode({"blob_key": key})}
        for wall, step, count, key in rows
        if count > sample >= -FIRST
    ]
    return json_answer(answer)


@plugin_route(routes, "images/individualImage")
def individual_image() -> Response:
    """The picture behind a key, encoded as it was stored."""
    data, content_type = picture(get_log(), read_key(request.args.get("blob_key", "")))
    return Response(data, content_type=content_type)

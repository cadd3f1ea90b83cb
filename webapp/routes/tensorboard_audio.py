"""TensorBoard's audio plugin: tags, the clips of a tag, and each clip by its key."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, Response, request

from ..context import get_log
from ..json_answers import json_answer
from ..numbers import cleansed
from ..queries import Refused
from ..tensorboard.blob_keys import blob_keys, read_key
from ..tensorboard.clips import clip, content_type
from ..tensorboard.samples import sampled_tags, samples_in
from ..tensorboard.stored import find_series
from .parameters import parameter
from .tensorboard_frame import plugin_route, sample_number

__all__ = ["routes"]

routes = Blueprint("tensorboard_audio", __name__)

_TYPES = ("audio/wav", "application/octet-stream")


@plugin_route(routes, "audio/tags")
def tags() -> Response:
    """{run: {tag: {displayName, description, samples}}}"""
    return json_answer(sampled_tags(get_log(), "audio"))


@plugin_route(routes, "audio/audio")
def audio() -> Response:
    """[{wall_time, step, label, contentType, query}] of one run, tag and sample; the query leads to the clip."""
    run, tag, sample = parameter("run"), parameter("tag"), sample_number()
    series = find_series(get_log(), run, "audio", tag)
    if series is None:
        raise Refused(f"no audio data for run={run[:200]!r}, tag={tag[:200]!r}", 404)
    shown_as = content_type(series)
    keys = blob_keys(run, tag, series.step.tolist(), sample)
    rows = zip(series.wall_time.tolist(), series.step.tolist(), samples_in(series), keys, strict=True)
    answer = [
        {
            "wall_time": cleansed(wall),
            "label": "",
            "step": step,
            "contentType": shown_as,
            "query": urlencode({"blob_key": key, "content_type": shown_as}),
        }
        for wall, step, count, key in rows
        if 0 <= sample < count
    ]
    return json_answer(answer)


@plugin_route(routes, "audio/individualAudio")
def individual_audio() -> Response:
    """The clip behind a key, encoded as it was stored."""
    wanted = request.args.get("content_type", "")
    if wanted not in _TYPES:
        raise Refused(f"content_type: expected one of {', '.join(_TYPES)}, got {wanted[:80]!r}")
    return Response(clip(get_log(), read_key(request.args.get("blob_key", ""))), content_type=wanted)

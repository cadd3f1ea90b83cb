"""TensorBoard's histograms plugin, and its distributions plugin, which shows the same tags as percentiles."""

from __future__ import annotations

from flask import Blueprint, Response

from ..context import get_log
from ..json_answers import json_answer
from ..tensorboard.described import named_tags
from .parameters import parameter
from .tensorboard_frame import plugin_route

__all__ = ["routes"]

routes = Blueprint("tensorboard_histograms", __name__)


@plugin_route(routes, "histograms/tags")
@plugin_route(routes, "distributions/tags")
def tags() -> Response:
    """{run: {tag: {displayName, description}}}"""
    return json_answer(named_tags(get_log(), "histograms"))


@plugin_route(routes, "histograms/histograms")
def histograms() -> Response:
    """[[wall time, step, [[left, right, count], …]], …] of one run and tag: every bucket as it was stored."""
    from ..tensorboard.histograms import bucket_rows

    return json_answer(bucket_rows(get_log(), parameter("run"), parameter("tag")))


@plugin_route(routes, "distributions/distributions")
def distributions() -> Response:
    """[[wall time, step, [[basis point, value], …]], …] of one run and tag."""
    from ..tensorboard.histograms import percentile_rows

    return json_answer(percentile_rows(get_log(), parameter("run"), parameter("tag")))

"""TensorBoard's custom_scalars plugin: the layouts of all runs as one, and the scalars that a pattern finds."""

from __future__ import annotations

from flask import Blueprint, Response, request

from ...logger.errors import LogError
from ..context import get_log
from ..json_answers import json_answer
from ..queries import Refused
from ..tensorboard.scalars import cleansed_rows, find_rows
from .tensorboard_frame import message_answer, plugin_route, scalars_answer

__all__ = ["routes"]

routes = Blueprint("tensorboard_custom_scalars", __name__)


@plugin_route(routes, "custom_scalars/layout")
def layout() -> Response:
    """The layout as JSON; {} where no run has one."""
    from ..tensorboard.layouts import merged_layout

    merged = merged_layout(get_log())
    return json_answer({}) if merged is None else message_answer(merged)


@plugin_route(routes, "custom_scalars/scalars")
def scalars() -> Response:
    """{regex_valid, tag_to_events: {tag: [[wall time, step, value], …]}} of one run; `tag` is a regular expression
    that the beginning of a tag must match."""
    import re

    from ...logger.compare.patterns import Pattern, PatternTooSlow

    text, run, log = request.args.get("tag"), request.args.get("run", ""), get_log()
    if not text:
        return json_answer({"regex_valid": False, "tag_to_events": {}})
    try:
        tags = log.tags(run).get("scalars", [])
    except LogError:
        tags = []
    try:
        found = zip(tags, Pattern(text).searches(tags), strict=True)
    except PatternTooSlow as error:
        raise Refused(f"tag: {error}") from None
    except re.error:
        return json_answer({"regex_valid": False, "tag_to_events": {}})
    matching = [tag for tag, match in found if match is not None and match.start() == 0]
    events = {tag: cleansed_rows(find_rows(log, run, tag)) for tag in matching}
    return json_answer({"regex_valid": True, "tag_to_events": events})


@plugin_route(routes, "custom_scalars/download_data")
def download_data() -> Response:
    """The points of one run and tag, as those of the scalars plugin."""
    return scalars_answer()

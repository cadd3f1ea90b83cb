"""TensorBoard's text plugin: tags, and the texts of a tag as safe HTML."""

from __future__ import annotations

from flask import Blueprint, Response, request

from ..context import get_log
from ..json_answers import json_answer
from ..numbers import cleansed
from ..tensorboard.stored import find_series, read_all
from .parameters import parameter
from .tensorboard_frame import plugin_route

__all__ = ["routes"]

routes = Blueprint("tensorboard_text", __name__)


@plugin_route(routes, "text/tags")
def tags() -> Response:
    """{run: [tag, …]}"""
    log = get_log()
    found = {run: log.tags(run).get("text", []) for run in log.runs}
    return json_answer({run: names for run, names in found.items() if names})


@plugin_route(routes, "text/text")
def text() -> Response:
    """[{wall_time, step, text}] of one run and tag, the text as HTML; `markdown=false` leaves Markdown as it is."""
    from ..tensorboard.texts import text_html

    series = find_series(get_log(), parameter("run"), "text", parameter("tag"))
    if series is None:
        return json_answer([])
    as_markdown = request.args.get("markdown") != "false"
    answer = [
        {
            "wall_time": cleansed(float(series.wall_time[i])),
            "step": int(series.step[i]),
            "text": text_html(value, as_markdown),
        }
        for i, value in read_all(series)
    ]
    return json_answer(answer)

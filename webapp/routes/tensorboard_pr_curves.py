"""TensorBoard's pr_curves plugin: tags, and the curves of a tag over runs."""

from __future__ import annotations

from flask import Blueprint, Response, request

from ..context import get_log
from ..json_answers import json_answer
from ..queries import Refused
from ..tensorboard.described import named_tags
from ..tensorboard.stored import find_series
from .parameters import parameter
from .tensorboard_frame import plugin_route

__all__ = ["routes"]

routes = Blueprint("tensorboard_pr_curves", __name__)


@plugin_route(routes, "pr_curves/tags")
def tags() -> Response:
    """{run: {tag: {displayName, description}}}"""
    return json_answer(named_tags(get_log(), "pr_curves"))


@plugin_route(routes, "pr_curves/pr_curves")
def pr_curves() -> Response:
    """{run: [{wall_time, step, precision, recall, true_positives, …, thresholds}, …]} of one tag."""
    from ..tensorboard.pr_curves import curve_entries

    runs, tag = request.args.getlist("run"), parameter("tag")
    if not runs:
        raise Refused("run: expected at least one of these parameters")
    log, answer = get_log(), {}
    for run in runs:
        series = find_series(log, run, "pr_curves", tag)
        if series is None:
            raise Refused(f"no PR curves could be found for run {run[:200]!r} and tag {tag[:200]!r}")
        answer[run] = curve_entries(series)
    return json_answer(answer)

"""The routes scripts use to talk to TensorBoard 2.21: the frame around the plugins, and the scalars plugin.

Answers have TensorBoard's JSON, of its default (fast) mode, with two differences: every point is kept, and errors are
JSON. Non-finite numbers are the strings "NaN", "Infinity" and "-Infinity".
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request

from ..assets import package_version
from ..context import get_log, get_site
from ..json_answers import json_answer
from ..queries import Refused
from ..tensorboard.described import named
from ..tensorboard.scalars import cleansed_rows, scalar_rows
from .tensorboard_frame import plugin_route, scalars_answer
from .tensorboard_plugins import LISTING

if TYPE_CHECKING:
    from ...logger import LogDir

__all__ = ["routes"]

routes = Blueprint("tensorboard", __name__)

_COMPATIBLE_VERSION = "2.21.0"  # whose JSON this is; clients compare it


@routes.get("/data/environment")
def environment() -> Response:
    """What is being looked at."""
    settings = get_site().settings
    flags = {"logdir": settings.logdir_text, "path_prefix": settings.path_prefix, "window_title": settings.window_title}
    return json_answer(
        {
            "version": _COMPATIBLE_VERSION,
            "data_location": settings.logdir_text,
            "window_title": settings.window_title,
            "experiment_name": "",
            "experiment_description": "",
            "creation_time": 0.0,
            "debug": {"data_provider": f"stepscope {package_version()}", "flags": flags},
        }
    )


@routes.get("/data/logdir")
def logdir() -> Response:
    """The log directory as the user typed it."""
    return json_answer({"logdir": get_site().settings.logdir_text})


@routes.get("/data/window_properties")
def window_properties() -> Response:
    """The title of the window."""
    return json_answer({"window_title": get_site().settings.window_title})


@routes.get("/data/experiments")
@routes.get("/data/experiment_runs")
def experiments() -> Response:
    """Only hosted TensorBoards have several experiments."""
    return json_answer([])


@routes.get("/data/runs")
def runs() -> Response:
    """Names of runs by the earliest time in any of their events, then by name; runs without events last."""
    log = get_log()
    keys = []
    for run in log.runs:
        try:
            info = log.run_info(run)
        except KeyError:  # deleted meanwhile
            continue
        times = [time for time in (info.first_event_time, info.first_wall_time) if not math.isnan(time)]
        keys.append((min(times, default=math.inf), run))
    return json_answer([run for _, run in sorted(keys)])


@routes.get("/data/plugins_listing")
def plugins_listing() -> Response:
    """TensorBoard's dashboards, and which of them have data."""
    log = get_log()
    kinds = {kind for run in log.runs for kind in log.tags(run)}
    if _has_projector_config(log):
        kinds.add("projector")
    listing = {}
    for name, (tab_name, disable_reload, needs, loading) in LISTING.items():
        mechanism = dict(loading)
        if "module_path" in mechanism:
            mechanism["module_path"] = request.script_root + mechanism["module_path"]
        listing[name] = {
            "disable_reload": disable_reload,
            "enabled": bool(kinds & needs),
            "remove_dom": False,
            "tab_name": tab_name,
            "loading_mechanism": mechanism,
        }
    return json_answer(listing)


@plugin_route(routes, "scalars/tags")
def scalar_tags() -> Response:
    """{run: {tag: {displayName, description}}}"""
    log = get_log()
    answer: dict[str, dict[str, Any]] = {}
    for run in log.runs:
        tags = log.tags(run).get("scalars", [])
        if tags:
            answer[run] = {tag: named(log.scalars(run, tag).metadata) for tag in tags}
    return json_answer(answer)


@plugin_route(routes, "scalars/scalars")
def scalars() -> Response:
    """[[wall time, step, value], …] of one run and tag, or the same as CSV."""
    return scalars_answer()


@routes.post("/data/plugin/scalars/scalars_multirun")
def scalars_multirun() -> Response:
    """{run: [[wall time, step, value], …]} of one tag; runs without it are left out."""
    tags = request.form.getlist("tag")
    if len(tags) != 1:
        raise Refused(f"tag: expected it exactly once, got it {len(tags)} times")
    log = get_log()
    wanted = request.form.getlist("runs")
    answer = {}
    for run in wanted:
        try:
            answer[run] = cleansed_rows(scalar_rows(log.scalars(run, tags[0]).latest()))
        except KeyError:
            continue
    return json_answer(answer)


def _has_projector_config(log: LogDir) -> bool:
    folders = {Path(file.path).parent for run in log.runs for file in log.files(run)}
    return any((folder / "projector_config.pbtxt").is_file() for folder in folders)

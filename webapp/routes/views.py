"""The views that the page can open."""

from __future__ import annotations

from flask import Blueprint, Response

from ..context import get_log, get_site
from ..json_answers import json_answer
from ..views import all_views

__all__ = ["routes"]

routes = Blueprint("views", __name__)


@routes.get("/api/views")
def views() -> Response:
    """[{name, source: "state" | "file" | "log", path? | run?, view? | error?, problems?}]"""
    site = get_site()
    return json_answer(all_views(site.state.read().document["views"], site.view_files, get_log()))

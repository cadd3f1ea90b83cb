"""What has been read so far."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from ..assets import package_version
from ..context import Site, get_site
from ..json_answers import json_answer

__all__ = ["routes", "status_of"]

routes = Blueprint("status", __name__)


@routes.get("/api/status")
def status() -> Response:
    """Answers at once, whatever the log is doing."""
    return json_answer(status_of(get_site()))


def status_of(site: Site) -> dict[str, Any]:
    """The body of GET /api/status."""
    window_title = site.settings.window_title
    return {**site.source.status(), "window_title": window_title, "stepscope": package_version()}

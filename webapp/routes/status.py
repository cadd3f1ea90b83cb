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
    status = {**site.source.status(), "states": _states_version(site)}
    return {**status, "window_title": window_title, "stepscope": package_version()}


def _states_version(site: Site) -> int:
    """Grows when the state of a run changes, be it that only time passed; 0 while nobody looks at states."""
    if not site.source.version:
        return 0  # the log is being opened: its modules are not imported meanwhile
    from ..table_changes import states_version

    return states_version(site.source)

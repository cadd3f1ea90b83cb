"""Tells open pages what changed, as it changes (server-sent events)."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator

from flask import Blueprint, Response, request

from ..context import Site, get_site
from ..json_answers import json_text
from ..queries import Refused
from .status import status_of

__all__ = ["routes"]

routes = Blueprint("live", __name__)

_LOOK = 0.5  # seconds between looks whether the page is still there
_SHORTEST_GAP = 0.2  # seconds between two messages
_VERSIONS = ("state", "views", "alerts", "profiles")  # of what is not in the log
_HEARTBEAT = 10.0  # seconds; keeps proxies from cutting a quiet stream


@routes.get("/api/live")
def live() -> Response:
    """A stream of `change` events; the first one at once.

    Each stream holds a thread, so their number is bounded; a page that gets 503 asks GET /api/status now and then.
    """
    site = get_site()
    since = request.args.get("since", "0")
    if not since.isdecimal() or len(since) > 18:
        raise Refused(f"since: expected a version (a whole number), got {since[:80]!r}")
    if not site.streams.acquire(blocking=False):
        raise Refused(f"{site.settings.max_streams} pages are being followed already; poll /api/status instead", 503)
    gone: Callable[[], bool] = request.environ.get("waitress.client_disconnected", lambda: False)
    stream = _Stream(site, int(since), gone)
    return Response(stream, content_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


class _Stream:
    """The messages to one page. A class, because the server closes it even if it was never begun."""

    def __init__(self, site: Site, since: int, gone: Callable[[], bool]) -> None:
        self._site = site
        self._messages = _messages(site, since, gone)
        self._open = True

    def __iter__(self) -> Iterator[bytes]:
        return self._messages

    def close(self) -> None:
        """Give the place to another page."""
        if self._open:
            self._open = False
            self._site.streams.release()


def _messages(site: Site, since: int, gone: Callable[[], bool]) -> Iterator[bytes]:
    source = site.source
    version, sent, sent_at = since, ("", 0, 0, 0, 0), 0.0
    while not (gone() or source.closing.is_set()):
        status = status_of(site)
        others = site.view_files.version(), site.alerts.list.version, site.profiles.listing.version
        now = json_text(status), site.state.read().version, *others
        if now != sent:
            version, runs = source.changes(version)
            status["version"] = version
            yield f"event: change\ndata: {_change(version, json_text(status), runs, *now[1:])}\n\n".encode()
            sent, sent_at = now, time.monotonic()
            source.closing.wait(_SHORTEST_GAP)
        elif time.monotonic() - sent_at > _HEARTBEAT:
            yield b": still here\n\n"
            sent_at = time.monotonic()
        source.wait(version, _LOOK)


def _change(version: int, status_text: str, runs: list[str] | None, *versions: int) -> str:
    told = f'"version":{version},"status":{status_text},"runs":{json.dumps(runs)}'
    others = ",".join(f'"{name}":{number}' for name, number in zip(_VERSIONS, versions, strict=True))
    return f"{{{told},{others}}}"

"""Who may talk to the server, and what a browser may do with its answers.

A dashboard listens on the user's machine without a password, so the danger is another web page: one that posts to it,
or one whose host name was made to point to 127.0.0.1 (DNS rebinding) so that the browser lets it read the answers.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from flask import Flask, Request, Response, request

from .content_policy import POLICY
from .graph.number_tables import MOST_TABLE_BYTES
from .graph.uploads import MOST_FILE_BYTES
from .queries import Refused
from .settings import Settings
from .uploads import MOST_FILE_BYTES as MOST_UPLOAD_BYTES

__all__ = ["LARGEST_FILE", "secure"]

_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin-allow-popups",  # a tab that the page opens may be handed a trace
}
_ASKED_FROM_FRAMES = {"figures.script"}  # by frames without an origin, at an address only they are told
_LONGEST_QUERY = 16_384  # characters
_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"
_BYTES = "application/octet-stream"  # no form can send it
_MOST_ROW_BYTES = 256 << 20
_TAKES_FILES = {
    "graph_files.open_file": MOST_FILE_BYTES,
    "graph_overlays.open_table": MOST_TABLE_BYTES,
    "projector_files.open_file": MOST_UPLOAD_BYTES,
    "profile_files.open_file": MOST_UPLOAD_BYTES,
    "projector_files.download": _MOST_ROW_BYTES,
}  # endpoints whose body is a file, with its largest size
LARGEST_FILE = max(_TAKES_FILES.values())


def secure(app: Flask, settings: Settings) -> None:
    """Check every request, and put the headers on every answer."""
    loopback_only = is_loopback(settings.host or "localhost") and not settings.bind_all
    names = {name.lower() for name in settings.allowed_hosts} | ({settings.host.lower()} if settings.host else set())

    @app.before_request
    def check() -> None:
        if loopback_only:
            _check_host(request, names)
        if request.endpoint not in _ASKED_FROM_FRAMES:
            _check_origin(request)
        _check_size(request, settings.max_body)

    @app.after_request
    def protect(response: Response) -> Response:
        for header, text in _HEADERS.items():
            response.headers.setdefault(header, text)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def is_loopback(host: str) -> bool:
    """Whether `host` (a name or an address, without port) can only mean this machine."""
    bare = host.strip("[]").lower()
    if bare == "localhost" or bare.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(bare).is_loopback
    except ValueError:
        return False


def _host_name(netloc: str) -> str:
    """The name in "name:port" or "[address]:port"."""
    try:
        return urlsplit(f"//{netloc}").hostname or ""
    except ValueError:
        return ""


def _check_host(request: Request, names: set[str]) -> None:
    """A loopback server answers to loopback names only; any web page could reach it under a name of its own."""
    host = request.environ.get("HTTP_HOST")
    if host is None:  # HTTP/1.0, never a browser
        return
    name = _host_name(host)
    if not is_loopback(name) and name not in names:
        raise Refused(
            f"this dashboard answers to localhost only, not to the host name {name[:100]!r}; "
            "start it with --allow_host NAME to add one",
            403,
        )


def _check_origin(request: Request) -> None:
    """Requests of other pages are refused; following a link to the dashboard is not."""
    site = request.headers.get("Sec-Fetch-Site")
    if site in ("same-origin", "none"):  # set by the browser, out of reach of any script
        return
    navigation = request.method == "GET" and request.headers.get("Sec-Fetch-Mode") == "navigate"
    if site in ("cross-site", "same-site") and not navigation:
        raise Refused(f"this request comes from another page ({site}); the dashboard answers its own page only", 403)
    origin = request.headers.get("Origin")
    if origin is None:
        return
    try:
        same = urlsplit(origin).netloc.lower() == request.environ.get("HTTP_HOST", "").lower()
    except ValueError:
        same = False
    if not same:
        raise Refused(f"the origin {origin[:100]!r} is not this dashboard", 403)


def _check_size(request: Request, max_body: int) -> None:
    """Sizes and types that no honest client sends."""
    if len(request.query_string) > _LONGEST_QUERY:
        raise Refused(
            f"the query has {len(request.query_string):,} characters, at most {_LONGEST_QUERY:,} are read", 414
        )
    length = request.content_length or 0
    most = _TAKES_FILES.get(request.endpoint or "", max_body)
    if length > most:
        raise Refused(f"the request body has {length:,} bytes, at most {most:,} are read", 413)
    if request.method != "POST" or request.routing_exception is not None:  # nothing here takes such a request
        return
    of_plugin = "/data/plugin/" in request.path
    if of_plugin and not request.mimetype and not length:  # everything is in the address
        return
    takes = _BYTES if request.endpoint in _TAKES_FILES else _JSON
    allowed = (_FORM, "multipart/form-data", _JSON) if of_plugin else (takes,)
    if request.mimetype not in allowed:
        got = request.mimetype[:100] or "no content type"
        raise Refused(f"POST {request.path[:100]} takes {' or '.join(allowed)}, got {got}", 415)

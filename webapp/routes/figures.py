"""The frame in which Plotly draws figures that come from a log.

Plotly makes code at run time and writes styles into its page: what the policy of our own page forbids. So figures are
drawn in a frame without an origin, which can reach neither the page around it nor the network. Its scripts are loaded
by an address with a secret of this server: a browser says of such a frame's requests that they come from elsewhere,
and pages that really are elsewhere do not know the secret.
"""

from __future__ import annotations

import secrets

from flask import Blueprint, Response

from ..context import get_site
from ..queries import Refused

__all__ = ["routes"]

routes = Blueprint("figures", __name__)

_SCRIPTS = {"plotly.min.js": "plotly.min.js", "figure.js": "sandbox/figure.js"}
_SECRET = secrets.token_urlsafe(18)
# One for all frames, unknown to whoever wrote a log: V8 keeps what it compiled only for a script with the same nonce.
# With another one each time a further frame costs four times as much.
_NONCE = secrets.token_urlsafe(18)
_POLICY = (
    "sandbox allow-scripts; default-src 'none'; script-src 'nonce-{nonce}' 'unsafe-eval'; style-src 'unsafe-inline'; "
    "img-src data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Figure</title>
<style>
html, body {{ margin: 0; overflow: hidden; background: transparent; }}
</style>
<script defer nonce="{nonce}" src="{place}/plotly.min.js"></script>
<script defer nonce="{nonce}" src="{place}/figure.js"></script>
</head>
<body><div id="figure"></div></body>
</html>
"""


@routes.get("/figures/frame")
def frame() -> Response:
    """An empty figure, to be filled by the page around it."""
    place = f"{_SECRET}/{get_site().assets.version()}"
    answer = Response(_PAGE.format(nonce=_NONCE, place=place), content_type="text/html; charset=utf-8")
    answer.headers["Content-Security-Policy"] = _POLICY.format(nonce=_NONCE)
    return answer


@routes.get("/figures/<secret>/<version>/<name>")
def script(secret: str, version: str, name: str) -> Response:
    """A script of the frame, for whoever knows the secret."""
    path = _SCRIPTS.get(name)
    asset = get_site().assets.get(path) if path and secrets.compare_digest(secret.encode(), _SECRET.encode()) else None
    if asset is None:
        raise Refused("there is no such script", 404)
    headers = {"Cross-Origin-Resource-Policy": "cross-origin", "Cache-Control": "private, max-age=31536000, immutable"}
    return Response(asset.body, content_type=asset.content_type, headers=headers)

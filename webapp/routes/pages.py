"""The page and its files."""

from __future__ import annotations

from flask import Blueprint, Response, request

from ..assets import Asset
from ..content_policy import with_inline_script
from ..context import get_site
from ..queries import Refused

__all__ = ["routes"]

routes = Blueprint("pages", __name__)

_PAGE = "index.html"
_PLACEHOLDER = "static/dev/"  # index.html names its files so; served, "dev" becomes the version
_BY_ADDRESS = ' src="static/dev/theme.js"></script>'  # what it asks for would wait for one more answer
_FOR_EVER = "public, max-age=31536000, immutable"


@routes.get("/")
@routes.get("/index.html")
def page() -> Response:
    """The page. Its text is the same for all data; the browser asks each time, so that a new version is seen."""
    assets = get_site().assets
    version = assets.look()
    asset = assets.get(_PAGE)
    if asset is None:
        raise Refused("the page is missing from this installation (webapp/static/index.html)", 500)
    script = assets.text("theme.js")
    text = asset.body.decode().replace(_BY_ADDRESS, f">{script}</script>").replace(_PLACEHOLDER, f"static/{version}/")
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": with_inline_script(script)}
    return Response(text, content_type=asset.content_type, headers=headers)


@routes.get("/favicon.ico")
def favicon() -> Response:
    """Browsers ask for it whatever the page says."""
    return Response(status=204)


@routes.get("/static/<version>/<path:name>")
def static_file(version: str, name: str) -> Response:
    """A file of the page; to be kept for ever when asked for by its own version."""
    assets = get_site().assets
    asset = assets.get(name)
    if asset is None:
        raise Refused(f"there is no file static/{name[:200]}", 404)
    answer = _compressed(asset)
    answer.headers["Cache-Control"] = _FOR_EVER if version == assets.version() else "no-cache"
    return answer


def _compressed(asset: Asset) -> Response:
    headers = {"Vary": "Accept-Encoding"}
    if asset.zipped is not None and request.accept_encodings["gzip"] > 0:
        return Response(asset.zipped, content_type=asset.content_type, headers={**headers, "Content-Encoding": "gzip"})
    return Response(asset.body, content_type=asset.content_type, headers=headers)

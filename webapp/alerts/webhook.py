"""Posting JSON to an address that was allowed, and to no other."""

from __future__ import annotations

import urllib.error
import urllib.parse
import urllib.request
from typing import Any

__all__ = ["post"]

_SECONDS = 10.0


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect could lead anywhere."""

    def redirect_request(self, *_: Any) -> None:
        return None


# Proxies of the environment would be other hosts than those allowed.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)


def post(url: str, data: bytes) -> None:
    """POST JSON. Raises RuntimeError, naming the host only: the rest of the address may hold a secret."""
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    host = urllib.parse.urlsplit(url).hostname
    try:
        with _opener.open(request, timeout=_SECONDS):
            pass
    except urllib.error.HTTPError as error:
        error.close()
        raise RuntimeError(f"the web hook at {host} answered {error.code}") from None
    except OSError as error:
        raise RuntimeError(f"the web hook at {host} cannot be reached: {error}") from None

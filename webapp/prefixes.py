"""Addresses in front of the routes: --path_prefix, and TensorBoard's /experiment/<id>."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

__all__ = ["Prefixes"]

_EXPERIMENT = re.compile(r"/experiment/[^/]*(?=/)")

Environ = dict[str, Any]


class Prefixes:
    """WSGI middleware that moves what stands before the routes from PATH_INFO to SCRIPT_NAME.

    prefix   "" or "/like/this"; requests outside it are redirected to it (from "/") or not found
    """

    def __init__(self, app: Callable[[Environ, Any], Iterable[bytes]], prefix: str) -> None:
        self._app = app
        self._prefix = prefix

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if self._prefix:
            if path in ("", "/", self._prefix):
                start_response("302 Found", [("Location", f"{self._prefix}/"), ("Content-Length", "0")])
                return [b""]
            if not path.startswith(self._prefix + "/"):
                outside = f"{path} (this dashboard lives at {self._prefix}/)"  # matches no route, and is what is said
                return self._app({**environ, "PATH_INFO": outside}, start_response)
            path = self._strip(environ, path, self._prefix)
        experiment = _EXPERIMENT.match(path)
        if experiment:
            self._strip(environ, path, experiment.group())
        return self._app(environ, start_response)

    @staticmethod
    def _strip(environ: Environ, path: str, prefix: str) -> str:
        environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
        environ["PATH_INFO"] = rest = path[len(prefix) :]
        return rest

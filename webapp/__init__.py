"""Serves log directories in the browser; the only package that knows HTTP.

    cli.py          `dashboard`: serve, inspect; flags.py its options, logdirs.py what --logdir may say
    server.py       sockets, the WSGI server, the way from process start to the first answer
    app.py          create_app: security, errors, routes
    log_source.py   opens the log directory behind the page's back
    routes/         one blueprint per subject: parse, ask the log, encode
    queries.py      what clients send, checked into types that cannot be wrong
    frames.py       columns of the log → the points a chart shows; reduce.py the compiled part
    wire.py         those points → one binary answer
    static/         the page

Importing this package loads nothing: the first answer must not wait for a compiler.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..logger.lazy_names import lazy_names

if TYPE_CHECKING:
    from .app import create_app
    from .settings import Settings

__all__ = ["Settings", "create_app"]

__getattr__, __dir__ = lazy_names(__name__, {"Settings": ".settings", "create_app": ".app"})

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

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .app import create_app
    from .settings import Settings

__all__ = ["Settings", "create_app"]


def __getattr__(name: str) -> Any:
    """Import on first use (PEP 562)."""
    if name == "create_app":
        from .app import create_app

        return create_app
    if name == "Settings":
        from .settings import Settings

        return Settings
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""From process start to the first answer, and to the end.

The socket listens before anything else is imported, so that a browser opened at once waits instead of failing. The page
answers as soon as the web framework is there (0.3 s); only then the log directory is opened, on a thread of its own,
because the reader brings a compiler with it.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib
import logging
import os
import signal
import socket
import sys
import threading
import time
from typing import TYPE_CHECKING, Any, NoReturn

from .allocation import keep_freed_memory
from .patterns import follow_patterns, open_log
from .settings import Settings
from .sockets import DEFAULT_PORT, CannotListen, listen

if TYPE_CHECKING:
    from .context import Site
    from .log_source import LogSource

__all__ = ["serve"]

_WORKERS = 12  # threads for requests, besides one for each stream
_MOST_CONNECTIONS = 500
_SHORT = 2.0  # s
# Modules that are imported when first asked for, of what a page asks at once; the others may take a moment.
_NEEDED_FIRST = (".media.catalog", ".media.columns", ".media.histogram_frames", "..logger.reader.values")


def serve(settings: Settings) -> int:
    """Serve until Ctrl-C or SIGTERM, which end the process; the exit code where it cannot listen.

    To be called on the main thread.
    """
    keep_freed_memory()
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    try:
        sockets = listen(settings.host, settings.port, settings.bind_all)
    except CannotListen as error:
        print(f"dashboard: {error}", file=sys.stderr)
        return 1
    port = sockets[0].getsockname()[1]
    if settings.port is None and port != DEFAULT_PORT:
        print(f"port {DEFAULT_PORT} is taken, using {port}", file=sys.stderr)
    source = _log_source(settings)
    _end_on_signals(source)
    server, site = _wsgi_server(sockets, source, settings)
    threading.Thread(target=_begin, args=(settings, sockets[0], source, site), name="begin", daemon=True).start()
    try:
        server.run()  # returns on KeyboardInterrupt and SystemExit
    finally:
        source.close()
        site.projector.close()
        site.profiles.close()
    return _leave()


def _leave() -> NoReturn:
    """End the process with 0, without the threads that still rank or read a trace for pages that are gone."""
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # nobody reads it any more
            stream.flush()
    os._exit(0)


def _end_on_signals(source: LogSource) -> None:
    """Ctrl-C and SIGTERM end the streams first: the server waits some seconds for threads that answer."""

    def stop(number: int, frame: Any) -> None:
        source.closing.set()
        logging.getLogger("waitress").setLevel(logging.ERROR)  # it would complain of those that go on
        raise SystemExit(0)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)


def _wsgi_server(sockets: list[socket.socket], source: LogSource, settings: Settings) -> tuple[Any, Site]:
    from waitress.server import create_server

    from .app import create_app
    from .context import EXTENSION
    from .security import LARGEST_FILE

    app = create_app(source, settings)
    site: Site = app.extensions[EXTENSION]
    site.alerts.start()
    server = create_server(
        app,
        sockets=sockets,
        threads=_WORKERS + settings.max_streams,
        ident="",
        connection_limit=_MOST_CONNECTIONS,
        asyncore_use_poll=hasattr(__import__("select"), "poll"),  # select() cannot see more than 1,024 connections
        channel_request_lookahead=1,  # keeps reading, and so notices pages that close their stream
        # Those above max_body get their sentence from the app; files that are opened in the page may be large.
        max_request_body_size=max(4 * settings.max_body, LARGEST_FILE + (1 << 20)),
        max_request_header_size=65_536,
        recv_bytes=65_536,
        outbuf_overflow=256 * 2**20,  # answers stay in memory instead of passing through a temporary file
        clear_untrusted_proxy_headers=True,
    )
    return server, site


def _log_source(settings: Settings) -> LogSource:
    from .log_source import LogSource

    def afterwards(source: LogSource) -> None:
        _load_kernels(source)
        follow_patterns(source, settings)

    return LogSource(lambda: open_log(settings.logdirs, settings), settings.logdirs, afterwards)


def _load_kernels(source: LogSource) -> None:
    """Compile or load what charts and the table need before they ask, but after what reading needs: they take turns."""
    log = source.get()
    while log.status().phase not in ("loading", "following") and not source.closing.is_set():
        log.wait(log.version, timeout=1.0)
    from ..logger.compare import series_compiled, statistics
    from . import reduce

    for module in (reduce, statistics, series_compiled):
        module.kernels()


def _begin(settings: Settings, listening: socket.socket, source: LogSource, site: Site) -> None:
    """Say where the page is once it answers, make what it asks for first, then let the reader loose.

    Beside the reader's imports, which hold the interpreter for half a second, the page's files would take five times as
    long.
    """
    if _answers(listening, settings.path_prefix):
        print(f"stepscope is at {_address(settings, listening)} (Ctrl-C ends it)", flush=True)
    site.assets.prepare()
    source.start()
    _prepare(source, site)


def _prepare(source: LogSource, site: Site) -> None:
    """Import what the first page will ask for and read the newest graph.

    Only behind a short log: a long one leaves time beside its reading.
    """
    from .log_source import LogNotOpen

    until, log = time.monotonic() + _SHORT, None
    with contextlib.suppress(LogNotOpen):
        log = source.get()
        while not log.status().ready and time.monotonic() < until:
            log.wait(log.version, timeout=0.2)
    for name in _NEEDED_FIRST:
        importlib.import_module(name, __package__)
    if log is not None and log.status().ready:
        from .graph.ahead import read_ahead

        read_ahead(site, log)


def _answers(listening: socket.socket, prefix: str) -> bool:
    """Ask the page for itself."""
    host, port = listening.getsockname()[:2]
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    try:
        with socket.create_connection((target, port), timeout=30) as connection:
            connection.sendall(f"GET {prefix}/ HTTP/1.0\r\n\r\n".encode())
            return b"200" in connection.recv(64)
    except OSError:
        return False


def _address(settings: Settings, listening: socket.socket) -> str:
    port = listening.getsockname()[1]
    host = settings.host or ("localhost" if not settings.bind_all else socket.gethostname())
    name = f"[{host.strip('[]')}]" if ":" in host else host
    return f"http://{name}:{port}{settings.path_prefix}/"

"""The web app: security around it, JSON errors, one blueprint per subject."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from ..logger.errors import LogError
from .alerts.monitor import AlertMonitor
from .alerts.notify import Notifier
from .assets import Assets
from .context import EXTENSION, Site, get_site
from .graph.sources import GraphStore
from .json_answers import json_answer
from .log_source import LogNotOpen, LogSource
from .prefixes import Prefixes
from .profile.store import ProfileStore
from .projector.store import ProjectorStore
from .queries import Refused
from .routes import BLUEPRINTS
from .security import secure
from .settings import Settings
from .state_place import open_state
from .view_files import ViewFiles

if TYPE_CHECKING:
    from ..logger import LogDir

__all__ = ["STATIC_FOLDER", "create_app"]

STATIC_FOLDER = Path(__file__).parent / "static"

_logger = logging.getLogger(__name__)


def create_app(
    log: LogDir | LogSource,
    settings: Settings | None = None,
    static_folder: Path = STATIC_FOLDER,
    executor: Executor | None = None,
) -> Flask:
    """A WSGI app that serves `log`: an open log directory, or a LogSource that will open one.

    executor: where embeddings are laid out; it must see the index folder. None: processes of this machine.
    """
    settings = settings or Settings()
    source = log if isinstance(log, LogSource) else LogSource.of(log)
    app = Flask(__name__, static_folder=None, template_folder=None)
    state = open_state(settings)
    index_dir = settings.index_dir if settings.logdirs else ""
    notifier = Notifier(settings.alert_command, settings.alert_webhook)
    profiles = ProfileStore(lambda: source.roots or settings.logdirs, index_dir, source.closing)
    app.extensions[EXTENSION] = Site(
        settings=settings,
        source=source,
        assets=Assets(static_folder),
        state=state,
        alerts=AlertMonitor(
            source, lambda: state.read().document["alerts"], notifier, lambda: state.read().document["runs"]
        ),
        view_files=ViewFiles(lambda: (source.roots or settings.logdirs).values()),
        streams=threading.BoundedSemaphore(settings.max_streams),
        projector=ProjectorStore(index_dir, executor),
        graphs=GraphStore(profiles),
        profiles=profiles,
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the default provider has it
    secure(app, settings)
    app.register_error_handler(Exception, _answer_error)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.before_request(_wait_for_log)
    app.wsgi_app = Prefixes(app.wsgi_app, settings.path_prefix)  # type: ignore[method-assign]
    return app


# Blueprints
_AFTER_OPENING = {
    "runs", "kinds", "table", "hparams", "groups", "bars", "blobs", "histograms", "text", "pr_curves",
    "scalars", "report", "events", "downloads", "files", "graph",
    "graph_comparison", "graph_files", "graph_overlays", "projector", "projector_jobs", "projector_questions",
    "projector_files",
}  # fmt: skip


def _wait_for_log() -> None:
    """Routes that look at the log import more of the reader; not while the thread that opens the log still imports it.

    Two threads in one circle of imports meet half-made modules, and every request after that fails.
    """
    if request.blueprint in _AFTER_OPENING or (request.blueprint or "").startswith(("tensorboard_", "profile")):
        get_site().source.wait_for_short()


def _answer_error(error: Exception) -> Response:
    """Every failure as a sentence in JSON; what is our own mistake is also logged with its traceback."""
    if isinstance(error, Refused):
        place = {} if error.span is None else {"start": error.span[0], "end": error.span[1]}
        return json_answer({"error": str(error), **place}, error.status)
    if isinstance(error, LogNotOpen):
        return json_answer({"error": str(error)}, 503)
    if isinstance(error, HTTPException):
        return _answer_http_error(error)
    if isinstance(error, LogError):  # no such run or tag, or no longer what the index saw
        return json_answer({"error": str(error)}, 404)
    _logger.error("%s %s failed", request.method, request.path, exc_info=error)
    return json_answer({"error": f"{request.path} failed: {type(error).__name__}: {error}"}, 500)


def _answer_http_error(error: HTTPException) -> Response:
    """Flask's own errors: unknown path, wrong method; redirects pass."""
    if error.code is None or error.code < 400:
        return Response(error.get_response().get_data(), error.code, error.get_response().headers)
    sentences = {
        404: f"there is nothing at {request.path[:200]}",
        405: f"{request.path[:200]} does not answer to {request.method}",
    }
    answer = json_answer({"error": sentences.get(error.code, error.description or error.name)}, error.code)
    for header, text in error.get_headers():
        if header == "Allow":
            answer.headers[header] = text
    return answer

"""The event files of a run and what is wrong with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, Response

from ..context import get_log
from ..json_answers import json_answer
from ..queries import Refused
from .parameters import parameter

__all__ = ["file_entry", "routes"]

routes = Blueprint("files", __name__)


@routes.get("/api/files")
def files() -> Response:
    """GET /api/files?run=: its files, and those of the runs that are joined to it, each with the name of its run."""
    from ...logger.compare.comparison import compare

    log, run = get_log(), parameter("run")
    snapshot = compare(log)
    if run not in snapshot.views:
        raise Refused(f"there is no run {run[:200]!r}", 404)
    roots = [Path(root.path) for root in log.status().roots]
    files = ((name, file) for name in snapshot.runs_of(run) for file in snapshot.views[name].file_statuses())
    return json_answer([{"run": name, **file_entry(file, roots)} for name, file in files])


def file_entry(file: Any, roots: list[Path]) -> dict[str, Any]:
    """One file as JSON; its path is shown relative to the log directory it lies in."""
    return {
        "path": _relative(Path(file.path), roots),
        "size": file.size,
        "bytes_read": file.bytes_read,
        "events": file.events,
        "state": file.state,
        "damage": [{"offset": d.offset, "length": d.length, "reason": d.reason} for d in file.damage],
        "kinds": list(file.kinds),
        "values": dict(file.values),
        "detail": file.detail,
    }


def _relative(path: Path, roots: list[Path]) -> str:
    for root in roots:
        if path.is_relative_to(root):
            return path.relative_to(root).as_posix()
    return path.name

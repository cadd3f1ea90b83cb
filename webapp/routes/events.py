"""What happened to the runs: restarts, checkpoints, the end, notes."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from ..context import get_log, get_site
from ..json_answers import json_answer
from ..numbers import finite
from ..queries import Refused

__all__ = ["routes"]

routes = Blueprint("events", __name__)

_MOST_OF_RUN = 1_000  # events of one run; more are no marks but a smear
_MOST = 50_000  # events in one answer


@routes.get("/api/events")
def events() -> Response:
    """{version, runs, events, left_out, annotations}: of all runs, or with `since` of those that changed (`runs`)."""
    log, source = get_log(), get_site().source
    since = request.args.get("since", "0")
    if not since.isdecimal() or len(since) > 18:
        raise Refused(f"since: expected a version (a whole number), got {since[:80]!r}")
    version, changed = source.changes(int(since))
    found: list[dict[str, Any]] = []
    left_out = 0
    for run in log.runs if changed is None else changed:
        try:
            told = log.events(run)
        except KeyError:  # deleted meanwhile
            continue
        room = min(_MOST_OF_RUN, max(0, _MOST - len(found)))
        left_out += max(0, len(told) - room)
        found += [
            {"run": run, "step": one.step, "wall_time": finite(one.wall_time), "kind": one.kind, "text": one.text}
            for one in told[len(told) - min(room, len(told)) :]
        ]
    noted = get_site().state.read().document["annotations"]
    annotations = [{**annotation, "id": name} for name, annotation in noted.items()]
    return json_answer(
        {"version": version, "runs": changed, "events": found, "left_out": left_out, "annotations": annotations}
    )

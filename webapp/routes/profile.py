"""Profiles: which there are, what they are, and tables of them by name."""

from __future__ import annotations

from flask import Response, request

from ..context import get_log, get_site
from ..json_answers import json_answer
from ..queries import Refused, parse_json
from .parameters import parameter
from .patient import patient_routes
from .profile_parameters import asked_of_query, wall_time

__all__ = ["routes"]

routes = patient_routes("profile")

_MOST_STEPS = 1000  # that a training takes


@routes.get("/api/profiles")
def profiles() -> Response:
    """`{profiles: [{id, run, name, kind, ranks, size, wall_time, problem?}], files, listening: [{run, asked}]}`.

    Of the log, and opened by hand; listening: runs whose training can be asked for a capture.
    """
    get_log()  # which folders there are is known once it is open
    store = get_site().profiles
    listed = [each.to_json() | _problem(store.problem(each)) for each in store.listing.profiles()]
    listening = [each.to_json() for each in store.listing.listeners]
    return json_answer({"profiles": listed, "files": store.files(), "listening": listening})


def _problem(sentence: str) -> dict[str, str]:
    return {"problem": sentence} if sentence else {}


@routes.post("/api/profile/capture")
def capture() -> Response:
    """`{"run", "steps"?}`: asks the training of a run for a capture of so many steps, as many as it likes without."""
    body = parse_json(request.get_data(cache=False))
    run, steps = (body.get("run"), body.get("steps", 0)) if isinstance(body, dict) else (None, None)
    if not isinstance(run, str) or type(steps) is not int or not 0 <= steps <= _MOST_STEPS:
        raise Refused(f"expected a run and a number of steps from 0 to {_MOST_STEPS}, got {str(body)[:100]}")
    get_site().profiles.listing.ask(run, steps)
    return json_answer({"asked": run})


@routes.get("/api/profile/info")
def info() -> Response:
    """`p=`, `rank=` → name, files, steps, devices, and what is wrong with the file, see info.py."""
    from ..profile.info import info_as_json

    return json_answer(info_as_json(asked_of_query()))


@routes.get("/api/profile/nearest")
def nearest() -> Response:
    """`run=` and `wall=` (s since the epoch) → the captured step nearest to it, see nearest.py."""
    from ..profile.nearest import nearest_step

    return json_answer(nearest_step(get_site().profiles, parameter("run"), wall_time()))


@routes.get("/api/profile/table")
def table() -> Response:
    """`p=`, `rank=`, `from=`, `to=`, `name=` and what that table takes → columns with units, see table.py."""
    from ..profile.tables import table as made

    return json_answer(made(parameter("name"), asked_of_query()).to_json())

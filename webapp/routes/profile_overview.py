"""The overview of a profile."""

from __future__ import annotations

from flask import Response

from ..json_answers import json_answer
from .patient import patient_routes
from .profile_parameters import asked_of_query

__all__ = ["routes"]

routes = patient_routes("profile_overview")


@routes.get("/api/profile/overview")
def overview() -> Response:
    """`p=`, `rank=`, `from=`, `to=` → the split of the time, steps, GPUs, health, recommendations, see overview.py."""
    from ..profile.overview import overview_as_json

    asked = asked_of_query()
    asked.trace  # noqa: B018  # first, so that the page is told how far reading is
    return json_answer(asked.answer("overview", lambda: overview_as_json(asked)))

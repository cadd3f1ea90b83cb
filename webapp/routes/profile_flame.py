"""Flame graphs of profiles."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, request

from ..context import get_site
from .parameters import parameter
from .patient import binary, patient_routes
from .profile_parameters import asked_of_query, whole_number

__all__ = ["routes"]

routes = patient_routes("profile_flame")


@routes.get("/api/profile/flame")
def flame() -> Response:
    """`p=`, `rank=`, `from=`, `to=`, `what=device|host|python` → a tree in columns, parents before their children.

    `frames=all|modules|none`: which frames of Python stand above operators in a graph of the device.

    `name` (a place in `names`), `parent` (−1 at the top), `category`, `total` and `own` (ns), `count`, `row` (the
    longest slice, −1 without one); `pruned`: nodes that are too small. With `other=` (an id) and `other_rank=` also
    `before` and `before_own` of that one, without `count`.
    """
    from ..profile.flames import difference_columns, flame_columns
    from ..projector.answers import arrays_frame

    asked = asked_of_query()
    if "other" not in request.args:
        return binary(arrays_frame(*flame_columns(asked)))
    store = get_site().profiles
    plain = {name: value for name, value in asked.more.items() if name in ("what", "frames")}
    other = replace(
        asked, opened=store.find(parameter("other")), rank=whole_number("other_rank"), window=None, more=plain
    )
    return binary(arrays_frame(*difference_columns(replace(asked, more=plain), other)))

"""Memory of a profile: curves, tables, and of snapshots allocations over time, the map of addresses, call stacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response

from ..json_answers import json_answer
from ..profile.asking import Asked
from ..queries import Refused
from .parameters import parameter
from .patient import binary, patient_routes
from .profile_parameters import asked_of_query, whole_number

if TYPE_CHECKING:
    from ..profile.memory_sources import SnapshotMemory

__all__ = ["routes"]

routes = patient_routes("profile_memory")

_CELLS = 1600


@routes.get("/api/profile/memory")
def memory() -> Response:
    """`p=`, `rank=` → `{kind, devices: [{name, capacity, peak, peak_time, reserved, events}], tables, by, notes,
    start, end}`: kind is trace, snapshot or timeline; times in ns."""
    from ..profile.memory_sources import memory_of

    return json_answer(memory_of(asked_of_query()).info())


@routes.get("/api/profile/memory/curve")
def curve() -> Response:
    """`p=`, `rank=`, `device=`, `from=`, `to=`, `cells=` → see curve_frame."""
    from ..profile.memory_pictures import curve_frame
    from ..profile.memory_sources import memory_of

    asked = asked_of_query()
    cells = whole_number("cells")
    source = memory_of(asked)
    return binary(curve_frame(source, _device(asked), asked.window, _CELLS if cells is None else cells))


@routes.get("/api/profile/memory/table")
def table() -> Response:
    """`p=`, `rank=`, `device=`, `name=`, `by=`, `other=`, `from=`, `to=` → columns with units."""
    from ..profile.memory_sources import memory_of

    asked = asked_of_query()
    name = parameter("name")
    source = memory_of(asked)
    return json_answer(asked.answer(f"memory {name}", lambda: source.table(name, asked)).to_json())


@routes.get("/api/profile/memory/shapes")
def shapes() -> Response:
    """`p=`, `device=`, `from=`, `to=` of a snapshot → see shapes_frame."""
    from ..profile.memory_pictures import shapes_frame

    asked = asked_of_query()
    source = _snapshot(asked)
    return binary(asked.answer("shapes", lambda: shapes_frame(source, _device(asked), asked.window)))


@routes.get("/api/profile/memory/map")
def address_map() -> Response:
    """`p=`, `device=` of a snapshot → see map_frame."""
    from ..profile.memory_pictures import map_frame

    asked = asked_of_query()
    source = _snapshot(asked)
    return binary(asked.answer("map", lambda: map_frame(source, _device(asked))))


@routes.get("/api/profile/memory/stack")
def stack() -> Response:
    """`p=`, `stack=` of a snapshot → `{frames: [{text, users}]}`, the innermost first; users: it is the user's own."""
    asked = asked_of_query()
    stacks = _snapshot(asked).snapshot.stacks
    row = whole_number("stack")
    if row is None or not 0 <= row < len(stacks):
        raise Refused(f"stack: expected a number from 0 to {len(stacks) - 1}, got {row}")
    return json_answer({"frames": [{"text": str(frame), "users": frame.is_users} for frame in stacks[row]]})


def _device(asked: Asked) -> str:
    return asked.more.get("device", "")


def _snapshot(asked: Asked) -> SnapshotMemory:
    from ..profile.memory_sources import SnapshotMemory, memory_of

    found = memory_of(asked)
    if not isinstance(found, SnapshotMemory):
        raise Refused(f"{asked.opened.found.name} is a {asked.opened.kind_text}: only snapshots have this", 422)
    return found

"""What people add to the log: names, colours, notes, views … (logger/user_state.py keeps it)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from ...logger.user_state import BadChange, Overtaken, State
from ...logger.user_state_format import changes_from_json
from ..context import get_site
from ..json_answers import json_answer
from ..queries import Refused, parse_json

__all__ = ["routes"]

routes = Blueprint("state", __name__)


@routes.get("/api/state")
def state() -> Response:
    """{version, writable, where, problem?, state}"""
    return json_answer(_answer(get_site().state.read()))


@routes.post("/api/state")
def change() -> Response:
    """{"changes": [{"path": ["runs", "a", "color"], "value": "#123456", "was"?}, …]}: the state after it.

    A value of null takes away. 409 where `was` is told and something else is there: somebody was faster.
    """
    body = parse_json(request.get_data(cache=False))
    try:
        return json_answer(_answer(get_site().state.change(changes_from_json(body))))
    except Overtaken as error:
        raise Refused(str(error), 409) from None
    except BadChange as error:
        raise Refused(str(error)) from None


def _answer(now: State) -> dict[str, Any]:
    problem = {"problem": now.problem} if now.problem else {}
    return {"version": now.version, "writable": now.writable, "where": now.where, **problem, "state": now.document}

"""Routes whose answers may take a while, and answers in bytes."""

from __future__ import annotations

from flask import Blueprint, Response

from ..json_answers import json_answer
from ..waiting import Waiting

__all__ = ["binary", "patient_routes"]

_BYTES = "application/octet-stream"


def patient_routes(name: str) -> Blueprint:
    """A blueprint whose answers may be 202 `{state, message, done?, total?}`: ask again."""
    routes = Blueprint(name, __name__)
    routes.register_error_handler(Waiting, lambda waiting: json_answer(waiting.progress, 202))
    return routes


def binary(content: bytes) -> Response:
    """An arrays frame."""
    return Response(content, content_type=_BYTES)

"""Query parameters of GET requests."""

from __future__ import annotations

from flask import request

from ..queries import Refused

__all__ = ["parameter"]


def parameter(name: str) -> str:
    """The one value of a query parameter. Raises Refused when it is missing or repeated."""
    values = request.args.getlist(name)
    if len(values) != 1:
        raise Refused(f"{request.path}: expected the parameter {name} once, got it {len(values)} times")
    return values[0]

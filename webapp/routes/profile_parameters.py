"""What a request asks about a profile."""

from __future__ import annotations

import math
import re

from flask import request

from ..context import get_site
from ..profile.asking import Asked
from ..queries import Refused
from .parameters import parameter

__all__ = ["asked_of_query", "wall_time"]

_WHOLE = re.compile(r"-?\d{1,18}")
_MOST_SECONDS = 1e11  # in the year 5138
_OWN = {"p", "rank", "from", "to"}


def asked_of_query() -> Asked:
    """`p=`, `rank=`, `from=` and `to=` in ns, and whatever else stands in the query. Raises Refused.

    For asked.trace and asked.answer see there: both may raise Waiting.
    """
    store = get_site().profiles
    rank = whole_number("rank")
    start, end = whole_number("from"), whole_number("to")
    if (start is None) != (end is None) or (start is not None and end is not None and end <= start):
        raise Refused(f"from, to: expected two times in ns, the later one behind, got {start} and {end}")
    window = None if start is None or end is None else (start, end)
    more = {name: parameter(name) for name in request.args if name not in _OWN}
    return Asked(store, store.find(parameter("p")), rank, window, more)


def wall_time() -> float:
    """`wall=`: s since the epoch. Raises Refused."""
    text = parameter("wall")
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not abs(seconds) < _MOST_SECONDS:
        raise Refused(f"wall: expected seconds since the epoch, got {text[:80]!r}")
    return seconds


def whole_number(name: str) -> int | None:
    """A parameter that is a whole number; None where it is not there. Raises Refused."""
    if name not in request.args:
        return None
    text = parameter(name)
    if not _WHOLE.fullmatch(text):
        raise Refused(f"{name}: expected a whole number, got {text[:80]!r}")
    return int(text)

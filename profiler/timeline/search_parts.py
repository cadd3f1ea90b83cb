"""What a search asks for: words, and conditions such as `dur > 1 ms` or `stream = 7`, joined by "and"."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from typing import Final

__all__ = ["TIMES", "Condition", "parts_of", "time_of"]

TIMES: Final = {"dur": "duration", "duration": "duration", "start": "start", "ts": "start"}
"""The fields that are times, and the columns they stand for."""

_UNITS = {"ns": 1.0, "us": 1e3, "µs": 1e3, "μs": 1e3, "ms": 1e6, "s": 1e9}  # both letters are typed
# No part of a pattern can take what the one before it can: a query may be long, and `re` lets no other thread work.
_AND = re.compile(r"(?<!\s)\s+and\s+", re.IGNORECASE)
_CONDITION = re.compile(r"([^=<>~!]+)(!=|!~|<=|>=|=|<|>|~)(.+)", re.DOTALL)
_TIME = re.compile(r"([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)\s*([a-zµμ]*)", re.IGNORECASE)


@dataclass(frozen=True)
class Condition:
    """field: in small letters. compare: one of = != < <= > >= ~ !~."""

    field: str
    compare: str
    value: str


def parts_of(query: str, fields: Container[str]) -> list[str | Condition]:
    """The parts that all must hold; the whole text is one where no part of it is a condition on one of the fields.

    fields: in small letters. So a kernel's `<4, 8>` and an "and" of a name are found as they are written.
    """
    parts = [_part(text, fields) for text in _AND.split(query.strip())]
    return parts if any(isinstance(part, Condition) for part in parts) else [query.strip()]


def _part(text: str, fields: Container[str]) -> str | Condition:
    found = _CONDITION.fullmatch(text.strip())
    field = found[1].strip().casefold() if found else ""
    return Condition(field, found[2], found[3].strip()) if found and field in fields else text


def time_of(condition: Condition) -> float:
    """The time that a condition names, in ns. Raises ValueError."""
    found = _TIME.fullmatch(condition.value)
    if found is None or found[2].lower() not in _UNITS:
        raise ValueError(
            f"{condition.field} is a time: expected a number with a unit (ns, us, ms, s), such as "
            f"{condition.field} > 1 ms, got {condition.value[:80]!r}"
        )
    return float(found[1]) * _UNITS[found[2].lower()]

"""How many bytes of memory columns, tables and answers take, about."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

__all__ = ["weight_of"]

_SMALL = 64  # bytes of an object of Python's own


def weight_of(thing: Any) -> int:
    """Bytes of arrays and texts in a value of dataclasses, lists and dicts."""
    if isinstance(size := getattr(thing, "nbytes", None), int):  # an array
        return size
    if isinstance(thing, str | bytes):
        return _SMALL + len(thing)
    if isinstance(thing, list | tuple):
        return _SMALL + _sum(thing)
    if isinstance(thing, dict):
        return _SMALL + sum(map(weight_of, thing.keys())) + sum(map(weight_of, thing.values()))
    if is_dataclass(thing):
        return _SMALL + sum(weight_of(getattr(thing, each.name)) for each in fields(thing))
    return _SMALL


def _sum(things: list[Any] | tuple[Any, ...]) -> int:
    """Of a million names not each is measured."""
    if len(things) > 10_000 and isinstance(things[0], str):
        return len(things) // 100 * sum(map(weight_of, things[::100])) // max(1, len(things[::100])) * 100
    return sum(map(weight_of, things))

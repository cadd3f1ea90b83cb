"""The questions about memory whose answers a page of one file carries: of each device, and of call stacks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import permutations
from typing import Any

from .kept_questions import MEMORY_BY, address_of

__all__ = ["changes_between", "memory_answers"]

_MOST_STACKS = 400  # of a snapshot that can be opened
_COUNTED = frozenset(("peak", "operators"))  # tables that are counted by operator, module or category

Ask = Callable[[str], bytes]


def memory_answers(p: str, rank: int | None, told: Mapping[str, Any], ask: Ask) -> Iterator[tuple[str, bytes]]:
    """(address, answer) of all devices. told: as GET /api/profile/memory says. ask: answers an address."""
    shown = {"p": p} if rank is None else {"p": p, "rank": str(rank)}
    is_snapshot = told["kind"] == "snapshot"
    stacks: dict[int, None] = {}
    for place, device in enumerate(told["devices"]):
        of_device = {**shown, **({"device": device["name"]} if place else {})}  # the page asks of the first one so
        for what in ("curve", "shapes", "map") if is_snapshot else ("curve",):
            address = address_of(f"memory/{what}", of_device)
            yield address, ask(address)
        for more in _tables(told):
            address = address_of("memory/table", {**of_device, **more})
            answer = ask(address)
            yield address, answer
            stacks |= dict.fromkeys(_stacks_of(answer)) if is_snapshot else {}
    for stack in list(stacks)[:_MOST_STACKS]:
        address = address_of("memory/stack", {**shown, "stack": str(stack)})
        yield address, ask(address)


def changes_between(snapshots: Sequence[tuple[str, Mapping[str, Any]]]) -> Iterator[str]:
    """Addresses of what changed between any two of these snapshots: (p, as GET /api/profile/memory says)."""
    for (p, told), (other, _) in permutations(snapshots, 2):
        for place, device in enumerate(told["devices"]):
            more = {"device": device["name"]} if place else {}
            yield address_of("memory/table", {"p": p, "name": "changes", "other": other, **more})


def _tables(told: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    for name in told["tables"]:
        if name in _COUNTED and told["by"]:
            yield from ({"name": name, "by": by} for by in MEMORY_BY)
        elif name != "changes":
            yield {"name": name}


def _stacks_of(answer: bytes) -> list[int]:
    """Where rows of a table lead to."""
    try:
        columns = json.loads(answer).get("columns", [])
    except ValueError:  # a refusal
        return []
    return [row for column in columns if column["name"] == "stack" for row in column["values"]]

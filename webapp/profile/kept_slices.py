"""The slices whose details a page of one file carries: those that its tables and its advice lead to, and their like."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from .kept_questions import address_of

__all__ = ["KeptSlices"]

_MOST_SLICES = 2_500  # of a rank: about 1 ms and 1 kB each
_OF_A_TABLE = 100  # rows of one


class KeptSlices:
    """Rows of slices, in the order in which answers name them; of a small trace all."""

    def __init__(self, count: int) -> None:
        """count: slices of the trace."""
        self._wanted: dict[int, None] = dict.fromkeys(range(count if count <= _MOST_SLICES else 0))

    def note(self, answer: bytes) -> None:
        """Remember the slices that this answer leads to."""
        if len(self._wanted) < _MOST_SLICES and answer.startswith(b"{"):
            self._wanted |= dict.fromkeys(_rows_in(json.loads(answer)))

    def answers(self, p: str, rank: int, ask: Callable[[str], bytes]) -> Iterator[tuple[str, bytes]]:
        """(address, answer) of each, and of those that they are linked with, as far as there is room."""
        waiting = list(self._wanted)
        for place in range(_MOST_SLICES):
            if place == len(waiting):
                return
            address = address_of("timeline/slice", {"p": p, "rank": str(rank), "row": str(waiting[place])})
            answer = ask(address)
            yield address, answer
            known = len(self._wanted)
            self.note(answer)
            waiting += list(self._wanted)[known:]


def _rows_in(told: Any) -> Iterator[int]:
    """The values of `row`, as a column of a table or a key of an object."""
    if isinstance(told, list):
        for each in told:
            yield from _rows_in(each)
    elif isinstance(told, dict):
        if told.get("name") == "row" and isinstance(told.get("values"), list):
            yield from (row for row in told["values"][:_OF_A_TABLE] if isinstance(row, int) and row >= 0)
            return
        row = told.get("row")
        if isinstance(row, int) and row >= 0:
            yield row
        for each in told.values():
            yield from _rows_in(each)

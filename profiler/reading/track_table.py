"""Rows of the timeline by process and thread, with the names that a file's metadata events give them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from ..trace import Track
from .top_level import whole, whole_letters

__all__ = ["TrackTable"]

_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,17}")
_LIMIT = 1 << 63


class TrackTable:
    """(pid, tid) → row, in order of first asking.

    told  (name of the metadata event, pid, tid, its arguments)
    """

    def __init__(self, told: Iterable[tuple[str, Any, Any, Mapping[str, Any]]]) -> None:
        self.found: list[Track] = []
        self._rows: dict[tuple[Any, Any], int] = {}
        self._told: dict[tuple[str, Any, Any], Any] = {}
        for name, pid, tid, args in told:
            of_thread = tid if name.startswith("thread") else None
            self._told[name, _key(pid), _key(of_thread)] = args.get("sort_index", args.get("name"))

    def row(self, pid: Any, tid: Any, device: int = -1, stream: int = -1) -> int:
        """The row of a track; device and stream count when it is new."""
        pid, tid = _key(pid), _key(tid)
        row = self._rows.get((pid, tid))
        if row is None:
            row = self._rows[pid, tid] = len(self.found)
            self.found.append(
                Track(
                    pid,
                    tid,
                    self._text("process_name", pid, None),
                    self._text("thread_name", pid, tid),
                    whole(self._told.get(("thread_sort_index", pid, tid)), 0),
                    device,
                    stream,
                )
            )
        return row

    def _text(self, name: str, pid: Any, tid: Any) -> str:
        told = self._told.get((name, pid, tid))
        return "" if told is None else whole_letters(str(told))


def _key(value: Any) -> Any:
    """Numbers and texts as they are; whole numbers in quotes or with a point as numbers: files name a thread both ways.

    Whatever else a file has there is its text.
    """
    if value is None or type(value) is int:
        return value
    if isinstance(value, float | Decimal) and -_LIMIT < value < _LIMIT and value == int(value):
        return int(value)
    text = whole_letters(str(value))
    return int(text) if _WHOLE.fullmatch(text) else text

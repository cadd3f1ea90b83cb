"""The memory that the scanner of events works in: its tables grow as a file needs it, and are emptied in between."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import scan_layout as L
from .compiled import kernels

__all__ = ["EventTables", "Texts", "padded"]

_PADDING = 16  # zero bytes behind those that are scanned
_EVENTS = 1 << 15
_ARGUMENTS = 1 << 17


class EventTables:
    """Runs the kernels over bytes. One thread at a time.

    `scan` fills the tables `events` and `arguments`; `clear` empties them. Texts and tracks stay.
    """

    def __init__(self) -> None:
        self._kernels = kernels()
        self.state = np.zeros(L.STATE_SLOTS, np.int64)
        self._events = np.zeros((_EVENTS, L.EVENT_WIDTH), np.int64)
        self._arguments = np.zeros((_ARGUMENTS, L.ARGUMENT_WIDTH), np.int64)
        self._strings = np.zeros((1 << 14, L.STRING_WIDTH), np.int64)
        self._tracks = np.zeros((1 << 8, L.TRACK_WIDTH), np.int64)
        self._arena = np.zeros(1 << 20, np.uint8)
        self._string_slots = np.zeros(0, np.int64)
        self._track_slots = np.zeros(0, np.int64)
        self._place()

    @property
    def events(self) -> NDArray[np.int64]:
        """(n, EVENT_WIDTH): columns of scan_layout.py; of the last scans since `clear`."""
        return self._events[: self.state[L.EVENT_COUNT]]

    @property
    def arguments(self) -> NDArray[np.int64]:
        """(n, ARGUMENT_WIDTH), in order of their events."""
        return self._arguments[: self.state[L.ARGUMENT_COUNT]]

    @property
    def tracks(self) -> NDArray[np.int64]:
        """(n, TRACK_WIDTH): codes of pid and tid."""
        return self._tracks[: self.state[L.TRACK_COUNT]]

    def point_at(self, data: NDArray[np.uint8], length: int, position: int, offset: int) -> None:
        """The bytes to scan next: `data` has at least 16 zeros behind `length`; `offset` of its first byte."""
        self.state[[L.BUFFER, L.END, L.POSITION, L.BASE]] = data.ctypes.data, length, position, offset

    def scan(self) -> int:
        """MORE, LIST_END, BAD or FULL: then `clear`, or `grow` where there was nothing to clear."""
        self.state[L.ONE_VALUE] = 0
        return int(self._kernels.run(self.state.ctypes.data))

    def skip(self) -> int:
        """Step over the value at the position, which is then in `value`: LIST_END, MORE, BAD."""
        self.state[L.ONE_VALUE] = 1
        while (answer := int(self._kernels.run(self.state.ctypes.data))) == L.FULL:
            self.grow()
        return answer

    def clear(self) -> None:
        """Forget the events and arguments, and make room for texts and tracks where it is short."""
        self.state[[L.EVENT_COUNT, L.ARGUMENT_COUNT]] = 0
        if any(self._short()):
            self.grow()

    def grow(self) -> None:
        """Twice the room where it is short; where it is not, for the one event that does not fit."""
        texts, tracks, arena = self._short()
        if texts:
            self._strings = _doubled(self._strings)
        if tracks:
            self._tracks = _doubled(self._tracks)
        one_event = not (texts or tracks or arena)
        if arena or one_event:
            self._arena = _doubled(self._arena)
        if one_event:
            self._arguments = _doubled(self._arguments)
        self._place()

    def sorted_arguments(
        self, groups: NDArray[np.int64], counts: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """(rows of events, kinds, values) of the arguments in order of their groups, below zero left out."""
        free = np.zeros(len(counts), np.int64)
        np.cumsum(counts[:-1], out=free[1:])
        total = int(counts.sum())
        rows, kinds, values = (np.empty(total, np.int64) for _ in range(3))
        self._kernels.sort_arguments(
            self.state.ctypes.data, *(array.ctypes.data for array in (groups, free, rows, kinds, values))
        )
        return rows, kinds, values

    def texts(self) -> Texts:
        """All texts so far."""
        count = int(self.state[L.STRING_COUNT])
        return Texts(self._strings[:count], self._arena)

    def _short(self) -> tuple[bool, bool, bool]:
        """Whether the room for texts, for tracks and for the bytes of texts is more than half taken."""
        state = self.state
        return (
            bool(state[L.STRING_COUNT] * 2 > len(self._strings)),
            bool(state[L.TRACK_COUNT] * 2 > len(self._tracks)),
            bool(state[L.ARENA_USED] * 2 > len(self._arena)),
        )

    def _place(self) -> None:
        """Tell the kernel where the tables are, and enter what is in them anew."""
        state = self.state
        self._string_slots = np.zeros(2 * len(self._strings), np.int64)
        self._track_slots = np.zeros(2 * len(self._tracks), np.int64)
        for address, room, table in (
            (L.EVENTS, L.EVENT_ROOM, self._events),
            (L.ARGUMENTS, L.ARGUMENT_ROOM, self._arguments),
            (L.STRINGS, L.STRING_ROOM, self._strings),
            (L.TRACKS, L.TRACK_ROOM, self._tracks),
            (L.ARENA, L.ARENA_ROOM, self._arena),
        ):
            state[address], state[room] = table.ctypes.data, len(table)
        for address, mask, slots in (
            (L.STRING_SLOTS, L.STRING_MASK, self._string_slots),
            (L.TRACK_SLOTS, L.TRACK_MASK, self._track_slots),
        ):
            state[address], state[mask] = slots.ctypes.data, len(slots) - 1
        self._kernels.rebuild(state.ctypes.data)


def _doubled(table: NDArray[Any]) -> NDArray[Any]:
    larger = np.zeros((2 * len(table), *table.shape[1:]), table.dtype)
    larger[: len(table)] = table
    return larger


def padded(data: bytes) -> NDArray[np.uint8]:
    """Bytes as the scanner wants them, with zeros behind."""
    array = np.zeros(len(data) + _PADDING, np.uint8)
    array[: len(data)] = np.frombuffer(data, np.uint8)
    return array


_ESCAPE = re.compile(r'\\(["\\/bfnrt]|u[0-9a-fA-F]{4}|)')
_WHOLE_NUMBERS = re.compile(rb"[\[\]\d,\s-]*")
_LONGEST_WHOLE = 300  # digits; float64 ends before
_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass
class Texts:
    """Codes → what they stand for. Each is made once, when it is asked for.

    undecodable  codes of texts that are no UTF-8, with their bytes replaced
    """

    def __init__(self, strings: NDArray[np.int64], arena: NDArray[np.uint8]) -> None:
        self._strings = strings
        # A number from a memoryview is one of Python's at once: millions of texts may be asked for.
        self._at, self._lengths, self._kinds = (
            np.ascontiguousarray(strings[:, column]).data for column in (L.STRING_AT, L.STRING_LENGTH, L.STRING_KIND)
        )
        self._bytes = arena.data
        self._made: dict[int, Any] = {}
        self.undecodable: set[int] = set()
        self.not_json: set[int] = set()

    def __len__(self) -> int:
        return len(self._strings)

    @property
    def columns(self) -> NDArray[np.int64]:
        """(n,) the number of the argument with this name; -1 for texts that name none."""
        return self._strings[:, L.STRING_COLUMN]

    @property
    def kinds(self) -> NDArray[np.int64]:
        """(n,) TEXT, RAW or NUMBER."""
        return self._strings[:, L.STRING_KIND]

    def raw(self, code: int) -> bytes:
        """As in the file, between the quotes."""
        at = self._at[code]
        return bytes(self._bytes[at : at + self._lengths[code]])

    def value(self, code: int) -> Any:
        """The text, number, list or object; JSON that is none as its text."""
        if code not in self._made:
            self._made[code] = self._make(code)
        return self._made[code]

    def text(self, code: int) -> str:
        """As `value`; what is no text as compact JSON, whole numbers as digits."""
        if self._kinds[code] == L.RAW:
            raw = self.raw(code)
            if _WHOLE_NUMBERS.fullmatch(raw):
                return b"".join(raw.split()).replace(b",", b", ").decode()
        value = self.value(code)
        return value if isinstance(value, str) else json.dumps(value, default=float)

    def _make(self, code: int) -> Any:
        text = self._decoded(code)
        if self._kinds[code] == L.NUMBER:
            return _number(text)
        if self._kinds[code] == L.TEXT:
            if "\\" in text:
                text = json.loads(f'"{_ESCAPE.sub(_valid_escape, text)}"', strict=False)
            return _SURROGATES.sub("�", text) if _SURROGATES.search(text) else text
        try:
            return json.loads(text, strict=False, parse_constant=lambda name: None)
        except (ValueError, RecursionError):
            self.not_json.add(code)
            return text

    def _decoded(self, code: int) -> str:
        raw = self.raw(code)
        try:
            return raw.decode()
        except UnicodeDecodeError:
            self.undecodable.add(code)
            return raw.decode(errors="replace")


def _number(text: str) -> int | float:
    """Whole numbers of any length but those that Python refuses to convert, and all that float64 cannot hold: inf."""
    if text.lstrip("-").isdigit() and len(text) < _LONGEST_WHOLE:
        return int(text)
    return float(text)


def _valid_escape(match: re.Match[str]) -> str:
    """A backslash that begins no escape stands for itself."""
    return match[0] if match[1] else "\\\\"

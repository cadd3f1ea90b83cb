"""A file of Chrome trace events from its bytes: the scanner is run over it piece by piece, damage is stepped over."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from ..trace import Remark
from . import scan_layout as L
from .byte_source import ByteSource
from .event_parts import EventParts
from .event_tables import EventTables, padded
from .repair import event_end, next_event, repaired

__all__ = ["EventScan"]

_BUFFER_BYTES = 1 << 22
_MAX_BUFFER_BYTES = 1 << 29  # one event or one member of the file; more is noise
_SPACE = b" \t\r\n"
_EVENTS = re.compile(rb'"traceEvents"\s*:\s*\[')
_LONGEST_KEY = 64
_NOTHING = (b"null", b"NaN", b"Infinity", b"-Infinity")  # not JSON all of them, and Python writes them
_NO_JSON = "what stands beside the events is no JSON, or cut off: left out"


class EventScan:
    """Reads all of a source. Afterwards:

    tables    texts and tracks; parts the events and their arguments
    members   the file's members but for the events, parsed
    remarks   what was repaired, dropped or cut off, with counts and offsets
    found     whether there was a list of events at all
    cut_off   whether the file ends before that list does
    """

    def __init__(self, source: ByteSource) -> None:
        self.tables = EventTables()
        self.parts = EventParts()
        self.members: dict[str, Any] = {}
        self.found = self.cut_off = False
        self._source = source
        self._pieces: Iterator[bytes] = source.pieces()
        self._piece = memoryview(b"")
        self._data = np.zeros(_BUFFER_BYTES + 16, np.uint8)
        self._length = self._position = self._offset = 0  # bytes there are, the next one, and the first one's offset
        self._ended = False
        self._damage: dict[str, list[int]] = {}  # what → [count, offset of the first]
        self._whole()

    @property
    def remarks(self) -> list[Remark]:
        state = self.tables.state
        counted = {
            "control characters in texts, kept as they are": (L.CONTROLS, L.CONTROL_AT),
            "backslashes that begin no escape, kept as backslashes": (L.ESCAPES, L.ESCAPE_AT),
            "values that are no JSON, such as N/A or NaN, taken as missing": (L.WORDS, L.WORD_AT),
        }
        remarks = [Remark(text, int(state[n]), int(state[at])) for text, (n, at) in counted.items() if state[n]]
        remarks += [Remark(text, count, offset) for text, (count, offset) in self._damage.items()]
        left_out = {
            "events left out, their time or duration is no number": self.parts.timeless,
            "slices left out, they have no time or no duration": self.parts.endless,
        }
        remarks += [Remark(text, found.count, found.first) for text, found in left_out.items() if found.count]
        return remarks + self._source.remarks

    # --- the file ---

    def _whole(self) -> None:
        byte = self._next_byte()
        if byte == b"[":
            self._position += 1
            if self._events():
                self._note_rest()
            return
        if byte == b"{":
            self._position += 1
        elif not self._find_events():
            return
        while (byte := self._next_byte()) not in (b"}", b""):
            if byte == b",":
                self._position += 1
            elif not self._member() and not self._find_events():
                return
        if byte == b"" and self.found:
            self._note("the file ends before its last brace: cut off", self._offset + self._length)
        elif byte == b"}":
            self._position += 1
            self._note_rest()

    def _note_rest(self) -> None:
        """What stands behind the end of the trace is none of it."""
        if self._next_byte() not in (b"", b"\0"):
            self._note("what stands behind the end of the trace, left out", self._offset + self._position)

    def _member(self) -> bool:
        """Take `"name": value`; False where the file makes no sense any more, or ends."""
        at = self._offset + self._position
        name = self._value()
        if name is None or self._next_byte() != b":":
            self._note(_NO_JSON, at)
            return False
        self._position += 1
        key = _loaded(name)
        if key == "traceEvents" and self._next_byte() == b"[":
            self._position += 1
            return self._events()
        value = self._value()
        if value is None:
            self._note(_NO_JSON, at)
            return False
        parsed = _loaded(value)
        if parsed is None and value not in _NOTHING:
            self._note(f"the member {str(key)!r} is no JSON: left out", at)
        else:
            self.members[str(key)] = parsed
        return True

    def _find_events(self) -> bool:
        """Whether the list of events is ahead: what stands before it may be damaged."""
        while not self.found:
            match = _EVENTS.search(self._data.data[self._position : self._length])
            if match is not None:
                self._position += match.start()
                return True
            self._position = max(self._position, self._length - _LONGEST_KEY)  # it may be cut in two here
            if not self._more():
                return False
        return False

    def _value(self) -> bytes | None:
        """The text of the value that is next; None when there is none, or not all of it."""
        self._next_byte()
        while True:
            start = self._position
            self.tables.point_at(self._data, self._length, start, self._offset)
            answer = self.tables.skip()
            if answer == L.LIST_END:
                self._position = int(self.tables.state[L.POSITION])
                return self._data[start : self._position].tobytes()
            if answer == L.BAD or not self._more():
                return None

    # --- the events ---

    def _events(self) -> bool:
        """Take the events up to the end of their list; False when the file ends before."""
        self.found = True
        tables, grown = self.tables, False
        while True:
            tables.point_at(self._data, self._length, self._position, self._offset)
            answer = tables.scan()
            self._position = int(tables.state[L.POSITION])
            if answer == L.BAD:  # what is in the tables may stay there: there may be thousands of such events
                self._repair()
                continue
            stuck = answer == L.FULL and not len(tables.events)
            self._take()
            if stuck and grown:
                tables.grow()
            grown = stuck
            if answer == L.LIST_END:
                return True
            if answer == L.MORE and not self._more_events():
                return False

    def _more_events(self) -> bool:
        """Whether there is more to scan. An event that fills the buffer may be one whose end was not seen."""
        if self._position == 0 and self._length > _BUFFER_BYTES // 2 and self._repair(only_if_found=True):
            return True
        if self._more():
            return True
        rest = bytes(self._data[self._position : self._length]).strip(_SPACE)
        if rest and self._repair(only_if_found=True):
            return True
        at = self._offset + self._position
        if rest:
            self._note("events cut off at the end of the file, left out", at)
        self.cut_off = True
        self._note("the file ends in the middle of its events: read up to there", at)
        return False

    def _repair(self, only_if_found: bool = False) -> bool:
        """Step over the event at the position, repaired where that is possible. False: its end was not found."""
        start = self._position
        end = event_end(self._data.data, start, self._length)
        while end is None and not only_if_found and self._length - start < _BUFFER_BYTES and self._more():
            start = self._position
            end = event_end(self._data.data, start, self._length)
        if end is None:
            if not only_if_found:
                self._note("events that are no JSON, left out", self._offset + start)
                self._position = self._length
            return False
        following = next_event(self._data.data, start, end)
        if following is not None:
            self._note("events that are no JSON, left out", self._offset + start)
            self._position = following
            return True
        again = repaired(self._data[start:end].tobytes())
        if only_if_found and again is None and end - start > _BUFFER_BYTES // 2:
            return False
        self._position = end
        if again is not None and self._scan_apart(again, self._offset + start):
            self._note("events that were no JSON, their texts' quotes and backslashes repaired", self._offset + start)
        else:
            self._note("events that are no JSON, left out", self._offset + start)
        return True

    def _scan_apart(self, event: bytes, offset: int) -> bool:
        """Take the one event of these bytes."""
        data = padded(event)
        tables = self.tables
        while True:
            before = len(tables.events)
            tables.point_at(data, len(event), 0, offset)
            answer = tables.scan()
            if answer != L.FULL:
                return len(tables.events) > before
            self._take()
            if not before:
                tables.grow()

    def _take(self) -> None:
        self.parts.take(self.tables)
        self.tables.clear()

    # --- the bytes ---

    def _next_byte(self) -> bytes:
        """The next byte that is no space, not taken; b"" at the end."""
        while True:
            while self._position < self._length:
                byte = self._data[self._position : self._position + 1].tobytes()
                if byte not in _SPACE:
                    return byte
                self._position += 1
            if not self._more():
                return b""

    def _more(self) -> bool:
        """Fill the buffer behind what is not taken yet; False at the end of the file."""
        kept = self._length - self._position
        if kept > len(self._data) // 2:
            if len(self._data) >= _MAX_BUFFER_BYTES:
                return False
            larger = np.zeros(2 * len(self._data), np.uint8)
            larger[:kept] = self._data[self._position : self._length]
            self._data = larger
        elif self._position:
            self._data[:kept] = self._data[self._position : self._length].copy()
        self._offset += self._position
        self._position, self._length = 0, kept
        room = len(self._data) - 16
        while self._length < room and not self._ended:
            if not self._piece:
                following = next(self._pieces, None)
                self._ended = following is None
                self._piece = memoryview(following or b"")
            count = min(room - self._length, len(self._piece))
            self._data[self._length : self._length + count] = np.frombuffer(self._piece[:count], np.uint8)
            self._piece = self._piece[count:]
            self._length += count
        self._data[self._length : self._length + 16] = 0
        return self._length > kept

    def _note(self, what: str, offset: int) -> None:
        self._damage.setdefault(what, [0, offset])[0] += 1


def _loaded(value: bytes) -> Any:
    """None for what is no JSON."""
    try:
        return json.loads(value.decode(errors="replace"), strict=False, parse_constant=lambda name: None)
    except (ValueError, RecursionError):
        return None

"""The events of a line of XSpace, from protobuf's wire format into columns. Only the compiler imports this module."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator,misc"

from __future__ import annotations

from numba import int64, void

from ...logger.reader.memory import get, helper, load64, put
from ...logger.reader.wire import read_span, read_varint, skip_field
from . import event_layout as L

__all__ = ["EXPORTS"]


@helper
def _stat(s, base, position, end):
    """A value beside an event: False where its bytes are no message."""
    name, kind, value, length = 0, 0, 0, 0
    while position < end:
        key, position = read_varint(position, end)
        if position < 0:
            return False
        field = key >> 3
        if key & 7 == 0:
            number, position = read_varint(position, end)
            if field == 1:
                name = number
            else:
                kind, value = field, number
        elif key & 7 == 2:
            begin, position = read_span(position, end)
            kind, value, length = field, begin - base, position - begin
        else:
            if key & 7 == 1 and position + 8 <= end:
                kind, value = field, load64(position)
            position = skip_field(key, position, end)
        if position < 0:
            return False
    if get(s, L.STATS) < get(s, L.STAT_ROOM):  # those of an event that turns out damaged may find none
        row = get(s, L.STATS_AT) + 8 * L.STAT_COLUMNS * get(s, L.STATS)
        put(row, L.STAT_EVENT, get(s, L.EVENTS))
        put(row, L.STAT_NAME, name)
        put(row, L.STAT_KIND, kind)
        put(row, L.STAT_VALUE, value)
        put(row, L.STAT_LENGTH, length)
    put(s, L.STATS, get(s, L.STATS) + 1)
    return True


@helper
def _event(s, base, position, end):
    """An event and its stats: False where its bytes are no message."""
    metadata, offset, duration, timed = 0, 0, 0, 0
    while position < end:
        key, position = read_varint(position, end)
        if position < 0:
            return False
        if key & 7 == 0:
            value, position = read_varint(position, end)
            if key >> 3 == 1:
                metadata = value
            elif key >> 3 == 2:
                offset = value
            elif key >> 3 == 3:
                duration, timed = value, 1
        elif key == 34:  # stats
            begin, position = read_span(position, end)
            if position >= 0 and not _stat(s, base, begin, position):
                return False
        else:
            position = skip_field(key, position, end)
        if position < 0:
            return False
    if get(s, L.EVENTS_AT):
        row = get(s, L.EVENTS_AT) + 8 * L.EVENT_COLUMNS * get(s, L.EVENTS)
        put(row, L.METADATA, metadata)
        put(row, L.OFFSET, offset)
        put(row, L.DURATION, duration)
        put(row, L.TIMED, timed)
    put(s, L.EVENTS, get(s, L.EVENTS) + 1)
    return True


@helper
def _events(s, base, begin, end):
    """Those of the line whose bytes are from `begin` to `end` of the file at address `base`.

    They are counted, and written where the state has addresses for them. An event that is no message is left out
    with its stats and counted as damaged; where the line itself is none the rest of it is.
    """
    position, end = base + begin, base + end
    while position < end:
        key, position = read_varint(position, end)
        if position >= 0 and key == 34:  # events
            first, position = read_span(position, end)
            stats = get(s, L.STATS)
            if position >= 0 and not _event(s, base, first, position):
                put(s, L.STATS, stats)
                put(s, L.DAMAGED, get(s, L.DAMAGED) + 1)
        elif position >= 0:
            position = skip_field(key, position, end)
        if position < 0:
            put(s, L.DAMAGED, get(s, L.DAMAGED) + 1)
            return


EXPORTS = {"events": (_events, void(int64, int64, int64, int64))}

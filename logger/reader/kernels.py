"""The compiled entry points: walk the records of an event file, decode them, sort the rows by tag.

`decode` verifies both checksums of each record and writes a row for each value. A record is taken whole or not at all:
one whose message is malformed, or for which a table has no room, leaves no row behind. Where no valid record begins
the kernel searches byte by byte for the next offset at which length and data checksum both hold.

Only the compiler imports this module; compiled.py hands out what it made of it.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator"

from __future__ import annotations

from numba import int64, void

from . import layout as L
from .memory import get, helper, load32, load64, put
from .message_kernel import decode_event
from .tag_kernel import enter_tag
from .wire import framed_crc, header_ok

__all__ = ["EXPORTS"]


@helper
def _note_damage(at, length, reason, state):
    row = get(state, L.DAMAGES)
    table = get(state, L.DAMAGE_ROWS)
    if row == get(state, L.DAMAGE_ROOM):
        # The last row stands for all that follow: a file of noise must not fill the memory.
        last = table + 8 * L.DAMAGE_COLUMNS * (row - 1)
        put(last, L.DAMAGE_LENGTH, at + length - get(last, L.DAMAGE_AT))
        return
    to = table + 8 * L.DAMAGE_COLUMNS * row
    put(to, L.DAMAGE_AT, at)
    put(to, L.DAMAGE_LENGTH, length)
    put(to, L.DAMAGE_REASON, reason)
    put(state, L.DAMAGES, row + 1)


@helper
def _bad_data(position, following, end, offset, state):
    """A record whose data checksum is wrong: (the position to go on from, whether it may be a tail still in flight)."""
    if following + 12 > end:
        put(state, L.NEED, following + 12 - position)
        return position, True
    if header_ok(following):
        _note_damage(offset, following - position, L.REASON_DATA, state)
        return following, False
    # Bytes are missing or too many: the length no longer leads to the next record, which may begin inside.
    put(state, L.SCAN_FROM, offset)
    put(state, L.SCAN_REASON, L.REASON_DATA)
    return position + 12, False


@helper
def _take_record(position, start, stop, offset, state):
    """Decode the record; 0, or FULL or GROW, which leave it for later."""
    scalars, blobs = get(state, L.SCALARS), get(state, L.BLOBS)
    decoded = decode_event(start, stop, state)
    if decoded != 0:
        put(state, L.SCALARS, scalars)
        put(state, L.BLOBS, blobs)
    if decoded > 0:
        return decoded
    damaged_from = get(state, L.SCAN_FROM)
    if damaged_from >= 0:
        _note_damage(damaged_from, offset - damaged_from, get(state, L.SCAN_REASON), state)
        put(state, L.SCAN_FROM, -1)
    if decoded < 0:
        _note_damage(offset, stop + 4 - position, L.REASON_MESSAGE, state)
    else:
        put(state, L.EVENTS, get(state, L.EVENTS) + 1)
    return 0


@helper
def _decode(state, length):
    """Decode the buffer's records from POSITION to `length` until it answers MORE, FULL, GROW or BAD_TAIL."""
    buffer = get(state, L.BUFFER)
    position, end = buffer + get(state, L.POSITION), buffer + length
    to_offset = get(state, L.BASE) - buffer  # from an address to an offset in the file
    answer = L.MORE
    while True:
        scanning = get(state, L.SCAN_FROM) >= 0
        while scanning and position + 12 <= end and not header_ok(position):
            position += 1
        put(state, L.NEED, 12)
        if position + 12 > end:
            break
        if not scanning and not header_ok(position):
            put(state, L.SCAN_FROM, position + to_offset)
            put(state, L.SCAN_REASON, L.REASON_LENGTH)
            continue
        start = position + 12
        stop = start + load64(position)
        if stop + 4 > end:
            put(state, L.NEED, stop + 4 - position)
            break
        if framed_crc(start, stop) != load32(stop):
            if scanning:
                position += 1
                continue
            position, in_flight = _bad_data(position, stop + 4, end, position + to_offset, state)
            if not in_flight:
                continue
            answer = L.BAD_TAIL if get(state, L.FINAL) else L.MORE
            break
        answer = _take_record(position, start, stop, position + to_offset, state)
        if answer != 0:
            break
        position = stop + 4
    put(state, L.POSITION, position - buffer)
    return answer


@helper
def _walk(buffer, length):
    """Where the last whole record of a buffer ends, without looking at the data; -1 - end if a bad header follows."""
    position, end = buffer, buffer + length
    while position + 12 <= end:
        if not header_ok(position):
            return -1 - (position - buffer)
        following = position + 16 + load64(position)
        if following > end:
            break
        position = following
    return position - buffer


@helper
def _rebuild_slots(state):
    """Enter every tag into an empty hash table."""
    for row in range(get(state, L.TAGS)):
        enter_tag(state, row)


@helper
def _sort_by_tag(state, first, last, free, steps, walls, values):
    """Copy rows first…last to new columns in order of tag, order within a tag kept.

    `free` is the address of an int64 per tag that says where its rows go; it is advanced.
    """
    tags = get(state, L.SCALAR_TAGS)
    old_steps, old_walls, old_values = get(state, L.STEPS), get(state, L.WALLS), get(state, L.VALUES)
    for row in range(first, last):
        tag = load32(tags + 4 * row)
        to = get(free, tag)
        put(free, tag, to + 1)
        put(steps, to, get(old_steps, row))
        put(walls, to, get(old_walls, row))
        put(values, to, get(old_values, row))


EXPORTS = {
    "decode": (_decode, int64(int64, int64)),
    "walk": (_walk, int64(int64, int64)),
    "rebuild_slots": (_rebuild_slots, void(int64)),
    "sort_by_tag": (_sort_by_tag, void(*[int64] * 7)),
}

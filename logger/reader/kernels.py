"""The compiled entry points: walk the records of an event file, decode them, sort the rows by tag.

`decode` verifies both checksums of each record and writes a row for each value. A record is taken whole or not at all:
one whose message is malformed, or for which a table has no room, leaves no row behind. Where no valid record begins
the kernel searches byte by byte for the next offset at which length and data checksum both hold.

Compiled once per machine and kept by numba's cache; `load()` compiles or loads.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator"

from __future__ import annotations

import zlib
from pathlib import Path

import numba
import numpy as np
from numba import njit

from . import layout as L
from .message_kernel import PARTS, decode_event, name_hash
from .wire import framed_crc, helper, header_ok, load32, load64

__all__ = ["PARTS", "decode", "rebuild_slots", "sort_by_tag", "walk"]


@helper
def _note_damage(at, length, reason, damages, state):
    row = state[L.DAMAGES]
    # The last row stands for all that follow when the table is full: a file of noise must not fill the memory.
    row = min(row, len(damages) - 1)
    if row < state[L.DAMAGES]:
        damages[row, L.DAMAGE_LENGTH] = at + length - damages[row, L.DAMAGE_AT]
        return
    damages[row, L.DAMAGE_AT], damages[row, L.DAMAGE_LENGTH], damages[row, L.DAMAGE_REASON] = at, length, reason
    state[L.DAMAGES] = row + 1


@helper
def _search(buffer, position, end, state):
    """The next position with a valid header, or the first one too near the end to tell."""
    while position + 12 <= end and not header_ok(buffer, position):
        position += 1
    return position


@helper
def _bad_data(position, following, buffer, end, damages, state):
    """A record whose data checksum is wrong. (what to do: -1 go on, else the answer; the position to go on from)."""
    if following + 12 <= end:
        if header_ok(buffer, following):
            _note_damage(state[L.BASE] + position, following - position, L.REASON_DATA, damages, state)
            return -1, following
        # Bytes are missing or too many: the length no longer leads to the next record, which may begin inside.
        state[L.SCAN_FROM], state[L.SCAN_REASON] = state[L.BASE] + position, L.REASON_DATA
        return -1, position + 12
    state[L.NEED] = following + 12 - position
    if not state[L.FINAL]:
        return L.MORE, position
    return L.BAD_TAIL, position


def _decode(buffer, end, parts, scalar_tags, steps, walls, values, blobs, damages, tags, arena, slots, state, clock):
    """Decode records of buffer[state[POSITION]:end] until it answers MORE, FULL, GROW or BAD_TAIL."""
    position = state[L.POSITION]
    answer = L.MORE
    while True:
        scanning = state[L.SCAN_FROM] >= 0
        if scanning:
            position = _search(buffer, position, end, state)
        if position + 12 > end:
            state[L.NEED] = 12
            break
        if not scanning and not header_ok(buffer, position):
            state[L.SCAN_FROM], state[L.SCAN_REASON] = state[L.BASE] + position, L.REASON_LENGTH
            continue
        start = position + 12
        stop = start + np.int64(load64(buffer, position))
        if stop + 4 > end:
            state[L.NEED] = stop + 4 - position
            break
        if framed_crc(buffer, start, stop) != load32(buffer, stop):
            if scanning:
                position += 1
                continue
            action, position = _bad_data(position, stop + 4, buffer, end, damages, state)
            if action < 0:
                continue
            answer = action
            break
        scalars_before, blobs_before = state[L.SCALARS], state[L.BLOBS]
        decoded = decode_event(
            buffer, start, stop, parts, scalar_tags, steps, walls, values, blobs, tags, arena, slots, state, clock
        )
        if decoded != 0:
            state[L.SCALARS], state[L.BLOBS] = scalars_before, blobs_before
        if decoded > 0:
            answer = decoded
            break
        if scanning:
            damaged_from = state[L.SCAN_FROM]
            _note_damage(damaged_from, state[L.BASE] + position - damaged_from, state[L.SCAN_REASON], damages, state)
            state[L.SCAN_FROM] = -1
        if decoded < 0:
            _note_damage(state[L.BASE] + position, stop + 4 - position, L.REASON_MESSAGE, damages, state)
        else:
            state[L.EVENTS] += 1
        position = stop + 4
    state[L.POSITION] = position
    return answer


def _walk(buffer, start, end):
    """(end of the last whole record, whether the walk met a bad header there), without looking at the data."""
    position = start
    while position + 12 <= end:
        if not header_ok(buffer, position):
            return position, True
        following = position + 16 + np.int64(load64(buffer, position))
        if following > end:
            break
        position = following
    return position, False


def _sort_by_tag(rows, tag_count, scalar_tags, steps, walls, values, sorted_steps, sorted_walls, sorted_values):
    """Rows in order of tag, order within a tag kept (counting sort). Offsets per tag, tag_count + 1 of them."""
    offsets = np.zeros(tag_count + 1, np.int64)
    for row in range(rows):
        offsets[scalar_tags[row] + 1] += 1
    for tag in range(tag_count):
        offsets[tag + 1] += offsets[tag]
    free = offsets[:tag_count].copy()
    for row in range(rows):
        tag = scalar_tags[row]
        to = free[tag]
        free[tag] = to + 1
        sorted_steps[to], sorted_walls[to], sorted_values[to] = steps[row], walls[row], values[row]
    return offsets


def _rebuild_slots(tags, arena, slots, state):
    """Enter every tag into an empty hash table."""
    mask = len(slots) - 1
    for row in range(state[L.TAGS]):
        start = tags[row, L.TAG_NAME_AT]
        slot = name_hash(arena, start, start + tags[row, L.TAG_NAME_LENGTH]) & mask
        while slots[slot] >= 0:
            slot = (slot + 1) & mask
        slots[slot] = row


# --- compiling --------------------------------------------------------------------------------------------------------

_BYTES, _I32, _I64, _F64 = numba.uint8[::1], numba.int32[::1], numba.int64[::1], numba.float64[::1]
_TABLE = numba.int64[:, ::1]
_INT = numba.int64


def _source_digest() -> int:
    """Changes with any file that is compiled into the kernels: numba's own cache looks at one file only."""
    folder = Path(__file__).parent
    names = ("kernels.py", "message_kernel.py", "tensor_kernel.py", "wire.py", "layout.py")
    return zlib.crc32(b"".join((folder / name).read_bytes() for name in names))


def _compiled(function, signature):
    """`function` compiled for one signature, from the cache where it holds this very code."""
    digest = _source_digest()

    def entry(*arguments):
        return function(*arguments)

    del entry, digest
    try:
        return njit(signature, cache=True, nogil=True)(function)
    except RuntimeError:  # no folder to keep the cache in: compile for this process
        return njit(signature, nogil=True)(function)


decode = _compiled(
    _decode,
    _INT(_BYTES, _INT, _I64, _I32, _I64, _F64, _F64, _TABLE, _TABLE, _TABLE, _BYTES, _I32, _I64, _F64),
)
walk = _compiled(_walk, numba.types.Tuple((_INT, numba.boolean))(_BYTES, _INT, _INT))
sort_by_tag = _compiled(_sort_by_tag, _I64(_INT, _INT, _I32, _I64, _F64, _F64, _I64, _F64, _F64))
rebuild_slots = _compiled(_rebuild_slots, numba.void(_TABLE, _BYTES, _I32, _I64))

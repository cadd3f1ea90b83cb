"""The compiled entry points: walk a list of Chrome trace events and write a row for each, and one for each argument.

An event is taken whole or not at all: one that the bytes cut off, that is no JSON, or for which a table has no room
leaves no row behind.

Only the compiler imports this module; compiled.py hands out what it made of it.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator"

from __future__ import annotations

from numba import int64, void

from ...logger.reader.memory import get, helper, load8, put
from . import scan_layout as L
from .json_kernel import read_value
from .member_kernel import read_members
from .text_kernel import FULL, SHORT, WRONG, enter_text, skip_space

__all__ = ["EXPORTS"]

# --- tracks ---------------------------------------------------------------------------------------------------------


@helper
def _slot_of_track(pid, tid, mask):
    mixed = (pid * 0x2545F4914F6CDD1D) ^ (tid * 0x27D4EB2F165667C5)
    return (mixed ^ ((mixed >> 32) & 0xFFFFFFFF)) & mask


@helper
def _track(pid, tid, state):
    """The row of a track; FULL when there is no room for a new one."""
    slots, mask, tracks = get(state, L.TRACK_SLOTS), get(state, L.TRACK_MASK), get(state, L.TRACKS)
    slot = _slot_of_track(pid, tid, mask)
    row = get(slots, slot) - 1
    while row >= 0:
        entry = tracks + 8 * L.TRACK_WIDTH * row
        if get(entry, L.TRACK_PID) == pid and get(entry, L.TRACK_TID) == tid:
            return row
        slot = (slot + 1) & mask
        row = get(slots, slot) - 1
    row = get(state, L.TRACK_COUNT)
    if row == get(state, L.TRACK_ROOM):
        return FULL
    entry = tracks + 8 * L.TRACK_WIDTH * row
    put(entry, L.TRACK_PID, pid)
    put(entry, L.TRACK_TID, tid)
    put(state, L.TRACK_COUNT, row + 1)
    put(slots, slot, row + 1)
    return row


@helper
def _enter_track(state, row):
    slots, mask = get(state, L.TRACK_SLOTS), get(state, L.TRACK_MASK)
    entry = get(state, L.TRACKS) + 8 * L.TRACK_WIDTH * row
    slot = _slot_of_track(get(entry, L.TRACK_PID), get(entry, L.TRACK_TID), mask)
    while get(slots, slot) != 0:
        slot = (slot + 1) & mask
    put(slots, slot, row + 1)


# --- events -----------------------------------------------------------------------------------------------------------


@helper
def _clear(row, state):
    put(row, L.PHASE, 0)
    put(row, L.CATEGORY, L.MISSING)
    put(row, L.NAME, L.MISSING)
    put(row, L.TRACK, L.MISSING)
    put(row, L.SEEN_AT, L.MISSING)
    put(row, L.START, L.NO_TIME)
    put(row, L.DURATION, L.NO_TIME)
    put(row, L.ID_KIND, L.NULL)
    put(row, L.ID, L.MISSING)
    put(row, L.ARGUMENTS_END, get(state, L.ARGUMENT_COUNT))


@helper
def _read_event(at, state):
    """The position behind the event, whose row is complete; below zero there is none."""
    count = get(state, L.EVENT_COUNT)
    if count == get(state, L.EVENT_ROOM):
        return FULL
    row = get(state, L.EVENTS) + 8 * L.EVENT_WIDTH * count
    arguments = get(state, L.ARGUMENT_COUNT)
    controls, escapes, words = get(state, L.CONTROLS), get(state, L.ESCAPES), get(state, L.WORDS)
    _clear(row, state)
    behind = read_members(at, row, state)
    if behind >= 0:
        track = _track(get(row, L.TRACK), get(row, L.SEEN_AT), state)
        put(row, L.TRACK, track)
        behind = behind if track >= 0 else track
    if behind < 0:
        put(state, L.ARGUMENT_COUNT, arguments)
        put(state, L.CONTROLS, controls)
        put(state, L.ESCAPES, escapes)
        put(state, L.WORDS, words)
        return behind
    put(row, L.SEEN_AT, at - get(state, L.BUFFER) + get(state, L.BASE))
    put(row, L.ARGUMENTS_END, get(state, L.ARGUMENT_COUNT))
    put(state, L.EVENT_COUNT, count + 1)
    return behind


@helper
def _scan(state):
    """Take the events from POSITION on: MORE at the end of the bytes, LIST_END behind the list, BAD, or FULL."""
    buffer = get(state, L.BUFFER)
    at, answer = buffer + get(state, L.POSITION), L.MORE
    while True:
        at = skip_space(at)
        byte = load8(at)
        if byte == 123:
            behind = _read_event(at, state)
        elif byte == 44:
            behind = at + 1
        elif byte == 93:
            at += 1
            answer = L.LIST_END
            break
        else:
            behind = read_value(at, state)
        if behind < 0:
            if behind == WRONG:
                answer = L.BAD
            elif behind == FULL:
                answer = L.FULL
            break
        at = behind
    put(state, L.POSITION, at - buffer)
    return answer


@helper
def _skip(state):
    """Step over one value at POSITION: LIST_END when that is done, MORE when the bytes end in it, BAD, FULL."""
    buffer = get(state, L.BUFFER)
    behind = read_value(buffer + get(state, L.POSITION), state)
    if behind < 0:
        return L.MORE if behind == SHORT else L.BAD if behind == WRONG else L.FULL
    put(state, L.POSITION, behind - buffer)
    return L.LIST_END


@helper
def _run(state):
    """One entry for both: what they call is compiled for each entry anew."""
    return _skip(state) if get(state, L.ONE_VALUE) else _scan(state)


@helper
def _rebuild(state):
    """Enter all texts and tracks into empty hash tables."""
    for code in range(get(state, L.STRING_COUNT)):
        enter_text(state, code)
    for row in range(get(state, L.TRACK_COUNT)):
        _enter_track(state, row)


@helper
def _sort_arguments(state, groups, free, rows, kinds, values):
    """Copy the arguments in order of `groups` (-1: left out), order within a group kept.

    groups  address of an int64 for each argument
    free    address of an int64 for each group that says where its rows go; it is advanced
    """
    arguments = get(state, L.ARGUMENTS)
    for argument in range(get(state, L.ARGUMENT_COUNT)):
        group = get(groups, argument)
        if group >= 0:
            to = get(free, group)
            put(free, group, to + 1)
            entry = arguments + 8 * L.ARGUMENT_WIDTH * argument
            put(rows, to, get(entry, L.ARGUMENT_EVENT))
            put(kinds, to, get(entry, L.ARGUMENT_KIND))
            put(values, to, get(entry, L.ARGUMENT_VALUE))


EXPORTS = {
    "run": (_run, int64(int64)),
    "rebuild": (_rebuild, void(int64)),
    "sort_arguments": (_sort_arguments, void(*[int64] * 6)),
}

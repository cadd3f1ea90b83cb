"""The compiled entry points: walk a list of Chrome trace events and write a row for each, and one for each argument.

An event is taken whole or not at all: one that the bytes cut off, that is no JSON, or for which a table has no room
leaves no row behind.

Only the compiler imports this module; compiled.py hands out what it made of it.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator"

from __future__ import annotations

from numba import int64, void

from ...logger.reader.memory import get, helper, load8, load32, put
from . import scan_layout as L
from .json_kernel import SHORT, WRONG, enter_string, no_token, read_number, read_value, skip_space, text_end
from .json_kernel import intern as intern_text

__all__ = ["EXPORTS"]

_FULL = -3  # positions below zero, as in json_kernel

# Names of members as little-endian numbers.
_PH, _TS, _ID = 0x6870, 0x7374, 0x6469
_CAT, _PID, _TID, _DUR = 0x746163, 0x646970, 0x646974, 0x727564
_NAME, _ARGS = 0x656D616E, 0x73677261

_LARGEST = 0x7FFFFFFFFFFFFFFF


# --- times ------------------------------------------------------------------------------------------------------------


@helper
def _nanoseconds(mantissa, scale):
    """Of microseconds with a power of ten; cut off below, BAD_TIME beyond int64."""
    scale += 3
    while scale > 0 and mantissa != 0:
        if mantissa > _LARGEST // 10 or mantissa < -(_LARGEST // 10):
            return L.BAD_TIME
        mantissa *= 10
        scale -= 1
    if scale < -18:
        return 0
    power = 1
    for _ in range(-scale):
        power *= 10
    # Toward zero: // rounds down.
    return mantissa // power if mantissa >= 0 else -(-mantissa // power)


@helper
def _read_time(at, state):
    """The position behind `ts` or `dur`, a number or one in quotes; it is in TIME, as nanoseconds."""
    quoted = load8(at) == 34
    end, mantissa, scale, _, _ = read_number(skip_space(at + 1) if quoted else at)
    put(state, L.TIME, L.BAD_TIME)
    if quoted:
        closing = text_end(at + 1, state)
        if closing < 0:
            return closing
        if end >= 0 and skip_space(end) == closing:
            put(state, L.TIME, _nanoseconds(mantissa, scale))
        return closing + 1
    if end < 0:
        return read_value(at, state)
    if load8(end) == 0 and no_token(end, state) == SHORT:
        return SHORT
    put(state, L.TIME, _nanoseconds(mantissa, scale))
    return end


# --- tracks and columns -----------------------------------------------------------------------------------------------


@helper
def _slot_of_track(pid, tid, mask):
    mixed = (pid * 0x2545F4914F6CDD1D) ^ (tid * 0x27D4EB2F165667C5)
    return (mixed ^ ((mixed >> 32) & 0xFFFFFFFF)) & mask


@helper
def _track(pid, tid, state):
    """The row of a track; _FULL when there is no room for a new one."""
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
        return _FULL
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


@helper
def _column(code, state):
    """The number of the argument with this name, in order of appearance."""
    entry = get(state, L.STRINGS) + 8 * L.STRING_WIDTH * code
    column = get(entry, L.STRING_COLUMN)
    if column < 0:
        column = get(state, L.COLUMN_COUNT)
        put(entry, L.STRING_COLUMN, column)
        put(state, L.COLUMN_COUNT, column + 1)
    return column


# --- members ----------------------------------------------------------------------------------------------------------


@helper
def _read_key(at, state):
    """(address of the name, its length, position of the value); the first is below zero when there is none."""
    if load8(at) != 34:
        return no_token(at, state), 0, 0
    end = text_end(at + 1, state)
    if end < 0:
        return end, 0, 0
    colon = skip_space(end + 1)
    if load8(colon) != 58:
        return no_token(colon, state), 0, 0
    return at + 1, end - at - 1, skip_space(colon + 1)


@helper
def _next_member(at, state):
    """The position of the next member behind a comma, 0 when the object ends here."""
    at = skip_space(at)
    byte = load8(at)
    if byte == 125:
        return 0
    if byte != 44:
        return no_token(at, state)
    at = skip_space(at + 1)
    return 0 if load8(at) == 125 else at


@helper
def _object_end(at):
    """Behind the brace that `_next_member` saw."""
    at = skip_space(at)
    if load8(at) == 44:
        at = skip_space(at + 1)
    return at + 1


@helper
def _log_argument(code, state):
    row = get(state, L.ARGUMENT_COUNT)
    if row == get(state, L.ARGUMENT_ROOM):
        return False
    to = get(state, L.ARGUMENTS) + 8 * L.ARGUMENT_WIDTH * row
    put(to, L.ARGUMENT_COLUMN, _column(code, state))
    put(to, L.ARGUMENT_EVENT, get(state, L.EVENT_COUNT))
    put(to, L.ARGUMENT_KIND, get(state, L.VALUE_KIND))
    put(to, L.ARGUMENT_VALUE, get(state, L.VALUE))
    put(state, L.ARGUMENT_COUNT, row + 1)
    return True


@helper
def _read_arguments(at, state):
    """The position behind `args`; what is no object has none."""
    if load8(at) != 123:
        return read_value(at, state)
    at = skip_space(at + 1)
    if load8(at) == 125:
        return at + 1
    while True:
        name, length, value = _read_key(at, state)
        if name < 0:
            return name
        code = intern_text(name, length, L.TEXT, state)
        if code < 0:
            return code
        behind = read_value(value, state)
        if behind < 0:
            return behind
        if not _log_argument(code, state):
            return _FULL
        at = _next_member(behind, state)
        if at < 0:
            return at
        if at == 0:
            return _object_end(behind)


@helper
def _read_code(at, slot, row, state):
    """A text, or JSON's text of anything else, as its code."""
    behind = read_value(at, state)
    if behind < 0:
        return behind
    kind = get(state, L.VALUE_KIND)
    if kind == L.TEXT or kind == L.RAW or kind == L.NUMBER:
        put(row, slot, get(state, L.VALUE))
        return behind
    code = intern_text(at, behind - at, L.RAW, state)
    put(row, slot, code)
    return behind if code >= 0 else code


@helper
def _read_phase(at, row, state):
    behind = read_value(at, state)
    one_letter = load8(at) == 34 and behind == at + 3
    put(row, L.PHASE, load8(at + 1) if one_letter else 0)
    return behind


@helper
def _read_member3(key, at, row, state):
    if key == _PID:
        return _read_code(at, L.TRACK, row, state)
    if key == _TID:
        return _read_code(at, L.SEEN_AT, row, state)
    if key == _CAT:
        return _read_code(at, L.CATEGORY, row, state)
    if key == _DUR:
        behind = _read_time(at, state)
        put(row, L.DURATION, get(state, L.TIME))
        return behind
    return read_value(at, state)


@helper
def _read_member(name, length, at, row, state):
    """Put a member where it belongs: the position behind its value. `pid` and `tid` go to TRACK and SEEN_AT."""
    key = load32(name)
    if length == 2:
        key &= 0xFFFF
        if key == _PH:
            return _read_phase(at, row, state)
        if key == _TS:
            behind = _read_time(at, state)
            put(row, L.START, get(state, L.TIME))
            return behind
        if key == _ID:
            behind = read_value(at, state)
            put(row, L.ID_KIND, get(state, L.VALUE_KIND))
            put(row, L.ID, get(state, L.VALUE))
            return behind
    elif length == 3:
        return _read_member3(key & 0xFFFFFF, at, row, state)
    elif length == 4:
        if key == _NAME:
            return _read_code(at, L.NAME, row, state)
        if key == _ARGS:
            put(state, L.ARGUMENT_COUNT, get(row, L.ARGUMENTS_END))
            return _read_arguments(at, state)
    return read_value(at, state)


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
def _read_members(at, row, state):
    at = skip_space(at + 1)
    if load8(at) == 125:
        return at + 1
    while True:
        name, length, value = _read_key(at, state)
        if name < 0:
            return name
        behind = _read_member(name, length, value, row, state)
        if behind < 0:
            return behind
        at = _next_member(behind, state)
        if at < 0:
            return at
        if at == 0:
            return _object_end(behind)


@helper
def _read_event(at, state):
    """The position behind the event, whose row is complete; below zero there is none."""
    count = get(state, L.EVENT_COUNT)
    if count == get(state, L.EVENT_ROOM):
        return _FULL
    row = get(state, L.EVENTS) + 8 * L.EVENT_WIDTH * count
    arguments = get(state, L.ARGUMENT_COUNT)
    controls, escapes, words = get(state, L.CONTROLS), get(state, L.ESCAPES), get(state, L.WORDS)
    _clear(row, state)
    behind = _read_members(at, row, state)
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
            elif behind == _FULL:
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
        enter_string(state, code)
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

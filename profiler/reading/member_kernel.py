"""The members of one event: where each of them goes in its row, and its arguments. Positions: see text_kernel.py."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator"

from __future__ import annotations

from ...logger.reader.memory import get, helper, load8, load32, put
from . import scan_layout as L
from .json_kernel import read_number, read_value
from .text_kernel import FULL, SHORT, intern, no_token, skip_space, text_end

__all__ = ["read_members"]

# Names of members as little-endian numbers.
_PH, _TS, _ID = 0x6870, 0x7374, 0x6469
_CAT, _PID, _TID, _DUR = 0x746163, 0x646970, 0x646974, 0x727564
_NAME, _ARGS = 0x656D616E, 0x73677261

_LARGEST = 0x7FFFFFFFFFFFFFFF


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


# --- arguments -------------------------------------------------------------------------------------------------------


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
        code = intern(name, length, L.TEXT, state)
        if code < 0:
            return code
        behind = read_value(value, state)
        if behind < 0:
            return behind
        if not _log_argument(code, state):
            return FULL
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
    code = intern(at, behind - at, L.RAW, state)
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


@helper
def read_members(at, row, state):
    """The position behind an event's closing brace. `pid` and `tid` go to TRACK and SEEN_AT, as codes."""
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

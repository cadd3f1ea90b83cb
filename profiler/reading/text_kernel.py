"""Texts on raw addresses, for numba: where one ends, and a dictionary of those that were seen.

A position is an address; those below zero say why there is none: SHORT, the bytes end here, or WRONG, this is no JSON.
The bytes are followed by zeros, at which every loop stops, so that only there the end need be looked for.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator"

from __future__ import annotations

from ...logger.reader.memory import get, helper, load8, load64, put
from . import scan_layout as L

__all__ = ["FULL", "SHORT", "WRONG", "enter_text", "intern", "no_token", "note", "skip_space", "text_end"]

SHORT, WRONG = -1, -2
FULL = -3  # a table has no room

_ONES, _HIGHS = 0x0101010101010101, -0x7F7F7F7F7F7F7F80  # 0x8080…
_QUOTES, _BACKSLASHES, _SPACES = 0x2222222222222222, 0x5C5C5C5C5C5C5C5C, 0x2020202020202020
_FACTOR = 0x2545F4914F6CDD1D


@helper
def no_token(at, state):
    """SHORT or WRONG, for a byte that does not belong here."""
    return SHORT if at >= get(state, L.BUFFER) + get(state, L.END) else WRONG


@helper
def skip_space(at):
    byte = load8(at)
    while byte == 32 or byte == 10 or byte == 13 or byte == 9:
        at += 1
        byte = load8(at)
    return at


@helper
def note(state, slot, at):
    """Count damage that is stepped over."""
    if get(state, slot) == 0:
        put(state, slot + 1, at - get(state, L.BUFFER) + get(state, L.BASE))
    put(state, slot, get(state, slot) + 1)


@helper
def _is_escape(byte):
    """Of "\\/bfnrtu, what may stand behind a backslash."""
    if byte == 34 or byte == 92 or byte == 47 or byte == 98 or byte == 102 or byte == 110 or byte == 114:
        return True
    return byte == 116 or byte == 117


@helper
def text_end(at, state):
    """The address of the quote that ends the text beginning at `at`, behind its first quote; SHORT."""
    while True:
        word = load64(at)
        quotes, slashes = word ^ _QUOTES, word ^ _BACKSLASHES
        found = ((quotes - _ONES) & ~quotes) | ((slashes - _ONES) & ~slashes) | ((word - _SPACES) & ~word)
        if found & _HIGHS == 0:
            at += 8
            continue
        for _ in range(8):
            byte = load8(at)
            if byte == 34:
                return at
            if byte == 92:
                if not _is_escape(load8(at + 1)):
                    if at + 1 >= get(state, L.BUFFER) + get(state, L.END):
                        return SHORT
                    note(state, L.ESCAPES, at)
                at += 2
                break
            if byte < 32:
                if at >= get(state, L.BUFFER) + get(state, L.END):
                    return SHORT
                note(state, L.CONTROLS, at)
            at += 1


# --- the dictionary ---------------------------------------------------------------------------------------------------


@helper
def _tail(at, length):
    """The last 1 to 7 bytes, as a number."""
    return load64(at) & ((1 << (8 * length)) - 1)


@helper
def _hash(at, length, kind):
    value = length * 8 + kind
    while length >= 8:
        value = (value ^ load64(at)) * _FACTOR
        value ^= (value >> 29) & 0x7FFFFFFFF
        at += 8
        length -= 8
    if length:
        value = (value ^ _tail(at, length)) * _FACTOR
        value ^= (value >> 29) & 0x7FFFFFFFF
    value = (value ^ (value >> 32)) * _FACTOR
    return value ^ ((value >> 29) & 0x7FFFFFFFF)


@helper
def _same(left, right, length):
    while length >= 8:
        if load64(left) != load64(right):
            return False
        left += 8
        right += 8
        length -= 8
    return length == 0 or _tail(left, length) == _tail(right, length)


@helper
def _copy(source, target, length):
    """In words: both sides have room for seven bytes more."""
    for word in range((length + 7) >> 3):
        put(target, word, load64(source + 8 * word))


@helper
def enter_text(state, code):
    """Enter a text that is in the table into the hash table."""
    slots, mask = get(state, L.STRING_SLOTS), get(state, L.STRING_MASK)
    slot = get(get(state, L.STRINGS) + 8 * L.STRING_WIDTH * code, L.STRING_HASH) & mask
    while get(slots, slot) != 0:
        slot = (slot + 1) & mask
    put(slots, slot, code + 1)


@helper
def intern(at, length, kind, state):
    """The code of a text; it is entered when it is new. FULL when there is no room."""
    value = _hash(at, length, kind)
    slots, mask, strings = get(state, L.STRING_SLOTS), get(state, L.STRING_MASK), get(state, L.STRINGS)
    slot = value & mask
    code = get(slots, slot) - 1
    while code >= 0:
        entry = strings + 8 * L.STRING_WIDTH * code
        if get(entry, L.STRING_HASH) == value and get(entry, L.STRING_LENGTH) == length:
            known = get(state, L.ARENA) + get(entry, L.STRING_AT)
            if get(entry, L.STRING_KIND) == kind and _same(at, known, length):
                return code
        slot = (slot + 1) & mask
        code = get(slots, slot) - 1
    code, used = get(state, L.STRING_COUNT), get(state, L.ARENA_USED)
    if code == get(state, L.STRING_ROOM) or used + length + 16 > get(state, L.ARENA_ROOM):
        return FULL
    entry = strings + 8 * L.STRING_WIDTH * code
    put(entry, L.STRING_HASH, value)
    put(entry, L.STRING_AT, used)
    put(entry, L.STRING_LENGTH, length)
    put(entry, L.STRING_KIND, kind)
    put(entry, L.STRING_COLUMN, -1)
    _copy(at, get(state, L.ARENA) + used, length)
    put(state, L.ARENA_USED, (used + length + 7) & -8)
    put(state, L.STRING_COUNT, code + 1)
    put(slots, slot, code + 1)
    return code

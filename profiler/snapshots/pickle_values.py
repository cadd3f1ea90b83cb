"""Values on the stack of the pickle machine. `s` is the address of the state, see pickle_layout.py."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator,misc"

from __future__ import annotations

from ...logger.reader.memory import get, helper, load8, put
from ...logger.reader.wire import same_bytes
from . import pickle_layout as L

__all__ = ["FACTOR", "push", "push_text", "push_whole", "tagged"]

FACTOR = 1099511628211  # of the hash by Fowler, Noll and Vo
_SMALL = 1 << 60


@helper
def tagged(kind, payload):
    """A value of a kind."""
    return (payload << L.TAG_BITS) | kind


@helper
def push(s, value):
    """Put a value on the stack."""
    high = get(s, L.STACK)
    put(get(s, L.STACK_AT), high, value)
    put(s, L.STACK, high + 1)


@helper
def push_whole(s, number):
    """Push a whole number of 64 bits."""
    if number >= -_SMALL and number < _SMALL:
        push(s, tagged(L.INT, number))
    else:
        row = get(s, L.WIDES)
        put(get(s, L.WIDES_AT), row, number)
        put(s, L.WIDES, row + 1)
        push(s, tagged(L.WIDE, row))


@helper
def push_text(s, begin, length, escapes):
    """Push a text; equal texts are one row. escapes: 0 none, 1 as in Python's source, 2 Latin-1 and \\u only."""
    digest, escaped = length + 7, 0
    for place in range(begin, begin + length):
        byte = load8(place)
        digest = (digest ^ byte) * FACTOR
        if escapes and (byte == 92 or (escapes == 2 and byte > 127)):
            escaped = escapes
    index, mask = get(s, L.TEXT_INDEX_AT), get(s, L.TEXT_INDEX_ROOM) - 1
    slot = (digest ^ (digest >> 29)) & mask
    while get(index, slot):
        row = get(index, slot) - 1
        known = get(s, L.TEXTS_AT) + 24 * row
        is_like = get(known, 1) == length and get(known, 2) == escaped
        if is_like and same_bytes(get(s, L.DATA) + get(known, 0), begin, length):
            push(s, tagged(L.TEXT, row))
            return
        slot = (slot + 1) & mask
    row = get(s, L.TEXTS)
    text = get(s, L.TEXTS_AT) + 24 * row
    put(text, 0, begin - get(s, L.DATA))
    put(text, 1, length)
    put(text, 2, escaped)
    put(index, slot, row + 1)
    put(s, L.TEXTS, row + 1)
    push(s, tagged(L.TEXT, row))

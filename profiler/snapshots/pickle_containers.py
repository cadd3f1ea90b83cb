"""Lists and dicts of the pickle machine. `s` is the address of the state, see pickle_layout.py."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator,misc"

from __future__ import annotations

from ...logger.reader.memory import get, helper, put
from ...logger.reader.wire import same_bytes
from . import pickle_layout as L
from .pickle_values import FACTOR

__all__ = ["append", "new_object", "set_items"]

_OBJECT = 8 * L.TABLES["objects"]
_FIRST, _COUNT, _NEXT, _LAST, _SHAPE = range(5)


@helper
def new_object(s, shape):
    """A new empty list (shape -1) or dict (shape 0): its row."""
    row = get(s, L.OBJECTS)
    new = get(s, L.OBJECTS_AT) + _OBJECT * row
    put(new, _FIRST, get(s, L.POOL))
    put(new, _COUNT, 0)
    put(new, _NEXT, -1)
    put(new, _LAST, row)
    put(new, _SHAPE, shape)
    put(s, L.OBJECTS, row + 1)
    return row


@helper
def _seen_before(s, row, begin, count):
    """The first row of an equal list that was seen lately, or `begin`: call stacks come again and again."""
    pool, objects, index = get(s, L.POOL_AT), get(s, L.OBJECTS_AT), get(s, L.LIST_INDEX_AT)
    digest = count
    for place in range(begin, begin + count):
        digest = (digest ^ get(pool, place)) * FACTOR
    slot = (digest ^ (digest >> 31)) & (get(s, L.LIST_INDEX_ROOM) - 1)
    if get(index, slot):
        known = objects + _OBJECT * (get(index, slot) - 1)
        other = get(known, _FIRST)
        if get(known, _COUNT) == count and same_bytes(pool + 8 * other, pool + 8 * begin, 8 * count):
            return other
    put(index, slot, row + 1)
    return begin


@helper
def append(s, row, first):
    """Put the values of the stack from `first` on at the end of a list."""
    count = get(s, L.STACK) - first
    put(s, L.STACK, first)
    if count == 0:
        return
    stack, pool, begin = get(s, L.STACK_AT), get(s, L.POOL_AT), get(s, L.POOL)
    for place in range(count):
        put(pool, begin + place, get(stack, first + place))
    put(s, L.POOL, begin + count)
    whole = get(s, L.OBJECTS_AT) + _OBJECT * row
    last = get(s, L.OBJECTS_AT) + _OBJECT * get(whole, _LAST)
    if get(last, _COUNT) == 0:
        same = _seen_before(s, get(whole, _LAST), begin, count)
        put(last, _FIRST, same)
        if same != begin:
            put(s, L.POOL, begin)
    elif get(last, _FIRST) + get(last, _COUNT) != begin:
        more = new_object(s, -1)
        put(last, _NEXT, more)
        put(whole, _LAST, more)
        last = get(s, L.OBJECTS_AT) + _OBJECT * more
        put(last, _FIRST, begin)
    put(last, _COUNT, get(last, _COUNT) + count)


@helper
def _shape_with(s, shape, key):
    """The row of the shape that has one key more."""
    shapes, index, mask = get(s, L.SHAPES_AT), get(s, L.SHAPE_INDEX_AT), get(s, L.SHAPE_INDEX_ROOM) - 1
    digest = (shape * 1000003 ^ key) * FACTOR
    slot = (digest ^ (digest >> 31)) & mask
    while get(index, slot):
        row = get(index, slot) - 1
        if get(shapes, 2 * row) == shape and get(shapes, 2 * row + 1) == key:
            return row
        slot = (slot + 1) & mask
    row = get(s, L.SHAPES)
    put(shapes, 2 * row, shape)
    put(shapes, 2 * row + 1, key)
    put(index, slot, row + 1)
    put(s, L.SHAPES, row + 1)
    return row


@helper
def set_items(s, row, first):
    """Put keys and values of the stack from `first` on into a dict: DONE, or TOO_LARGE. Its values lie in a row."""
    stack, pool, whole = get(s, L.STACK_AT), get(s, L.POOL_AT), get(s, L.OBJECTS_AT) + _OBJECT * row
    count, old, end = get(whole, _COUNT), get(whole, _FIRST), get(s, L.POOL)
    pairs = (get(s, L.STACK) - first) // 2
    if count + pairs > L.MOST_KEYS:
        return L.TOO_LARGE
    if old + count != end:
        for place in range(count):
            put(pool, end + place, get(pool, old + place))
        put(whole, _FIRST, end)
        end += count
    shape = get(whole, _SHAPE)
    for pair in range(pairs):
        put(pool, end + pair, get(stack, first + 2 * pair + 1))
        shape = _shape_with(s, shape, get(stack, first + 2 * pair))
    put(s, L.POOL, end + pairs)
    put(whole, _SHAPE, shape)
    put(whole, _COUNT, count + pairs)
    put(s, L.STACK, first)
    return L.DONE

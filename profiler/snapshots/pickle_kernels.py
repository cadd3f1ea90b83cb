"""A pickle's stack machine over numbers: lists, dicts, texts and numbers become rows of tables, nothing else exists.

The operations are those of Python's `pickletools`, protocols 0 to 5. There is no way to name a class or to call
anything: operations that would are refused where they stand. `s` is the address of the state, see pickle_layout.py.
Only the compiler imports this module.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator,misc"

from __future__ import annotations

from numba import int64

from ...logger.reader.memory import get, helper, load8, put
from . import pickle_layout as L
from .pickle_containers import append, new_object, set_items
from .pickle_numbers import decimal, line_end, little, push_number
from .pickle_values import push, push_text, tagged

__all__ = ["EXPORTS"]


@helper
def _text(s, code, position, end):
    """Operations that push a text or bytes."""
    if code == 83 or code == 86:  # STRING UNICODE: a line
        line = line_end(position, end)
        if line < 0:
            return L.TRUNCATED
        quotes = 1 if code == 83 and line - position >= 2 else 0
        push_text(s, position + quotes, line - position - 2 * quotes, 1 if code == 83 else 2)
        return line + 1
    size = 8  # BINUNICODE8 BINBYTES8 BYTEARRAY8
    if code == 85 or code == 67 or code == 0x8C:  # SHORT_BINSTRING SHORT_BINBYTES SHORT_BINUNICODE
        size = 1
    elif code == 84 or code == 88 or code == 66:  # BINSTRING BINUNICODE BINBYTES
        size = 4
    if position + size > end:
        return L.TRUNCATED
    length = little(position, size, False)
    position += size
    if length < 0 or length > end - position:
        return L.TRUNCATED
    push_text(s, position, length, 0)
    return position + length


@helper
def _floor(s):
    """The height of the stack at the innermost mark."""
    marks = get(s, L.MARKS)
    return get(get(s, L.MARKS_AT), marks - 1) if marks else 0


@helper
def _first(s, code):
    """Where on the stack the values of an operation begin; -1 where there is no mark. Takes the mark off."""
    high = get(s, L.STACK)
    if code >= 0x85:  # TUPLE1 TUPLE2 TUPLE3
        return high - (code - 0x84)
    if code == 97 or code == 115:  # APPEND SETITEM
        return high - 1 - (code == 115)
    if get(s, L.MARKS) == 0:
        return -1
    first = _floor(s)
    put(s, L.MARKS, get(s, L.MARKS) - 1)
    return first


@helper
def _onto(s, first, kind):
    """The row of the list or dict below a place of the stack; -1 where something else lies there."""
    if first - 1 < _floor(s):
        return -1
    below = get(get(s, L.STACK_AT), first - 1)
    return below >> L.TAG_BITS if below & 7 == kind else -1


@helper
def _container(s, code):
    """Operations on lists, tuples and dicts: DONE, or how the run ends."""
    into_dict = code in (125, 115, 117, 100)
    kind, empty = (L.DICT, 0) if into_dict else (L.LIST, -1)
    if code == 93 or code == 41 or code == 125:  # EMPTY_LIST EMPTY_TUPLE EMPTY_DICT
        push(s, tagged(kind, new_object(s, empty)))
        return L.DONE
    first = _first(s, code)
    is_onto = code in (97, 101, 115, 117)  # APPEND APPENDS SETITEM SETITEMS
    row = _onto(s, first, kind) if is_onto else first - _floor(s)
    if first < 0 or row < 0 or (into_dict and (get(s, L.STACK) - first) & 1):
        return L.UNDERFLOW
    row = row if is_onto else new_object(s, empty)
    if not into_dict:
        append(s, row, first)
    elif set_items(s, row, first) != L.DONE:
        return L.TOO_LARGE
    if not is_onto:
        push(s, tagged(kind, row))
    return L.DONE


@helper
def _kept(s, code, position, end):
    """Operations that keep a value or fetch a kept one."""
    memo, count = get(s, L.MEMO_AT), get(s, L.MEMO)
    if code == 0x94:  # MEMOIZE
        number = count
    elif code == 103 or code == 112:  # GET PUT: a line
        line = line_end(position, end)
        if line < 0:
            return L.TRUNCATED
        if decimal(s, position, line) != L.DONE:
            return L.BAD_NUMBER
        put(s, L.STACK, get(s, L.STACK) - 1)
        number = get(get(s, L.STACK_AT), get(s, L.STACK)) >> L.TAG_BITS
        position = line + 1
    else:  # BINGET BINPUT, LONG_BINGET LONG_BINPUT
        size = 4 if code == 106 or code == 114 else 1
        if position + size > end:
            return L.TRUNCATED
        number = little(position, size, False)
        position += size
    if code == 103 or code == 104 or code == 106:
        if number < 0 or number >= count or get(memo, number) == -1:
            return L.NO_MEMO
        push(s, get(memo, number))
        return position
    # Picklers number what they keep one by one; some leave out the first.
    if get(s, L.STACK) == 0 or number < 0 or number > count + 16:
        return L.NO_MEMO
    while count <= number:
        put(memo, count, -1)
        count += 1
    put(s, L.MEMO, count)
    put(memo, number, get(get(s, L.STACK_AT), get(s, L.STACK) - 1))
    return position


@helper
def _other(s, code, position, end):
    """Marks, what takes values off or doubles them, None and the truths, and what tells of the file's layout."""
    high, marks = get(s, L.STACK), get(s, L.MARKS)
    if code == 40:  # MARK
        put(get(s, L.MARKS_AT), marks, high)
        put(s, L.MARKS, marks + 1)
    elif code == 49:  # POP_MARK
        if marks == 0:
            return L.UNDERFLOW
        put(s, L.STACK, _floor(s))
        put(s, L.MARKS, marks - 1)
    elif code == 48 or code == 50:  # POP DUP
        if high <= _floor(s):
            return L.UNDERFLOW
        if code == 48:
            put(s, L.STACK, high - 1)
        else:
            push(s, get(get(s, L.STACK_AT), high - 1))
    elif code == 78 or code == 0x88 or code == 0x89:  # NONE NEWTRUE NEWFALSE
        push(s, tagged(L.NOTHING, 0 if code == 78 else 0x8A - code))
    else:
        size = 8 if code == 0x95 else 1  # FRAME PROTO
        return position + size if position + size <= end else L.TRUNCATED
    return position


@helper
def _has_room(s):
    """Whether the next operation finds room in every table."""
    high = get(s, L.STACK)
    return (
        high + 4 < get(s, L.STACK_ROOM)
        and get(s, L.MARKS) + 1 < get(s, L.MARKS_ROOM)
        and get(s, L.MEMO) + 20 < get(s, L.MEMO_ROOM)
        and get(s, L.POOL) + high + L.MOST_KEYS + 8 < get(s, L.POOL_ROOM)
        and get(s, L.OBJECTS) + 2 < get(s, L.OBJECTS_ROOM)
        and get(s, L.TEXTS) + 2 < get(s, L.TEXTS_ROOM)
        and get(s, L.WIDES) + 2 < get(s, L.WIDES_ROOM)
        and get(s, L.SHAPES) + high + 2 < get(s, L.SHAPES_ROOM)
        and 4 * (get(s, L.SHAPES) + high) < 3 * get(s, L.SHAPE_INDEX_ROOM)
        and 4 * get(s, L.TEXTS) < 3 * get(s, L.TEXT_INDEX_ROOM)
    )


@helper
def _step(s, code, position, end):
    """Execute one operation: the address behind it, or how the run ends."""
    if code == 104 or code == 113 or code == 106 or code == 114 or code == 0x94 or code == 103 or code == 112:
        return _kept(s, code, position, end)
    if code in (73, 76, 70, 74, 75, 77, 71, 0x8A, 0x8B):
        return push_number(s, code, position, end)
    if code in (83, 86, 84, 85, 88, 66, 67, 0x8C, 0x8D, 0x8E, 0x96):
        return _text(s, code, position, end)
    if code in (93, 41, 125, 97, 100, 101, 108, 115, 116, 117, 0x85, 0x86, 0x87):
        problem = _container(s, code)
        return position if problem == L.DONE else problem
    if code in (40, 48, 49, 50, 78, 0x80, 0x88, 0x89, 0x95):
        return _other(s, code, position, end)
    if code in (99, 105, 111, 80, 81, 82, 98, 0x81, 0x82, 0x83, 0x84, 0x92, 0x93, 0x97, 0x98):
        return L.REFUSED
    return L.UNKNOWN


@helper
def _run(s):
    """Execute from the state's position on; how it ended. The position is then that of the operation it ended at."""
    begin = get(s, L.DATA)
    position, end = begin + get(s, L.POSITION), begin + get(s, L.SIZE)
    while True:
        put(s, L.POSITION, position - begin)
        if not _has_room(s):
            return L.GROW
        if position >= end:
            return L.TRUNCATED
        code = load8(position)
        if code == 46:  # STOP
            return L.DONE if get(s, L.STACK) else L.UNDERFLOW
        position = _step(s, code, position + 1, end)
        if position < 0:
            return position


EXPORTS = {"run": (_run, int64(int64))}

"""Numbers in a pickle. `s` is the address of the state, see pickle_layout.py."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator,misc"

from __future__ import annotations

from ...logger.reader.memory import get, helper, load8, load64, put
from . import pickle_layout as L
from .pickle_values import push, push_whole, tagged

__all__ = ["decimal", "line_end", "little", "push_number"]


@helper
def little(position, size, signed):
    """The little-endian number of `size` bytes at an address; of more than 8 bytes the lowest 64 bits."""
    if size >= 8:
        return load64(position)
    number = 0
    for place in range(size):
        number |= load8(position + place) << (8 * place)
    if signed and size > 0 and load8(position + size - 1) >= 128:
        number -= 1 << (8 * size)
    return number


@helper
def line_end(position, end):
    """The address of the end of the line; -1 where the file ends before."""
    while position < end:
        if load8(position) == 10:
            return position
        position += 1
    return -1


@helper
def decimal(s, position, line):
    """Push the number of a line: "12", "12L", "-3", and "00" and "01" for the two truths."""
    if line - position == 2 and load8(position) == 48 and 48 <= load8(position + 1) <= 49:
        push(s, tagged(L.NOTHING, load8(position + 1) - 47))
        return L.DONE
    end = line - 1 if line > position and load8(line - 1) == 76 else line
    begin = position + 1 if position < end and load8(position) == 45 else position
    if begin == end or end - begin > 20:
        return L.BAD_NUMBER
    number = 0
    for place in range(begin, end):
        digit = load8(place) - 48
        if digit < 0 or digit > 9:
            return L.BAD_NUMBER
        number = number * 10 + digit
    push_whole(s, -number if begin > position else number)
    return L.DONE


@helper
def push_number(s, code, position, end):
    """Operations that push a number or nothing: the address behind it, or how the run ends."""
    if code == 73 or code == 76 or code == 70:  # INT LONG FLOAT: a line
        line = line_end(position, end)
        if line < 0:
            return L.TRUNCATED
        if code == 70:
            push(s, tagged(L.NOTHING, 0))
            return line + 1
        problem = decimal(s, position, line)
        return line + 1 if problem == L.DONE else problem
    size = 1  # BININT1 LONG1
    if code == 74 or code == 0x8B:  # BININT LONG4
        size = 4
    elif code == 77:  # BININT2
        size = 2
    elif code == 71:  # BINFLOAT
        size = 8
    if position + size > end:
        return L.TRUNCATED
    number = little(position, size, code == 74 or code == 0x8B)
    position += size
    if code == 0x8A or code == 0x8B:  # of these it is the size
        if number < 0 or number > end - position:
            return L.TRUNCATED
        push_whole(s, little(position, number, True))
        return position + number
    if code == 71:
        put(get(s, L.WIDES_AT), get(s, L.WIDES), number)  # big-endian: whoever wants the float turns them round
        push(s, tagged(L.FLOAT, get(s, L.WIDES)))
        put(s, L.WIDES, get(s, L.WIDES) + 1)
    else:
        push(s, tagged(L.INT, number))
    return position

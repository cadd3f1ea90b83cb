"""JSON's numbers and values on raw addresses, for numba. Positions below zero: see text_kernel.py."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator"

from __future__ import annotations

from ...logger.reader.memory import bits_of_float, helper, load8, load64, put
from . import scan_layout as L
from .text_kernel import SHORT, WRONG, intern, no_token, note, skip_space, text_end

__all__ = ["read_number", "read_value"]

_MANTISSA_LIMIT = 922337203685477579  # ten times more still fits int64
_EXACT_MANTISSA, _EXACT_SCALE = 1 << 53, 22


@helper
def read_number(at):
    """(position behind, mantissa, power of ten, whether every digit counted, whether it is written as a whole number).

    Digits that int64 does not hold count as zeros. WRONG where no digit is.
    """
    negative = load8(at) == 45
    if negative:
        at += 1
    start, mantissa, scale, exact, whole = at, 0, 0, True, True
    digit = load8(at) - 48
    while 0 <= digit <= 9:
        if mantissa <= _MANTISSA_LIMIT:
            mantissa = 10 * mantissa + digit
        else:
            exact = False
            scale += 1
        at += 1
        digit = load8(at) - 48
    if at == start:
        return WRONG, 0, 0, False, False
    if digit == -2:  # a point
        whole = False
        at += 1
        digit = load8(at) - 48
        while 0 <= digit <= 9:
            if mantissa <= _MANTISSA_LIMIT and scale <= 0:
                mantissa = 10 * mantissa + digit
                scale -= 1
            elif digit:
                exact = False
            at += 1
            digit = load8(at) - 48
    if digit == 53 or digit == 21:  # e, E
        whole = False
        at, exponent = _read_exponent(at + 1)
        if at < 0:
            return WRONG, 0, 0, False, False
        scale += exponent
    return at, -mantissa if negative else mantissa, scale, exact, whole


@helper
def _read_exponent(at):
    sign = load8(at)
    if sign == 45 or sign == 43:
        at += 1
    exponent, digit, start = 0, load8(at) - 48, at
    while 0 <= digit <= 9:
        exponent = min(10 * exponent + digit, 100_000)
        at += 1
        digit = load8(at) - 48
    return (at if at > start else WRONG), (-exponent if sign == 45 else exponent)


@helper
def _power_of_ten(exponent):
    power = 1
    for _ in range(exponent):
        power *= 10
    return power


@helper
def _number_value(at, state):
    negative = load8(at) == 45
    end, mantissa, scale, exact, whole = read_number(at)
    if end < 0:
        return _read_word(at, state)
    if load8(end) == 0 and no_token(end, state) == SHORT:
        return SHORT
    if whole and exact:
        put(state, L.VALUE_KIND, L.INTEGER)
        put(state, L.VALUE, mantissa)
    elif exact and not whole and -_EXACT_MANTISSA <= mantissa <= _EXACT_MANTISSA and abs(scale) <= _EXACT_SCALE:
        power = float(_power_of_ten(min(abs(scale), 18))) * float(_power_of_ten(max(abs(scale) - 18, 0)))
        number = float(mantissa) * power if scale >= 0 else float(mantissa) / power
        put(state, L.VALUE_KIND, L.FLOAT)
        put(state, L.VALUE, bits_of_float(-0.0 if negative and mantissa == 0 else number))
    else:
        return _interned(at, end - at, L.NUMBER, end, state)
    return end


# --- values -----------------------------------------------------------------------------------------------------------


@helper
def _interned(at, length, kind, behind, state):
    code = intern(at, length, kind, state)
    if code < 0:
        return code
    put(state, L.VALUE_KIND, kind)
    put(state, L.VALUE, code)
    return behind


@helper
def _container_end(at, state):
    """The position behind the list or object that begins here.

    Of what is between its brackets only texts are looked at: one with a quote in it would turn all that follows inside
    out, to the end of the file.
    """
    depth = 0
    while True:
        byte = load8(at)
        if byte == 34:
            at = text_end(at + 1, state)
            if at < 0:
                return at
            following = skip_space(at + 1)
            byte = load8(following)
            if byte != 44 and byte != 58 and byte != 93 and byte != 125:
                return no_token(following, state)
        elif byte == 91 or byte == 123:
            depth += 1
        elif byte == 93 or byte == 125:
            depth -= 1
            if depth == 0:
                return at + 1
        elif byte == 0 and no_token(at, state) == SHORT:
            return SHORT
        at += 1


@helper
def _is_word(byte):
    """Letters, digits and + - . / # _: what stands where a number should."""
    if 97 <= byte <= 122 or 65 <= byte <= 90 or 45 <= byte <= 57:
        return True
    return byte == 43 or byte == 35 or byte == 95


@helper
def _read_word(at, state):
    """true and false stay as they are; null, NaN, N/A and all else are nothing, and counted unless they are JSON's."""
    end = at
    while _is_word(load8(end)):
        end += 1
    if end == at:
        return no_token(at, state)
    if load8(end) == 0 and no_token(end, state) == SHORT:
        return SHORT
    first, length = load64(at), end - at
    if (length == 4 and first & 0xFFFFFFFF == 0x65757274) or (length == 5 and first & 0xFFFFFFFFFF == 0x65736C6166):
        return _interned(at, length, L.RAW, end, state)
    if not (length == 4 and first & 0xFFFFFFFF == 0x6C6C756E):
        note(state, L.WORDS, at)
    put(state, L.VALUE_KIND, L.NULL)
    put(state, L.VALUE, 0)
    return end


@helper
def read_value(at, state):
    """The position behind the value, which is in VALUE_KIND and VALUE; SHORT, WRONG or below: the dictionary is full.

    Lists and objects are their text.
    """
    byte = load8(at)
    if byte == 34:
        end = text_end(at + 1, state)
        return end if end < 0 else _interned(at + 1, end - at - 1, L.TEXT, end + 1, state)
    if 48 <= byte <= 57 or byte == 45:
        return _number_value(at, state)
    if byte == 91 or byte == 123:
        end = _container_end(at, state)
        return end if end < 0 else _interned(at, end - at, L.RAW, end, state)
    return _read_word(at, state)

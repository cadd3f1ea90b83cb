"""A tensor message that holds exactly one number, as that number."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator"

from __future__ import annotations

import numpy as np

from .memory import float_of_bits, float_of_bits32, helper, load8, load32, load64
from .wire import read_span, read_varint, skip_field

__all__ = ["single_number"]

_DTYPE, _SHAPE, _CONTENT = 1, 2, 4  # TensorProto's fields
_FLOAT_VAL, _DOUBLE_VAL, _INT_VAL, _INT64_VAL, _BOOL_VAL, _HALF_VAL = 5, 6, 7, 10, 11, 13
_UINT32_VAL, _UINT64_VAL = 16, 17

_FLOAT, _DOUBLE, _INT32, _UINT8, _INT16, _INT8, _INT64, _BOOL = 1, 2, 3, 4, 5, 6, 9, 10  # DataType
_BFLOAT16, _UINT16, _HALF, _UINT32, _UINT64 = 14, 17, 19, 22, 23

# By DataType: bytes of an element (0: no number) and the repeated field that holds such values.
_WIDTHS = np.zeros(24, np.int64)
_FIELDS = np.zeros(24, np.int64)
for _dtype, _width, _field in (
    (_FLOAT, 4, _FLOAT_VAL),
    (_DOUBLE, 8, _DOUBLE_VAL),
    (_INT8, 1, _INT_VAL),
    (_INT16, 2, _INT_VAL),
    (_INT32, 4, _INT_VAL),
    (_INT64, 8, _INT64_VAL),
    (_UINT8, 1, _INT_VAL),
    (_UINT16, 2, _INT_VAL),
    (_UINT32, 4, _UINT32_VAL),
    (_UINT64, 8, _UINT64_VAL),
    (_BOOL, 1, _BOOL_VAL),
    (_HALF, 2, _HALF_VAL),
    (_BFLOAT16, 2, _HALF_VAL),
):
    _WIDTHS[_dtype], _FIELDS[_dtype] = _width, _field


@helper
def _dimension(position, end):
    """The size in a TensorShapeProto.Dim; -2 when malformed."""
    size = 0
    while position < end:
        key, position = read_varint(position, end)
        if position >= 0 and key == 8:
            size, position = read_varint(position, end)
        elif position >= 0:
            position = skip_field(key, position, end)
        if position < 0:
            return -2
    return max(size, -1)


@helper
def _element_count(position, end):
    """Elements of a TensorShapeProto, 2 for any number above 1; -1 when unknown, -2 when malformed."""
    count = 1
    while position < end:
        key, position = read_varint(position, end)
        if position < 0:
            return -2
        if key == 18:  # dim
            first, position = read_span(position, end)
            size = _dimension(first, position) if position >= 0 else -2
            if size == -2:
                return -2
            count = -1 if size < 0 or count < 0 else min(count * min(size, 2), 2)
        else:
            if key >> 3 == 3:  # unknown_rank
                count = -1
            position = skip_field(key, position, end)
            if position < 0:
                return -2
    return count


@helper
def _half(bits):
    """IEEE 754 half precision, from its 16 bits."""
    exponent, fraction = (bits >> 10) & 31, float(bits & 1023)
    if exponent == 31:
        size = np.inf if fraction == 0.0 else np.nan
    elif exponent == 0:
        size = fraction * 2.0**-24
    else:
        # 2 ** (exponent - 15), by setting a float64's exponent
        size = (1.0 + fraction / 1024.0) * float_of_bits((exponent - 15 + 1023) << 52)
    return -size if bits & 0x8000 else size


@helper
def _number(bits, dtype):
    """The element that has these bits, in the low bytes or sign-extended."""
    if dtype == _FLOAT:
        return float_of_bits32(bits)
    if dtype == _DOUBLE:
        return float_of_bits(bits)
    if dtype == _HALF:
        return _half(bits & 0xFFFF)
    if dtype == _BFLOAT16:
        return float_of_bits32((bits & 0xFFFF) << 16)
    if dtype == _BOOL:
        return 1.0 if bits != 0 else 0.0
    if dtype == _UINT64:
        return np.float64(np.uint64(bits))
    unused = 64 - 8 * _WIDTHS[dtype]
    if dtype in (_UINT8, _UINT16, _UINT32):
        return np.float64(bits & ((1 << (64 - unused)) - 1))
    return np.float64((bits << unused) >> unused)


@helper
def _load(position, width):
    if width == 8:
        return load64(position)
    if width == 4:
        return load32(position)
    return load8(position) | (load8(position + 1) << 8 if width == 2 else 0)


@helper
def _first_value(key, position, end):
    """(bits of the first value in a field of values, how many: 0, 1 or 2 for more, position behind the field)."""
    field, stop = key >> 3, end
    if key & 7 == 2:
        position, stop = read_span(position, end)
        if position == stop:  # malformed, or empty
            return 0, 0, stop
    fixed = 4 if field == _FLOAT_VAL else 8 if field == _DOUBLE_VAL else 0
    if fixed == 0:
        bits, after = read_varint(position, stop)
    elif position + fixed <= stop:
        bits, after = _load(position, fixed), position + fixed
    else:
        bits, after = 0, -1
    if after < 0 or key & 7 != 2:
        return bits, 1, after
    return bits, 1 if after == stop else 2, stop


@helper
def _is_value_field(field):
    alone = field in (_INT64_VAL, _BOOL_VAL, _HALF_VAL)
    return alone or _FLOAT_VAL <= field <= _INT_VAL or _UINT32_VAL <= field <= _UINT64_VAL


@helper
def single_number(position, end):
    """(1, the number) for a tensor of one numeric element, (0, 0) for any other, (-1, 0) for a malformed message."""
    dtype, count, content, content_end = 0, 1, 0, 0
    values, value_field, value_bits = 0, 0, 0
    while position < end:
        key, position = read_varint(position, end)
        if position < 0:
            return -1, 0.0
        if key == _DTYPE << 3:
            dtype, position = read_varint(position, end)
        elif key == _SHAPE << 3 | 2:
            first, position = read_span(position, end)
            count = _element_count(first, position) if position >= 0 else -2
        elif key == _CONTENT << 3 | 2:
            content, content_end = read_span(position, end)
            position = content_end
        elif _is_value_field(key >> 3):
            bits, seen, position = _first_value(key, position, end)
            if values == 0:
                value_bits, value_field = bits, key >> 3
            values += seen
        else:
            position = skip_field(key, position, end)
        if position < 0 or count == -2:
            return -1, 0.0
    width = _WIDTHS[dtype] if 0 < dtype < 24 else 0
    if width == 0 or count != 1:
        return 0, 0.0
    if content_end > content:
        return (1, _number(_load(content, width), dtype)) if content_end - content == width else (0, 0.0)
    if values == 0:
        return 1, 0.0  # writers may leave out a value that is zero
    return (1, _number(value_bits, dtype)) if values == 1 and value_field == _FIELDS[dtype] else (0, 0.0)

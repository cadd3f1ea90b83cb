"""A tensor message that holds exactly one number, as that number."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator"

from __future__ import annotations

import numpy as np

from .wire import helper, load8, load32, load64, read_span, read_varint, skip_field

__all__ = ["single_number"]

_DTYPE, _SHAPE, _CONTENT = 1, 2, 4  # TensorProto's fields
_FLOAT_VAL, _DOUBLE_VAL, _INT_VAL, _INT64_VAL, _BOOL_VAL, _HALF_VAL, _UINT32_VAL, _UINT64_VAL = (
    5,
    6,
    7,
    10,
    11,
    13,
    16,
    17,
)

_FLOAT, _DOUBLE, _INT32, _UINT8, _INT16, _INT8, _INT64, _BOOL = 1, 2, 3, 4, 5, 6, 9, 10  # DataType
_BFLOAT16, _UINT16, _HALF, _UINT32, _UINT64 = 14, 17, 19, 22, 23


@helper
def _float_of_bits(bits):
    return np.uint64(bits).view(np.float64)


@helper
def _float_of_bits32(bits):
    return np.float64(np.uint32(bits).view(np.float32))


@helper
def _half(bits):
    """IEEE 754 half precision, from its 16 bits."""
    exponent = np.int64((bits >> np.uint64(10)) & np.uint64(31))
    fraction = np.float64(bits & np.uint64(1023))
    if exponent == 31:
        size = np.inf if fraction == 0.0 else np.nan
    elif exponent == 0:
        size = fraction * 2.0**-24
    else:
        size = (1.0 + fraction / 1024.0) * 2.0 ** np.float64(exponent - 15)
    return -size if bits & np.uint64(0x8000) else size


@helper
def _element_count(buffer, position, end):
    """Elements of a TensorShapeProto; -1 when unknown, -2 when malformed."""
    count = np.int64(1)
    while position < end:
        key, position = read_varint(buffer, position, end)
        if position < 0:
            return np.int64(-2)
        if key == np.uint64(18):  # dim
            position, stop = read_span(buffer, position, end)
            if position < 0:
                return np.int64(-2)
            size = np.int64(0)
            while position < stop:
                key, position = read_varint(buffer, position, stop)
                if position < 0:
                    return np.int64(-2)
                if key == np.uint64(8):
                    value, position = read_varint(buffer, position, stop)
                    size = np.int64(value)
                else:
                    position = skip_field(buffer, position, stop, key & np.uint64(7))
                if position < 0:
                    return np.int64(-2)
            # Only 0 and 1 leave a tensor of at most one element; saturate the rest.
            count = np.int64(-1) if size < 0 or count < 0 else min(count * min(size, np.int64(2)), np.int64(2))
        else:
            if key >> np.uint64(3) == np.uint64(3):  # unknown_rank
                count = np.int64(-1)
            position = skip_field(buffer, position, end, key & np.uint64(7))
            if position < 0:
                return np.int64(-2)
    return count


@helper
def _value_width(dtype):
    """Bytes of one element; 0 for types that are no numbers."""
    if dtype == _DOUBLE or dtype == _INT64 or dtype == _UINT64:
        return 8
    if dtype == _FLOAT or dtype == _INT32 or dtype == _UINT32:
        return 4
    if dtype == _HALF or dtype == _BFLOAT16 or dtype == _INT16 or dtype == _UINT16:
        return 2
    return 1 if dtype == _UINT8 or dtype == _INT8 or dtype == _BOOL else 0


@helper
def _field_of(dtype):
    """The repeated field that holds this type's values."""
    if dtype == _FLOAT:
        return _FLOAT_VAL
    if dtype == _DOUBLE:
        return _DOUBLE_VAL
    if dtype == _INT64:
        return _INT64_VAL
    if dtype == _BOOL:
        return _BOOL_VAL
    if dtype == _HALF or dtype == _BFLOAT16:
        return _HALF_VAL
    if dtype == _UINT32:
        return _UINT32_VAL
    return _UINT64_VAL if dtype == _UINT64 else _INT_VAL


@helper
def _number(bits, dtype):
    """The element whose (little-endian, zero- or sign-extended) bits these are."""
    if dtype == _FLOAT:
        return _float_of_bits32(bits)
    if dtype == _DOUBLE:
        return _float_of_bits(bits)
    if dtype == _HALF:
        return _half(bits & np.uint64(0xFFFF))
    if dtype == _BFLOAT16:
        return _float_of_bits32((bits & np.uint64(0xFFFF)) << np.uint64(16))
    if dtype == _BOOL:
        return 1.0 if bits != np.uint64(0) else 0.0
    if dtype == _UINT64:
        return np.float64(bits)
    if dtype == _UINT32:
        return np.float64(bits & np.uint64(0xFFFFFFFF))
    if dtype == _UINT16:
        return np.float64(bits & np.uint64(0xFFFF))
    if dtype == _UINT8:
        return np.float64(bits & np.uint64(0xFF))
    unused = np.uint64(64 - 8 * _value_width(dtype))
    return np.float64(np.int64(bits << unused) >> np.int64(unused))


@helper
def _load(buffer, position, width):
    if width == 8:
        return load64(buffer, position)
    if width == 4:
        return load32(buffer, position)
    low = load8(buffer, position)
    return low | load8(buffer, position + 1) << np.uint64(8) if width == 2 else low


@helper
def _first_value(buffer, position, end, wire, fixed):
    """(bits of the first value of a repeated field, values seen: 0, 1 or 2 = more, position behind the field)."""
    stop = end
    if wire == np.uint64(2):
        position, stop = read_span(buffer, position, end)
        if position < 0:
            return np.uint64(0), 0, position
        if position == stop:
            return np.uint64(0), 0, stop
    if fixed == 0:
        bits, after = read_varint(buffer, position, stop)
    elif position + fixed <= stop:
        bits, after = _load(buffer, position, fixed), position + np.int64(fixed)
    else:
        bits, after = np.uint64(0), np.int64(-1)
    if after < 0 or wire != np.uint64(2):
        return bits, 1, after
    return bits, 1 if after == stop else 2, stop


@helper
def single_number(buffer, start, end):
    """(1, the number) for a tensor of one numeric element, (0, 0) for any other, (-1, 0) for a malformed message."""
    position = start
    dtype, count = np.int64(0), np.int64(1)
    content, content_end = np.int64(-1), np.int64(-1)
    values, value_field, value_bits = 0, np.int64(0), np.uint64(0)
    while position < end:
        key, position = read_varint(buffer, position, end)
        if position < 0:
            return -1, 0.0
        field, wire = np.int64(key >> np.uint64(3)), key & np.uint64(7)
        if field == _DTYPE and wire == np.uint64(0):
            bits, position = read_varint(buffer, position, end)
            dtype = np.int64(bits)
        elif field == _SHAPE and wire == np.uint64(2):
            first, position = read_span(buffer, position, end)
            if position >= 0:
                count = _element_count(buffer, first, position)
        elif field == _CONTENT and wire == np.uint64(2):
            content, content_end = read_span(buffer, position, end)
            position = content_end
        elif _FLOAT_VAL <= field <= _UINT64_VAL and field != 8 and field != 14 and field != 15:
            fixed = 4 if field == _FLOAT_VAL else 8 if field == _DOUBLE_VAL or field == 9 or field == 12 else 0
            bits, seen, position = _first_value(buffer, position, end, wire, fixed)
            if values == 0 and seen > 0:
                value_bits, value_field = bits, field
            values += seen
        else:
            position = skip_field(buffer, position, end, wire)
        if position < 0 or count == -2:
            return -1, 0.0
    width = _value_width(dtype)
    if width == 0 or count != 1:
        return 0, 0.0
    if content_end > content:
        return (1, _number(_load(buffer, content, width), dtype)) if content_end - content == width else (0, 0.0)
    if values == 0:
        return 1, 0.0  # writers may leave out a value that is zero
    if values > 1 or value_field != _field_of(dtype):
        return 0, 0.0
    return 1, _number(value_bits, dtype)

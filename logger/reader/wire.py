"""The record framing and the protobuf wire format on raw addresses, for the kernels.

A position of -1 means "malformed"; every function takes the end of what it may touch, so that no byte outside of the
message is ever read.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator"

from __future__ import annotations

from .memory import crc_step64, crc_through, helper, load8, load32, load64

__all__ = ["framed_crc", "header_ok", "plain_crc", "read_span", "read_varint", "same_bytes", "skip_field"]

_MAX_RECORD = 1 << 40  # no event is a terabyte: such a length is noise, whatever its checksum says


@helper
def plain_crc(position, end):
    """CRC-32C of the bytes up to `end`."""
    return crc_through(0xFFFFFFFF, position, end) ^ 0xFFFFFFFF


@helper
def framed_crc(position, end):
    """The masked CRC-32C that a record stores for these bytes."""
    crc = plain_crc(position, end)
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


@helper
def header_ok(position):
    """Whether the 12 bytes at `position` are a record's length and its checksum."""
    crc = crc_step64(0xFFFFFFFF, load64(position)) ^ 0xFFFFFFFF
    masked = (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF
    return masked == load32(position + 8) and 0 <= load64(position) < _MAX_RECORD


@helper
def read_varint(position, end):
    """(value, position behind it)."""
    value, shift = 0, 0
    while position < end and shift < 70:
        byte = load8(position)
        position += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, position
        shift += 7
    return 0, -1


@helper
def read_span(position, end):
    """(first byte, position behind the last) of a length-delimited field."""
    length, position = read_varint(position, end)
    if position < 0 or length < 0 or length > end - position:
        return -1, -1
    return position, position + length


@helper
def skip_field(key, position, end):
    """The position behind the field whose key was just read."""
    wire = key & 7
    if wire == 0:
        return read_varint(position, end)[1]
    if wire == 2:
        return read_span(position, end)[1]
    size = 8 if wire == 1 else 4 if wire == 5 else -1
    return position + size if size > 0 and position + size <= end else -1


@helper
def same_bytes(a, b, length):
    """Whether two stretches of memory are equal."""
    i = 0
    while i + 8 <= length:
        if load64(a + i) != load64(b + i):
            return False
        i += 8
    while i < length:
        if load8(a + i) != load8(b + i):
            return False
        i += 1
    return True

"""Protobuf messages field by field, without parsing them: of large files only what a graph needs is ever touched."""

from __future__ import annotations

import mmap
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from ..scalar_records import varint

__all__ = ["Buffer", "Tree", "fields", "read_varint", "without_long"]

_MOST_FIELDS = 2_000_000  # of one message: seconds

Buffer: TypeAlias = bytes | mmap.mmap
Tree = Mapping[int, Any]  # number of a field that holds messages → the same for those


def fields(
    data: Buffer, begin: int = 0, end: int | None = None, wrong: list[str] | None = None
) -> Iterator[tuple[int, int, int, int]]:
    """(number, wire type, a, b) of each field: a the value of a number, or data[a:b] the content.

    Raises ValueError where the bytes are no message; what came before was whole. With `wrong` nothing is raised: the
    sentence goes there, and a content that is cut off is given as far as it goes.
    """
    end = len(data) if end is None else end
    try:
        yield from _fields(data, begin, end, wrong)
    except ValueError as error:
        if wrong is None:
            raise
        wrong.append(str(error))


def _fields(data: Buffer, position: int, end: int, wrong: list[str] | None) -> Iterator[tuple[int, int, int, int]]:
    count = 0
    while position < end:
        count += 1
        if count > _MOST_FIELDS:
            raise ValueError(f"a message has more than {_MOST_FIELDS:,} fields")
        key = data[position]
        position += 1
        if key > 127:
            key, position = read_varint(data, position - 1, end)
        kind = key & 7
        if key < 8:
            raise ValueError(f"byte {position - 1:,} begins no field")
        if kind == 2:
            if position < end and data[position] < 128:
                length, position = data[position], position + 1
            else:
                length, position = read_varint(data, position, end)
            if length > end - position:
                if wrong is not None and end > position:
                    yield key >> 3, 2, position, end
                raise ValueError(f"a field at byte {position:,} is longer than what holds it")
            yield key >> 3, 2, position, position + length
            position += length
        else:
            value, position = _number(data, kind, position, end)
            yield key >> 3, kind, value, position


def _number(data: Buffer, kind: int, position: int, end: int) -> tuple[int, int]:
    """(value, position behind it) of a field that is no content. Raises ValueError."""
    if kind == 0:
        return read_varint(data, position, end)
    size = {1: 8, 5: 4}.get(kind, 0)
    if not size:
        raise ValueError(f"byte {position - 1:,} begins no field")
    if size > end - position:
        raise ValueError(f"a number at byte {position:,} is cut off")
    return int.from_bytes(data[position : position + size], "little"), position + size


def read_varint(data: Buffer, position: int, end: int) -> tuple[int, int]:
    """(value, position behind it). Raises ValueError where there is none."""
    value = shift = 0
    while position < end and shift < 70:
        byte = data[position]
        position += 1
        if byte < 128:
            return value | byte << shift, position
        value |= (byte & 127) << shift
        shift += 7
    raise ValueError(f"the number before byte {position:,} has no end")


def without_long(data: Buffer, begin: int, end: int, limit: int, tree: Tree) -> bytes:
    """The message data[begin:end] without contents of more than `limit` bytes.

    Fields named in `tree` hold messages: they stay, without their own long contents. Raises ValueError.
    """
    if end - begin <= limit:
        return bytes(data[begin:end])
    kept = bytearray()
    start = begin
    for number, kind, a, b in fields(data, begin, end):
        if kind == 2 and b - a > limit:
            if number in tree:
                inner = without_long(data, a, b, limit, tree[number])
                kept += varint(number << 3 | 2) + varint(len(inner)) + inner
        else:
            kept += data[start:b]
        start = b
    return bytes(kept)

"""A file of sorted keys and values in blocks, as LevelDB writes it and TensorFlow the index of a checkpoint.

https://github.com/google/leveldb/blob/main/doc/table_format.md
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from ...logger.graphs.wire import read_varint

__all__ = ["entries"]

_MAGIC = 0xDB4775248B80FB57
_FOOTER = 48  # bytes
_BLOCK_END = 5  # bytes behind a block: its compression, a checksum
_MOST = 5_000_000  # entries of a file


def entries(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(key, value) in order. Raises ValueError where `data` is no such table, or a compressed one."""
    footer = data[-_FOOTER:]
    if len(data) < _FOOTER or struct.unpack("<Q", footer[-8:])[0] != _MAGIC:
        raise ValueError("it does not end as an index does")
    _, after = _handle(footer, 0)
    (begin, size), _ = _handle(footer, after)
    count = 0
    for _, handle in _block(data, begin, size):
        where, _ = _handle(handle, 0)
        for entry in _block(data, *where):
            count += 1
            if count > _MOST:
                raise ValueError(f"it has more than {_MOST:,} entries")
            yield entry


def _handle(data: bytes, at: int) -> tuple[tuple[int, int], int]:
    """((offset, size) of a block, where the handle ends)."""
    offset, at = read_varint(data, at, len(data))
    size, at = read_varint(data, at, len(data))
    return (offset, size), at


def _block(data: bytes, begin: int, size: int) -> Iterator[tuple[bytes, bytes]]:
    """Each key says how much of the key before it it shares."""
    end = begin + size
    if size < 4 or end + _BLOCK_END > len(data):
        raise ValueError("a block lies behind its end")
    if data[end]:
        raise ValueError(f"its blocks are compressed (kind {data[end]}), which TensorFlow does not write")
    restarts = int(struct.unpack_from("<I", data, end - 4)[0])
    limit = end - 4 - 4 * restarts
    at, key = begin, b""
    while at < limit:
        shared, at = read_varint(data, at, limit)
        added, at = read_varint(data, at, limit)
        length, at = read_varint(data, at, limit)
        if shared > len(key) or at + added + length > limit:
            raise ValueError(f"the entry at byte {at:,} is longer than its block")
        key = key[:shared] + data[at : at + added]
        at += added + length
        yield key, data[at - length : at]

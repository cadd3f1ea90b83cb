"""The record framing of event files.

    u64 length | u32 masked CRC-32C of the 8 length bytes | data | u32 masked CRC-32C of the data      (little-endian)

Written here for one record at a time, and read here strictly: the simple reader is the reference for tests and for
small files. The log directory's reader (`stepscope.logger.reader`) resumes, resynchronises and is fast.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

from .crc32c import masked_crc32c
from .errors import CorruptRecord

HEADER_BYTES = 12
FOOTER_BYTES = 4

_LENGTH = struct.Struct("<Q")
_CRC = struct.Struct("<I")


def frame(data: bytes) -> bytes:
    """`data` as one record."""
    length = _LENGTH.pack(len(data))
    return b"".join((length, _CRC.pack(masked_crc32c(length)), data, _CRC.pack(masked_crc32c(data))))


def read_records(stream: BinaryIO) -> Iterator[bytes]:
    """The data of each record from the stream's position to its end.

    A record that the end cuts off ends the iteration: a live file's last record may be half there.
    Raises CorruptRecord at a wrong checksum.
    """
    offset = 0
    while True:
        header = stream.read(HEADER_BYTES)
        if len(header) < HEADER_BYTES:
            return
        _check(header[:8], header[8:], f"length of the record at byte {offset}")
        (length,) = _LENGTH.unpack_from(header)
        body = stream.read(length + FOOTER_BYTES)
        if len(body) < length + FOOTER_BYTES:
            return
        data = body[:length]
        _check(data, body[length:], f"data of the record at byte {offset}")
        yield data
        offset += HEADER_BYTES + length + FOOTER_BYTES


def _check(data: bytes, stored: bytes, what: str) -> None:
    (want,) = _CRC.unpack(stored)
    got = masked_crc32c(data)
    if got != want:
        raise CorruptRecord(f"{what}: got checksum {got:#010x}, want {want:#010x}")

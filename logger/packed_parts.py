"""Contents that compress well, in a string tensor: a row (how it is stored, content) for each part.

Stored "zlib" where that is worth it, else as it is. What unpacks to more than 64 MiB is refused in both directions.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from .proto.event_pb2 import TensorProto
from .tensors import string_array, string_tensor

__all__ = ["MOST_BYTES", "packed", "unpacked"]

MOST_BYTES = 64 << 20  # of all compressed parts of one value, unpacked

_PLAIN, _ZLIB = b"", b"zlib"
_WORTH_IT = 4096  # bytes
_LEVEL = 4  # takes a third of the time of zlib's own choice, for a twentieth more bytes


def packed(parts: Sequence[bytes]) -> TensorProto:
    """The parts as a DT_STRING tensor of shape (n, 2). Raises ValueError when they are too large together."""
    total = sum(len(part) for part in parts)
    if total > MOST_BYTES:
        raise ValueError(f"{total} bytes are too many for one value; at most {MOST_BYTES} are stored")
    strings: list[bytes] = []
    for part in parts:
        smaller = zlib.compress(part, _LEVEL) if len(part) > _WORTH_IT else part
        strings += (_ZLIB, smaller) if len(smaller) < 0.9 * len(part) else (_PLAIN, part)
    return string_tensor(strings, (len(parts), 2))


def unpacked(proto: TensorProto) -> list[bytes]:
    """The parts. Raises ValueError where the tensor holds something else, is damaged or unpacks to too much."""
    rows = string_array(proto)
    if rows.ndim != 2 or rows.shape[1] != 2:
        raise ValueError(f"packed parts have shape (n, 2), got {rows.shape}")
    left = MOST_BYTES
    parts = []
    for how, content in rows.tolist():
        part = content if how == _PLAIN else _decompressed(how, content, left)
        left -= len(part)
        parts.append(part)
    return parts


def _decompressed(how: bytes, content: bytes, most: int) -> bytes:
    if how != _ZLIB:
        raise ValueError(f"a part is stored as {how[:20]!r}, which this version does not know")
    reader = zlib.decompressobj()
    try:
        part = reader.decompress(content, max(most, 1))
    except zlib.error as error:
        raise ValueError(f"a compressed part is damaged: {error}") from error
    if not reader.eof:
        if reader.unconsumed_tail:
            raise ValueError(f"{len(content)} bytes unpack to more than {MOST_BYTES}")
        raise ValueError(f"a compressed part of {len(content)} bytes ends too early")
    return part

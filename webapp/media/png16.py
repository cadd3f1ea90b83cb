"""PNG files of 16 bits a channel, all bits kept: Pillow reduces those of more than one channel to 8."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

__all__ = ["decode_png16"]

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: 1, 2: 3, 4: 2, 6: 4}  # PNG's colour type


def decode_png16(data: bytes) -> NDArray[Any] | None:
    """(height, width, channels) uint16; None where the file is no such PNG, or is interlaced.

    PNG's filters work on each byte of a pixel by itself: each is predicted from the same byte of its neighbours
    (W3C PNG, section 9). So the bytes of a filtered row can be dealt out to 8-bit PNG files of two planes, which
    Pillow's compiled decoder then undoes. Raises ValueError, OSError, zlib.error, struct.error.
    """
    header, packed = _chunks(data)
    width, height, depth, color, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    if depth != 16 or interlaced or color not in _CHANNELS:
        return None
    channels = _CHANNELS[color]
    row = 1 + 2 * channels * width
    plain = zlib.decompressobj().decompress(packed, row * height)
    if len(plain) < row * height:
        raise ValueError(f"it ends after {len(plain) // row:,} of {height:,} rows")
    rows = np.frombuffer(plain, np.uint8).reshape(height, row)
    filters, pixels = rows[:, :1], rows[:, 1:].reshape(height, width, channels, 2)
    values = np.empty((height, width, channels), np.uint16)
    for channel in range(channels):
        high_low = _unfiltered(filters, pixels[:, :, channel]).astype(np.uint16)
        values[..., channel] = high_low[..., 0] << 8 | high_low[..., 1]
    return values


def _chunks(data: bytes) -> tuple[bytes, bytes]:
    """(IHDR, all of IDAT). Checksums are left to the decoder that looked at the file before."""
    if not data.startswith(_SIGNATURE):
        raise ValueError("it has no PNG signature")
    header, packed, at = b"", [], len(_SIGNATURE)
    while at + 8 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        if name == b"IHDR":
            header = data[at + 8 : at + 8 + length]
        elif name == b"IDAT":
            packed.append(data[at + 8 : at + 8 + length])
        at += 12 + length
    return header, b"".join(packed)


def _unfiltered(filters: NDArray[np.uint8], planes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(height, width, 2) as it was before the filters, one a row: a grey and alpha PNG of these bytes, decoded."""
    height, width, _ = planes.shape
    rows = np.concatenate([filters, planes.reshape(height, 2 * width)], axis=1)
    file = io.BytesIO()
    file.write(_SIGNATURE)
    for name, body in (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 4, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows.tobytes(), 0)),
        (b"IEND", b""),
    ):
        file.write(struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)))
    with Image.open(file, formats=("PNG",)) as picture:
        return np.asarray(picture)

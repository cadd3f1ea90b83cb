"""PNG files with 16 bits a channel, which Pillow writes for grey only."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import numpy.typing as npt

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Colour types of the PNG specification (section 11.2.2) by number of channels.
_COLOUR_TYPES = {1: 0, 3: 2, 4: 6}
_UP = 2  # each byte minus the one above: what smooth pictures compress well by (section 9.2)


def deep_png(picture: npt.NDArray[np.uint16], level: int) -> bytes:
    """(height, width, channels) with 1, 3 or 4 channels as a PNG file, every value exact."""
    height, width, channels = picture.shape
    rows = np.ascontiguousarray(picture, ">u2").view(np.uint8).reshape(height, -1)
    filtered = np.full((height, rows.shape[1] + 1), _UP, np.uint8)
    filtered[0, 1:] = rows[0]
    np.subtract(rows[1:], rows[:-1], out=filtered[1:, 1:])
    header = struct.pack(">IIBBBBB", width, height, 16, _COLOUR_TYPES[channels], 0, 0, 0)
    packed = zlib.compress(filtered.tobytes(), level)
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

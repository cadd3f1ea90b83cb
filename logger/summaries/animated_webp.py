"""Frames → an animated WebP file: Pillow encodes the pictures, the container is written here.

Pillow's own writer leaves out frames that repeat the one before, and decides for the whole file how exact it is. Here a
film keeps the number of its frames, and only the rectangle that changed is stored.
Container: https://developers.google.com/speed/webp/docs/riff_container
"""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["LARGEST_SIDE", "LONGEST_FRAME", "animated_webp", "can_write_webp"]

Frames = npt.NDArray[np.uint8]  # (time, height, width, 3)

LARGEST_SIDE = 16383  # pixels of a picture
LONGEST_FRAME = 2**24 - 1  # milliseconds

# Exact frames of flat graphics, plots and gradients take about the bytes of lossy ones, of noise twice as many, of
# photographs more than four times as many.
_EXACT: dict[str, Any] = {"lossless": True, "quality": 20, "method": 1}
_LOSSY: dict[str, Any] = {"quality": 90, "method": 2}
_WORTH = 3  # how many times the bytes of lossy frames exact ones may take

_ANIMATED = 0x02  # flag of the VP8X chunk
_NO_BLENDING = 0x02  # flag of a frame: it replaces what is below


def can_write_webp() -> bool:
    """Whether this Pillow was built with WebP."""
    from PIL import features

    return bool(features.check("webp"))


def animated_webp(frames: Frames, durations: Sequence[int]) -> bytes:
    """An endless animation, each frame shown for its duration in milliseconds.

    Exact, unless that takes more than three times the bytes of quality 90, judged by the frame in the middle.
    """
    _, height, width, _ = frames.shape
    middle = frames[len(frames) // 2]
    how = _EXACT if len(_picture(middle, _EXACT)) <= _WORTH * len(_picture(middle, _LOSSY)) else _LOSSY
    chunks = [_chunk(b"VP8X", bytes([_ANIMATED, 0, 0, 0]) + _uint24(width - 1) + _uint24(height - 1))]
    chunks.append(_chunk(b"ANIM", bytes(6)))  # background, and 0: for ever
    before = None
    for frame, duration in zip(frames, durations, strict=True):
        left, top, right, bottom = (0, 0, width, height) if before is None else _changed(before, frame)
        place = (left // 2, top // 2, right - left - 1, bottom - top - 1, duration)
        header = b"".join(map(_uint24, place)) + bytes([_NO_BLENDING])
        part = np.ascontiguousarray(frame[top:bottom, left:right])
        chunks.append(_chunk(b"ANMF", header + _picture(part, how)))
        before = frame
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _picture(pixels: npt.NDArray[np.uint8], how: dict[str, Any]) -> bytes:
    """The chunks of a still picture."""
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "WEBP", **how)
    return file.getvalue()[12:]  # behind RIFF, length and WEBP


def _changed(before: npt.NDArray[np.uint8], now: npt.NDArray[np.uint8]) -> tuple[int, int, int, int]:
    """(left, top, right, bottom) around the pixels that differ, the corner even; one pixel where none does."""
    differs = (before != now).any(axis=2)
    rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
    if not len(rows):
        return 0, 0, 1, 1
    return int(columns[0]) & ~1, int(rows[0]) & ~1, int(columns[-1]) + 1, int(rows[-1]) + 1


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)


def _uint24(number: int) -> bytes:
    return number.to_bytes(3, "little")

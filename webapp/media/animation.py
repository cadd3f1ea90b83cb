"""How many pictures a GIF, WebP or PNG file holds and how long each is shown, from the container alone.

Nothing is decoded: a file of many megabytes takes as long as walking over its blocks. What a truncated file promises
but does not hold is not counted.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

__all__ = ["MOST_FRAMES", "Animation", "is_animated", "is_whole", "read_animation", "whole_part"]

MOST_FRAMES = 100_000  # further ones are not looked at
_UNSAID = 100.0  # ms: how long browsers show a frame of no duration


@dataclass(frozen=True)
class Animation:
    """Width and height in pixels, the durations of the frames in milliseconds; `format` is GIF, WEBP or PNG."""

    format: str
    width: int
    height: int
    durations: list[float]


def is_animated(data: bytes) -> bool:
    """Whether the file holds more than one picture."""
    return len(list(islice(_durations(data), 2))) > 1


def read_animation(data: bytes) -> Animation | None:
    """What the file says of itself; None where it is none of the three, or without a size."""
    found = _size(data)
    if found is None:
        return None
    return Animation(*found, [duration or _UNSAID for duration in islice(_durations(data), MOST_FRAMES)])


def is_whole(data: bytes) -> bool:
    """Whether the file ends as files of its format do; true for formats that are not known here."""
    if data.startswith(b"GIF8"):
        return data.rstrip(b"\0").endswith(b";")
    if data.startswith(b"\x89PNG"):
        return b"IEND" in data[-64:]
    return not (data[:4] == b"RIFF" and 8 + int.from_bytes(data[4:8], "little") > len(data))


def whole_part(data: bytes) -> bytes:
    """A WebP file without the chunk that is cut off, which decoders take nothing of otherwise; others as they are."""
    if data[:4] != b"RIFF" or is_whole(data):
        return data
    end = 12
    for at, length in _chunks(data):
        if at + 8 + length <= len(data):
            end = at + 8 + length + length % 2
    kept = data[8:end].ljust(end - 8, b"\0")
    return b"RIFF" + struct.pack("<I", len(kept)) + kept


def _size(data: bytes) -> tuple[str, int, int] | None:
    """(format, width, height) by the first bytes."""
    if data.startswith(b"GIF8") and len(data) >= 13:
        return ("GIF", *struct.unpack_from("<HH", data, 6))
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 33:
        return ("PNG", *struct.unpack_from(">II", data, 16))
    if data[:4] == b"RIFF" and data[8:16] == b"WEBPVP8X" and len(data) >= 30:
        return "WEBP", 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    return None


def _durations(data: bytes) -> Iterator[float]:
    """Milliseconds of each frame; nothing for a WebP or PNG file that does not move."""
    if data.startswith(b"GIF8"):
        return _gif(data)
    if data.startswith(b"\x89PNG"):
        return _png(data)
    return _webp(data) if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else iter(())


def _gif(data: bytes) -> Iterator[float]:
    """GIF89a §20 to §23: extensions and images, each followed by sub-blocks of up to 255 bytes."""
    at = 13 + _color_table(data, 10)
    delay = 0.0
    while at + 1 < len(data):
        if data[at] == 0x2C:
            at = _after_sub_blocks(data, at + 11 + _color_table(data, at + 9))
            if at <= len(data):
                yield delay
            delay = 0.0
        elif data[at] == 0x21:
            if data[at + 1] == 0xF9 and at + 6 <= len(data):
                delay = 10.0 * struct.unpack_from("<H", data, at + 4)[0]  # stored in hundredths of a second
            at = _after_sub_blocks(data, at + 2)
        else:
            return  # the trailer, or no GIF any more


def _color_table(data: bytes, flags_at: int) -> int:
    """Bytes of the colour table that the flags announce."""
    flags = data[flags_at] if flags_at < len(data) else 0
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _after_sub_blocks(data: bytes, at: int) -> int:
    """Where the next block begins; beyond the end of the file where that is truncated."""
    while at < len(data) and data[at]:
        at += 1 + data[at]
    return at + 1


def _png(data: bytes) -> Iterator[float]:
    """APNG: an fcTL chunk before each frame, an acTL chunk before the first."""
    at, moves = 8, False
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        name = data[at + 4 : at + 8]
        if name == b"IDAT" and not moves:
            return
        moves |= name == b"acTL"
        if name == b"fcTL" and moves and at + 34 <= len(data):
            part, whole = struct.unpack_from(">HH", data, at + 28)
            yield 1000.0 * part / (whole or 100)
        at += 12 + length


def _webp(data: bytes) -> Iterator[float]:
    """WebP: an ANMF chunk for each frame, its duration in the 24 bits behind the frame's place and size."""
    for at, length in _chunks(data):
        if data[at : at + 4] == b"ANMF" and at + 8 + length <= len(data):
            yield float(int.from_bytes(data[at + 20 : at + 23], "little"))


def _chunks(data: bytes) -> Iterator[tuple[int, int]]:
    """(where it begins, length of its content) of each chunk of a RIFF file."""
    at = 12
    while at + 8 <= len(data):
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        yield at, length
        at += 8 + length + length % 2

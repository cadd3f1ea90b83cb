"""The header of a WAV file: what it says of its samples, and where they are."""

from __future__ import annotations

import struct
from dataclasses import dataclass

__all__ = ["FLOAT", "PCM", "WaveHeader", "read_wave"]

PCM, FLOAT = 1, 3  # encodings
_EXTENSIBLE = 0xFFFE  # the encoding is in the first bytes of a GUID
_UNKNOWN_SIZE = 0xFFFFFFFF  # of a file that was written to a pipe, or that has more than 4 GiB
_MOST_CHUNKS = 1000  # a file of nothing but empty chunks must not take seconds


@dataclass(frozen=True)
class WaveHeader:
    """What the file says; nothing of it is checked. 0 where it says nothing."""

    encoding: int = 0
    channels: int = 0
    rate: int = 0  # frames a second
    bits: int = 0  # a sample
    frame_size: int = 0  # bytes of one sample of every channel
    data_at: int = 0  # where the samples begin, in bytes; 0: there are none
    data_size: int = 0  # bytes of samples that the file says to hold
    data_held: int = 0  # bytes of them that are there


def read_wave(data: bytes) -> WaveHeader | None:
    """The header (RIFF or RF64, chunks "fmt " and "data"); None where the bytes are no WAV file."""
    if data[:4] not in (b"RIFF", b"RF64") or data[8:12] != b"WAVE":
        return None
    position, form = 12, (0, 0, 0, 0, 0)
    for _ in range(_MOST_CHUNKS):
        if position + 8 > len(data):
            break
        name, size = data[position : position + 4], struct.unpack_from("<I", data, position + 4)[0]
        position += 8
        if name == b"fmt " and size >= 16 and position + 16 <= len(data):
            form = _format(data, position, size)
        elif name == b"data":
            held = len(data) - position
            return WaveHeader(*form, position, held if size == _UNKNOWN_SIZE else size, min(size, held))
        position += size + size % 2
    return WaveHeader(*form)


def _format(data: bytes, at: int, size: int) -> tuple[int, int, int, int, int]:
    encoding, channels, rate, _, frame_size, bits = struct.unpack_from("<HHIIHH", data, at)
    if encoding == _EXTENSIBLE and size >= 26 and at + 26 <= len(data):
        (encoding,) = struct.unpack_from("<H", data, at + 24)
    return encoding, channels, rate, bits, frame_size

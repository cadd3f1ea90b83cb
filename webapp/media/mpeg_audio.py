"""MPEG audio (MP3): the header of the first frame, and how many frames there are.

Layout: ISO/IEC 11172-3 §2.4.1.3 and 13818-3; Xing, Info and VBRI headers as encoders write them.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

__all__ = ["Mpeg", "read_mpeg"]

_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}  # by version
_KBITS_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)  # version 1, layer III
_KBITS_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)  # versions 2 and 2.5
_SEARCHED = 1 << 16  # bytes in which the first frame must begin
_LAYER_3, _MONO = 1, 3


@dataclass(frozen=True)
class Mpeg:
    """What the first frame says; `frames` are samples of every channel."""

    codec: str
    rate: int
    channels: int
    frames: int


def read_mpeg(data: bytes) -> Mpeg | None:
    """None where no frame of MPEG audio, layer III, begins near the start."""
    begin = _behind_tag(data)
    at = begin
    while 0 <= at < min(len(data) - 4, begin + _SEARCHED):
        found = _frame(data, at)
        if found is not None and _follows(data, at + found[1]):
            return _described(data, at, found[0])
        at = data.find(b"\xff", at + 1)
    return None


def _behind_tag(data: bytes) -> int:
    """Where the sound begins: an ID3v2 tag may stand before it."""
    if data[:3] != b"ID3" or len(data) < 10:
        return 0
    size = 0
    for byte in data[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size


def _frame(data: bytes, at: int) -> tuple[int, int] | None:
    """(header, bytes of the frame); None where no frame begins. Frames of free format, without a bit rate, are none."""
    (header,) = struct.unpack_from(">I", data, at)
    version, layer, bitrate, rate = header >> 19 & 3, header >> 17 & 3, header >> 12 & 15, header >> 10 & 3
    if header >> 21 != 0x7FF or version == 1 or layer != _LAYER_3 or bitrate in (0, 15) or rate == 3:
        return None
    size = _frame_samples(version) // 8 * _kbits(header) * 1000 // _RATES[version][rate] + (header >> 9 & 1)
    return header, size


def _follows(data: bytes, at: int) -> bool:
    """Whether another frame begins there, or the bytes end before: two in a row are no accident."""
    return at + 4 > len(data) or _frame(data, at) is not None


def _described(data: bytes, at: int, header: int) -> Mpeg:
    version, mono = header >> 19 & 3, header >> 6 & 3 == _MONO
    rate, kbits = _RATES[version][header >> 10 & 3], _kbits(header)
    count = _told_frames(data, at, version, mono)
    constant = (len(data) - at) * 8 * rate // (kbits * 1000)  # samples at this bit rate
    return Mpeg("MP3", rate, 1 if mono else 2, constant if count is None else count * _frame_samples(version))


def _told_frames(data: bytes, at: int, version: int, mono: bool) -> int | None:
    """How many frames a Xing, Info or VBRI header says there are, where that can be."""
    side = (17 if mono else 32) if version == 3 else (9 if mono else 17)
    xing, count = at + 4 + side, None
    if data[xing : xing + 4] in (b"Xing", b"Info") and len(data) >= xing + 12:
        flags, count = struct.unpack_from(">II", data, xing + 4)
        count = count if flags & 1 else None
    elif data[at + 36 : at + 40] == b"VBRI" and len(data) >= at + 54:
        (count,) = struct.unpack_from(">I", data, at + 36 + 14)
    return count if count is not None and 0 < count <= len(data) // 24 + 1 else None  # no frame is shorter


def _frame_samples(version: int) -> int:
    return 1152 if version == 3 else 576


def _kbits(header: int) -> int:
    return (_KBITS_1 if header >> 19 & 3 == 3 else _KBITS_2)[header >> 12 & 15]

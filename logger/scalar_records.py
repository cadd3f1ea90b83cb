"""Batches of scalars → framed records, a few hundred nanoseconds each.

Nearly every event is a scalar, so these are not built as messages. The record of a tag is a fixed template but for the
wall time, the step, the value and the checksum; a batch joins its templates and fills the four in with numpy.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from .crc32c import crc32c_of_bytes
from .records import FOOTER_BYTES, HEADER_BYTES, frame

# Where the fields lie in a record: 09 <wall time> 10 <step> 2a <summary: value: tag … 15 <value>>.
_WALL_TIME = HEADER_BYTES + 1
_STEP = _WALL_TIME + 8 + 1
_VALUE_FROM_END = FOOTER_BYTES + 4

_VARINT_LIMITS = np.array([1 << 7 * width for width in range(1, 10)], np.uint64)  # the first that needs a byte more
_CACHED_TEMPLATES = 200_000


def varint(number: int) -> bytes:
    """`number` ≥ 0 in protobuf's base-128 form."""
    groups = []
    while number > 0x7F:
        groups.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*groups, number))


def _field(number: int, content: bytes) -> bytes:
    """A length-delimited protobuf field."""
    return varint(number << 3 | 2) + varint(len(content)) + content


class _Templates(dict[tuple[str, int], bytes]):
    """(tag, bytes of the step) → the record with zeros for wall time, step, value and data checksum."""

    def __missing__(self, key: tuple[str, int]) -> bytes:
        tag, step_bytes = key
        # A lone surrogate has no UTF-8; a question mark in its place is better than a lost point.
        value = _field(1, tag.encode("utf-8", "replace")) + b"\x15" + bytes(4)
        data = b"\x09" + bytes(8) + b"\x10" + bytes(step_bytes) + _field(5, _field(1, value))
        if len(self) >= _CACHED_TEMPLATES:
            self.clear()
        template = self[key] = frame(data)
        return template


class ScalarEncoder:
    """Encodes (tag, value, step, wall time) as float32 scalar events; remembers the templates of the tags seen."""

    def __init__(self) -> None:
        self._templates = _Templates()

    def encode(self, batch: Sequence[tuple[str, float, int, float]]) -> bytes:
        """The batch's records, in its order. Steps must fit 64 signed bits."""
        tags, values, steps, wall_times = zip(*batch, strict=True)
        step_bits = np.array(steps, np.int64).view(np.uint64)
        widths = np.searchsorted(_VARINT_LIMITS, step_bits, side="right") + 1
        records = list(map(self._templates.__getitem__, zip(tags, widths.tolist(), strict=True)))
        buffer = np.frombuffer(bytearray(b"".join(records)), np.uint8)
        ends = np.cumsum(np.fromiter(map(len, records), np.int64, len(records)))
        starts = np.concatenate(([0], ends[:-1]))
        with np.errstate(over="ignore"):  # beyond float32: infinity
            singles = np.array(values, "<f8").astype("<f4")
        _put(buffer, starts + _WALL_TIME, np.array(wall_times, "<f8"))
        _put_varints(buffer, starts + _STEP, step_bits, widths)
        _put(buffer, ends - _VALUE_FROM_END, singles)
        _put(buffer, ends - FOOTER_BYTES, _checksums(buffer.tobytes(), starts + HEADER_BYTES, ends - FOOTER_BYTES))
        return buffer.tobytes()


def _put(buffer: npt.NDArray[np.uint8], at: npt.NDArray[np.int64], numbers: npt.NDArray[Any]) -> None:
    """Write each number's bytes at its offset."""
    size = numbers.itemsize
    buffer[at[:, None] + np.arange(size)] = numbers.view(np.uint8).reshape(-1, size)


def _put_varints(
    buffer: npt.NDArray[np.uint8],
    at: npt.NDArray[np.int64],
    numbers: npt.NDArray[np.uint64],
    widths: npt.NDArray[np.int64],
) -> None:
    for byte in range(int(widths.max())):
        rows = np.flatnonzero(widths > byte)
        groups = (numbers[rows] >> np.uint64(7 * byte)).astype(np.uint8) & np.uint8(0x7F)
        buffer[at[rows] + byte] = np.where(widths[rows] > byte + 1, groups | np.uint8(0x80), groups)


def _checksums(data: bytes, starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]) -> npt.NDArray[np.uint32]:
    """The masked CRC-32C of each slice."""
    slices = zip(starts.tolist(), ends.tolist(), strict=True)
    crcs = np.array([crc32c_of_bytes(data[start:end]) for start, end in slices], "<u4")
    masked: npt.NDArray[np.uint32] = (crcs >> np.uint32(15) | crcs << np.uint32(17)) + np.uint32(0xA282EAD8)
    return masked

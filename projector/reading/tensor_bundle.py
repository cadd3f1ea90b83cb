"""TensorFlow's checkpoints: an index of names, and files of raw numbers that are mapped.

<prefix>.index                  name → BundleEntryProto {dtype 1, shape 2, shard 3, offset 4, size 5, slices 7}
<prefix>.data-00000-of-00001    the numbers, end to end

A variable that was split over several devices is listed with its slices; each has an entry of its own, under a key
that sorts (tensorflow/core/util/saved_tensor_slice_util.cc, ordered_code.cc).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...logger.graphs.wire import fields
from .array_files import widened
from .sorted_table import entries
from .stored_numbers import stored_numbers

__all__ = ["TensorBundle"]

_LARGEST_INDEX = 256 << 20  # bytes
_BFLOAT16 = 14
_DTYPES = {
    1: "<f4",
    2: "<f8",
    3: "<i4",
    4: "u1",
    5: "<i2",
    6: "i1",
    9: "<i8",
    _BFLOAT16: "<u2",
    17: "<u2",
    19: "<f2",
    22: "<u4",
    23: "<u8",
}

Slice = tuple[tuple[int, int], ...]  # (start, length) of each axis; length -1 is all of it


@dataclass
class _Entry:
    """What is listed of a variable, or of a slice of one."""

    dtype: int = 0
    shape: tuple[int, ...] = ()
    shard: int = 0
    offset: int = 0
    size: int = 0
    slices: tuple[Slice, ...] = ()


class TensorBundle:
    """The variables of the checkpoint `prefix` by name. Raises ValueError where its index cannot be read, OSError."""

    def __init__(self, prefix: Path) -> None:
        self._prefix = prefix
        index = prefix.with_name(prefix.name + ".index")
        if index.stat().st_size > _LARGEST_INDEX:
            raise ValueError(f"{index.name} has {index.stat().st_size:,} bytes; at most {_LARGEST_INDEX:,} are read")
        try:
            listed = dict(entries(index.read_bytes()))
            self._shards = _number_of_shards(listed.pop(b"", b""))
            self._entries = {key: _entry(value) for key, value in listed.items()}
        except ValueError as error:
            raise ValueError(f"{index.name} is no index of a TensorFlow checkpoint: {error}") from None

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Of every variable of numbers."""
        whole = {key: entry for key, entry in self._entries.items() if not key.startswith(b"\0")}
        return {key.decode("utf-8", "replace"): entry.shape for key, entry in whole.items() if entry.dtype in _DTYPES}

    def read(self, name: str) -> NDArray[Any]:
        """Slices as one; bfloat16 as float32. Raises ValueError where the numbers are not there."""
        entry = self._entries[name.encode()]
        if not entry.slices:
            return self._numbers(entry)
        whole = np.empty(entry.shape, np.float32 if entry.dtype == _BFLOAT16 else _DTYPES[entry.dtype])
        for part in entry.slices:
            key = slice_key(name, part)
            if key not in self._entries:
                raise ValueError(f"{self._prefix.name}.index does not list every part of {name!r}")
            places = tuple(slice(start, None if length < 0 else start + length) for start, length in part)
            whole[places] = self._numbers(self._entries[key])
        return whole

    def _numbers(self, entry: _Entry) -> NDArray[Any]:
        shard = self._prefix.with_name(f"{self._prefix.name}.data-{entry.shard:05d}-of-{self._shards:05d}")
        dtype = np.dtype(_DTYPES[entry.dtype])
        if not shard.is_file():
            raise ValueError(f"{shard.name} is not beside {self._prefix.name}.index, where the numbers should be")
        wanted = math.prod(entry.shape) * dtype.itemsize
        if wanted != entry.size or entry.offset + entry.size > shard.stat().st_size:
            raise ValueError(f"{shard.name} ends before the numbers do; copy the checkpoint again")
        if not wanted:
            return np.zeros(entry.shape, np.float32)
        numbers = stored_numbers(shard, dtype, entry.offset, entry.shape)
        return widened(numbers) if entry.dtype == _BFLOAT16 else numbers


def _number_of_shards(header: bytes) -> int:
    found = {number: value for number, kind, value, _ in fields(header) if kind == 0}
    if found.get(2, 0):
        raise ValueError("it was written on a machine with the other byte order")
    return found.get(1, 1)


def _entry(data: bytes) -> _Entry:
    entry = _Entry()
    for number, kind, a, b in fields(data):
        if number == 1 and kind == 0:
            entry.dtype = a
        elif number == 2 and kind == 2:
            entry.shape = tuple(_dimension(data[c:d]) for dim, _, c, d in fields(data, a, b) if dim == 2)
        elif number == 3:
            entry.shard = a
        elif number == 4:
            entry.offset = a
        elif number == 5:
            entry.size = a
        elif number == 7 and kind == 2:
            entry.slices += (tuple(_extent(data[c:d]) for axis, _, c, d in fields(data, a, b) if axis == 1),)
    return entry


def _dimension(data: bytes) -> int:
    return next((value for number, kind, value, _ in fields(data) if number == 1 and kind == 0), 0)


def _extent(data: bytes) -> tuple[int, int]:
    found = {number: value for number, kind, value, _ in fields(data) if kind == 0}
    return found.get(1, 0), found.get(2, -1)


def slice_key(name: str, part: Slice) -> bytes:
    """Under which a part of a variable is listed."""
    text = name.encode().replace(b"\0", b"\0\xff").replace(b"\xff", b"\xff\0")
    ends = b"".join(_signed(start) + _signed(length) for start, length in part)
    return _unsigned(0) + text + b"\0\x01" + _unsigned(len(part)) + ends


def _unsigned(value: int) -> bytes:
    """As many bytes as it takes, behind their number."""
    size = (value.bit_length() + 7) // 8
    return bytes([size]) + value.to_bytes(size, "big")


def _signed(value: int) -> bytes:
    """As many ones in front as there are bytes, then the number; all turned round where it is negative."""
    size = (value if value >= 0 else ~value).bit_length() // 7 + 1
    marks = ((1 << size) - 1) << (8 * size - size)
    turned = value & ((1 << (8 * size)) - 1)
    return (turned ^ marks).to_bytes(size, "big")

"""Safetensors: 8 bytes with the length of a JSON header that says where each tensor lies, then the numbers.

https://huggingface.co/docs/safetensors/index#format
"""

from __future__ import annotations

import json
import math
import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .array_files import widened
from .stored_numbers import stored_numbers

__all__ = ["SafeTensors"]

_LONGEST_HEADER = 100_000_000  # bytes, the limit of the format
_DTYPES = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "BF16": "<u2",
    "BOOL": "?",
    "I8": "i1",
    "U8": "u1",
    "I16": "<i2",
    "U16": "<u2",
    "I32": "<i4",
    "U32": "<u4",
    "I64": "<i8",
    "U64": "<u8",
}


class SafeTensors:
    """The tensors of a file by name; nothing is read before it is asked for. Raises ValueError where it is none."""

    def __init__(self, path: Path) -> None:
        self._path = path
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(8)
            length = struct.unpack("<Q", head)[0] if len(head) == 8 else 0
            if not 2 <= length <= min(_LONGEST_HEADER, size - 8):
                raise ValueError(f"{path.name} is no safetensors file: its header would have {length:,} bytes")
            try:
                header = json.loads(file.read(length))
            except (ValueError, RecursionError) as error:
                raise ValueError(f"{path.name} is no safetensors file: its header is no JSON ({error})") from None
        if not isinstance(header, dict):
            raise ValueError(f"{path.name} is no safetensors file: its header does not name any tensors")
        self._entries = {name: entry for name, entry in header.items() if name != "__metadata__"}
        self._begin, self._size = 8 + length, size

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Of every tensor that can be read."""
        return {name: tuple(entry["shape"]) for name, entry in self._entries.items() if _is_readable(entry)}

    def left_out(self) -> list[str]:
        """The tensors that cannot be read, and why."""
        return [f"{name!r} ({_trouble(entry)})" for name, entry in self._entries.items() if not _is_readable(entry)]

    def read(self, name: str) -> NDArray[Any]:
        """bfloat16, which numpy does not have, becomes float32. Raises ValueError."""
        entry = self._entries[name]
        shape, (begin, end) = tuple(entry["shape"]), entry["data_offsets"]
        dtype = np.dtype(_DTYPES[entry["dtype"]])
        if end - begin != math.prod(shape) * dtype.itemsize or begin < 0 or self._begin + end > self._size:
            taken = f"bytes {begin:,} to {end:,} of {self._size - self._begin:,}"
            raise ValueError(
                f"{self._path.name}: {name!r} would be {' × '.join(map(str, shape))} numbers of {entry['dtype']} in "
                f"{taken}, which do not fit; the file was cut off or written wrongly: save or copy it again"
            )
        if 0 in shape:
            return np.zeros(shape, np.float32)
        numbers = stored_numbers(self._path, dtype, self._begin + begin, shape)
        if entry["dtype"] != "BF16":
            return numbers
        return widened(numbers)


def _is_readable(entry: Any) -> bool:
    try:
        offsets, shape = entry["data_offsets"], entry["shape"]
        whole = all(type(number) is int and 0 <= number < 1 << 62 for number in [*offsets, *shape])
        return entry["dtype"] in _DTYPES and whole and len(offsets) == 2
    except (KeyError, TypeError):
        return False


def _trouble(entry: Any) -> str:
    dtype = entry.get("dtype") if isinstance(entry, dict) else None
    return (
        f"numbers of {dtype}"
        if isinstance(dtype, str) and dtype not in _DTYPES
        else "where its numbers lie is not told"
    )

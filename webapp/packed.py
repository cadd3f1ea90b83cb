"""The envelope of wire.py around arrays of any kind, put behind one another."""

from __future__ import annotations

import json
import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .wire import MAGIC

__all__ = ["Packing"]


class Packing:
    """Arrays that are sent together: `add` gives the place of each, for the header that `frame` puts before them.

    equal_once   send equal arrays once, for a page that writes into none of them
    """

    def __init__(self, *, equal_once: bool = False) -> None:
        self._bodies: list[bytes] = []
        self._places: dict[bytes, int] | None = {} if equal_once else None
        self._end = 0

    def add(self, array: NDArray[Any]) -> dict[str, Any]:
        """`{"at": bytes behind the header, "dtype": "f4"}` of an array, which is sent little-endian."""
        little = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"), copy=False)
        return {"at": self._place(little.tobytes()), "dtype": f"{array.dtype.kind}{array.dtype.itemsize}"}

    def _place(self, body: bytes) -> int:
        at = self._end if self._places is None else self._places.setdefault(body, self._end)
        if at == self._end:
            self._bodies.append(body + b"\0" * (-len(body) % 8))
            self._end += len(self._bodies[-1])
        return at

    def frame(self, header: dict[str, Any]) -> bytes:
        """The whole answer. Raises ValueError where the header holds a NaN: browsers cannot read it."""
        text = json.dumps(header, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
        text += b" " * (-len(text) % 8)
        return b"".join([MAGIC, struct.pack("<I", len(text)), text, *self._bodies])

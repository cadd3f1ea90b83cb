"""Copies of nested Python objects that hold arrays: rows of a table, a figure as a dict.

Pickling them copies lists and dicts at C speed (copy.deepcopy takes 25 times as long) and arrays at that of memory.
What is pickled here is read back in this process only.
"""

from __future__ import annotations

import pickle
from io import BytesIO
from typing import Any

import numpy as np

from .values import array, described, is_torch_tensor

__all__ = ["TakenObject", "take_copy"]

_LARGE = 1 << 16  # bytes of an array that is copied at once, past the stream


class TakenObject:
    """An object as it was: `nbytes` is the memory that the copy takes."""

    def __init__(self, stream: bytes, arrays: list[bytes]) -> None:
        self._stream = stream
        self._arrays = arrays
        self.nbytes = len(stream) + sum(map(len, arrays))

    def read(self) -> Any:
        """The object; its large arrays are read-only."""
        return pickle.loads(self._stream, buffers=self._arrays)


def take_copy(call: str, value: object, what: str) -> TakenObject:
    """All of `value` as it is now. Tensors of torch, on any device, come back as numpy arrays.

    Raises TypeError where something in it cannot be copied.
    """
    file = BytesIO()
    arrays: list[bytes] = []

    def beside(buffer: pickle.PickleBuffer) -> bool:
        memory = buffer.raw()
        if memory.nbytes >= _LARGE:
            arrays.append(bytes(memory))
        return memory.nbytes < _LARGE  # small ones go into the stream

    try:
        _Copier(file, protocol=5, buffer_callback=beside).dump(value)
    except Exception as error:  # whatever an object's own state refuses with
        raise TypeError(f"{call}: {what} cannot be copied, got {described(value)}: {error}") from error
    return TakenObject(file.getvalue(), arrays)


class _Copier(pickle.Pickler):
    def reducer_override(self, found: Any) -> Any:
        if is_torch_tensor(found):
            return np.asarray, (np.asarray(array("a tensor", found)),)
        return NotImplemented

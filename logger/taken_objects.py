"""Copies of nested Python objects that hold arrays: rows of a table, a figure as a dict.

Pickling them copies lists and dicts at C speed and arrays at that of memory; copy.deepcopy takes 25 times as long and
is for what cannot be pickled. What is pickled here is read back in this process only.
"""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from io import BytesIO
from typing import Any

import numpy as np

from .values import array, described, is_torch_tensor

__all__ = ["TakenObject", "take_copy"]

_LARGE = 1 << 16  # bytes of an array that is copied at once, past the stream


class TakenObject:
    """An object as it was: `nbytes` is the memory that the copy takes."""

    def __init__(self, read: Callable[[], Any], nbytes: int) -> None:
        self._read = read
        self.nbytes = nbytes

    def read(self) -> Any:
        """The object; its large arrays are read-only."""
        return self._read()


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
        stream = file.getvalue()
        return TakenObject(lambda: pickle.loads(stream, buffers=arrays), len(stream) + sum(map(len, arrays)))
    except Exception:  # whatever an object's own state refuses with, such as a class inside a function
        try:
            copied = copy.deepcopy(value)
        except Exception as error:
            raise TypeError(f"{call}: {what} cannot be copied, got {described(value)}: {error}") from error
        return TakenObject(lambda: copied, file.tell() + sum(map(len, arrays)))


class _Copier(pickle.Pickler):
    def reducer_override(self, found: Any) -> Any:
        if is_torch_tensor(found):
            return np.asarray, (np.asarray(array("a tensor", found)),)
        return NotImplemented

"""Objects of any kind as they were at the call: a copy, made where training waits, read in the background.

A few dicts, lists and arrays are copied as they are: for an array of megabytes that takes half as long as pickling. All
else is pickled, which is the fastest deep copy there is for many small objects and makes none of them until it is read;
`copy.deepcopy` stands in for what cannot be pickled. What is pickled here is read back in this process only.
"""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from typing import Any

import numpy as np

from .values import PendingArray, array, described, is_torch_tensor

__all__ = ["TakenObject", "take_copy"]

_LARGE = 1 << 16  # bytes of an array that is copied at once, past the stream
_FEW = 64  # things in dicts and lists: more of them are pickled faster
_UNCHANGING = frozenset(
    (type(None), bool, int, float, complex, str, bytes, date, datetime, np.bool_, np.int64, np.float32, np.float64)
)
_PLACE = 50  # bytes that a number or a short string takes, and what refers to it


class TakenObject:
    """An object as it was: `nbytes` is the memory that the copy takes."""

    def __init__(self, read: Callable[[], Any], nbytes: int) -> None:
        self._read = read
        self.nbytes = nbytes

    def read(self) -> Any:
        """The object; some of its large arrays are read-only."""
        return self._read()


def take_copy(call: str, value: object, what: str) -> TakenObject:
    """All of `value` as it is now. Tensors of torch, on any device, come back as numpy arrays.

    Raises TypeError where something in it cannot be copied.
    """
    found = _Few(call)
    kept = found.taken(value)
    if not found.rest:
        return TakenObject(lambda: _put_together(kept, ()), found.nbytes)
    try:
        rest = _copied(found.rest)
    except Exception as error:
        raise TypeError(f"{call}: {what} cannot be copied, got {described(value)}: {error}") from error
    return TakenObject(lambda: _put_together(kept, rest.read()), found.nbytes + rest.nbytes)


class _Rest:
    """Stands where a part of the object is that was copied in another way: the one in `place` of these."""

    __slots__ = ("place",)

    def __init__(self, place: int) -> None:
        self.place = place


class _Few:
    """Copies the first few dicts, lists and arrays of an object; `rest` is what is left to be copied."""

    def __init__(self, call: str) -> None:
        self.rest: list[object] = []
        self.nbytes = 0
        self._call = call
        self._room = _FEW
        self._seen: dict[int, tuple[object, Any]] = {}  # arrays and their copies: an axis may be that of many curves

    def taken(self, value: Any) -> Any:
        """A copy of it, with `_Rest` in it where something is left."""
        kind = type(value)
        if kind in _UNCHANGING:
            self.nbytes += len(value) if kind is str or kind is bytes else _PLACE
            return value
        if kind is np.ndarray and not value.dtype.hasobject:
            return self._once(value, np.array)
        if kind is dict and self._has_room(value):
            return {key: self.taken(one) for key, one in value.items()}
        if kind is list and self._has_room(value):
            return [self.taken(one) for one in value]
        if is_torch_tensor(value):
            return self._once(value, lambda tensor: array(self._call, tensor))
        self.rest.append(value)
        return _Rest(len(self.rest) - 1)

    def _once(self, value: Any, copied: Callable[[Any], Any]) -> Any:
        """The copy of an array, however often it is met."""
        if id(value) not in self._seen:
            self._seen[id(value)] = value, copied(value)
            self.nbytes += self._seen[id(value)][1].nbytes
        return self._seen[id(value)][1]

    def _has_room(self, several: dict[Any, Any] | list[Any]) -> bool:
        self._room -= len(several)
        return self._room >= 0


def _put_together(kept: Any, rest: Any) -> Any:
    kind = type(kept)
    if kind is dict:
        return {key: _put_together(one, rest) for key, one in kept.items()}
    if kind is list:
        return [_put_together(one, rest) for one in kept]
    if kind is _Rest:
        return rest[kept.place]
    return np.asarray(kept) if kind is PendingArray else kept


def _copied(value: object) -> TakenObject:
    """Raises whatever an object refuses with."""
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
        copied = copy.deepcopy(value)
        return TakenObject(lambda: copied, file.tell() + sum(map(len, arrays)))


class _Copier(pickle.Pickler):
    def reducer_override(self, found: Any) -> Any:
        if is_torch_tensor(found):
            return np.asarray, (np.asarray(array("a tensor", found)),)
        return NotImplemented

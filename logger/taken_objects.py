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

__all__ = ["read_copy", "take_copy"]


def take_copy(call: str, value: object, what: str) -> bytes:
    """All of `value` as it is now, for `read_copy`. Tensors of torch, on any device, come back as numpy arrays.

    Raises TypeError where something in it cannot be copied.
    """
    file = BytesIO()
    try:
        _Copier(file, protocol=5).dump(value)
    except Exception as error:  # whatever an object's own state refuses with
        raise TypeError(f"{call}: {what} cannot be copied, got {described(value)}: {error}") from error
    return file.getvalue()


def read_copy(taken: bytes) -> Any:
    """What `take_copy` took."""
    return pickle.loads(taken)


class _Copier(pickle.Pickler):
    def reducer_override(self, found: Any) -> Any:
        if is_torch_tensor(found):
            return np.asarray, (np.asarray(array("a tensor", found)),)
        return NotImplemented

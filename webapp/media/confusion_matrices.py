"""Confusion matrices for the page: the matrix as it was stored, with the names of its classes."""

from __future__ import annotations

import numpy as np

from ..packed import Packing
from .forms import Answer, Asked, form

__all__ = ["matrix"]

_MOST_CLASSES = 4_096
_LARGEST = np.iinfo(np.uint32).max


@form("confusion_matrices", "matrix")
def matrix(asked: Asked) -> Answer:
    """The envelope of wire.py with one array, row after row: row i is what class i was taken for.

    Raises ValueError for more classes than a browser can hold.
    """
    value = asked.value()
    count = len(value.matrix)
    if count > _MOST_CLASSES:
        raise ValueError(f"the matrix has {count:,} classes, at most {_MOST_CLASSES:,} are shown")
    cells = value.matrix.ravel()
    if cells.dtype.kind == "i" and (not len(cells) or 0 <= int(cells.min()) <= int(cells.max()) <= _LARGEST):
        cells = cells.astype(np.uint32)
    packing = Packing()
    place = packing.add(cells if cells.dtype == np.uint32 else cells.astype(np.float64))
    body = packing.frame({"classes": count, "names": list(value.names), "arrays": {"matrix": place}})
    return Answer(body, "application/octet-stream")

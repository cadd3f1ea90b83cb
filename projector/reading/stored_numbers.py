"""Numbers as they lie in a file: read where that is quick, else mapped."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["stored_numbers"]

# Whoever touches a mapped page that the file no longer has ends with its process. Training writes embeddings anew
# again and again, so what is read in a moment is read; beyond that the page cache is worth more than the copy.
_READ_UP_TO = 256 << 20  # bytes


def stored_numbers(
    path: Path, dtype: Any, offset: int, shape: Sequence[int], order: Literal["C", "F"] = "C"
) -> NDArray[Any]:
    """An array of that shape from a byte of a file on. Raises ValueError where the file ends before, OSError."""
    dtype = np.dtype(dtype)
    count = math.prod(shape)
    if count * dtype.itemsize > _READ_UP_TO:
        return np.memmap(path, dtype, "r", offset, tuple(shape), order)
    read = np.fromfile(path, dtype, count, offset=offset)
    if len(read) < count:
        raise ValueError(f"{path.name} ends before its numbers do: {len(read):,} of {count:,} are there")
    read.flags.writeable = False
    return read.reshape(shape, order=order)

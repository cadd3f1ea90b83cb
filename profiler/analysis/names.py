"""What names tell of slices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..trace import Trace

__all__ = ["named"]


def named(trace: Trace, rows: NDArray[Any], told: Callable[[str], object]) -> NDArray[np.bool_]:
    """(k,) whether the name of each of these slices is told to be so: each name is asked once; a row below 0 is not."""
    known = rows >= 0
    codes, place = np.unique(trace.slices.name[rows[known]], return_inverse=True)
    answers = np.array([bool(told(trace.names[code])) for code in codes], np.bool_)
    found = np.zeros(len(rows), np.bool_)
    if len(codes):
        found[known] = answers[place.reshape(-1)]
    return found

"""What names tell of slices."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..trace import Category, Trace

__all__ = ["BLOCKING", "DATA_LOADER", "MODULE", "named", "slices_named"]

# Calls that return only when the GPU has done what was launched.
BLOCKING = re.compile(
    r"^(?:cuda|hip|cu)(?:Stream|Device|Ctx|Event)Synchronize|^(?:cuda|hip)Memcpy(?!.*Async)|^hipMemcpyWith"
)
DATA_LOADER = re.compile(r"^enumerate\(DataLoader\)#.*\.__next__$|^enumerate\(DataPipe\)#")

MODULE = re.compile(r"nn\.Module: ")  # begins the frame of Python in which a module runs


def named(trace: Trace, rows: NDArray[Any], told: Callable[[str], object]) -> NDArray[np.bool_]:
    """(k,) whether the name of each of these slices is told to be so: each name is asked once; a row below 0 is not."""
    known = rows >= 0
    codes = trace.slices.name[rows[known]]
    answers = np.zeros(len(trace.names), np.bool_)
    answers[codes] = True
    for code in np.flatnonzero(answers):
        answers[code] = bool(told(trace.names[code]))
    found = np.zeros(len(rows), np.bool_)
    found[known] = answers[codes]
    return found


def slices_named(trace: Trace, pattern: re.Pattern[str], *categories: Category) -> NDArray[np.bool_]:
    """(n,) whether the pattern is found in a slice's name, of these categories only where some are said."""
    found = np.array([pattern.search(name) is not None for name in trace.names] or [False], np.bool_)
    chosen = found[trace.slices.name]
    if categories:
        wanted = np.zeros(len(Category), np.bool_)
        wanted[list(categories)] = True
        chosen &= wanted[trace.slices.category]
    return chosen

"""What names tell of slices."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..trace import Category, Trace

__all__ = ["BLOCKING", "DATA_LOADER", "MODULE", "named", "slices_named", "timeless_names"]

# Calls that return only when the GPU has done what was launched.
BLOCKING = re.compile(
    r"^(?:cuda|hip|cu)(?:Stream|Device|Ctx|Event)Synchronize|^(?:cuda|hip)Memcpy(?!.*Async)|^hipMemcpyWith"
)
DATA_LOADER = re.compile(r"^enumerate\(DataLoader\)#.*\.__next__$|^enumerate\(DataPipe\)#")

MODULE = re.compile(r"nn\.Module: ")  # begins the frame of Python in which a module runs
# What a name holds that is of one moment: the number of a step, the place of an object in memory.
_MOMENT = re.compile(r"(?<=^ProfilerStep)#\d+$| (?:object )?at 0x[0-9a-f]+")


def timeless_names(trace: Trace, rows: NDArray[Any]) -> tuple[NDArray[np.int32], list[str]]:
    """(n,) codes and their texts, in which these slices of all steps, and of all objects, have one name."""
    used = np.zeros(len(trace.names), np.bool_)
    used[trace.slices.name[rows]] = True
    place: dict[str, int] = {}
    new = np.arange(len(trace.names), dtype=np.int32)
    for code in np.flatnonzero(used):
        text = _MOMENT.sub("", trace.names[code])
        if text != trace.names[code]:
            new[code] = len(trace.names) + place.setdefault(text, len(place))
    return (new[trace.slices.name] if len(new) else trace.slices.name), [*trace.names, *place]


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

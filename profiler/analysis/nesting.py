"""What lies in what on the host: two stacks a thread, one of operators and calls, one of Python's frames.

Frames have a stack of their own because those that open and close an annotation cross it: `record_function.__enter__`
begins before the annotation and ends within it. With exact nanoseconds nothing else crosses, so nothing is dropped.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..trace import HOST_CALLS, Category, Trace
from .compiled import kernels

__all__ = ["Nesting", "descendants", "descendants_of", "nesting", "self_times", "stacks"]

_STACK = np.zeros(len(Category), np.int8)
_STACK[[Category.OPERATOR, Category.ANNOTATION, *HOST_CALLS, Category.OTHER]] = 1
_STACK[Category.PYTHON] = 2


@dataclass(frozen=True)
class Nesting:
    """Each column (n,) int32, a row of `Trace.slices` or -1; slices of devices lie in nothing.

    parent    the slice right around this one on its own stack
    depth     0 for what lies in nothing
    python    of operators, annotations and calls: the innermost Python frame that is open when they begin
    operator  the innermost operator around; an operator itself for operators
    crossings          of operators, annotations and calls: how many begin within a slice and end after it
    python_crossings   the same of frames among themselves
    """

    parent: NDArray[np.int32]
    depth: NDArray[np.int32]
    python: NDArray[np.int32]
    operator: NDArray[np.int32]
    crossings: int
    python_crossings: int


def nesting(trace: Trace) -> Nesting:
    """One pass in order of time: about 0.1 s for four million slices."""
    slices = trace.slices
    stack = stacks(trace)
    parent, depth, python, operator = (np.empty(len(slices), np.int32) for _ in range(4))
    crossings = np.zeros(2, np.int64)
    kernels("nesting_kernels").nest(
        np.ascontiguousarray(slices.start),
        np.ascontiguousarray(slices.duration),
        np.ascontiguousarray(slices.track),
        stack,
        (slices.category == Category.OPERATOR).astype(np.int8),
        np.full(2 * len(trace.tracks), -1, np.int32),
        parent,
        depth,
        python,
        operator,
        crossings,
    )
    return Nesting(parent, depth, python, operator, int(crossings[0]), int(crossings[1]))


def stacks(trace: Trace) -> NDArray[np.int8]:
    """(n,) 1 for operators, annotations and calls, 2 for Python's frames, 0 for what lies in nothing: device work."""
    on_host = np.array([not track.is_device for track in trace.tracks], np.int8)
    stack = _STACK[trace.slices.category]
    return stack * on_host[trace.slices.track] if len(on_host) else stack


def self_times(trace: Trace, nested: Nesting) -> NDArray[np.int64]:
    """(n,) ns: a slice's duration without its direct children on the same stack; never below 0."""
    children = np.zeros(len(trace.slices), np.int64)
    kernels("nesting_kernels").add_up(nested.parent, np.ascontiguousarray(trace.slices.duration), children)
    own: NDArray[np.int64] = np.maximum(trace.slices.duration - children, 0)
    return own


def descendants(nested: Nesting, own: NDArray[np.int64]) -> NDArray[np.int64]:
    """(n,) int64: each slice's own value and those of all that lies in it."""
    return descendants_of(nested.parent, own)


def descendants_of(parent: NDArray[np.int32], own: NDArray[np.int64]) -> NDArray[np.int64]:
    """The same of any tree whose parents come before their children."""
    total = own.astype(np.int64, copy=True)
    kernels("nesting_kernels").add_to_ancestors(np.ascontiguousarray(parent), total)
    return total

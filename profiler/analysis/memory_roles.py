"""What allocated memory is for, estimated from where it was allocated and freed."""

from __future__ import annotations

import re
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from ..trace import Trace
from .allocations import Allocations
from .autograd import forward_of
from .names import DATA_LOADER, slices_named
from .nesting import Nesting
from .paths import nearest

__all__ = ["ROLES", "MemoryRole", "memory_roles"]

_OPTIMIZER = re.compile(r"^Optimizer\.(step|zero_grad)#|^## ?optimizer", re.IGNORECASE)
_BACKWARD = re.compile(r"^autograd::engine::|Backward\d*$|^## ?backward", re.IGNORECASE)
_GRADIENT = re.compile(r"AccumulateGrad")


class MemoryRole(IntEnum):
    """See ROLES."""

    BEFORE = 0
    TEMPORARY = 1
    ACTIVATION = 2
    GRADIENT = 3
    OPTIMIZER = 4
    INPUT = 5
    BACKWARD = 6
    INTERMEDIATE = 7
    KEPT = 8


ROLES = {
    MemoryRole.BEFORE: "allocated before the trace",
    MemoryRole.TEMPORARY: "temporary",
    MemoryRole.ACTIVATION: "activation",
    MemoryRole.GRADIENT: "gradient",
    MemoryRole.OPTIMIZER: "optimizer",
    MemoryRole.INPUT: "input",
    MemoryRole.BACKWARD: "backward",
    MemoryRole.INTERMEDIATE: "intermediate",
    MemoryRole.KEPT: "kept",
}


def memory_roles(trace: Trace, nested: Nesting, found: Allocations) -> NDArray[np.int8]:
    """(k,) a MemoryRole for each allocation.

    Temporary: freed in the operator that allocated it. Input: allocated by a DataLoader. Optimizer: in its step.
    Gradient: where gradients are accumulated, or in the backward pass and never freed. Backward: there, and freed.
    Activation: allocated outside of the backward pass, and freed in it. Intermediate: freed outside. Kept: not freed.
    """
    backward = _around(trace, nested, _BACKWARD) | (forward_of(trace, nested) >= 0)
    made, freed = found.slice, found.freed_in
    role = np.full(len(found), MemoryRole.KEPT, np.int8)
    role[found.freed >= 0] = MemoryRole.INTERMEDIATE
    role[~_at(backward, made) & _at(backward, freed)] = MemoryRole.ACTIVATION
    role[_at(backward, made)] = MemoryRole.BACKWARD
    role[_at(backward, made) & (found.freed < 0)] = MemoryRole.GRADIENT
    role[_at(_around(trace, nested, _GRADIENT), made)] = MemoryRole.GRADIENT
    role[_at(_around(trace, nested, _OPTIMIZER), made)] = MemoryRole.OPTIMIZER
    role[_at(_around(trace, nested, DATA_LOADER), made)] = MemoryRole.INPUT
    role[_freed_within(trace, found)] = MemoryRole.TEMPORARY
    role[found.allocated < 0] = MemoryRole.BEFORE
    return role


def _around(trace: Trace, nested: Nesting, pattern: re.Pattern[str]) -> NDArray[np.bool_]:
    """(n,) whether a slice is, or lies in, one with such a name."""
    return nearest(nested.parent, slices_named(trace, pattern)) >= 0


def _at(chosen: NDArray[np.bool_], rows: NDArray[np.int32]) -> NDArray[np.bool_]:
    return np.asarray((rows >= 0) & chosen[rows]) if len(chosen) else np.zeros(len(rows), np.bool_)


def _freed_within(trace: Trace, found: Allocations) -> NDArray[np.bool_]:
    known = found.operator >= 0
    end = np.full(len(found), np.iinfo(np.int64).min)
    end[known] = trace.slices.end[found.operator[known]]
    return np.asarray(found.end(trace) <= end)

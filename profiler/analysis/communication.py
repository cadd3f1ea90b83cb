"""Which kernels move data between GPUs."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from ..trace import Category, Trace

__all__ = ["COMMUNICATION", "LIKE_COMMUNICATION", "is_communication"]

COMMUNICATION = re.compile(r"nccl|rccl", re.IGNORECASE)
# Kernels of other libraries that often communicate, too. They count as computation, as in other tools.
LIKE_COMMUNICATION = re.compile(
    r"nvshmem|deep_?ep|cross_device_reduce|all_?reduce|all_?gather|reduce_scatter|all_?to_?all", re.I
)


def is_communication(trace: Trace, pattern: re.Pattern[str] = COMMUNICATION) -> NDArray[np.bool_]:
    """(n,) bool per slice: kernels by name, or because Kineto wrote the collective's name beside them."""
    named = np.array([pattern.search(name) is not None for name in trace.names] or [False], np.bool_)
    kernels: NDArray[np.bool_] = trace.slices.category == Category.KERNEL
    found: NDArray[np.bool_] = kernels & named[trace.slices.name]
    collective = trace.arguments.get("Collective name")
    if collective is not None:
        rows = collective.rows
        found[rows[kernels[rows]]] = True
    return found

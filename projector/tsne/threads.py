"""Loops over points on all cores: kernels run without the GIL, so threads do."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from typing import TypeVar

__all__ = ["cores", "in_ranges", "ranges"]

T = TypeVar("T")

_PARTS = 8  # always as many, so that sums do not depend on the machine
_FEWEST = 256  # points that are worth a thread


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def ranges(count: int) -> list[tuple[int, int]]:
    """`count` points in at most eight ranges of about equal length."""
    parts = max(1, min(_PARTS, count // _FEWEST))
    ends = [count * part // parts for part in range(parts + 1)]
    return list(pairwise(ends))


def in_ranges(count: int, work: Callable[[int, int], T]) -> list[T]:
    """What work(begin, end) returns for all ranges of `count` points, called in threads, in order."""
    pieces = ranges(count)
    if len(pieces) == 1 or cores() == 1:
        return [work(begin, end) for begin, end in pieces]
    return [done.result() for done in [_pool(os.getpid()).submit(work, begin, end) for begin, end in pieces]]


@cache
def _pool(process: int) -> ThreadPoolExecutor:
    """One in each process: a fork has the pool of its parent, but not the threads."""
    return ThreadPoolExecutor(cores(), thread_name_prefix="stepscope-tsne")

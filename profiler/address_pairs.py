"""Allocations and freeings of the same address, joined."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["pair_by_address"]


def pair_by_address(
    address: NDArray[np.int64], allocates: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """((k,) rows that allocate, (k,) rows that free), -1 where there is none, of n events in order of time.

    An allocation meets the next event of its address, if that frees. Two allocations in a row: the freeing of the first
    was not recorded. A freeing behind no allocation is of something from before.
    """
    order = np.argsort(address, kind="stable")  # within one address: in order of time
    made = allocates[order]
    followed = np.zeros(len(order), np.bool_)
    followed[:-1] = (address[order[1:]] == address[order[:-1]]) & made[:-1] & ~made[1:]
    after = np.zeros(len(order), np.bool_)
    after[1:] = followed[:-1]
    following = np.append(order[1:], -1)
    alone = ~made & ~after
    allocated = np.concatenate([order[made], np.full(int(alone.sum()), -1)])
    freed = np.concatenate([np.where(followed, following, -1)[made], order[alone]])
    by_time = np.argsort(allocated, kind="stable")
    return allocated[by_time], freed[by_time]

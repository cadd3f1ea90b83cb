"""How kernels were launched: blocks, threads, registers, shared memory, as the trace tells."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..trace import Category, Trace

__all__ = ["LaunchShapes", "launch_shapes"]

_IMPOSSIBLE = 1 << 48  # blocks or threads: a number of damage


@dataclass(frozen=True)
class LaunchShapes:
    """Columns (k,) over the kernels of a trace, in order of start; -1 where it does not tell.

    rows           int64, of `Trace.slices`
    device         int64
    blocks         int64, of the grid
    threads        int64, of a block
    registers      int64, of a thread
    shared_memory  int64 bytes, of a block
    blocks_per_multiprocessor  float64: told, or blocks / multiprocessors; NaN when neither can be had
    """

    rows: NDArray[np.int64]
    device: NDArray[np.int64]
    blocks: NDArray[np.int64]
    threads: NDArray[np.int64]
    registers: NDArray[np.int64]
    shared_memory: NDArray[np.int64]
    blocks_per_multiprocessor: NDArray[np.float64]


def launch_shapes(trace: Trace) -> LaunchShapes:
    """The shapes of all kernels of the trace."""
    rows = trace.rows_of(Category.KERNEL)
    devices = np.array([track.device for track in trace.tracks] or [-1], np.int64)
    device = devices[trace.slices.track[rows]]
    blocks = _volumes(trace, "grid", rows)
    told = trace.argument("blocks per SM", rows=rows).astype(np.float64)
    multiprocessors = {known.id: known.multiprocessors for known in trace.devices}
    count = np.array([multiprocessors.get(number, 0) for number in device.tolist()], np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        computed = np.where((blocks >= 0) & (count > 0), blocks / count, np.nan)
    return LaunchShapes(
        rows,
        device,
        blocks,
        _volumes(trace, "block", rows),
        trace.argument("registers per thread", rows=rows).astype(np.int64),
        trace.argument("shared memory", rows=rows).astype(np.int64),
        np.where(told > 0, told, computed),
    )


def _volumes(trace: Trace, name: str, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """(k,) the product of a list like "[64, 2, 1]"; -1 where there is none."""
    column = trace.arguments.get(name)
    if column is None or column.texts is None:
        return np.full(len(rows), -1, np.int64)
    products = np.array([*(_volume(text) for text in column.texts), -1], np.int64)
    return np.asarray(products[column.of(rows, -1)])


def _volume(text: str) -> int:
    try:
        sides = [int(side) for side in json.loads(text)]
    except (ValueError, TypeError, OverflowError):
        return -1
    volume = math.prod(sides) if sides and min(sides) > 0 else -1
    return volume if volume < _IMPOSSIBLE else -1

"""How full the multiprocessors are: occupancy computed anew from the shape of each launch, and what limits it.

Kineto's own estimate is 0 for every kernel with more than 48 KB of shared memory (it asks CUDA for the limit of kernels
that did not opt in to more), which is most of flash attention and of the matrix products since Hopper.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..table import Column, Table
from ..trace import Device, Trace
from .launch_shapes import LaunchShapes, launch_shapes

__all__ = ["LIMITERS", "Occupancy", "kernel_occupancy", "occupancy"]

# What holds the number of resident blocks down; in order of `Occupancy.limiter`.
LIMITERS = ("", "threads", "registers", "shared memory", "blocks", "grid")
_GRID = 5

# Compute capability → (warps, blocks, bytes of shared memory) a multiprocessor holds: CUDA C++ Programming Guide,
# "Technical Specifications per Compute Capability". What the trace tells of its device comes before these.
_LIMITS = {
    (6, 0): (64, 32, 65536),
    (6, 1): (64, 32, 98304),
    (7, 0): (64, 32, 98304),
    (7, 2): (64, 32, 98304),
    (7, 5): (32, 16, 65536),
    (8, 0): (64, 32, 167936),
    (8, 6): (48, 16, 102400),
    (8, 7): (48, 16, 167936),
    (8, 9): (48, 24, 102400),
    (9, 0): (64, 32, 233472),
    (10, 0): (64, 32, 233472),
    (10, 3): (64, 32, 233472),
    (11, 0): (48, 24, 233472),
    (12, 0): (48, 24, 102400),
    (12, 1): (48, 24, 102400),
}
_REGISTERS = 65536
_REGISTERS_A_WARP = 256  # registers are given to a warp in this unit
_PARTITIONS = 4  # of a multiprocessor; each holds as many warps
_WARP = 32
_NO_LIMIT = 1 << 30


@dataclass(frozen=True)
class Occupancy:
    """Columns (k,) over the kernels of a trace, in order of start.

    rows         int64, of `Trace.slices`
    share        float64, 0 to 1: resident threads by those that fit, as far as the grid fills the GPU; NaN unknown
    reported     float64, 0 to 1: what the trace says; NaN where it says nothing
    theoretical  float64, 0 to 1: with a grid without end
    limiter      int8, of LIMITERS
    repaired     bool: the trace says 0 and that is wrong by one percent or more
    """

    rows: NDArray[np.int64]
    share: NDArray[np.float64]
    reported: NDArray[np.float64]
    theoretical: NDArray[np.float64]
    limiter: NDArray[np.int8]
    repaired: NDArray[np.bool_]


def occupancy(trace: Trace, shapes: LaunchShapes | None = None) -> Occupancy:
    """Of each kernel: how many of its blocks a multiprocessor holds at once, times their threads.

    With w warps a block, a multiprocessor of W warps, R registers, S bytes of shared memory and B blocks holds
    min(W/w, floor4(R / ceil256(32 · registers)) / w, S / (ceil(shared memory) + reserved), B) blocks, each rounded
    down; the grid may have fewer. Where Kineto tells what CUDA computed (`occupancy`), that is taken.
    """
    shapes = shapes or launch_shapes(trace)
    count = len(shapes.rows)
    share, theoretical = np.full(count, np.nan), np.full(count, np.nan)
    limiter = np.zeros(count, np.int8)
    for device in trace.devices:
        if limits := _limits(device):
            here = np.flatnonzero((shapes.device == device.id) & (shapes.threads > 0))
            share[here], theoretical[here], limiter[here] = _of_device(trace, shapes, here, device, limits)
    told = trace.argument("est. achieved occupancy %", rows=shapes.rows).astype(np.float64)
    reported = np.where(told >= 0, told / 100, np.nan)
    repaired = (reported == 0) & (share >= 0.005)
    share = np.where(np.isnan(share), reported, share)
    return Occupancy(shapes.rows, share, reported, theoretical, limiter, repaired)


def kernel_occupancy(trace: Trace, found: Occupancy | None = None) -> Table:
    """A row per kernel name, the one with most time first: occupancy weighted by time, and its most usual limiter."""
    found = found or occupancy(trace)
    names = trace.slices.name[found.rows]
    codes, place = np.unique(names, return_inverse=True)
    duration = np.maximum(trace.slices.duration[found.rows], 0).astype(np.float64)

    def weighted(values: NDArray[np.float64]) -> NDArray[np.float64]:
        weight = np.where(np.isnan(values), 0, duration)
        total = np.bincount(place, weight, len(codes))
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(np.bincount(place, weight * np.nan_to_num(values), len(codes)) / total)

    by_limiter = np.zeros((len(codes), len(LIMITERS)))
    np.add.at(by_limiter, (place, found.limiter), duration)
    time = np.bincount(place, duration, len(codes)).astype(np.int64)
    order = np.argsort(-time, kind="stable")
    limiters = by_limiter.argmax(axis=1)[order].tolist() if len(codes) else []
    return Table(
        "occupancy",
        "Occupancy",
        (
            Column("name", "Kernel", [trace.names[code] for code in codes[order]]),
            Column("calls", "Calls", np.bincount(place, minlength=len(codes))[order], "count"),
            Column("time", "Time", time[order], "ns"),
            Column("occupancy", "Occupancy", weighted(found.share)[order], "share", occupancy.__doc__ or ""),
            Column("reported", "In the trace", weighted(found.reported)[order], "share", "Kineto's estimate"),
            Column("theoretical", "With a large grid", weighted(found.theoretical)[order], "share"),
            Column("limiter", "Limited by", [LIMITERS[limiter] for limiter in limiters], "", "for most of its time"),
        ),
    )


@dataclass(frozen=True)
class _Limits:
    warps: int
    blocks: int
    shared_memory: int
    registers: int
    unit: int
    reserved: int


def _limits(device: Device) -> _Limits | None:
    """None for GPUs whose limits are not known here: AMD's, and those of compute capabilities to come."""
    known = _LIMITS.get(device.compute_capability)
    if known is None or device.warp_size != _WARP or device.multiprocessors == 0:
        return None
    warps, blocks, shared_memory = known
    modern = device.compute_capability[0] >= 8
    return _Limits(
        device.threads_per_multiprocessor // _WARP or warps,
        blocks,
        device.shared_memory_per_multiprocessor or shared_memory,
        device.registers_per_multiprocessor or _REGISTERS,
        unit=128 if modern else 256,
        reserved=1024 if modern else 0,
    )


def _of_device(
    trace: Trace, shapes: LaunchShapes, here: NDArray[np.int64], device: Device, limits: _Limits
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int8]]:
    threads, registers = shapes.threads[here], shapes.registers[here]
    shared = np.maximum(shapes.shared_memory[here], 0)
    warps = _units(threads, _WARP)
    a_warp = np.maximum(_units(registers * _WARP, _REGISTERS_A_WARP) * _REGISTERS_A_WARP, 1)
    by_registers = limits.registers // a_warp // _PARTITIONS * _PARTITIONS // warps
    space = _units(shared, limits.unit) * limits.unit + limits.reserved
    fitting = np.stack(
        [
            limits.warps // warps,
            np.where(registers > 0, by_registers, _NO_LIMIT),
            np.where(space > 0, limits.shared_memory // np.maximum(space, 1), _NO_LIMIT),
            np.full(len(here), limits.blocks),
        ]
    )
    told = _told(trace, shapes.rows[here])
    # It ran, so one block fits, whatever the limits say.
    resident = np.maximum(np.where(told >= 0, told, fitting.min(axis=0)), 1)
    launched = shapes.blocks_per_multiprocessor[here]
    limiter = np.where(launched < resident, _GRID, fitting.argmin(axis=0) + 1).astype(np.int8)
    fit = limits.warps * _WARP
    share = np.minimum(resident, np.where(np.isnan(launched), resident, launched)) * threads / fit
    return np.minimum(share, 1), np.minimum(resident * threads / fit, 1), limiter


def _units(amount: NDArray[np.int64], unit: int) -> NDArray[np.int64]:
    return np.asarray(-(-amount // unit))


def _told(trace: Trace, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """(k,) resident blocks as newer Kineto writes them beside a kernel; -1 where it does not."""
    column = trace.arguments.get("occupancy")
    if column is None or column.texts is None:
        return np.full(len(rows), -1, np.int64)
    blocks = np.array([*(_active_blocks(text) for text in column.texts), -1], np.int64)
    return np.asarray(blocks[column.of(rows, -1)])


def _active_blocks(text: str) -> int:
    try:
        return int(json.loads(text)["activeBlocksPerMultiprocessor"])
    except (ValueError, TypeError, KeyError):
        return -1

"""What each kernel costs, how it was launched, and how well it fills the device."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..table import Column, Table
from ..trace import Category, Trace
from .attribution import Attribution, attribution
from .communication import is_communication
from .groups import Groups, grouped, in_order
from .launch_shapes import LaunchShapes, launch_shapes
from .occupancy import LIMITERS, Occupancy, occupancy
from .tensor_cores import kernels_on_tensor_cores, tensor_cores

__all__ = ["KernelsBy", "copies", "kernels"]

KernelsBy = Literal["name", "launch", "operator"]


def kernels(
    trace: Trace,
    by: KernelsBy = "name",
    window: tuple[int, int] | None = None,
    found: Attribution | None = None,
) -> Table:
    """One row for each kernel (and its grid and block, or the operator that launched it), the costliest first.

    window  (start, end) ns: only kernels that begin within
    """
    found = found or attribution(trace)
    shapes = launch_shapes(trace)
    rows = _in_window(trace, shapes.rows, window)
    groups = grouped(rows, _keys(trace, found, by))
    longest = groups.largest(trace.slices.duration)
    columns = [
        Column("name", "Kernel", [trace.names[code] for code in trace.slices.name[longest]]),
        *_times(trace, groups),
        *_use_of_tensor_cores(trace, found, groups),
        Column("operator", "Operator", _operators(trace, found, longest), "", "That launched the longest call."),
        *_launches(trace, shapes, groups, longest),
        *_occupancies(trace, occupancy(trace, shapes), groups),
        Column("row", "Longest call", longest, "", "Its slice in the timeline."),
    ]
    table = Table("kernels", "Kernels", tuple(columns), _notes(trace))
    return in_order(table, np.argsort(-np.asarray(table["total"]), kind="stable"))


def copies(trace: Trace, window: tuple[int, int] | None = None) -> Table:
    """One row for each kind of copy and fill: time, bytes, bytes a second."""
    rows = _in_window(trace, trace.rows_of(Category.MEMCPY, Category.MEMSET), window)
    groups = grouped(rows, [trace.slices.name.astype(np.int64)])
    size = np.maximum(trace.argument("bytes", 0), 0).astype(np.int64)
    total, moved = groups.sum(np.maximum(trace.slices.duration, 0)), groups.sum(size)
    longest = groups.largest(trace.slices.duration)
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = np.where((moved > 0) & (total > 0), moved / (total / 1e9), np.nan)
    table = Table(
        "copies",
        "Copies and fills",
        (
            Column("name", "Kind", [trace.names[code] for code in trace.slices.name[longest]]),
            Column("calls", "Calls", groups.calls(), "count"),
            Column("total", "Total", total, "ns"),
            Column("bytes", "Bytes", moved, "bytes"),
            Column("rate", "Bytes a second", rate, "bytes/s", "Bytes by time, over all calls."),
            Column("row", "Longest call", longest, "", "Its slice in the timeline."),
        ),
    )
    return in_order(table, np.argsort(-total, kind="stable"))


def _in_window(trace: Trace, rows: NDArray[np.int64], window: tuple[int, int] | None) -> NDArray[np.int64]:
    if window is None:
        return rows
    begun = trace.slices.start[rows]
    return rows[(begun >= window[0]) & (begun < window[1])]


def _keys(trace: Trace, found: Attribution, by: KernelsBy) -> list[NDArray[np.int64]]:
    keys = [trace.slices.name.astype(np.int64)]
    if by == "launch":
        keys += [_codes(trace, name) for name in ("grid", "block")]
    elif by == "operator":
        launcher = np.full(len(trace.slices), -1, np.int64)
        launcher[found.rows] = np.where(found.operator >= 0, trace.slices.name[found.operator], -1)
        keys.append(launcher)
    elif by != "name":
        raise ValueError(f"kernels: got by={by!r}, want 'name', 'launch' or 'operator'")
    return keys


def _codes(trace: Trace, name: str) -> NDArray[np.int64]:
    column = trace.arguments.get(name)
    return column.dense(len(trace.slices), -1).astype(np.int64) if column else np.full(len(trace.slices), -1, np.int64)


def _times(trace: Trace, groups: Groups) -> list[Column]:
    duration = np.maximum(trace.slices.duration, 0)
    calls, total = groups.calls(), groups.sum(duration)
    low, high = groups.extreme(duration)
    with np.errstate(invalid="ignore", divide="ignore"):
        share, mean = total / max(int(total.sum()), 1), total / calls
    return [
        Column("calls", "Calls", calls, "count"),
        Column("total", "Total", total, "ns", "Durations, also of kernels that run side by side, added up."),
        Column("share", "Share", share, "share", "Of the time of all kernels here."),
        Column("mean", "Mean", mean, "ns"),
        Column("shortest", "Shortest", low, "ns"),
        Column("longest", "Longest", high, "ns"),
    ]


def _use_of_tensor_cores(trace: Trace, found: Attribution, groups: Groups) -> list[Column]:
    flags = np.zeros((3, len(trace.slices)), np.int64)
    flags[0, found.rows] = kernels_on_tensor_cores(trace, found)
    flags[1, found.rows] = tensor_cores(trace, found).unused
    flags[2] = is_communication(trace)
    used, unused, talks = (groups.sum(flag) > 0 for flag in flags)
    words = np.select([talks, used, unused], ["", "used", "could be used"], "")
    kinds = np.where(talks, "communication", "computation")
    return [
        Column("kind", "Kind", kinds.tolist()),
        Column("tensor_cores", "Tensor cores", words.tolist(), "", _TENSOR_CORES),
    ]


_TENSOR_CORES = (
    "Used: the kernel's name says so. Could be used: it does the work of a matrix product, a convolution or of "
    "attention on plain units; half precision, or TF32 for float32, moves such work to tensor cores."
)


def _operators(trace: Trace, found: Attribution, rows: NDArray[np.int64]) -> list[str]:
    place = np.searchsorted(found.rows, rows)
    operator = found.operator[place]
    return [trace.names[trace.slices.name[row]] if row >= 0 else "" for row in operator]


def _launches(trace: Trace, shapes: LaunchShapes, groups: Groups, longest: NDArray[np.int64]) -> list[Column]:
    blocks = np.full(len(trace.slices), np.nan)
    blocks[shapes.rows] = shapes.blocks_per_multiprocessor
    return [
        Column("grid", "Grid", _texts(trace, "grid", longest), "", "Blocks of the longest call."),
        Column("block", "Block", _texts(trace, "block", longest), "", "Threads of its blocks."),
        Column(
            "registers",
            "Registers",
            _figure(trace, "registers per thread", longest),
            "count",
            "A thread, of the longest call.",
        ),
        Column("shared_memory", "Shared memory", _figure(trace, "shared memory", longest), "bytes", "A block."),
        Column(
            "blocks_per_sm", "Blocks per SM", _weighted(trace, groups, blocks), "", "Mean by time; below 1 SMs idle."
        ),
    ]


def _figure(trace: Trace, name: str, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    told = trace.argument(name)[rows].astype(np.float64)
    return np.where(told >= 0, told, np.nan)


def _texts(trace: Trace, name: str, rows: NDArray[np.int64]) -> list[str]:
    column = trace.arguments.get(name)
    if column is None or column.texts is None:
        return [""] * len(rows)
    codes = column.dense(len(trace.slices), -1)[rows]
    return [
        " × ".join(column.texts[code].strip("[]").replace(" ", "").split(",")) if code >= 0 else "" for code in codes
    ]


def _occupancies(trace: Trace, found: Occupancy, groups: Groups) -> list[Column]:
    share, limiter = np.full(len(trace.slices), np.nan), np.zeros(len(trace.slices), np.int64)
    share[found.rows], limiter[found.rows] = found.share, found.limiter
    longest = groups.largest(trace.slices.duration)
    return [
        Column("occupancy", "Occupancy", _weighted(trace, groups, share), "share", occupancy.__doc__ or ""),
        Column("limiter", "Limited by", [LIMITERS[code] for code in limiter[longest]], "", "Of the longest call."),
    ]


def _weighted(trace: Trace, groups: Groups, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(groups,) means weighted by duration, of calls that have a value; NaN without one."""
    mine = values[groups.rows]
    weight = np.where(np.isnan(mine), 0, np.maximum(trace.slices.duration[groups.rows], 0)).astype(np.float64)
    total = np.bincount(groups.of, weight, groups.count)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.bincount(groups.of, weight * np.nan_to_num(mine), groups.count) / total)


def _notes(trace: Trace) -> tuple[str, ...]:
    if not len(trace.rows_of(Category.KERNEL)):
        return ("The trace has no kernels: it was captured without a GPU, or without ProfilerActivity.CUDA.",)
    return ()

"""How much of the time a GPU works, and on how many of its multiprocessors."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ..table import Column, Table
from ..trace import Counter, Device, Trace
from .intervals import clip, length, length_until, union
from .launch_shapes import LaunchShapes, launch_shapes
from .occupancy import Occupancy, occupancy
from .steps import Steps, steps

__all__ = ["sm_efficiency_curves", "utilization", "utilization_curves"]

_EFFICIENCY = "mean of min(1, blocks / multiprocessors) of what runs; idle counts 0"


def utilization(
    trace: Trace,
    window: tuple[int, int] | None = None,
    shapes: LaunchShapes | None = None,
    filled: Occupancy | None = None,
) -> Table:
    """A row per GPU that ran a kernel: utilization, SM efficiency and occupancy in the window, by default that of the
    complete steps; NaN where no step is complete.

    Definitions of torch-tb-profiler: utilization = time with a kernel / window. SM efficiency = mean over the window of
    min(1, blocks per multiprocessor of the kernels that run), idle counting 0. Occupancy = mean over the kernels,
    weighted by their time in the window.
    """
    start, end = window or _window(steps(trace))
    shapes = shapes or launch_shapes(trace)
    filled = filled or occupancy(trace, shapes)
    ids = np.unique(shapes.device).tolist()
    rows = [_of_device(trace, shapes, filled, device, start, end) for device in ids]
    figures = np.array(rows, np.float64).reshape(-1, 5)
    if start == end:
        figures[:, :2] = np.nan
    columns = (
        Column("utilization", "Utilization", figures[:, 0], "share", "time with a kernel / all time"),
        Column("sm_efficiency", "SM efficiency", figures[:, 1], "share", _EFFICIENCY),
        Column("occupancy", "Occupancy", figures[:, 2], "share", "resident threads / those that fit, computed anew"),
        Column("reported_occupancy", "Occupancy in the trace", figures[:, 3], "share", "Kineto's, 0 above 48 KB"),
        Column("kernels", "Kernels", figures[:, 4].astype(np.int64), "count"),
    )
    return Table("utilization", "GPUs", (*_descriptions(trace, ids), *columns))


def _descriptions(trace: Trace, ids: list[int]) -> Iterator[Column]:
    known = {device.id: device for device in trace.devices}
    devices = [known.get(id, Device(id)) for id in ids]
    yield Column("device", "GPU", np.array(ids, np.int64))
    yield Column("name", "Name", [device.name for device in devices])
    yield Column("memory", "Memory", np.array([device.memory for device in devices], np.int64), "bytes")
    yield Column("compute_capability", "Compute capability", [_capability(device) for device in devices])
    yield Column("multiprocessors", "SMs", np.array([device.multiprocessors for device in devices], np.int64), "count")


def utilization_curves(trace: Trace, buckets: int = 1000) -> list[Counter]:
    """Per GPU, the share of each of the equal buckets of time in which a kernel ran; a value holds until the next."""
    shapes = launch_shapes(trace)
    if len(shapes.rows) == 0:
        return []
    slices = trace.slices
    edges = np.linspace(int(slices.start.min()), int(slices.end.max()), buckets + 1).astype(np.int64)
    curves = []
    for device in np.unique(shapes.device).tolist():
        rows = shapes.rows[shapes.device == device]
        covered = np.diff(length_until(union(slices.start[rows], slices.end[rows]), edges))
        share = covered / np.maximum(np.diff(edges), 1)
        curves.append(Counter(f"GPU {device} utilization", edges, np.r_[share, 0.0]))
    return curves


def sm_efficiency_curves(trace: Trace) -> list[Counter]:
    """Per GPU, min(1, blocks per multiprocessor of the kernels that run) as it changes; held until the next."""
    shapes = launch_shapes(trace)
    return [
        Counter(f"GPU {device} SM efficiency", *_efficiency(trace, shapes, device))
        for device in np.unique(shapes.device).tolist()
    ]


def _window(of: Steps) -> tuple[int, int]:
    if not of.complete.any():
        return 0, 0
    return int(of.start[of.complete].min()), int(of.end[of.complete].max())


def _capability(device: Device) -> str:
    return ".".join(map(str, device.compute_capability)) if any(device.compute_capability) else ""


def _of_device(
    trace: Trace, shapes: LaunchShapes, filled: Occupancy, device: int, start: int, end: int
) -> tuple[float, float, float, float, int]:
    here = shapes.device == device
    rows = shapes.rows[here]
    begun, ended = trace.slices.start[rows], trace.slices.end[rows]
    span = max(end - start, 1)
    busy = length(clip(union(begun, ended), start, end))
    time, value = _efficiency(trace, shapes, device)
    inside = np.clip(time, start, end)
    efficiency = float((np.diff(inside) * value[:-1]).sum() / span) if len(time) else float("nan")
    weight = np.maximum(np.minimum(ended, end) - np.maximum(begun, start), 0)
    share = _mean(filled.share[here], weight)
    return busy / span, efficiency, share, _mean(filled.reported[here], weight), int((weight > 0).sum())


def _mean(values: NDArray[np.float64], weight: NDArray[np.int64]) -> float:
    told = ~np.isnan(values) & (weight > 0)
    return float(np.average(values[told], weights=weight[told])) if told.any() else float("nan")


def _efficiency(trace: Trace, shapes: LaunchShapes, device: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Times of changes, and the efficiency from each on; both empty where blocks are not told."""
    chosen = (shapes.device == device) & (shapes.blocks_per_multiprocessor > 0)
    rows, blocks = shapes.rows[chosen], shapes.blocks_per_multiprocessor[chosen]
    time = np.r_[trace.slices.start[rows], trace.slices.end[rows]]
    order = np.argsort(time, kind="stable")
    running = np.cumsum(np.r_[np.ones(len(rows), np.int64), -np.ones(len(rows), np.int64)][order])
    # Sums of floats leave a trace of what ended: with nothing running it is 0.
    sums = np.where(running > 0, np.cumsum(np.r_[blocks, -blocks][order]), 0)
    time = time[order]
    last = np.r_[time[1:] != time[:-1], True][: len(time)]
    return time[last], np.clip(sums[last], 0, 1)

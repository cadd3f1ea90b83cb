"""What the GPU's time went to: a split that adds up to all of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..trace import DEVICE_WORK, Category, Trace
from .communication import is_communication
from .intervals import Spans, clip, complement, intersect, length, subtract, union

__all__ = ["GpuSpans", "GpuTime", "gpu_spans", "gpu_time"]


@dataclass(frozen=True)
class GpuSpans:
    """When a GPU of the trace did what, each as spans (see intervals.py).

    computation    kernels that do not communicate, and memsets
    communication  kernels that do, see communication.py
    busy           all of it, copies too
    first, last    ns, of the earliest start and the latest end; both 0 when nothing ran on a GPU
    """

    computation: Spans
    communication: Spans
    memcpy: Spans
    memset: Spans
    kernels: Spans
    busy: Spans
    first: int
    last: int

    @property
    def idle(self) -> Spans:
        """Between the first and the last of the GPU's work."""
        return complement(self.busy, self.first, self.last)


@dataclass(frozen=True)
class GpuTime:
    """All in ns, of all devices of the trace together: a moment counts once, however much ran in it.

    computation + exposed_communication + exposed_memcpy + idle = total, and busy + idle = total.
    overlap: communication while something computed. Exposed: while nothing computed (a copy: nor communicated).
    """

    computation: int
    communication: int
    exposed_communication: int
    memcpy: int
    exposed_memcpy: int
    memset: int
    overlap: int
    busy: int
    idle: int
    total: int


def gpu_spans(trace: Trace, window: tuple[int, int] | None = None) -> GpuSpans:
    """When the GPUs did what, within the window."""
    rows = trace.rows_of(*DEVICE_WORK)
    communicates, category = is_communication(trace)[rows], trace.slices.category[rows]
    start = trace.slices.start[rows]
    end = start + trace.slices.duration[rows]
    kernel, memset, memcpy = (category == kind for kind in (Category.KERNEL, Category.MEMSET, Category.MEMCPY))
    if window is None:
        window = (int(start.min()), int(end.max())) if len(rows) else (0, 0)

    def spans(chosen: NDArray[np.bool_]) -> Spans:
        return clip(union(start[chosen], end[chosen]), *window)

    return GpuSpans(
        spans((kernel | memset) & ~communicates),
        spans(communicates),
        spans(memcpy),
        spans(memset),
        spans(kernel),
        spans(np.ones(len(rows), np.bool_)),
        *window,
    )


def gpu_time(trace: Trace, window: tuple[int, int] | None = None) -> GpuTime:
    """The split of the window's time, or from the first to the last of the GPU's work. All 0 without a GPU.

    The identity is that of TraceLens' GPU timeline; communication is told by the kernel's name or collective.
    """
    spans = gpu_spans(trace, window)
    overlap = length(intersect(spans.communication, spans.computation))
    kernels = union(*np.concatenate([spans.computation, spans.communication]).T)
    busy, total = length(spans.busy), spans.last - spans.first
    return GpuTime(
        computation=length(spans.computation),
        communication=length(spans.communication),
        exposed_communication=length(spans.communication) - overlap,
        memcpy=length(spans.memcpy),
        exposed_memcpy=length(subtract(spans.memcpy, kernels)),
        memset=length(spans.memset),
        overlap=overlap,
        busy=busy,
        idle=total - busy,
        total=total,
    )

"""When the GPU did nothing, and why: every gap between its work has one reason."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from ..trace import HOST_CALLS, Category, Trace
from .attribution import Attribution, attribution
from .gpu_time import gpu_spans
from .intervals import Spans, covered_by, intersect, length_until
from .names import BLOCKING, DATA_LOADER, slices_named

__all__ = ["IDLE_REASONS", "IdleGaps", "IdleReason", "idle_gaps"]

# What passes at the least between the end of a kernel and the start of the next one that is in the queue already.
_LAUNCH_LATENCY = 10_000


class IdleReason(IntEnum):
    """Why the GPU had nothing to do; of the first work behind the gap."""

    HOST = 0
    DATA = 1
    SYNC = 2
    LAUNCH = 3
    DEPENDENCY = 4
    PROFILER = 5
    UNKNOWN = 6


# Title, and what it means.
IDLE_REASONS = {
    IdleReason.HOST: (
        "host",
        "what came next was launched only after the GPU had run out of work, and began soon after that",
    ),
    IdleReason.DATA: ("data", "the same, and for half of the gap or more the loop waited for its data loader"),
    IdleReason.SYNC: ("synchronization", "the host waited for the GPU as the gap began, and launched more only then"),
    IdleReason.LAUNCH: (
        "launch latency",
        "what came next was launched before, and began within 10 µs or as its call ended",
    ),
    IdleReason.DEPENDENCY: (
        "dependency",
        "what came next was launched before, and waited for an event of another stream",
    ),
    IdleReason.PROFILER: ("profiler", "for half of the gap or more the profiler was busy with itself"),
    IdleReason.UNKNOWN: (
        "unknown",
        "what came next waited for more than 10 µs, and for most of the gap, after its launch; or it has no launch, or "
        "nothing came",
    ),
}


@dataclass(frozen=True)
class IdleGaps:
    """Columns (g,), in order of time.

    start, end  int64 ns; together they are `GpuTime.idle`
    reason      int8, an IdleReason
    next        int64, the row of the work that ended the gap
    launch      int64, the row of the call that launched it; -1 without one
    """

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    reason: NDArray[np.int8]
    next: NDArray[np.int64]
    launch: NDArray[np.int64]

    @property
    def duration(self) -> NDArray[np.int64]:
        """(g,) int64 ns."""
        return self.end - self.start


def idle_gaps(trace: Trace, window: tuple[int, int] | None = None, found: Attribution | None = None) -> IdleGaps:
    """The gaps in which no GPU of the trace worked, from its first work to its last or within the window."""
    found = found or attribution(trace)
    gaps = gpu_spans(trace, window).idle
    start, end = gaps[:, 0], gaps[:, 1]
    work_start = trace.slices.start[found.rows]
    place = np.searchsorted(work_start, end, "left")
    known = place < len(found.rows)  # at a window's end nothing may come behind the gap
    place = np.minimum(place, max(len(found.rows) - 1, 0))
    following = np.where(known, found.rows[place], -1) if len(found.rows) else np.full(len(gaps), -1)
    launch = np.where(known, found.launch[place], -1).astype(np.int64) if len(found.rows) else following
    return IdleGaps(start, end, _reasons(trace, gaps, launch), following, launch)


def _reasons(trace: Trace, gaps: Spans, launch: NDArray[np.int64]) -> NDArray[np.int8]:
    slices, start, end = trace.slices, gaps[:, 0], gaps[:, 1]
    launched = launch >= 0
    called = slices.start[launch]
    returned = called + slices.duration[launch]
    # Launched soon and begun late, the wait is not the host's.
    waited = (end - returned > _LAUNCH_LATENCY) & (end - returned > (end - start) // 2)
    late = launched & (called >= start) & ~waited
    early = launched & ~late
    quick = (end - start <= _LAUNCH_LATENCY) | (returned >= end - _LAUNCH_LATENCY)
    waits = slices.category == Category.SYNC
    return np.select(
        [
            _covered(trace, gaps, slices.category == Category.OVERHEAD) >= 0.5,
            late
            & (_covered(trace, gaps, slices_named(trace, DATA_LOADER, Category.OPERATOR, Category.ANNOTATION)) >= 0.5),
            late & _open_at(covered_by(slices, slices_named(trace, BLOCKING, *HOST_CALLS)), start),
            late,
            early & (_covered(trace, gaps, waits) > 0) & ~quick,
            early & quick,
        ],
        [
            IdleReason.PROFILER,
            IdleReason.DATA,
            IdleReason.SYNC,
            IdleReason.HOST,
            IdleReason.DEPENDENCY,
            IdleReason.LAUNCH,
        ],
        IdleReason.UNKNOWN,
    ).astype(np.int8)


def _covered(trace: Trace, gaps: Spans, chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
    """(g,) the share of each gap in which one of these was open."""
    spans = intersect(covered_by(trace.slices, chosen), gaps)
    inside = length_until(spans, gaps[:, 1]) - length_until(spans, gaps[:, 0])
    return np.asarray(inside / np.maximum(gaps[:, 1] - gaps[:, 0], 1))


def _open_at(spans: Spans, times: NDArray[np.int64]) -> NDArray[np.bool_]:
    place = np.searchsorted(spans[:, 0], times, "right") - 1
    if len(spans) == 0:
        return np.zeros(len(times), np.bool_)
    return np.asarray((place >= 0) & (spans[place, 1] >= times))

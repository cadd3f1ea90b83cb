"""From a point of a run to the captured step that is nearest in time: both have wall times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..queries import Refused
from .opened import TRACE_KINDS
from .store import ProfileStore

if TYPE_CHECKING:
    from ...profiler.trace import Trace
    from .listing import ListedProfile

__all__ = ["nearest_step"]


def nearest_step(store: ProfileStore, run: str, wall_time: float) -> dict[str, Any]:
    """`{p, rank, step, from, to, seconds}`: a step of the run's capture that ended nearest to a time.

    from, to  ns of the trace's clock
    seconds   from the step to the wall time (s since the epoch); 0 within it, below 0 where the step came later

    A scalar has the wall time of the end of its step. Raises Refused, Waiting while the trace is being read.
    """
    captures = [one for one in store.listing.profiles() if one.found.kind in TRACE_KINDS and _is_of(one, run)]
    if not captures:
        raise Refused(f"the run {run[:200]!r} has no capture; Profiler(writer, …) writes one beside its scalars", 404)
    capture = min(captures, key=lambda one: abs(one.found.wall_time - wall_time))
    opened = store.find(capture.id)
    trace = store.trace(opened, None)
    if not len(trace.slices):
        raise Refused(f"{capture.found.name}: nothing in it took any time", 422)
    if not trace.zero_ns:
        raise Refused(f"{capture.found.name}: its clock is not the time of day, so no step is near to a point", 422)
    return {"p": capture.id, "rank": opened.file(None).rank, **_step_at(trace, round(wall_time * 1e9) - trace.zero_ns)}


def _is_of(one: ListedProfile, run: str) -> bool:
    """Whether the capture lies in the run's folder, or in that of the run it is a part of."""
    return run == one.found.run or run.startswith(f"{one.found.run}/")


def _step_at(trace: Trace, time: int) -> dict[str, Any]:
    """Steps by the host's clock, as points are logged by it; the window is until the device was done."""
    from ...profiler.analysis.steps import steps

    found = steps(trace)
    before, after = found.host_start - time, time - found.host_end
    step = int(np.argmin(np.maximum(np.maximum(before, after), 0)))
    away = max(int(after[step]), 0) - max(int(before[step]), 0)
    return {
        "step": found.name[step],
        "from": int(found.start[step]),
        "to": int(found.end[step]),
        "seconds": away / 1e9,
    }

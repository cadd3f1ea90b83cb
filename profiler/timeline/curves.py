"""Figures over time beside the slices: memory, GPU utilisation, queue depth, and what the file counts itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..analysis.attribution import Attribution
from ..analysis.memory_events import MemoryCurve, memory_curve, memory_devices
from ..analysis.queue import queue_depth
from ..analysis.utilization import utilization_curves
from ..trace import Counter, Trace

__all__ = ["Curve", "curve_cells", "curves_of"]

_BUCKETS = 4096  # of GPU utilisation


@dataclass(frozen=True)
class Curve:
    """A counter whose values hold until the next. unit: "bytes", "share", "count" or ""."""

    group: str
    counter: Counter
    unit: str

    @property
    def most(self) -> float:
        """The largest value; 0 without any."""
        return float(self.counter.value.max(initial=0))


def curves_of(trace: Trace, found: Attribution | None = None) -> list[Curve]:
    """All there are, in the order in which they are shown."""
    curves = [
        Curve(each.name.removesuffix(" utilization"), each, "share") for each in utilization_curves(trace, _BUCKETS)
    ]
    curves += [Curve(" ".join(each.name.split()[:2]), each, "count") for each in _deepest(queue_depth(trace, found))]
    curves += [curve for device in memory_devices(trace) for curve in _memory(memory_curve(trace, device))]
    curves += [Curve("Counters", each, "") for each in trace.counters if len(each.time)]
    return curves


def _deepest(queues: list[Counter]) -> list[Counter]:
    """Those that tell something: of many streams most never hold more than one."""
    most = {each.name: each.value.max(initial=0) for each in queues}
    deepest = max(most.values(), default=0)
    return [each for each in queues if most[each.name] > 1 or (deepest == 1 and most[each.name] == 1)]


def _memory(told: MemoryCurve) -> list[Curve]:
    """What the allocator has given out, and what it has reserved where the file tells."""
    name = told.device.name.replace("CUDA", "GPU")
    group = name if told.device.type else "Memory of the host"
    named = (("memory allocated", told.allocated), ("memory reserved", told.reserved))
    return [
        Curve(group, Counter(f"{name} {title}", told.time, values.astype(np.float64)), "bytes")
        for title, values in named
        if len(values)
    ]


def curve_cells(
    counter: Counter, start: int, end: int, cells: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """(least, most, last) of each of the equal cells from start to end, (cells,) each; NaN before the first value."""
    if not len(counter.value):
        nothing = np.full(cells, np.nan)
        return nothing, nothing, nothing
    edges = start + (end - start) * np.arange(cells + 1) // cells
    place = np.searchsorted(counter.time, edges, "left")
    value = counter.value
    held = np.where(place > 0, value[np.maximum(place - 1, 0)], np.nan)  # what holds as each cell begins
    last = held[1:]
    least, most = held[:-1].copy(), held[:-1].copy()
    some = np.flatnonzero(place[1:] > place[:-1])
    if len(some):
        inside = value[: place[-1]]
        lows = np.minimum.reduceat(inside, place[some])
        highs = np.maximum.reduceat(inside, place[some])
        least[some], most[some] = np.fmin(least[some], lows), np.fmax(most[some], highs)
    return least, most, last

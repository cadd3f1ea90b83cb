"""Figures over time beside the slices: memory, GPU utilisation, queue depth, and what the file counts itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..analysis.utilization import utilization_curves
from ..trace import Counter, MemoryEvents, Trace

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


def curves_of(trace: Trace) -> list[Curve]:
    """All there are, in the order in which they are shown."""
    busy = utilization_curves(trace, _BUCKETS)
    curves = [Curve(each.name.removesuffix(" utilization"), each, "share") for each in busy]
    curves += _memory(trace.memory)
    curves += [Curve("Counters", each, "") for each in trace.counters if len(each.time)]
    return curves


def _memory(events: MemoryEvents) -> list[Curve]:
    """Of each device: what the allocator has given out, where the file tells totals; and reserved."""
    curves = []
    for kind, device in sorted(set(zip(events.device_type.tolist(), events.device.tolist(), strict=True))):
        own = (events.device_type == kind) & (events.device == device)
        group = f"GPU {device}" if kind else "Host memory"
        for title, totals in (("allocated", events.allocated), ("reserved", events.reserved)):
            told = own & (totals >= 0)
            if told.any() and totals[told].any():
                counter = Counter(f"{group} memory {title}", events.time[told], totals[told].astype(np.float64))
                curves.append(Curve(group, counter, "bytes"))
    return curves


def curve_cells(
    counter: Counter, start: int, end: int, cells: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """(least, most, last) of each of the equal cells from start to end, (cells,) each; NaN before the first value."""
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

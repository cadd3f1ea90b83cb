"""Allocations joined with the freeing of the same address, and who made them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..address_pairs import pair_by_address
from ..trace import Trace
from .memory_events import MemoryDevice
from .nesting import Nesting, nesting, stacks

__all__ = ["Allocations", "allocations", "slices_open_at"]


@dataclass(frozen=True)
class Allocations:
    """Memory that was allocated or freed in the trace, (k,) each, in order of allocation.

    allocated  int64, the event of `Trace.memory`; -1 when it was allocated before the trace began
    freed      int64 likewise; -1 when it was never freed in the trace
    bytes      int64
    slice      int32, the innermost slice open when it was allocated; -1 without one
    operator   int32, the innermost operator then
    freed_in   int32, the innermost slice open when it was freed
    joined     False when the file has no addresses: then nothing is joined, and `freed` is always -1
    """

    device: MemoryDevice
    allocated: NDArray[np.int64]
    freed: NDArray[np.int64]
    bytes: NDArray[np.int64]
    slice: NDArray[np.int32]
    operator: NDArray[np.int32]
    freed_in: NDArray[np.int32]
    joined: bool

    def __len__(self) -> int:
        return len(self.bytes)

    def begin(self, trace: Trace) -> NDArray[np.int64]:
        """(k,) ns; the least int64 when it was before the trace."""
        return _times(trace, self.allocated, np.iinfo(np.int64).min)

    def end(self, trace: Trace) -> NDArray[np.int64]:
        """(k,) ns; the largest int64 when it was not freed."""
        return _times(trace, self.freed, np.iinfo(np.int64).max)

    def alive_after(self, event: int) -> NDArray[np.bool_]:
        """(k,) whether it was allocated right after an event of `Trace.memory`."""
        return (self.allocated <= event) & ((self.freed > event) | (self.freed < 0))


def allocations(trace: Trace, device: MemoryDevice, nested: Nesting | None = None) -> Allocations:
    """Each allocation with the next freeing of its address on the device, see address_pairs.py."""
    memory = trace.memory
    events = np.flatnonzero((memory.device_type == device.type) & (memory.device == device.index))
    events = events[memory.bytes[events] != 0]
    joined = bool(len(events)) and bool((memory.address[events] != 0).any())
    allocated, freed = _joined(trace, events) if joined else _alone(trace, events)
    known = np.where(allocated >= 0, allocated, freed)
    nested = nested or nesting(trace)
    around = _slices_at_events(trace, nested, allocated)
    operator = np.where(around >= 0, nested.operator[around], -1) if len(nested.operator) else around
    return Allocations(
        device,
        allocated,
        freed,
        np.abs(memory.bytes[known]),
        around,
        operator.astype(np.int32),
        _slices_at_events(trace, nested, freed),
        joined,
    )


def slices_open_at(
    trace: Trace, nested: Nesting, time: NDArray[np.int64], track: NDArray[np.int32]
) -> NDArray[np.int32]:
    """(k,) the innermost operator, call or annotation that is open on a track at a time, a row; -1 without one."""
    slices = trace.slices
    host = np.flatnonzero(stacks(trace) == 1)
    found = np.full(len(time), -1, np.int32)
    for each in np.unique(track) if len(host) else ():
        rows = host[slices.track[host] == each]
        mine = np.flatnonzero(track == each)
        place = np.searchsorted(slices.start[rows], time[mine], "right") - 1
        row = np.where(place >= 0, rows[np.maximum(place, 0)], -1) if len(rows) else np.full(len(mine), -1)
        closed = (row >= 0) & (slices.end[row] < time[mine])
        while closed.any():
            row[closed] = nested.parent[row[closed]]
            closed = (row >= 0) & (slices.end[row] < time[mine])
        found[mine] = row
    return found


def _slices_at_events(trace: Trace, nested: Nesting, events: NDArray[np.int64]) -> NDArray[np.int32]:
    found = np.full(len(events), -1, np.int32)
    known = events >= 0
    tracks = _threads(trace)[trace.memory.track[events[known]]]
    found[known] = slices_open_at(trace, nested, trace.memory.time[events[known]], tracks)
    return found


def _threads(trace: Trace) -> NDArray[np.int32]:
    """(tracks,) the first track of the same thread: some files name it by a number here and by a text there."""
    first: dict[tuple[str, str], int] = {}
    places = ((str(track.pid), str(track.tid)) for track in trace.tracks)
    return np.array([first.setdefault(place, row) for row, place in enumerate(places)], np.int32)


def _joined(trace: Trace, events: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    memory = trace.memory
    allocated, freed = pair_by_address(memory.address[events], memory.bytes[events] > 0)
    return np.where(allocated >= 0, events[allocated], -1), np.where(freed >= 0, events[freed], -1)


def _alone(trace: Trace, events: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    made = events[trace.memory.bytes[events] > 0]
    return made, np.full(len(made), -1, np.int64)


def _times(trace: Trace, events: NDArray[np.int64], missing: int) -> NDArray[np.int64]:
    times = np.full(len(events), missing, np.int64)
    times[events >= 0] = trace.memory.time[events[events >= 0]]
    return times

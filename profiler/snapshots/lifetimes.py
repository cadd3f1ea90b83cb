"""How long each piece of memory lived, and the curves of what was allocated and reserved."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..address_pairs import pair_by_address
from .snapshot import Action, Snapshot, State

__all__ = ["AlwaysThere", "Lifetimes", "SnapshotCurve", "lifetimes", "snapshot_curve"]

_ALLOCATES, _FREES = (Action.ALLOC,), (Action.FREE_COMPLETED,)
_GROWS, _SHRINKS = (Action.SEGMENT_ALLOC, Action.SEGMENT_MAP), (Action.SEGMENT_FREE, Action.SEGMENT_UNMAP)
AlwaysThere = np.iinfo(np.int64)  # its ends stand for "before the first event" and "not in the snapshot"


@dataclass(frozen=True)
class Lifetimes:
    """Pieces of a device's memory, (k,) each, in order of allocation: those from before the first event come first.

    begin, end  int64 ns; AlwaysThere.min: before the first event, AlwaysThere.max: not freed
    size        int64 bytes
    address     int64
    stack       int32, a row of Snapshot.stacks: of the allocation, of the freeing where that is not known
    timed       False where the snapshot has no times: then begin and end are numbers of events
    """

    device: int
    begin: NDArray[np.int64]
    end: NDArray[np.int64]
    size: NDArray[np.int64]
    address: NDArray[np.int64]
    stack: NDArray[np.int32]
    timed: bool

    def __len__(self) -> int:
        return len(self.size)

    def alive_at(self, time: int) -> NDArray[np.bool_]:
        """(k,)"""
        return (self.begin <= time) & (self.end > time)


@dataclass(frozen=True)
class SnapshotCurve:
    """(n,) time int64 ns, allocated and reserved int64 bytes after each event that changes them."""

    time: NDArray[np.int64]
    allocated: NDArray[np.int64]
    reserved: NDArray[np.int64]

    @property
    def peak(self) -> int:
        """The row where most was allocated; -1 of an empty curve."""
        return int(np.argmax(self.allocated)) if len(self.time) else -1


def lifetimes(snapshot: Snapshot, device: int) -> Lifetimes:
    """Of all that was allocated, freed, or there at the end. Memory is taken until its freeing is completed."""
    events, blocks = snapshot.events, snapshot.blocks
    rows, clock, timed = _clock(snapshot, device)
    mine = np.isin(events.action[rows], [*_ALLOCATES, *_FREES])
    rows, clock = rows[mine], clock[mine]
    allocated, freed = pair_by_address(events.address[rows], np.isin(events.action[rows], _ALLOCATES))
    known = rows[np.where(allocated >= 0, allocated, freed)]
    begin = np.where(allocated >= 0, clock[allocated] if len(clock) else 0, AlwaysThere.min)
    end = np.where(freed >= 0, clock[freed] if len(clock) else 0, AlwaysThere.max)
    # What is there at the end and was neither allocated nor freed by an event was there all the time.
    open_now = events.address[known[freed < 0]] if len(known) else np.empty(0, np.int64)
    there = (blocks.state != State.INACTIVE) & (snapshot.segments.device[blocks.segment] == device)
    there &= ~np.isin(blocks.address, open_now)
    count = int(there.sum())
    return Lifetimes(
        device,
        np.concatenate([np.full(count, AlwaysThere.min), begin]),
        np.concatenate([np.full(count, AlwaysThere.max), end]),
        np.concatenate([blocks.size[there], events.size[known]]),
        np.concatenate([blocks.address[there], events.address[known]]),
        np.concatenate([blocks.stack[there], events.stack[known]]),
        timed,
    )


def snapshot_curve(snapshot: Snapshot, device: int, found: Lifetimes) -> SnapshotCurve:
    """Allocated: the sum of sizes alive. Reserved: counted back from the segments that are there at the end."""
    events = snapshot.events
    rows, clock, _ = _clock(snapshot, device)
    action, size = events.action[rows], events.size[rows]
    sign = np.isin(action, _ALLOCATES).astype(np.int64) - np.isin(action, _FREES)
    grown = np.isin(action, _GROWS).astype(np.int64) - np.isin(action, _SHRINKS)
    before = int(found.size[found.begin == AlwaysThere.min].sum())
    allocated, reserved = before + np.cumsum(sign * size), np.cumsum(grown * size)
    at_end = int(snapshot.segments.total[snapshot.segments.device == device].sum())
    reserved = reserved + at_end - (int(reserved[-1]) if len(reserved) else 0)
    changes = (sign != 0) | (grown != 0)
    return SnapshotCurve(clock[changes], allocated[changes], reserved[changes])


def _clock(snapshot: Snapshot, device: int) -> tuple[NDArray[np.int64], NDArray[np.int64], bool]:
    """(rows of the device's events, ns of each, whether they are times): numbers where none is told."""
    rows = np.flatnonzero(snapshot.events.device == device)
    time = snapshot.events.time[rows]
    if len(time) and time.max() > 0:
        return rows, np.maximum.accumulate(time), True
    return rows, np.arange(len(rows)), False

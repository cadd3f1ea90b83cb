"""Who waited for whom: the host for a device, and a stream for another stream.

Kineto tells it in `cuda_sync` slices, which are off unless `enable_cuda_sync_events` is set. Without them a blocking
call waited for the work that ended last while it lasted, and work behind a `cudaStreamWaitEvent` may have waited for
any stream.
"""

from __future__ import annotations

import math
import re

import numpy as np
from numpy.typing import NDArray

from ..trace import HOST_CALLS, Category, Trace
from .attribution import Attribution

__all__ = ["blocking_calls", "unknown_waits", "waits_of_streams"]

_BLOCKING = re.compile(
    r"^(cuda|hip|cu)(Stream|Device|Ctx|Event)Synchronize|^(cuda|hip)Memcpy(?!.*Async)|^hipMemcpyWith"
)
_COPY = re.compile(r"^(cuda|hip|cu)Memcpy.*Async")
_WAIT_EVENT = re.compile(r"StreamWaitEvent")
_EVENT_RECORD = "wait_on_cuda_event_record_corr_id"


class _Launches:
    """Device work by its launches, and what `cuda_sync` slices say of it.

    place  (l,) places in `Attribution.rows`, by launch; time (l,) int64 ns of the launches
    """

    def __init__(self, trace: Trace, found: Attribution) -> None:
        self._trace = trace
        launched = np.flatnonzero(found.launch >= 0)
        time = trace.slices.start[found.launch[launched]]
        order = np.lexsort((trace.slices.start[found.rows[launched]], time))
        self.place, self.time = launched[order], time[order]
        stream = trace.slices.track[found.rows[self.place]]
        self._of = {track: np.flatnonzero(stream == track) for track in np.unique(stream).tolist()}
        # Rows of synchronisations may have tracks of their own, a million further on.
        self._tracks: dict[tuple[int, int], int] = {
            (trace.tracks[track].device, trace.tracks[track].stream): track for track in self._of
        }
        calls = trace.rows_of(*HOST_CALLS)
        correlation, start = trace.slices.correlation[calls].tolist(), trace.slices.start[calls].tolist()
        self._called: dict[int, int] = dict(zip(correlation, start, strict=True))

    def track(self, row: int, argument: str = "stream") -> int:
        """The track of the stream that a slice names; -1 when nothing ran on it."""
        key = (self._number("device", row), self._number(argument, row) % 1_000_000)
        return self._tracks.get(key, -1)

    def called(self, row: int) -> int:
        """ns when the call began that a slice belongs to."""
        slices = self._trace.slices
        return self._called.get(int(slices.correlation[row]), int(slices.start[row]))

    def next(self, track: int, time: int) -> int:
        """The place of what was launched next onto a stream; -1."""
        own = self._of[track]
        at = int(np.searchsorted(self.time[own], time, "right"))
        return int(self.place[own[at]]) if at < len(own) else -1

    def recorded(self, row: int) -> int:
        """The place of the work in front of the event that a slice waits for; -1.

        Older files do not name the call that recorded it: then what was launched in front of the waiting call counts.
        """
        track, recorded = self.track(row, "wait_on_stream"), self._number(_EVENT_RECORD, row)
        when = self._called.get(recorded) if recorded >= 0 else self.called(row)
        if track < 0 or when is None:
            return -1
        own = self._of[track]
        at = int(np.searchsorted(self.time[own], when)) - 1
        return int(self.place[own[at]]) if at >= 0 else -1

    def _number(self, name: str, row: int) -> int:
        column = self._trace.arguments.get(name)
        value = column.at(row) if column is not None else None
        return int(value) if isinstance(value, int | float) and math.isfinite(value) else -1


def blocking_calls(trace: Trace, found: Attribution) -> dict[int, int]:
    """Calls that waited → the row of the work whose end they waited for.

    A call waited when that work ended while it lasted. Events and streams that are told of are believed.
    """
    slices, end = trace.slices, trace.slices.end
    calls = trace.rows_of(*HOST_CALLS)
    work = _Work(trace, found)
    told = _told(trace, found)
    waited: dict[int, int] = {}
    for call in calls[_named(trace, _BLOCKING)[slices.name[calls]]].tolist():
        allowed = told.get(int(slices.correlation[call]), (-1, -1))
        place = work.ended_last(int(slices.start[call]), int(end[call]), *allowed)
        if place >= 0:
            waited[call] = int(found.rows[place])
    copied = np.flatnonzero(found.launch >= 0)
    copied = copied[_named(trace, _COPY)[slices.name[found.launch[copied]]]]
    copied = copied[end[found.rows[copied]] <= end[found.launch[copied]]]
    waited.update(zip(found.launch[copied].tolist(), found.rows[copied].tolist(), strict=True))
    return waited


class _Work:
    """Device work by its end."""

    def __init__(self, trace: Trace, found: Attribution) -> None:
        self._end = trace.slices.end[found.rows]
        self._track = trace.slices.track[found.rows]
        self._begun = trace.slices.start[np.where(found.launch >= 0, found.launch, found.rows)]
        self._order = np.argsort(self._end, kind="stable")
        self._ends = self._end[self._order]

    def ended_last(self, start: int, stop: int, track: int, only: int) -> int:
        """The place of what ended last from start to stop, of what was launched before; -1.

        track, only  of this stream, or this work; -1: any
        """
        for at in range(int(np.searchsorted(self._ends, stop, "right")) - 1, -1, -1):
            place = int(self._order[at])
            if self._ends[at] <= start:
                return -1
            if self._begun[place] <= start and track in (-1, self._track[place]) and only in (-1, place):
                return place
        return -1


def _told(trace: Trace, found: Attribution) -> dict[int, tuple[int, int]]:
    """Correlation of a blocking call → the track and the place of the work that it waited for, each -1 for any."""
    rows = trace.rows_of(Category.SYNC)
    if not len(rows):
        return {}
    launches = _Launches(trace, found)
    told: dict[int, tuple[int, int]] = {}
    for row in rows.tolist():
        name = trace.names[trace.slices.name[row]]
        if name == "Stream Sync":
            told[int(trace.slices.correlation[row])] = (launches.track(row), -1)
        elif name == "Event Sync":
            told[int(trace.slices.correlation[row])] = (-1, launches.recorded(row))
    return told


def waits_of_streams(trace: Trace, found: Attribution) -> NDArray[np.int64]:
    """(d,) the place of the work that each one waits for on another stream; -1. From `Stream Wait Event`."""
    waits = np.full(len(found.rows), -1, np.int64)
    rows = [
        row
        for row in trace.rows_of(Category.SYNC).tolist()
        if trace.names[trace.slices.name[row]] == "Stream Wait Event"
    ]
    if not rows:
        return waits
    launches, end = _Launches(trace, found), trace.slices.end[found.rows]
    for row in rows:
        track, source = launches.track(row), launches.recorded(row)
        target = launches.next(track, launches.called(row)) if track >= 0 else -1
        if source >= 0 and target >= 0 and (waits[target] < 0 or end[source] > end[waits[target]]):
            waits[target] = source
    return waits


def unknown_waits(trace: Trace, found: Attribution) -> NDArray[np.bool_]:
    """(d,) bool: work that may have waited for another stream, though nothing tells for which.

    Either a CUDA graph replayed it with others, or its thread had an event waited for since it last launched something
    onto that stream, and the file has no `cuda_sync` slices.
    """
    slices = trace.slices
    rows, launch = found.rows, found.launch
    correlation = slices.correlation[rows]
    _, group, size = np.unique(correlation, return_inverse=True, return_counts=True)
    replayed: NDArray[np.bool_] = (size[group] > 1) & (correlation >= 0)
    if len(trace.rows_of(Category.SYNC)):
        return replayed
    calls = trace.rows_of(*HOST_CALLS)
    calls = calls[_named(trace, _WAIT_EVENT)[slices.name[calls]]]
    launched = np.where(launch >= 0, slices.start[np.maximum(launch, 0)], -1)
    order = np.lexsort((slices.start[rows], launched, slices.track[rows]))
    same = np.r_[False, slices.track[rows][order][1:] == slices.track[rows][order][:-1]]
    before = np.empty(len(order), np.int64)
    before[order] = np.where(same, np.r_[-1, launched[order][:-1]], -1)
    times = np.sort(slices.start[calls])
    waited = np.searchsorted(times, launched) > np.searchsorted(times, before, "right")
    return replayed | (waited & (launch >= 0))


def _named(trace: Trace, pattern: re.Pattern[str]) -> NDArray[np.bool_]:
    """(names,) bool, one at least."""
    return np.array([pattern.search(name) is not None for name in trace.names] or [False], np.bool_)

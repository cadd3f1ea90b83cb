"""Memory as the page asks about it, whichever file tells of it: a trace, a snapshot, or a memory timeline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from ..queries import Refused
from .asking import Asked

if TYPE_CHECKING:
    from ...profiler.analysis.memory import MemoryStudy
    from ...profiler.reading.memory_timeline import MemoryTimeline
    from ...profiler.snapshots.lifetimes import Lifetimes, SnapshotCurve
    from ...profiler.snapshots.snapshot import Snapshot
    from ...profiler.table import Table
    from ...profiler.trace import Counter, Trace

__all__ = ["MemorySource", "SnapshotMemory", "memory_of"]

_BY = ("operator", "module", "category")


class MemorySource(Protocol):
    """What all kinds of files can be asked. Times are ns from `zero`."""

    @property
    def zero(self) -> int | None:
        """ns since the epoch at time 0; None when the file's clock is another."""

    def info(self) -> dict[str, Any]:
        """kind, devices, tables, notes, start, end."""

    def series(self, device: str) -> list[tuple[str, Counter]]:
        """(role, figures over time): "allocated" and "reserved", or the categories that add up."""

    def table(self, name: str, asked: Asked) -> Table:
        """Raises Refused for a table that there is not."""


def memory_of(asked: Asked) -> MemorySource:
    """Raises Refused, and Waiting while the file is being read."""
    kind = asked.opened.found.kind
    if kind == "snapshot":
        return _kept(asked, "snapshot", _open_snapshot)
    if kind == "memory_timeline":
        return _kept(asked, "memory timeline", _open_timeline)
    return TraceMemory(asked.trace)


def _kept(asked: Asked, what: str, read: Callable[[str], MemorySource]) -> MemorySource:
    file = asked.opened.file(asked.rank)
    make = partial(asked.opened.reading, file, partial(read, file.path))
    return asked.store.answer(asked.opened, ("memory", file.path), f"Reading the {what}", make)


def _table_of(tables: dict[str, Callable[[], Table]], name: str) -> Table:
    make = tables.get(name)
    if make is None:
        raise Refused(f"name: there is no table {name[:80]!r}; there are {', '.join(tables)}")
    try:
        return make()
    except ValueError as error:
        raise Refused(f"{error}") from None


@dataclass(frozen=True)
class TraceMemory:
    """Events of allocators in a trace."""

    trace: Trace

    @property
    def zero(self) -> int | None:
        return self.trace.zero_ns

    def info(self) -> dict[str, Any]:
        from ...profiler.analysis.cut_off import why_missing
        from ...profiler.analysis.memory_events import memory_curve, memory_devices

        devices, notes = [], []
        for device in memory_devices(self.trace):
            curve = memory_curve(self.trace, device)
            notes.append(curve.note)
            devices.append({
                "name": device.name, "capacity": device.capacity, "events": len(curve.time),
                "peak": int(curve.allocated[curve.peak]), "peak_time": int(curve.time[curve.peak]),
                "reserved": int(curve.reserved.max(initial=0)),
            })  # fmt: skip
        if not devices:
            remedy = why_missing(self.trace, "profile with profile_memory=True")
            notes.append(f"The trace tells nothing about memory: {remedy}.")
        time = self.trace.memory.time
        return {
            "kind": "trace",
            "devices": devices,
            "tables": ["peak", "allocations", "operators", "leaks"] if devices else [],
            "by": list(_BY),
            "notes": list(dict.fromkeys(note for note in notes if note)),
            "start": int(time[0]) if len(time) else 0,
            "end": int(time[-1]) if len(time) else 0,
        }

    def series(self, device: str) -> list[tuple[str, Counter]]:
        from ...profiler.trace import Counter

        curve = self._study(device).curve
        found = [("allocated", Counter("Allocated", curve.time, curve.allocated.astype(np.float64)))]
        if len(curve.reserved):
            found.append(("reserved", Counter("Reserved", curve.time, curve.reserved.astype(np.float64))))
        return found

    def table(self, name: str, asked: Asked) -> Table:
        from ...profiler.analysis import memory

        study, by = self._study(asked.more.get("device", "")), _by(asked)
        return _table_of(
            {
                "peak": lambda: memory.memory_peak(study, by),
                "allocations": lambda: memory.memory_largest(study, asked.window),
                "operators": lambda: memory.memory_by_operator(study, asked.window, by),
                "leaks": lambda: memory.memory_leaks(study),
            },
            name,
        )

    def _study(self, device: str) -> MemoryStudy:
        from ...profiler.analysis.memory import MemoryStudy

        try:
            return MemoryStudy.of(self.trace, device)
        except ValueError as error:
            raise Refused(f"{error}") from None


@dataclass(frozen=True)
class SnapshotMemory:
    """A snapshot; lifetimes and curves of its devices are worked out when it is opened."""

    snapshot: Snapshot
    lifetimes: dict[int, Lifetimes]
    curves: dict[int, SnapshotCurve]

    @property
    def zero(self) -> int:
        """Of the first event; numbers of events are counted from 0."""
        first = [int(curve.time[0]) for curve in self.curves.values() if len(curve.time)]
        return min(first, default=0)

    def device(self, name: str) -> int:
        """The number of a device, the first one without a name. Raises Refused."""
        numbers = {f"GPU {each}": each for each in self.lifetimes}
        if name and name not in numbers:
            raise Refused(f"device: there is no {name[:80]!r}; there are {', '.join(numbers)}")
        return numbers[name] if name else next(iter(self.lifetimes))

    def info(self) -> dict[str, Any]:
        ends = [int(curve.time[-1]) for curve in self.curves.values() if len(curve.time)]
        segments = self.snapshot.segments
        devices = []
        for number, curve in self.curves.items():
            found, mine = self.lifetimes[number], segments.device == number
            now = int(segments.allocated[mine].sum())
            devices.append({
                "name": f"GPU {number}", "capacity": 0, "events": len(curve.time), "now": now,
                "peak": int(curve.allocated[curve.peak]) if len(curve.time) else now,
                "peak_time": int(curve.time[curve.peak]) - self.zero if len(curve.time) else 0,
                "reserved": int(max(curve.reserved.max(initial=0), segments.total[mine].sum())),
                "timed": found.timed,
            })  # fmt: skip
        marked = ["regions"] if self.snapshot.annotations else []
        tables = ["stacks", "peak", "allocations", "leaks", "pools", "ooms", *marked, "changes"]
        return {
            "kind": "snapshot",
            "devices": devices,
            "tables": tables if devices else [],
            "by": [],
            "notes": [remark.text for remark in self.snapshot.remarks],
            "start": 0,
            "end": max(ends, default=0) - self.zero,
            "settings": {key: str(value) for key, value in self.snapshot.settings.items()},
        }

    def series(self, device: str) -> list[tuple[str, Counter]]:
        from ...profiler.trace import Counter

        curve = self.curves[self.device(device)]
        time = curve.time - self.zero
        return [
            ("allocated", Counter("Allocated", time, curve.allocated.astype(np.float64))),
            ("reserved", Counter("Reserved", time, curve.reserved.astype(np.float64))),
        ]

    def table(self, name: str, asked: Asked) -> Table:
        from ...profiler.snapshots import tables
        from ...profiler.snapshots.regions import snapshot_regions

        snapshot, number = self.snapshot, self.device(asked.more.get("device", ""))
        found, curve = self.lifetimes[number], self.curves[number]
        window = (asked.window[0] + self.zero, asked.window[1] + self.zero) if asked.window else None
        return _table_of(
            {
                "stacks": lambda: tables.snapshot_by_stack(snapshot, number),
                "peak": lambda: tables.snapshot_peak(snapshot, found, curve),
                "allocations": lambda: tables.snapshot_allocations(snapshot, found, window),
                "leaks": lambda: tables.snapshot_leaks(snapshot, found),
                "pools": lambda: tables.snapshot_fragmentation(snapshot, number),
                "ooms": lambda: tables.snapshot_ooms(snapshot, number, curve, self.zero),
                "regions": lambda: snapshot_regions(snapshot, number, curve, self.zero),
                "changes": lambda: tables.snapshot_diff(_other(asked).snapshot, snapshot, number),
            },
            name,
        )


@dataclass(frozen=True)
class TimelineMemory:
    """Memory by category over time."""

    timeline: MemoryTimeline
    names: tuple[str, ...] = field(default=())

    @property
    def zero(self) -> int:
        return int(self.timeline.time[0]) if len(self.timeline.time) else 0

    def info(self) -> dict[str, Any]:
        timeline, at = self.timeline, self.timeline.peak
        peak = {"peak": int(timeline.total[at]), "peak_time": int(timeline.time[at]) - self.zero} if at >= 0 else {}
        one = {"name": "memory", "capacity": 0, "events": len(timeline.time), "reserved": 0, **peak}
        end = int(timeline.time[-1]) - self.zero if len(timeline.time) else 0
        tables = ["peak"] if at >= 0 else []
        return {"kind": "timeline", "devices": [one] if at >= 0 else [], "tables": tables, "by": [], "notes": [],
                "start": 0, "end": end}  # fmt: skip

    def series(self, device: str) -> list[tuple[str, Counter]]:
        from ...profiler.trace import Counter

        time = self.timeline.time - self.zero
        return [
            (name, Counter(name.capitalize(), time, self.timeline.bytes[:, place].astype(np.float64)))
            for place, name in enumerate(self.names)
            if self.timeline.bytes[:, place].any()
        ]

    def table(self, name: str, asked: Asked) -> Table:
        from ...profiler.reading.memory_timeline import peak_table

        return _table_of({"peak": lambda: peak_table(self.timeline)}, name)


def _open_snapshot(path: str) -> SnapshotMemory:
    from ...profiler.snapshots.lifetimes import lifetimes, snapshot_curve
    from ...profiler.snapshots.reading import read_snapshot

    snapshot = read_snapshot(path)
    found = {device: lifetimes(snapshot, device) for device in snapshot.devices}
    return SnapshotMemory(snapshot, found, {key: snapshot_curve(snapshot, key, each) for key, each in found.items()})


def _open_timeline(path: str) -> TimelineMemory:
    from ...profiler.reading.memory_timeline import CATEGORIES, read_memory_timeline

    return TimelineMemory(read_memory_timeline(path), CATEGORIES)


def _other(asked: Asked) -> SnapshotMemory:
    """The snapshot of the parameter `other`, the one before. Raises Refused, Waiting."""
    from dataclasses import replace

    if not asked.more.get("other"):
        raise Refused("other: expected the id of the snapshot to compare with")
    opened = asked.store.find(asked.more["other"])
    if opened.found.kind != "snapshot":
        raise Refused(f"{opened.found.name} is a {opened.kind_text}, not a snapshot")
    found = memory_of(replace(asked, opened=opened, rank=None))
    assert isinstance(found, SnapshotMemory)
    return found


def _by(asked: Asked) -> Any:
    by = asked.more.get("by", _BY[0])
    if by not in _BY:
        raise Refused(f"by: expected one of {', '.join(_BY)}, got {by[:80]!r}")
    return by

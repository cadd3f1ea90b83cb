"""The stretches of a program that it marked while memory was recorded, and what memory did in each."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..table import Column, Table
from .lifetimes import SnapshotCurve
from .snapshot import Snapshot

__all__ = ["snapshot_regions"]

_OPEN = "Not ended when the snapshot was taken: counted up to the last event."
_BEGINS, _ENDS = "START", "END"


def snapshot_regions(snapshot: Snapshot, device: int, curve: SnapshotCurve, zero: int) -> Table:
    """A row for each mark of the program (`external_annotations`), in order of start; bytes of one device.

    A mark ends with the next end of its name; of several that are open the last begun ends first. zero: ns that the
    starts count from. Only of snapshots whose events have times.
    """
    last = int(curve.time[-1]) if len(curve.time) else 0
    told = sorted(_pairs(snapshot, device, last), key=lambda each: (each[1], -each[2]))
    time, allocated = curve.time, curve.allocated
    start, end = (np.array([each[place] for each in told], np.int64) for place in (1, 2))
    before, after = (np.searchsorted(time, moment, "right") - 1 for moment in (start, end))
    first = int(allocated[0]) if len(allocated) else 0
    levels = np.r_[allocated, first]  # place -1: before the first event
    peak = [
        max(int(levels[low]), int(allocated[low + 1 : high + 1].max(initial=0)))
        for low, high in zip(before.tolist(), after.tolist(), strict=True)
    ]
    columns = (
        Column("name", "Marked", [each[0] for each in told]),
        Column("start", "Start", start - zero, "ns"),
        Column("duration", "Time", end - start, "ns"),
        Column("peak", "Peak within", np.array(peak, np.int64), "bytes", "The most that was allocated in it."),
        Column("grown", "Grown by", levels[after] - levels[before], "bytes", "Allocated at its end - at its start."),
        Column("rise", "Peak above start", np.array(peak, np.int64) - levels[before], "bytes"),
    )
    return Table(
        "snapshot_regions", "Marked by the program", columns, (_OPEN,) if any(each[3] for each in told) else ()
    )


def _pairs(snapshot: Snapshot, device: int, last: int) -> Iterator[tuple[str, int, int, bool]]:
    """(name, ns of its start, of its end, whether it was open to the last)."""
    waiting: dict[str, list[int]] = {}
    for mark in sorted(snapshot.annotations, key=lambda each: each.time):
        if mark.device != device:
            continue
        if mark.stage.upper() == _BEGINS:
            waiting.setdefault(mark.name, []).append(mark.time)
        elif mark.stage.upper() == _ENDS and waiting.get(mark.name):
            yield mark.name, waiting[mark.name].pop(), mark.time, False
    for name, starts in waiting.items():
        for start in starts:
            yield name, start, max(last, start), True

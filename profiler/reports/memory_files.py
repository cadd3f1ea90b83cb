"""What files that tell of memory alone come to: snapshots and memory timelines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..analysis.wording import remark_text
from ..reading.formats import Kind
from ..reading.memory_timeline import peak_table, read_memory_timeline
from ..snapshots.lifetimes import lifetimes, snapshot_curve
from ..snapshots.reading import read_snapshot
from ..snapshots.snapshot import Snapshot
from ..snapshots.tables import (
    snapshot_by_stack,
    snapshot_fragmentation,
    snapshot_leaks,
    snapshot_ooms,
    snapshot_peak,
)
from ..table import Table

__all__ = ["MemoryFile", "read_memory_file"]


@dataclass(frozen=True)
class MemoryFile:
    """file: what it is called. tables: (device, table), what is allocated, the peak, leaks, pools, failed requests.

    remarks  sentences: what is wrong with the file
    """

    file: str
    kind: Kind
    tables: tuple[tuple[str, Table], ...]
    remarks: tuple[str, ...] = ()


def read_memory_file(path: str, kind: Kind, shown: str) -> MemoryFile:
    """Of a snapshot or a memory timeline. Raises OSError, and ValueError with a sentence for what cannot be read."""
    if kind == "memory_timeline":
        return MemoryFile(shown, kind, (("", peak_table(read_memory_timeline(path))),))
    snapshot = read_snapshot(path)
    return MemoryFile(shown, kind, tuple(_of_snapshot(snapshot)), tuple(map(remark_text, snapshot.remarks)))


def _of_snapshot(snapshot: Snapshot) -> Iterator[tuple[str, Table]]:
    for device in snapshot.devices:
        found = lifetimes(snapshot, device)
        curve = snapshot_curve(snapshot, device, found)
        zero = int(curve.time[0]) if len(curve.time) else 0
        tables = (
            snapshot_peak(snapshot, found, curve),
            snapshot_by_stack(snapshot, device),
            snapshot_leaks(snapshot, found),
            snapshot_fragmentation(snapshot, device),
            snapshot_ooms(snapshot, device, curve, zero),
        )
        yield from ((f"GPU {device}", table) for table in tables if len(table) or table.notes)

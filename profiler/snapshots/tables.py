"""A snapshot as tables: memory by call stack, the largest pieces, the peak, fragmentation, failures, leaks, changes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..table import Column, Table, Unit
from .lifetimes import AlwaysThere, Lifetimes, SnapshotCurve
from .snapshot import Action, Snapshot, State

__all__ = [
    "snapshot_allocations",
    "snapshot_by_stack",
    "snapshot_diff",
    "snapshot_fragmentation",
    "snapshot_leaks",
    "snapshot_ooms",
    "snapshot_peak",
]

_PARTS = 10
_STACK = "The innermost frame in your own code; the row leads to the whole stack."


def snapshot_by_stack(snapshot: Snapshot, device: int) -> Table:
    """What is allocated at the moment of the snapshot, by the call stack that allocated it."""
    blocks = snapshot.blocks
    rows = np.flatnonzero(_active(snapshot, device))
    stacks, size, count = _summed(blocks.stack[rows], blocks.size[rows])
    _, requested, _ = _summed(blocks.stack[rows], blocks.requested[rows])
    total = max(int(size.sum()), 1)
    return Table(
        "snapshot_stacks",
        "Allocated now, by call stack",
        (
            Column("where", "Allocated by", [snapshot.stacks.label(row) for row in stacks], hint=_STACK),
            Column("bytes", "Size", size, "bytes"),
            Column("share", "Share", size / total, "share", "Of all that is allocated on the device."),
            Column("count", "Blocks", count, "count"),
            Column("rounding", "Rounded up", size - requested, "bytes", "Size of blocks beyond what was asked for."),
            Column("stack", "Stack", stacks.astype(np.int64)),
        ),
    )


def snapshot_peak(snapshot: Snapshot, found: Lifetimes, curve: SnapshotCurve) -> Table:
    """What was allocated when most was, by call stack. Bytes add up to the peak."""
    if curve.peak < 0:
        return Table("snapshot_peak", "Peak", (), (_NO_EVENTS,))
    rows = np.flatnonzero(found.alive_at(int(curve.time[curve.peak])))
    stacks, size, count = _summed(found.stack[rows], found.size[rows])
    total = max(int(size.sum()), 1)
    return Table(
        "snapshot_peak",
        "Allocated at the peak, by call stack",
        (
            Column("where", "Allocated by", [snapshot.stacks.label(row) for row in stacks], hint=_STACK),
            Column("bytes", "At the peak", size, "bytes"),
            Column("share", "Share", size / total, "share", "Of all that was allocated then."),
            Column("count", "Allocations", count, "count"),
            Column("stack", "Stack", stacks.astype(np.int64)),
        ),
    )


def snapshot_allocations(
    snapshot: Snapshot, found: Lifetimes, window: tuple[int, int] | None = None, most: int = 10_000
) -> Table:
    """The largest pieces of memory that were there within the window (ns since the epoch)."""
    window = window or (AlwaysThere.min, AlwaysThere.max)
    rows = np.flatnonzero((found.begin < window[1]) & (found.end > window[0]))
    order = rows[np.lexsort((rows, -found.size[rows]))]
    notes = (f"The {most:,} largest of {len(order):,} allocations.",) if len(order) > most else ()
    order = order[:most]
    zero = _zero(found)
    begin = np.where(found.begin[order] > AlwaysThere.min, found.begin[order] - zero, np.nan)
    end = np.where(found.end[order] < AlwaysThere.max, found.end[order] - zero, np.nan)
    unit: Unit = "ns" if found.timed else "count"
    return Table(
        "snapshot_allocations",
        "Allocations",
        (
            Column("bytes", "Size", found.size[order], "bytes"),
            Column("where", "Allocated by", [snapshot.stacks.label(row) for row in found.stack[order]], hint=_STACK),
            Column("allocated", "Allocated", begin, unit, "From the first event; empty: before it."),
            Column("freed", "Freed", end, unit, "Empty: it is still there."),
            Column("lifetime", "Lifetime", end - begin, unit),
            Column("address", "Address", [hex(value & _UNSIGNED) for value in found.address[order].tolist()]),
            Column("stack", "Stack", found.stack[order].astype(np.int64)),
            Column("piece", "Piece", order.astype(np.int64)),
        ),
        notes,
    )


_UNSIGNED = (1 << 64) - 1
_NO_EVENTS = (
    "The snapshot has no events: call torch.cuda.memory._record_memory_history() before what is to be looked at."
)


def snapshot_fragmentation(snapshot: Snapshot, device: int) -> Table:
    """Per stream and kind of segment: reserved memory and what of it nobody can use.

    Fragmentation: 1 - largest free block / all that is free: how much of the free memory one large request misses.
    """
    segments, blocks = snapshot.segments, snapshot.blocks
    rows = []
    pools = sorted(
        {(int(segments.stream[row]), bool(segments.large[row])) for row in np.flatnonzero(segments.device == device)}
    )
    for stream, large in pools:
        mine = (segments.device == device) & (segments.stream == stream) & (segments.large == large)
        inside = mine[blocks.segment]
        size, state = blocks.size[inside], blocks.state[inside]
        free = size[state == State.INACTIVE]
        rounding = int((size - blocks.requested[inside])[state != State.INACTIVE].sum())
        largest = int(free.max(initial=0))
        rows.append((
            f"stream {stream:#x}, {'large' if large else 'small'}",
            int(mine.sum()), int(segments.total[mine].sum()), int(size[state == State.ALLOCATED].sum()),
            int(size[state == State.AWAITING_FREE].sum()), int(free.sum()), largest,
            1 - largest / int(free.sum()) if free.sum() else 0.0, rounding,
        ))  # fmt: skip
    columns = list(zip(*rows, strict=True)) or [()] * 9
    return Table(
        "snapshot_pools",
        "Pools and their fragmentation",
        (
            Column("name", "Pool", list(map(str, columns[0]))),
            Column("segments", "Segments", np.array(columns[1], np.int64), "count"),
            Column("reserved", "Reserved", np.array(columns[2], np.int64), "bytes", "Taken from the device."),
            Column("allocated", "Allocated", np.array(columns[3], np.int64), "bytes"),
            Column(
                "waiting", "Waiting", np.array(columns[4], np.int64), "bytes", "Freed, still used on another stream."
            ),
            Column("free", "Free inside", np.array(columns[5], np.int64), "bytes", "Reserved and not allocated."),
            Column("largest_free", "Largest free", np.array(columns[6], np.int64), "bytes"),
            Column("fragmentation", "Fragmentation", np.array(columns[7], np.float64), "share", _FRAGMENTATION),
            Column("rounding", "Rounded up", np.array(columns[8], np.int64), "bytes", "Beyond what was asked for."),
        ),
    )


_FRAGMENTATION = "1 - largest free block / all free memory of the pool: 0 when all of it is one piece."


def snapshot_ooms(snapshot: Snapshot, device: int, curve: SnapshotCurve, zero: int) -> Table:
    """Requests that failed for want of memory: how much was asked for, free, reserved and allocated, and by whom."""
    events = snapshot.events
    rows = np.flatnonzero((events.device == device) & (events.action == Action.OOM))
    place = np.searchsorted(curve.time, events.time[rows], "right") - 1
    at = np.maximum(place, 0)
    empty = np.zeros(len(rows), np.int64)
    free = np.where(
        events.free[rows] >= 0, events.free[rows], np.where(events.address[rows] > 0, events.address[rows], -1)
    )
    return Table(
        "snapshot_ooms",
        "Out of memory",
        (
            Column("time", "Time", (events.time[rows] - zero).astype(np.float64), "ns", "From the first event."),
            Column("asked", "Asked for", events.size[rows], "bytes"),
            Column("free", "Free on the device", free, "bytes"),
            Column("allocated", "Allocated", curve.allocated[at] if len(curve.time) else empty, "bytes"),
            Column("reserved", "Reserved", curve.reserved[at] if len(curve.time) else empty, "bytes"),
            Column("where", "Asked by", [snapshot.stacks.label(row) for row in events.stack[rows]], hint=_STACK),
            Column("stack", "Stack", events.stack[rows].astype(np.int64)),
        ),
    )


def snapshot_leaks(snapshot: Snapshot, found: Lifetimes) -> Table:
    """Call stacks whose memory grows: allocated throughout the recorded time, never freed.

    The time between the first and the last event is cut into ten equal parts; a suspect left something from at least
    half of the first nine (what the last one allocated may be freed soon).
    """
    left = np.flatnonzero((found.end == AlwaysThere.max) & (found.begin > AlwaysThere.min))
    known = found.begin[found.begin > AlwaysThere.min]
    if len(known) < _PARTS:
        return Table("snapshot_leaks", "Leak suspects", (), (_NO_EVENTS if not len(known) else _FEW,))
    low, high = int(known.min()), int(max(known.max(), found.end[found.end < AlwaysThere.max].max(initial=0)))
    part = np.minimum((found.begin[left] - low) * _PARTS // max(high - low, 1), _PARTS - 1)
    stacks, size, count = _summed(found.stack[left], found.size[left])
    seen = np.zeros((len(stacks), _PARTS), np.bool_)
    place = {row: at for at, row in enumerate(stacks.tolist())}
    seen[[place[row] for row in found.stack[left].tolist()], part] = True
    order = np.flatnonzero(seen[:, :-1].sum(1) >= _PARTS // 2)
    duration = max(high - low, 1) / 1e9
    return Table(
        "snapshot_leaks",
        "Leak suspects, by call stack",
        (
            Column("where", "Allocated by", [snapshot.stacks.label(stacks[row]) for row in order], hint=_STACK),
            Column("bytes", "Never freed", size[order], "bytes", "Allocated while events were recorded."),
            Column("count", "Allocations", count[order], "count"),
            Column("parts", "Parts", seen[order].sum(1), "count", f"Of {_PARTS} equal stretches of time."),
            Column("rate", "Growth", size[order] / duration if found.timed else size[order] * np.nan, "bytes/s"),
            Column("stack", "Stack", stacks[order].astype(np.int64)),
        ),
    )


_FEW = f"Leaks show over time: fewer than {_PARTS} allocations were recorded."


def snapshot_diff(before: Snapshot, after: Snapshot, device: int) -> Table:
    """What two snapshots have allocated, by call stack: those that differ, the largest changes first."""
    sides = [_by_text(each, device) for each in (before, after)]
    keys = list(dict.fromkeys([*sides[0], *sides[1]]))
    nothing = (0, 0, "")
    pairs = [sides[0].get(key, nothing)[:2] + sides[1].get(key, nothing)[:2] for key in keys]
    figures = np.array(pairs, np.int64).reshape(-1, 4)
    change = figures[:, 2] - figures[:, 0]
    order = np.flatnonzero((change != 0) | (figures[:, 3] != figures[:, 1]))
    order = order[np.argsort(-np.abs(change[order]), kind="stable")]
    labels = [(sides[1].get(keys[row]) or sides[0][keys[row]])[2] for row in order]
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = np.where(figures[:, 0] > 0, change / np.maximum(figures[:, 0], 1), np.nan)
    return Table(
        "snapshot_diff",
        "Allocated in one snapshot and the other",
        (
            Column("where", "Allocated by", labels, hint=_STACK),
            Column("before", "Before", figures[order, 0], "bytes"),
            Column("after", "After", figures[order, 2], "bytes"),
            Column("change", "Change", change[order], "bytes"),
            Column("relative", "Relative", relative[order], "share", "Change / before; empty: nothing was there."),
            Column("blocks_before", "Blocks before", figures[order, 1], "count"),
            Column("blocks_after", "Blocks after", figures[order, 3], "count"),
        ),
    )


def _by_text(snapshot: Snapshot, device: int) -> dict[str, tuple[int, int, str]]:
    """Stack as text → (bytes, blocks, label): rows of stacks differ between snapshots."""
    rows = np.flatnonzero(_active(snapshot, device))
    stacks, size, count = _summed(snapshot.blocks.stack[rows], snapshot.blocks.size[rows])
    label, text = snapshot.stacks.label, snapshot.stacks.text
    told = zip(stacks.tolist(), size.tolist(), count.tolist(), strict=True)
    return {text(row): (bytes_of, blocks, label(row)) for row, bytes_of, blocks in told}


def _active(snapshot: Snapshot, device: int) -> NDArray[np.bool_]:
    blocks = snapshot.blocks
    return np.asarray((blocks.state != State.INACTIVE) & (snapshot.segments.device[blocks.segment] == device))


def _zero(found: Lifetimes) -> int:
    known = np.concatenate([found.begin[found.begin > AlwaysThere.min], found.end[found.end < AlwaysThere.max]])
    return int(known.min()) if len(known) else 0


def _summed(
    keys: NDArray[np.int32], values: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]]:
    """(distinct keys, sum of their values, how many), the largest sum first."""
    distinct, which, count = np.unique(keys, return_inverse=True, return_counts=True)
    total = np.zeros(len(distinct), np.int64)
    np.add.at(total, which.ravel(), values)
    order = np.argsort(-total, kind="stable")
    return distinct[order], total[order], count[order]

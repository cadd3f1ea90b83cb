"""A trace and a snapshot that tell of memory: a small training with a leak."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from snapshot_files import MIB, block, event, frame, segment, write_snapshot

BASE = 0x7F00_0000_0000
_MAIN = frame("main", 220)
_MODEL, _STEP, _LEAK = ([frame("empty", 0, "??"), frame(*own), _MAIN] for own in (
    ("build", 30), ("train_step", 120), ("log_loss", 150)))  # fmt: skip


def memory_event(ts: float, size: int, address: int, total: int, thread: Any = 1) -> dict[str, Any]:
    """`[memory]` of GPU 0, in µs and bytes."""
    args = {"Bytes": size, "Addr": address, "Device Type": 1, "Device Id": 0}
    args |= {"Total Allocated": total, "Total Reserved": 4096}
    return {"ph": "i", "name": "[memory]", "cat": "cpu_instant_event", "pid": 1, "tid": thread, "ts": ts, "args": args}


def write_memory_trace(path: Path, totals: bool = True) -> None:
    """Two allocations of an operator, the second one freed in it, beside 300 bytes from before.

    totals: whether the trace tells of those, as torch does since 1.10.
    """
    told = {"ph": "X", "cat": "cpu_op", "name": "aten::addmm", "pid": 1, "tid": 1, "ts": 5, "dur": 10, "args": {}}
    events = [told, memory_event(6, 1000, 10, 1300), memory_event(12, 200, 11, 1500), memory_event(14, -200, 11, 1300)]
    for change in [] if totals else events[1:]:
        del change["args"]["Total Allocated"], change["args"]["Total Reserved"]
    devices = [{"id": 0, "name": "GPU", "totalGlobalMem": 8192}]
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"deviceProperties": devices, "traceEvents": events}))


def write_training_snapshot(path: Path, steps: int) -> None:
    """40 MiB of a model from before, 20 MiB in each step, and 1 MiB that each step leaves behind."""
    events: list[dict[str, Any]] = []
    for step in range(steps):
        time = 1_000_000 + 1000 * step
        events += [
            event("alloc", BASE + 40 * MIB, 20 * MIB, time, _STEP),
            event("alloc", BASE + (60 + step) * MIB, MIB, time + 100, _LEAK),
            event("free_requested", BASE + 40 * MIB, 20 * MIB, time + 800, _STEP),
            event("free_completed", BASE + 40 * MIB, 20 * MIB, time + 900, _STEP),
        ]
    blocks = [block(BASE, 40 * MIB, stack=_MODEL), block(BASE + 40 * MIB, 20 * MIB, "inactive")]
    blocks += [block(BASE + (60 + step) * MIB, MIB, stack=_LEAK) for step in range(steps)]
    write_snapshot(path, [segment(BASE, blocks)], [events])

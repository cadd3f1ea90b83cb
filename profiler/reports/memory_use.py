"""How much memory a trace used at most, and who had allocated it."""

from __future__ import annotations

import numpy as np

from ..analysis.memory import MemoryStudy, memory_peak
from ..analysis.memory_events import memory_curve, memory_devices
from ..table import Column, Table
from ..trace import Trace

__all__ = ["at_peak", "memory_use"]


def memory_use(trace: Trace) -> Table:
    """A row for each device with memory events: the most that was allocated and reserved, and when; bytes, ns.

    Of the whole trace. Empty where it was captured without profile_memory=True.
    """
    curves = [memory_curve(trace, device) for device in memory_devices(trace)]
    peak = np.array([curve.allocated[curve.peak] for curve in curves], np.float64)
    capacity = np.array([curve.device.capacity or np.nan for curve in curves], np.float64)
    reserved = [float(curve.reserved.max()) if len(curve.reserved) else np.nan for curve in curves]
    return Table(
        "memory",
        "Memory",
        (
            Column("device", "Device", [curve.device.name for curve in curves]),
            Column("peak", "Allocated at most", peak, "bytes"),
            Column("reserved", "Reserved at most", np.array(reserved, np.float64), "bytes", "By the allocator."),
            Column("capacity", "Of", capacity, "bytes", "What the device has."),
            Column("share", "Share", peak / capacity, "share", "peak / capacity"),
            Column("time", "At", np.array([curve.time[curve.peak] for curve in curves], np.int64), "ns"),
        ),
        tuple(dict.fromkeys(curve.note for curve in curves if curve.note)),
    )


def at_peak(trace: Trace) -> Table | None:
    """Who had allocated what was alive at the first device's peak, by operator; None without memory events."""
    if not len(trace.memory.time):
        return None
    found = memory_peak(MemoryStudy.of(trace))
    return found if found.columns else None

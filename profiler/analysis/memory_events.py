"""What a trace tells of allocators: which devices, and the curve of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..table import Column, Table
from ..trace import Trace

__all__ = ["MemoryCurve", "MemoryDevice", "memory_curve", "memory_devices", "memory_peaks"]

# Of c10::DeviceType.
_TYPES = {0: "CPU", 1: "GPU", 6: "GPU", 7: "FPGA", 9: "XLA", 12: "XPU", 13: "MPS", 14: "Meta", 15: "HPU", 19: "MTIA"}

_RELATIVE = (
    "The trace tells no totals (torch before 1.10): the curve adds up what was allocated and freed, from 0 at the "
    "beginning of the trace."
)


@dataclass(frozen=True)
class MemoryDevice:
    """type and index as in the file's events; capacity in bytes, 0 where the file does not tell."""

    type: int
    index: int
    name: str
    capacity: int = 0


@dataclass(frozen=True)
class MemoryCurve:
    """A device's memory after each event, (n,) each, in order of time; bytes.

    events     int64, rows of `Trace.memory`
    time       int64, ns
    allocated  int64
    reserved   int64, what the allocator has from the device; empty where the file does not tell
    note       what must be read with it; "" when nothing
    """

    device: MemoryDevice
    events: NDArray[np.int64]
    time: NDArray[np.int64]
    allocated: NDArray[np.int64]
    reserved: NDArray[np.int64]
    note: str = ""

    @property
    def peak(self) -> int:
        """The event after which most was allocated, a row of the curve; -1 of an empty curve."""
        return int(np.argmax(self.allocated)) if len(self.allocated) else -1


def memory_devices(trace: Trace) -> list[MemoryDevice]:
    """Those that have events, GPUs first."""
    memory = trace.memory
    places = np.unique(memory.device_type.astype(np.int32) << 16 | memory.device.view(np.uint16))
    pairs = list(zip((places >> 16).tolist(), places.astype(np.int16).tolist(), strict=True))
    capacity = {device.id: device.memory for device in trace.devices}
    found = []
    for kind, index in sorted(pairs, key=lambda pair: (pair[0] == 0, pair)):
        name = _TYPES.get(kind, f"device type {kind}")
        found.append(
            MemoryDevice(kind, index, f"{name} {index}" if index >= 0 else name, capacity.get(index, 0) if kind else 0)
        )
    return found


def memory_curve(trace: Trace, device: MemoryDevice) -> MemoryCurve:
    """Allocated and reserved bytes of a device: the totals that each event tells, otherwise the sum of its bytes."""
    memory = trace.memory
    events = np.flatnonzero((memory.device_type == device.type) & (memory.device == device.index))
    allocated, reserved, note = memory.allocated[events], memory.reserved[events], ""
    if len(events) and (allocated < 0).all():
        allocated, note = np.cumsum(memory.bytes[events]), _RELATIVE
        allocated = allocated - min(int(allocated.min()), 0)
    tells_reserved = len(reserved) > 0 and int(reserved.max()) > 0
    return MemoryCurve(
        device, events, memory.time[events], allocated, reserved if tells_reserved else reserved[:0], note
    )


def memory_peaks(trace: Trace) -> Table:
    """A row for each device: most bytes allocated and when, most bytes reserved, and what the device has."""
    curves = [memory_curve(trace, device) for device in memory_devices(trace)]
    peaks = [int(curve.allocated[curve.peak]) for curve in curves]
    capacity = np.array([curve.device.capacity or np.nan for curve in curves])
    return Table(
        "memory_devices",
        "Memory by device",
        (
            Column("device", "Device", [curve.device.name for curve in curves]),
            Column("peak", "Peak", np.array(peaks, np.int64), "bytes", "Most that was allocated at any time."),
            Column("peak_time", "At", np.array([int(curve.time[curve.peak]) for curve in curves], np.int64), "ns"),
            Column("reserved", "Reserved", np.array([int(curve.reserved.max(initial=0)) for curve in curves], np.int64),
                   "bytes", "Most that the allocator had from the device."),
            Column("capacity", "Capacity", capacity, "bytes", "What the device has."),
            Column("share", "Share", np.array(peaks, np.float64) / capacity, "share", "Peak / capacity."),
        ),
        tuple(dict.fromkeys(curve.note for curve in curves if curve.note)),
    )  # fmt: skip

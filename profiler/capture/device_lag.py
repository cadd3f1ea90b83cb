"""How far a device is behind the host, from times on its own clock alone."""

from __future__ import annotations

from collections import deque

from .step_record import StepRecord

__all__ = ["DeviceLag"]

_OFFSETS = 256  # marks that say how far the device's clock lies from the host's


class DeviceLag:
    """Given steps in their order. The device's clock has an origin of its own, found from the marks of many steps.

    No mark is passed before it is made. Those that found the device idle were passed at once: they give the distance
    of the two clocks.
    """

    def __init__(self) -> None:
        self._end_ns = 0.0  # of the step before, on the device's clock
        self._offsets: deque[float] = deque(maxlen=_OFFSETS)

    def ms(self, record: StepRecord) -> float:
        """Milliseconds from the step's end on the host to its end on the device. The step has times of the device."""
        device = record.device
        assert device is not None
        # Without an unbroken chain of marks the clock begins anew; its origin is found again from the offsets.
        start_ns = float(record.start_ns) if device.since_ms is None else self._end_ns + device.since_ms * 1e6
        self._end_ns = start_ns + device.at_ms[-1] * 1e6
        self._offsets.append(record.start_ns - start_ns)
        self._offsets.append(record.end_ns - self._end_ns)
        return (self._end_ns + max(self._offsets) - record.end_ns) / 1e6

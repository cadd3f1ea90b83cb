"""A measured step → scalars."""

from __future__ import annotations

from collections import deque

import numpy as np

from .device_lag import DeviceLag
from .phase_blocks import phases_of
from .step_record import Amounts, DeviceTimes, StepRecord

__all__ = ["StepPoints"]

_PERCENTILES = (50, 90, 99)
_WINDOW = 1000  # steps that percentiles are of
_WARMING_UP = 5  # steps that are not among them: compiling and choosing of kernels


class StepPoints:
    """Tags and values of steps, given in their order.

    prefix             of all tags
    percentiles_every  steps between two percentiles of the step time, which are of the last 1,000 steps without the
                       first five
    peak_flops         FLOP/s; None for no MFU
    """

    def __init__(self, prefix: str, percentiles_every: int, peak_flops: float | None) -> None:
        self.peak_flops = peak_flops
        self._prefix = f"{prefix}/" if prefix else ""
        self._every = percentiles_every
        self._times: deque[float] = deque(maxlen=_WINDOW)
        self._seen = 0
        self._lag = DeviceLag()

    def of(self, record: StepRecord) -> list[tuple[str, float]]:
        """(tag, value) of all that is known of the step. Times in ms.

        A step's time is its period: from the end of the step before to its own end, data and all between included,
        without what is left out.
        """
        period = max(record.end_ns - record.before_ns - record.left_out_ns, 1) / 1e6
        figures = {"step_ms": period, "host_ms": (record.end_ns - record.start_ns) / 1e6}
        figures["data_wait_ms"] = record.wait_ns / 1e6
        figures["data_wait_share"] = min(record.wait_ns / 1e6 / period, 1.0)
        _add_phases(figures, record)
        if record.device is not None:
            _add_device(figures, record.device, record.follows_measured)
            figures["device_lag_ms"] = self._lag.ms(record)
        self._add_rates(figures, record.amounts, period / 1e3)
        self._add_percentiles(figures, period)
        prefix = self._prefix
        return [(prefix + name, value) for name, value in figures.items()]

    def _add_rates(self, figures: dict[str, float], amounts: Amounts, seconds: float) -> None:
        samples, tokens, flops = amounts
        if samples is not None:
            figures["samples_per_s"] = samples / seconds
        if tokens is not None:
            figures["tokens_per_s"] = tokens / seconds
        if flops is not None:
            figures["flops_per_s"] = flops / seconds
            if self.peak_flops:
                figures["mfu"] = flops / seconds / self.peak_flops

    def _add_percentiles(self, figures: dict[str, float], period: float) -> None:
        self._seen += 1
        if self._seen > _WARMING_UP:
            self._times.append(period)
        if self._seen % self._every == 0 and self._times:
            for percent, value in zip(_PERCENTILES, np.percentile(self._times, _PERCENTILES), strict=True):
                figures[f"step_ms_p{percent}"] = float(value)


def _add_phases(figures: dict[str, float], record: StepRecord) -> None:
    """A phase that ran several times in the step counts as often."""
    at = [] if record.device is None else record.device.at_ms
    for path, begin, end, first, last in phases_of(record):
        name = f"host_ms/{path}"
        figures[name] = figures.get(name, 0.0) + (end - begin) / 1e6
        if at and first >= 0 and last >= 0:
            name = f"gpu_ms/{path}"
            figures[name] = figures.get(name, 0.0) + at[last] - at[first]


def _add_device(figures: dict[str, float], device: DeviceTimes, follows: bool) -> None:
    figures["gpu_ms"] = device.at_ms[-1]
    if follows and device.since_ms is not None:
        figures["gpu_idle_ms"] = max(device.since_ms, 0.0)

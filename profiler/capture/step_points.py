"""A measured step → scalars."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from .phase_blocks import notes_of
from .step_record import Note, StepRecord

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

    def of(self, record: StepRecord) -> Iterator[tuple[str, float]]:
        """(tag, value) of all that is known of the step. Times in ms.

        A step's time is its period: from the end of the step before to its own end, data and all between included.
        """
        for name, value in self._figures(record):
            yield self._prefix + name, value

    def _figures(self, record: StepRecord) -> Iterator[tuple[str, float]]:
        period = max(record.end_ns - record.before_ns - record.left_out_ns, 1) / 1e6
        yield "step_ms", period
        yield "host_ms", (record.end_ns - record.start_ns) / 1e6
        phases = _phases(notes_of(record))
        yield from _sums(phases, "host_ms/", lambda phase: (phase.end.ns - phase.start.ns) / 1e6)
        yield "data_wait_ms", record.wait_ns / 1e6
        yield "data_wait_share", min(record.wait_ns / 1e6 / period, 1.0)
        yield from _device_figures(record, phases)
        yield from self._rates(record, period / 1e3)
        yield from self._percentiles(period)

    def _rates(self, record: StepRecord, seconds: float) -> Iterator[tuple[str, float]]:
        samples, tokens, flops = record.amounts
        if samples is not None:
            yield "samples_per_s", samples / seconds
        if tokens is not None:
            yield "tokens_per_s", tokens / seconds
        if flops is not None:
            yield "flops_per_s", flops / seconds
            if self.peak_flops:
                yield "mfu", flops / seconds / self.peak_flops

    def _percentiles(self, period: float) -> Iterator[tuple[str, float]]:
        self._seen += 1
        if self._seen > _WARMING_UP:
            self._times.append(period)
        if self._seen % self._every == 0 and self._times:
            for percent, value in zip(_PERCENTILES, np.percentile(self._times, _PERCENTILES), strict=True):
                yield f"step_ms_p{percent}", float(value)


@dataclass(slots=True)
class _Phase:
    """path: its name under those of the phases that it lies in on its thread, "forward/attention"."""

    path: str
    start: Note
    end: Note


def _device_figures(record: StepRecord, phases: list[_Phase]) -> Iterator[tuple[str, float]]:
    device = record.device
    if device is None:
        return
    at = device.at_ms
    yield "gpu_ms", at[-1]
    timed = [phase for phase in phases if phase.start.mark >= 0 and phase.end.mark >= 0]
    yield from _sums(timed, "gpu_ms/", lambda phase: at[phase.end.mark] - at[phase.start.mark])
    if device.idle_ms is not None:
        yield "gpu_idle_ms", max(device.idle_ms, 0.0)
    yield "device_lag_ms", device.lag_ms


def _sums(phases: list[_Phase], prefix: str, time: Callable[[_Phase], float]) -> Iterator[tuple[str, float]]:
    """A phase that ran several times in the step counts as often."""
    sums: dict[str, float] = {}
    for phase in phases:
        sums[phase.path] = sums.get(phase.path, 0.0) + time(phase)
    for path, value in sums.items():
        yield prefix + path, value


def _phases(notes: list[Note]) -> list[_Phase]:
    """Those that begin and end in the step, in the order in which they begin."""
    begun: list[_Phase] = []
    around: dict[int, list[_Phase]] = {}
    for note in notes:
        stack = around.setdefault(note.thread, [])
        if note.begins:
            path = f"{stack[-1].path}/{note.name}" if stack else note.name
            stack.append(_Phase(path, note, note))
            begun.append(stack[-1])
        elif any(phase.start.name == note.name for phase in stack):
            while stack[-1].start.name != note.name:
                stack.pop()
            stack.pop().end = note
    return [phase for phase in begun if phase.end is not phase.start]

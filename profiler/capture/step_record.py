"""What is kept of a step until its scalars are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

__all__ = ["Amounts", "DeviceTimes", "StepRecord"]


Amounts = tuple[float | None, float | None, float | None]


class DeviceTimes(NamedTuple):
    """at_ms: of each mark, from the first; since_ms: from the last mark of the timed step before to the first."""

    at_ms: list[float]
    since_ms: float | None


@dataclass(slots=True)
class StepRecord:
    """One step. Host times are ns of `time.perf_counter_ns`.

    before_ns    where the step's period begins: the end of the step before, or the first wait for data
    left_out_ns  of the period, that are no part of the training: pauses, capturing
    wait_ns      spent in `next()` of loaders during the period
    amounts      samples, tokens and FLOPs of the step, each None when unknown
    notes        two entries for each begin and end of a phase on this thread: the block or, at its end, its name, and
                 the time: nothing is made for them. Other threads leave (thread, block or name, time, -1)
    marks        with a clock, the mark in the stream of each of those pairs
    clock        the CudaClock that marks the step; None when the step has no times of the device
    """

    step: int
    thread: int
    before_ns: int
    start_ns: int
    follows_measured: bool
    amounts: Amounts
    notes: list[Any]
    clock: Any = None
    end_ns: int = 0
    left_out_ns: int = 0
    wait_ns: int = 0
    marks: Any = None
    events: Any = None
    stream: Any = None
    several_streams: bool = False
    marked_ns: int = 0
    abandoned: bool = False
    device: DeviceTimes | None = None

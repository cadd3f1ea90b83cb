"""What is kept of a step until its scalars are written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

__all__ = ["DeviceTimes", "Phase", "StepRecord"]


class DeviceTimes(NamedTuple):
    """at_ms: of each mark, from the first; idle_ms: since the step before; lag_ms: how far the device is behind."""

    at_ms: list[float]
    idle_ms: float | None
    lag_ms: float


class Phase(NamedTuple):
    """A named part of a step: host times in ns of perf_counter_ns, its thread, and its two marks (-1: none)."""

    name: str
    thread: int
    start_ns: int
    end_ns: int
    start_mark: int
    end_mark: int


@dataclass(slots=True)
class StepRecord:
    """One step. Host times are ns of `time.perf_counter_ns`.

    before_ns  where the step's period begins: the end of the step before, or the first wait for data
    wait_ns    spent in `next()` of loaders during the period
    amounts    samples, tokens and FLOPs of the step, each None when unknown
    phases     fields of a Phase: a tuple of names takes longer to make than the phase it is of
    unmarked   why there are no times of the device, "" when there are
    """

    step: int
    thread: int
    before_ns: int
    start_ns: int
    follows_measured: bool
    amounts: tuple[float | None, float | None, float | None]
    end_ns: int = 0
    wall_time: float = 0.0
    wait_ns: int = 0
    phases: list[tuple[str, int, int, int, int, int]] = field(default_factory=list)
    events: list[Any] = field(default_factory=list)
    stream: Any = None
    several_streams: bool = False
    marked_ns: int = 0
    unmarked: str = ""
    abandoned: bool = False
    device: DeviceTimes | None = None

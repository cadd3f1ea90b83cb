"""Which steps a Profiler captures: torch.profiler's schedules, and captures that somebody asks for while it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = ["Plan", "Schedule", "on_demand", "schedule"]


@dataclass(frozen=True)
class Schedule:
    """Called with a step it gives torch.profiler's ProfilerAction, as what `torch.profiler.schedule` makes does."""

    wait: int
    warmup: int
    active: int
    repeat: int = 0
    skip_first: int = 0
    skip_first_wait: int = 0
    only_on_demand: bool = False

    def __call__(self, step: int) -> Any:
        from torch.profiler import ProfilerAction

        step -= self.skip_first
        if step < 0 or self.only_on_demand:
            return ProfilerAction.NONE
        if self.skip_first_wait:
            step += self.wait
        cycle, place = divmod(step, self.wait + self.warmup + self.active)
        if place < self.wait or (self.repeat and cycle >= self.repeat):
            return ProfilerAction.NONE
        return cycle_of(self.warmup, self.active)[place - self.wait]


def schedule(
    *, wait: int, warmup: int, active: int, repeat: int = 0, skip_first: int = 0, skip_first_wait: int = 0
) -> Schedule:
    """As `torch.profiler.schedule`, without importing torch: skip, then cycles of wait, warm-up and captured steps.

    repeat: cycles, 0 for as long as training goes on. skip_first_wait: not 0 to begin the first cycle without waiting.
    Raises ValueError for negative numbers, and when nothing would be captured.
    """
    if min(wait, warmup, repeat, skip_first) < 0 or active < 1:
        raise ValueError(
            "schedule: active must be at least 1 and all others at least 0, "
            f"got wait={wait}, warmup={warmup}, active={active}, repeat={repeat}, skip_first={skip_first}"
        )
    return Schedule(wait, warmup, active, repeat, skip_first, skip_first_wait)


def on_demand(*, warmup: int = 1, active: int = 3) -> Schedule:
    """Nothing but what is asked for: by the file PROFILE_NOW in the run's folder, by SIGUSR2, or by `capture()`."""
    return Schedule(0, warmup, active, only_on_demand=True)


def cycle_of(warmup: int, active: int) -> list[Any]:
    """The actions of one capture."""
    from torch.profiler import ProfilerAction

    recording = [ProfilerAction.RECORD] * (active - 1)
    return [ProfilerAction.WARMUP] * warmup + recording + [ProfilerAction.RECORD_AND_SAVE]


class Plan:
    """The schedule that torch.profiler follows: the user's, and between its captures those that were asked for.

    asked  the number of steps to capture, 0 for the usual one; None while nobody asks. Reading it takes it
    """

    def __init__(self, wanted: Callable[[int], Any] | None, asked: Callable[[], int | None]) -> None:
        self._wanted, self._asked = wanted, asked
        self._warmup = getattr(wanted, "warmup", 1)
        self._active = getattr(wanted, "active", 3)
        self._next: list[Any] = []

    def __call__(self, step: int) -> Any:
        from torch.profiler import ProfilerAction

        if self._wanted is None:
            return ProfilerAction.RECORD
        if self._next:
            return self._next.pop(0)
        action = self._wanted(step)
        if action == ProfilerAction.NONE and (active := self._asked()) is not None:
            self._next = cycle_of(self._warmup, active or self._active)
            return self._next.pop(0)
        return action

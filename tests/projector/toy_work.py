"""Work for worker processes that tests understand: counting, with a layout of two points."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import numpy as np

from stepscope.projector.jobs.workplace import Workplace


class Counter:
    """Counts up to `total` and can be steered."""

    def __init__(self, total: int) -> None:
        self.total, self.step, self.stopped = total, 1, False

    def change(self, **parameters: Any) -> None:
        if set(parameters) != {"step"}:
            raise ValueError(f"only step can change, got {', '.join(parameters)}")
        self.step = parameters["step"]

    def stop(self) -> None:
        self.stopped = True


def count(task: dict[str, Any], place: Workplace) -> None:
    """Frames whose coordinates are the number so far."""
    counter, done = Counter(task["total"]), 0
    last = False
    while not last:
        done += counter.step
        last = counter.stopped or done >= counter.total
        coordinates = np.full((2, 2), done, np.float32)
        facts = {"done": done, "total": counter.total, "pid": os.getpid()}
        place.show(facts, lambda coordinates=coordinates: {"coordinates": coordinates}, last)
        if not last:
            time.sleep(task.get("pause", 0.005))
            place.heed(counter)


def burn(task: dict[str, Any], place: Workplace) -> None:
    """Says its process, then takes a core and looks at nothing."""
    place.show({"pid": os.getpid()})
    while True:
        sum(range(10_000))


def refuse(task: dict[str, Any], place: Workplace) -> None:
    raise ValueError("perplexity is 30, which 5 points do not allow; take at most 1")


def die(task: dict[str, Any], place: Workplace) -> None:
    os._exit(3)


def keep_parts(task: dict[str, Any], place: Workplace) -> None:
    for step in (0, 10):
        place.keep(step, {"step": step}, {"coordinates": np.full((2, 2), step, np.float32)})
    place.show({"steps": [0, 10]}, lambda: {"coordinates": np.zeros((2, 2), np.float32)}, last=True)


def process_of() -> int:
    return os.getpid()


def fail() -> None:
    raise KeyError("nothing here")


def hold_the_interpreter(begun: str) -> None:
    """No other thread of the process gets a turn."""
    Path(begun).touch()
    sum(range(10**15))


def sleep_for_ever() -> None:
    while True:
        time.sleep(60)

"""What timing a step and its four phases costs a training: the calling thread's time, and that of all threads."""

import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import ClassVar

from stepscope.logger import SummaryWriter
from stepscope.profiler import StepTimer

from .measure import Row, Table, in_turns

_PHASES = ("forward", "backward", "optimizer", "logging")
_PAUSE = 0.002  # s between two steps: what a training does then
_STEPS = 200
_MOST = 20e-6  # s a step

Block = Callable[[str], AbstractContextManager]
Clock = Callable[[], float]


def run(*, quick: bool) -> list[Table]:
    """The table of this subject."""
    import torch

    repeats = 5 if quick else 15
    rows = [
        _row("the calling thread, one step after another", time.thread_time, 0, repeats),
        _row(f"the calling thread, {_PAUSE * 1e3:g} ms between steps", time.thread_time, _PAUSE, repeats),
        _row("all threads, until closed", time.process_time, 0, repeats),
    ]
    if torch.cuda.is_available():
        torch.zeros(1, device="cuda")  # from here on StepTimer marks the device, too
        rows.append(_row("the calling thread, with CUDA events", time.thread_time, 0, repeats))
    notes = (
        "CPU time a step of four phases, beyond the same loop without any timing; medians in turns. perf_counter is"
        " read at the ten begins and ends and kept in a list; record_function is torch's, around the step and each"
        " phase, with no profiler running."
    )
    return [Table("StepTimer", ("perf_counter", "record_function"), notes, rows)]


def _row(what: str, clock: Clock, pause: float, repeats: int) -> Row:
    tasks = {
        "nothing": lambda: _seconds(_Nothing, clock, pause),
        "ours": lambda: _with_timer(clock, pause),
        "perf_counter": lambda: _seconds(_Stamps, clock, pause),
        "record_function": lambda: _seconds(_recorded, clock, pause),
    }
    for task in tasks.values():
        task()
    figures = in_turns(repeats, tasks)
    ours, *theirs = (max(figures[name] - figures["nothing"], 0) for name in list(tasks)[1:])
    return Row(what, ours, theirs, at_most=_MOST if clock is time.thread_time else None)


def _seconds(block: Block, clock: Clock, pause: float) -> float:
    """A step's share of the time that a loop of steps takes; pauses take none."""
    spent = clock()
    for _ in range(_STEPS):
        with block("step"):
            for phase in _PHASES:
                with block(phase):
                    pass
        if pause:
            time.sleep(pause)
    return (clock() - spent) / _STEPS


def _with_timer(clock: Clock, pause: float) -> float:
    with tempfile.TemporaryDirectory() as folder, SummaryWriter(folder) as writer:
        timer = StepTimer(writer, telemetry_hz=0)
        before = clock()
        _seconds(lambda name: timer.step() if name == "step" else timer(name), clock, pause)
        if clock is time.process_time:
            timer.close()
            writer.flush()
        spent = (clock() - before) / _STEPS
        timer.close()
        return spent


def _recorded(name: str) -> AbstractContextManager:
    from torch.autograd.profiler import record_function

    return record_function(name)


class _Nothing(AbstractContextManager):
    def __init__(self, name: str) -> None:
        pass

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        pass


class _Stamps(_Nothing):
    kept: ClassVar[list[float]] = []

    def __enter__(self) -> None:
        self.kept.append(time.perf_counter())

    def __exit__(self, *_: object) -> None:
        self.kept.append(time.perf_counter())

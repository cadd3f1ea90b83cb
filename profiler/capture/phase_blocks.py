"""The named parts of a step: a note where each begins and ends, and nothing else while the training runs."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from threading import get_ident
from time import perf_counter_ns

from .nvtx import NvtxRanges
from .step_record import StepRecord

__all__ = ["OpenStep", "PhaseBlock", "ShownPhaseBlock", "phases_of"]


class OpenStep:
    """record: of the step that runs and is measured, else None. Blocks hold this and not the timer: no cycles."""

    __slots__ = ("record",)

    def __init__(self) -> None:
        self.record: StepRecord | None = None


class PhaseBlock:
    """One for all uses of a name: it has no state of its own."""

    __slots__ = ("_now", "name")

    def __init__(self, name: str, now: OpenStep) -> None:
        self.name, self._now = name, now

    def __enter__(self) -> None:
        record = self._now.record
        if record is not None:
            time = perf_counter_ns()
            if get_ident() != record.thread:
                record.notes.append((get_ident(), self, time, -1))
                return
            if record.clock is not None:
                record.marks.append(record.clock.mark(record, time))
                time = record.marked_ns
            record.notes.append(self)
            record.notes.append(time)

    def __exit__(self, *_: object) -> None:
        record = self._now.record
        if record is not None:
            time = perf_counter_ns()
            if get_ident() != record.thread:
                record.notes.append((get_ident(), self.name, time, -1))
                return
            if record.clock is not None:
                record.marks.append(record.clock.mark(record, time))
            record.notes.append(self.name)
            record.notes.append(time)


class ShownPhaseBlock(PhaseBlock):
    """Its name is there for Nsight Systems, too."""

    __slots__ = ("_nvtx",)

    def __init__(self, name: str, now: OpenStep, nvtx: NvtxRanges) -> None:
        super().__init__(name, now)
        self._nvtx = nvtx

    def __enter__(self) -> None:
        self._nvtx.push(self.name)
        super().__enter__()

    def __exit__(self, *_: object) -> None:
        super().__exit__()
        self._nvtx.pop()


def phases_of(record: StepRecord) -> Iterator[tuple[str, int, int, int, int]]:
    """(path, begin, end, its mark at the begin, at the end) of phases that begin and end in the step, as they end.

    path: the name under those of the phases that it lies in on its thread, "forward/attention".
    """
    own = [entry for entry in record.notes if entry.__class__ is not tuple]
    yield from _nested(
        zip(own[::2], own[1::2], itertools.chain(record.marks or (), itertools.repeat(-1)), strict=False)
    )
    others: dict[int, list[tuple[PhaseBlock | str, int, int]]] = {}
    if len(own) < len(record.notes):
        for thread, *entry in (entry for entry in record.notes if entry.__class__ is tuple):
            others.setdefault(thread, []).append((entry[0], entry[1], entry[2]))
    for entries in others.values():
        yield from _nested(entries)


def _nested(entries: Iterable[tuple[PhaseBlock | str, int, int]]) -> Iterator[tuple[str, int, int, int, int]]:
    stack: list[tuple[str, str, int, int]] = []
    for what, time, mark in entries:
        if not isinstance(what, str):
            path = f"{stack[-1][1]}/{what.name}" if stack else what.name
            stack.append((what.name, path, time, mark))
            continue
        for place in range(len(stack) - 1, -1, -1):  # the last one nearly always; none if it began before the step
            if stack[place][0] == what:
                _, path, begin, first = stack.pop(place)
                yield path, begin, time, first, mark
                break

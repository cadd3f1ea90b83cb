"""The named parts of a step: a note where each begins and ends, and nothing else while the training runs."""

from __future__ import annotations

import itertools
from threading import get_ident
from time import perf_counter_ns

from .nvtx import NvtxRanges
from .step_record import Note, StepRecord

__all__ = ["OpenStep", "PhaseBlock", "ShownPhaseBlock", "notes_of"]


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
                record.notes.append(Note(self.name, get_ident(), time, -1, True))
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
                record.notes.append(Note(self.name, get_ident(), time, -1, False))
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


def notes_of(record: StepRecord) -> list[Note]:
    """What the blocks have noted, each thread's in order."""
    of_others = [note for note in record.notes if isinstance(note, Note)]
    own = [note for note in record.notes if not isinstance(note, Note)]
    marks = itertools.chain(record.marks or (), itertools.repeat(-1))
    notes = [
        Note(what if isinstance(what, str) else what.name, record.thread, time, mark, not isinstance(what, str))
        for what, time, mark in zip(own[::2], own[1::2], marks, strict=False)
    ]
    return notes + of_others

"""Memory of two profiles: peaks, and what operators allocate."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ..table import Table
from .allocations import allocations
from .diff_rows import Compared, Metric, changes
from .memory_events import MemoryCurve, memory_curve, memory_devices
from .operators import operator_rows
from .step_figures import StepFigures, StepSpans
from .study import Study

__all__ = ["memory_changes", "memory_rows"]

_BYTES = Metric("bytes", "Bytes", "Of a step; mean.", unit="bytes", worse="more", better="less")
_ONE_SIDE = "Only one of the traces tells of memory: profile both with profile_memory=True."
_NO_MEMORY = "Neither trace tells of memory: profile with profile_memory=True."

_Row = tuple[str, NDArray[np.float64], NDArray[np.float64]]  # name, bytes and calls of each step


def memory_changes(sides: tuple[StepFigures, StepFigures], compared: Compared) -> Table:
    """A row for each of `memory_rows`; a note where a side has none."""
    table = changes("memory", "Memory", sides, (_BYTES,), compared)
    told = [len(side.name) > 0 for side in sides]
    missing = () if all(told) else (_ONE_SIDE if any(told) else _NO_MEMORY,)
    return Table(table.name, table.title, table.columns, (*table.notes, *missing))


def memory_rows(study: Study, spans: StepSpans) -> StepFigures:
    """For each device its peaks and what was allocated; then what each operator allocated itself. Bytes per step."""
    rows = [row for device in memory_devices(study.trace) for row in _peaks(memory_curve(study.trace, device), spans)]
    rows += _allocated(study, spans)
    matrices = {
        name: np.array([row[at] for row in rows]).reshape(len(rows), len(spans))
        for at, name in ((1, "bytes"), (2, "calls"))
    }
    return StepFigures([name for name, _, _ in rows], matrices, np.full(len(rows), -1, np.int64), [""] * len(rows))


def _peaks(curve: MemoryCurve, spans: StepSpans) -> Iterator[_Row]:
    step = spans.of(curve.time)
    inside = step >= 0
    for what, told in (("peak allocated", curve.allocated), ("peak reserved", curve.reserved)):
        if len(told) and inside.any():
            most = np.zeros(len(spans), np.int64)
            np.maximum.at(most, step[inside], told[inside])
            yield f"{curve.device.name}: {what}", most.astype(np.float64), np.zeros(len(spans))


def _allocated(study: Study, spans: StepSpans) -> Iterator[_Row]:
    trace = study.trace
    is_operator = np.zeros(len(trace.slices), np.bool_)  # marks of steps are none, though old traces tell them as such
    is_operator[operator_rows(trace)] = True
    for device in memory_devices(trace):
        found = allocations(trace, device, study.nesting)
        step = np.where(found.allocated >= 0, spans.of(trace.memory.time[found.allocated]), -1)
        made = step >= 0
        if not made.any():
            continue
        yield _sums(f"{device.name}: allocated", step[made], found.bytes[made], len(spans))
        known = (found.operator >= 0) & is_operator[found.operator]
        names = np.where(known, trace.slices.name[found.operator], -1)
        for code in np.unique(names[made & (names >= 0)]).tolist():
            chosen = made & (names == code)
            yield _sums(f"{device.name}: by {trace.names[code]}", step[chosen], found.bytes[chosen], len(spans))


def _sums(name: str, step: NDArray[np.int64], bytes_of: NDArray[np.int64], steps: int) -> _Row:
    sums = np.bincount(step, bytes_of, steps).astype(np.float64)
    return name, sums, np.bincount(step, minlength=steps).astype(np.float64)

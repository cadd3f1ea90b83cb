"""Memory of two profiles: peaks, and what operators allocate."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..table import Table
from .diff_rows import Compared, Metric, changes
from .step_figures import StepFigures, StepSpans
from .study import Study

__all__ = ["memory_changes"]

_BYTES = Metric("bytes", "Bytes", "Of a step; mean.", unit="bytes", worse="more", better="less")
_DEVICES = ("CPU", "GPU")
_ONE_SIDE = "Only one of the traces tells of memory: profile both with profile_memory=True."
_NO_MEMORY = "Neither trace tells of memory: profile with profile_memory=True."


def memory_changes(studies: Sequence[Study], spans: Sequence[StepSpans], compared: Compared) -> Table:
    """For each device its peaks and what was allocated; then what each operator allocated itself. Bytes per step."""
    sides = _figures(studies[0], spans[0]), _figures(studies[1], spans[1])
    table = changes("memory", "Memory", sides, (_BYTES,), compared)
    told = [len(side.name) > 0 for side in sides]
    missing = () if all(told) else (_ONE_SIDE if any(told) else _NO_MEMORY,)
    return Table(table.name, table.title, table.columns, (*table.notes, *missing))


def _figures(study: Study, spans: StepSpans) -> StepFigures:
    memory = study.trace.memory
    step = spans.of(memory.time)
    inside = step >= 0
    rows: dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]] = {}
    if inside.any():
        operator = _operators(study)
        for device_type, device in np.unique(np.stack([memory.device_type, memory.device]), axis=1).T.tolist():
            name = _DEVICES[device_type] if device_type in (0, 1) else f"device {device_type}"
            title = name if device < 0 or name == "CPU" else f"{name} {device}"
            here = inside & (memory.device_type == device_type) & (memory.device == device)
            allocates = here & (memory.bytes > 0)
            calls = _summed(step[allocates], None, len(spans))
            for what, told in (("peak allocated", memory.allocated), ("peak reserved", memory.reserved)):
                if (told[here] >= 0).any():
                    rows[f"{title}: {what}"] = _peaks(step[here], told[here], len(spans)), np.zeros(len(spans))
            rows[f"{title}: allocated"] = _summed(step[allocates], memory.bytes[allocates], len(spans)), calls
            rows.update(_by_operator(study, title, step, operator, allocates, len(spans)))
    bytes_of, calls_of = (np.array([pair[at] for pair in rows.values()]).reshape(-1, len(spans)) for at in (0, 1))
    none = np.full(len(rows), -1, np.int64)
    return StepFigures(list(rows), {"bytes": bytes_of, "calls": calls_of}, none, [""] * len(rows))


def _by_operator(
    study: Study,
    title: str,
    step: NDArray[np.int64],
    operator: NDArray[np.int64],
    allocates: NDArray[np.bool_],
    steps: int,
) -> dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]]:
    trace = study.trace
    known = allocates & (operator >= 0)
    names = trace.slices.name[operator[known]]
    found = {}
    for code in np.unique(names).tolist():
        chosen = np.flatnonzero(known)[names == code]
        sums = _summed(step[chosen], trace.memory.bytes[chosen], steps), _summed(step[chosen], None, steps)
        found[f"{title}: by {trace.names[code]}"] = sums
    return found


def _operators(study: Study) -> NDArray[np.int64]:
    """(k,) the innermost operator open at each memory event on its thread, a row; -1."""
    trace, nested = study.trace, study.nesting
    slices, memory = trace.slices, trace.memory
    found = np.full(len(memory.time), -1, np.int64)
    for track in np.unique(memory.track).tolist():
        rows = np.flatnonzero((slices.track == track) & (nested.operator >= 0))
        events = np.flatnonzero(memory.track == track)
        if not len(rows):
            continue
        at = np.searchsorted(slices.start[rows], memory.time[events], "right") - 1
        row = np.where(at >= 0, nested.operator[rows[np.maximum(at, 0)]], -1)
        # What began last may have ended by then: whatever is still open is around it.
        ended = (row >= 0) & (slices.end[row] < memory.time[events])
        while ended.any():
            around = nested.parent[row[ended]]
            row[ended] = np.where(around >= 0, nested.operator[around], -1)
            ended = (row >= 0) & (slices.end[row] < memory.time[events])
        found[events] = row
    return found


def _summed(step: NDArray[np.int64], weights: NDArray[np.int64] | None, steps: int) -> NDArray[np.float64]:
    return np.bincount(step, weights, steps).astype(np.float64)


def _peaks(step: NDArray[np.int64], told: NDArray[np.int64], steps: int) -> NDArray[np.float64]:
    peaks = np.zeros(steps, np.int64)
    np.maximum.at(peaks, step, told)
    return peaks.astype(np.float64)

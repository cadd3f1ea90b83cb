"""Whose work a device does: from a kernel or copy to the call that launched it and its operator."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from ..trace import DEVICE_WORK, Category, Slices, Trace
from .graph_captures import captured_launches
from .names import named
from .nesting import Nesting, nesting

__all__ = ["REASONS", "Attribution", "Reason", "attribution", "device_time_by_launcher"]

_GRAPH_LAUNCH = re.compile(r"GraphLaunch", re.IGNORECASE)


class Reason(IntEnum):
    """Why device work has an operator, or has none."""

    ATTRIBUTED = 0
    GRAPH_REPLAY = 1
    BEFORE_WINDOW = 2
    NO_OPERATOR = 3


REASONS = {
    Reason.ATTRIBUTED: "launched by an operator",
    Reason.GRAPH_REPLAY: "replayed from a CUDA graph: operators ran when the graph was captured",
    Reason.BEFORE_WINDOW: "no launch in the trace: launched before it began, or calls were not recorded",
    Reason.NO_OPERATOR: "launched outside of operators",
}


@dataclass(frozen=True)
class Attribution:
    """Columns over the kernels, copies and fills of a trace, (d,) each, in order of start.

    rows      int64, of `Trace.slices`
    launch    int32, the runtime or driver call; -1 without one
    operator  int32, the innermost operator around the launch, of replays around the captured call; -1 without one
    reason    int8, a Reason
    """

    rows: NDArray[np.int64]
    launch: NDArray[np.int32]
    operator: NDArray[np.int32]
    reason: NDArray[np.int8]

    def share(self, trace: Trace) -> float:
        """Of device time, each kernel counted in full, what operators launched; NaN without device work."""
        duration = trace.slices.duration[self.rows]
        total = int(duration.sum())
        return float(duration[self.operator >= 0].sum() / total) if total else float("nan")

    def replayed(self, trace: Trace) -> NDArray[np.bool_]:
        """(d,) what a graph's launch launched."""
        return named(trace, self.launch, _GRAPH_LAUNCH.search)

    def of_captures(self, trace: Trace) -> int:
        """How much work a replay launched whose operators had ended by then: those of the capture."""
        known = (self.launch >= 0) & (self.operator >= 0)
        ended = trace.slices.end[self.operator[known]] < trace.slices.start[self.launch[known]]
        return int(ended.sum())


def attribution(trace: Trace, nested: Nesting | None = None) -> Attribution:
    """correlation → the call that has it too → the innermost operator open on that thread as the call began.

    Replays of a CUDA graph belong to the operators of its capture where the trace has it, see graph_captures.py, and
    otherwise to the operator around the replay. `External id` is not used: between torch 1.13 and 2.1 it held the
    correlation instead of the operator.
    """
    nested = nested or nesting(trace)
    slices = trace.slices
    rows = trace.rows_of(*DEVICE_WORK)
    launch = _launches(slices, rows)
    replayed = named(trace, launch, _GRAPH_LAUNCH.search)
    called = np.where(replayed, captured_launches(trace, rows, launch, replayed), launch)
    called = np.where(called >= 0, called, launch)
    operator = np.where(called >= 0, _operator_at(trace, nested, called), -1).astype(np.int32)
    reason = np.select(
        [operator >= 0, replayed | (trace.argument("graph node id", 0, rows) > 0), launch < 0],
        [Reason.ATTRIBUTED, Reason.GRAPH_REPLAY, Reason.BEFORE_WINDOW],
        Reason.NO_OPERATOR,
    ).astype(np.int8)
    return Attribution(rows, launch, operator, reason)


def device_time_by_launcher(trace: Trace, found: Attribution, launcher: NDArray[np.int32]) -> NDArray[np.int64]:
    """(n,) ns: the durations of device work, added at the row that `launcher` (d,) names for it; -1 is left out.

    Kernels that run side by side are added up, not united.
    """
    own = np.zeros(len(trace.slices), np.int64)
    named = launcher >= 0
    np.add.at(own, launcher[named], np.maximum(trace.slices.duration[found.rows[named]], 0))
    return own


def _launches(slices: Slices, rows: NDArray[np.int64]) -> NDArray[np.int32]:
    """(d,) the latest call with the same correlation that did not begin after the work; else the first with it."""
    calls = np.flatnonzero(
        ((slices.category == Category.RUNTIME) | (slices.category == Category.DRIVER)) & (slices.correlation >= 0)
    )
    if not len(calls):
        return np.full(len(rows), -1, np.int32)
    calls = calls[np.argsort(slices.correlation[calls], kind="stable")]  # within one: in order of start
    known, wanted = slices.correlation[calls], slices.correlation[rows]
    place = np.searchsorted(known, wanted)
    last = np.searchsorted(known, wanted, "right") - 1
    found = (wanted >= 0) & (last >= place)
    for row in np.flatnonzero(found & (last > place)):  # several calls with one correlation: rare
        started = slices.start[calls[place[row] : last[row] + 1]] <= slices.start[rows[row]]
        place[row] += max(int(started.sum()) - 1, 0)
    return np.where(found, calls[np.minimum(place, len(calls) - 1)], -1).astype(np.int32)


def _operator_at(trace: Trace, nested: Nesting, launch: NDArray[np.int32]) -> NDArray[np.int32]:
    """(d,) the innermost operator that is open when each launch begins, ends included; -1 where none is.

    That is the operator around it, but for a call at the very end of its operator (clocks of whole µs) and one that
    ends after its operator.
    """
    operator = np.where(launch >= 0, nested.operator[launch], -1).astype(np.int32)
    slices = trace.slices
    alone = np.flatnonzero((launch >= 0) & (operator < 0))
    for track in np.unique(slices.track[launch[alone]]):
        rows = np.flatnonzero((slices.track == track) & (slices.category == Category.OPERATOR))
        mine = alone[slices.track[launch[alone]] == track]
        begun = slices.start[launch[mine]]
        place = np.searchsorted(slices.start[rows], begun, "right") - 1
        last = np.where(place >= 0, rows[place], -1) if len(rows) else np.full(len(mine), -1)
        operator[mine] = _open_at(trace, nested, last, begun)
    return operator


def _open_at(trace: Trace, nested: Nesting, row: NDArray[np.int64], time: NDArray[np.int64]) -> NDArray[np.int64]:
    """(k,) each row's nearest operator outwards, itself included, that has not ended at a time; -1 for none."""
    slices = trace.slices
    row = row.copy()
    while True:
        wrong = (row >= 0) & ((slices.category[row] != Category.OPERATOR) | (slices.end[row] < time))
        if not wrong.any():
            return row
        row[wrong] = nested.parent[row[wrong]]

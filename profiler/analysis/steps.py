"""The steps of a training loop: from the host's marks, and until the GPU has done what each of them launched."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..trace import DEVICE_WORK, HOST_CALLS, Category, Trace
from .attribution import Attribution, attribution
from .cut_off import reached

__all__ = ["Steps", "steps"]

_PROFILER_STEP = re.compile(r"ProfilerStep\s*#\s*\d+$")
_OTHER_STEP = re.compile(r"(?:train(?:ing)?|global_step|step|iteration)[\s_]*[#:=]?\s*\d+$", re.IGNORECASE)
# A last step with fewer launches than this share of the one before it was cut off when the profiler stopped.
_WHOLE = 0.8
_EXECUTED = (Category.OPERATOR, Category.ANNOTATION, Category.PYTHON, *HOST_CALLS, *DEVICE_WORK)


@dataclass(frozen=True)
class Steps:
    """Each column (s,), in order of time; steps do not overlap.

    name        of the mark, "ProfilerStep#5"; "whole trace" where nothing is marked
    start, end  int64 ns: from the end of the step before (of its GPU work, too) to the end of all it launched
    host_start  int64 ns, of the mark on the host; host_end likewise
    launched    int64, kernels, copies and fills that it launched
    complete    bool: False for the last ones when the profiler stopped before the GPU had done their work, and for
                those of which a file that is cut off may lack something
    marked      False when the trace has no marks and is one step
    """

    name: list[str]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    host_start: NDArray[np.int64]
    host_end: NDArray[np.int64]
    launched: NDArray[np.int64]
    complete: NDArray[np.bool_]
    marked: bool

    def __len__(self) -> int:
        return len(self.name)

    def chosen(self, of: NDArray[np.bool_]) -> Steps:
        """The steps at which `of` (s,) is True."""
        name = [name for name, taken in zip(self.name, of.tolist(), strict=True) if taken]
        start, end, host_start, host_end = (
            column[of] for column in (self.start, self.end, self.host_start, self.host_end)
        )
        return Steps(name, start, end, host_start, host_end, self.launched[of], self.complete[of], self.marked)


def steps(trace: Trace, found: Attribution | None = None) -> Steps:
    """The steps as torch-tb-profiler bounds them, over all launches, those through the driver too.

    A step starts at its mark, or when the GPU is done with the step before, and ends with its mark or with the last
    kernel that it launched. Marks on the GPU's side (`gpu_user_annotation`) are none. Empty for an empty trace.
    """
    marks = _marks(trace)
    if len(marks) == 0:
        return _whole(trace)
    found = found or attribution(trace)
    host_start = trace.slices.start[marks]
    host_end = host_start + trace.slices.duration[marks]
    step_of, launched = _launched(trace, found, host_start, host_end)
    start, end = _bounds(trace, found, step_of, host_start, host_end)
    return Steps(
        [trace.names[code] for code in trace.slices.name[marks]],
        start,
        end,
        host_start,
        host_end,
        launched,
        _complete(launched) & _held(trace, host_end, end),
        marked=True,
    )


def _marks(trace: Trace) -> NDArray[np.int64]:
    """Rows of the host's marks: ProfilerStep#N, otherwise what other libraries write."""
    host = np.array([not track.is_device for track in trace.tracks] or [False], np.bool_)
    for pattern in (_PROFILER_STEP, _OTHER_STEP):
        named = np.array([pattern.match(name) is not None for name in trace.names] or [False], np.bool_)
        rows = trace.rows_of(Category.ANNOTATION, Category.OPERATOR)
        rows = rows[named[trace.slices.name[rows]] & host[trace.slices.track[rows]]]
        if len(rows):
            return _apart(trace, rows)
    return np.empty(0, np.int64)


def _apart(trace: Trace, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Marks that begin within another one are left out: they are the same step on another thread."""
    reached = np.maximum.accumulate(trace.slices.end[rows])
    return rows[np.r_[True, trace.slices.start[rows[1:]] >= reached[:-1]]]


def _launched(
    trace: Trace, found: Attribution, host_start: NDArray[np.int64], host_end: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(d,) the step whose mark is open when device work is launched, -1 for none; and how many each launched."""
    at = trace.slices.start[found.launch]
    step = np.searchsorted(host_start, at, "right") - 1
    inside = (found.launch >= 0) & (step >= 0) & (at <= host_end[np.maximum(step, 0)])
    step = np.where(inside, step, -1)
    return step, np.bincount(step[inside], minlength=len(host_start))


def _bounds(
    trace: Trace,
    found: Attribution,
    step_of: NDArray[np.int64],
    host_start: NDArray[np.int64],
    host_end: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    count = len(host_start)
    work_start = trace.slices.start[found.rows]
    work_end = work_start + trace.slices.duration[found.rows]
    inside = step_of >= 0
    device_end = host_end.copy()
    np.maximum.at(device_end, step_of[inside], work_end[inside])
    before = int(host_start[0])
    if (step_of == 0).any():
        # Work of before the first mark that was done before the first step's own began is no part of it.
        earlier = work_end[~inside & (work_end < work_start[step_of == 0].min())]
        before = max(before, int(earlier.max(initial=before)))
    # Each step ends no earlier than the one before it: a running maximum of the ends.
    end = np.maximum.accumulate(np.maximum(device_end, np.maximum(before, host_start)))
    start = np.maximum(np.r_[before, end[: count - 1]], host_start)
    return start, end


def _complete(launched: NDArray[np.int64]) -> NDArray[np.bool_]:
    complete = np.ones(len(launched), np.bool_)
    working = np.flatnonzero(launched)
    if len(working) and len(launched) > 1:
        last = int(working[-1])
        complete[last + 1 :] = False
        if last > 0 and launched[last] < _WHOLE * launched[last - 1]:
            complete[last] = False
    return complete


def _held(trace: Trace, host_end: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether the file holds all of each step."""
    until = reached(trace)
    if until is None:
        return np.ones(len(end), np.bool_)
    return np.asarray((host_end <= until[0]) & (end <= until[1]))


def _whole(trace: Trace) -> Steps:
    rows = trace.rows_of(*_EXECUTED)
    if len(rows) == 0:
        none = np.empty(0, np.int64)
        return Steps([], none, none, none, none, none, np.empty(0, np.bool_), marked=False)
    start, end = trace.slices.start[rows].min(keepdims=True), trace.slices.end[rows].max(keepdims=True)
    until = reached(trace)
    if until is not None and min(until) > start[0]:
        end = np.minimum(end, min(until))
    work = len(trace.rows_of(*DEVICE_WORK))
    return Steps(["whole trace"], start, end, start, end, np.array([work]), _held(trace, end, end), marked=False)

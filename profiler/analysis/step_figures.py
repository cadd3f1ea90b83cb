"""Figures of operators and kernels step by step: what a comparison of two profiles needs of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..trace import Trace
from .attribution import device_time_by_launcher
from .groups import longest_of
from .nesting import self_times
from .operators import operator_rows
from .study import Study

__all__ = ["StepFigures", "StepSpans", "kernel_figures", "operator_figures", "step_spans"]


@dataclass(frozen=True)
class StepSpans:
    """The steps that figures are taken of, the complete ones: (s,) names, and ns of each on the host and altogether.

    marked  False: the trace marks no steps and is one
    """

    name: list[str]
    host_start: NDArray[np.int64]
    host_end: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    marked: bool

    def __len__(self) -> int:
        return len(self.name)

    def of(self, times: NDArray[np.int64]) -> NDArray[np.int64]:
        """(k,) the step on the host that each time lies in; -1."""
        at = np.searchsorted(self.host_start, times, "right") - 1
        inside = (at >= 0) & (times < self.host_end[np.maximum(at, 0)]) if len(self) else np.zeros(len(times), np.bool_)
        return np.where(inside, at, -1)


@dataclass(frozen=True)
class StepFigures:
    """Rows by name. Figures are (r, s), a column a step; row (r,) is the longest slice of each name.

    partner  for kernels the operator that launched most of its time, "" for none
    """

    name: list[str]
    figures: dict[str, NDArray[np.float64]]
    row: NDArray[np.int64]
    partner: list[str]

    @property
    def steps(self) -> int:
        """Columns of the figures."""
        return next(iter(self.figures.values())).shape[1] if self.figures else 0


def step_spans(study: Study) -> StepSpans:
    """The complete steps, or all when none is; a trace without marks is one step."""
    steps = study.steps
    chosen = np.flatnonzero(steps.complete) if steps.complete.any() else np.arange(len(steps))
    if not steps.marked:
        start, end = steps.start[chosen], steps.end[chosen]
        return StepSpans(["whole trace"] * len(chosen), start, end + 1, start, end, False)
    names = [steps.name[step] for step in chosen.tolist()]
    host = steps.host_start[chosen], steps.host_end[chosen]
    return StepSpans(names, *host, steps.start[chosen], steps.end[chosen], True)


def operator_figures(study: Study, spans: StepSpans) -> StepFigures:
    """Of operators by name: device_self, host_self in ns, and calls, of those that begin within a step."""
    trace = study.trace
    rows = operator_rows(trace)
    step = spans.of(trace.slices.start[rows])
    rows, step = rows[step >= 0], step[step >= 0]
    device = device_time_by_launcher(trace, study.attribution, study.attribution.operator)
    figures = {"device_self": device[rows], "host_self": self_times(trace, study.nesting)[rows]}
    return _by_name(trace, rows, step, len(spans), figures)


def kernel_figures(study: Study, spans: StepSpans) -> StepFigures:
    """Of kernels, copies and fills by name: time in ns, and calls, of those that a step launched."""
    trace, found = study.trace, study.attribution
    begun = trace.slices.start[np.where(found.launch >= 0, found.launch, found.rows)]
    step = spans.of(begun)
    within = step >= 0
    rows = found.rows[within]
    time = np.maximum(trace.slices.duration[rows], 0)
    made = _by_name(trace, rows, step[within], len(spans), {"time": time})
    return StepFigures(made.name, made.figures, made.row, _partners(study, rows, found.operator[within], made))


def _by_name(
    trace: Trace,
    rows: NDArray[np.int64],
    step: NDArray[np.int64],
    steps: int,
    figures: dict[str, NDArray[np.int64]],
) -> StepFigures:
    codes, of = np.unique(trace.slices.name[rows], return_inverse=True)
    cell = of.reshape(-1) * steps + step
    size = len(codes) * steps

    def summed(weights: NDArray[np.int64] | None) -> NDArray[np.float64]:
        sums = np.bincount(cell, weights, size).astype(np.float64)
        return sums.reshape(len(codes), steps)

    return StepFigures(
        [trace.names[code] for code in codes],
        {**{name: summed(values) for name, values in figures.items()}, "calls": summed(None)},
        longest_of(trace.slices.duration, rows, of.reshape(-1), len(codes)),
        [""] * len(codes),
    )


def _partners(study: Study, rows: NDArray[np.int64], operator: NDArray[np.int32], made: StepFigures) -> list[str]:
    """The name of the operator with most of each kernel's time."""
    names, slices = study.trace.names, study.trace.slices
    spent: dict[str, dict[str, int]] = {}
    known = operator >= 0
    pairs = np.stack([slices.name[rows[known]], slices.name[operator[known]]], axis=1)
    kinds, of = np.unique(pairs, axis=0, return_inverse=True)
    time = np.bincount(of.reshape(-1), slices.duration[rows[known]], len(kinds))
    for (kernel, launcher), sum_of in zip(kinds.tolist(), time.tolist(), strict=True):
        spent.setdefault(names[kernel], {})[names[launcher]] = sum_of
    return [max(spent[name], key=lambda each: spent[name][each]) if name in spent else "" for name in made.name]

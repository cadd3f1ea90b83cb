"""One side of a comparison: the figures of a trace, or of several ranks together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..trace import Trace
from .diff_memory import memory_rows
from .diff_modules import module_rows
from .diff_steps import step_rows
from .modules import modules
from .step_figures import StepFigures, kernel_figures, operator_figures, step_spans
from .study import Study

__all__ = ["Side", "over_ranks", "side_of"]

_DEVICE = re.compile(r"^GPU \d+(?=:)")


@dataclass(frozen=True)
class Side:
    """step: names of the steps, the columns of figures. marked: see StepSpans.

    no_modules  why the trace names none
    """

    step: list[str]
    marked: bool
    has_gpu: bool
    steps: StepFigures
    operators: StepFigures
    kernels: StepFigures
    modules: StepFigures
    memory: StepFigures
    no_modules: tuple[str, ...]


def side_of(trace: Trace) -> Side:
    """The figures of a trace; small enough to be kept for many."""
    study = Study(trace)
    spans = step_spans(study)
    of_modules = module_rows(study, spans)
    return Side(
        spans.name,
        spans.marked,
        study.has_gpu,
        step_rows(study, spans),
        operator_figures(study, spans),
        kernel_figures(study, spans),
        of_modules,
        memory_rows(study, spans),
        () if of_modules.name else modules(trace).notes,
    )


def over_ranks(sides: Sequence[Side]) -> Side:
    """Means over ranks, of the steps that all of them have; rows lead to slices of the first.

    Steps are the same where their names are; where no name is common, where their places are.
    """
    first = sides[0]
    names = [name for name in first.step if all(name in side.step for side in sides)]
    places = [[side.step.index(name) for name in names] for side in sides]
    if not names:
        count = min(len(side.step) for side in sides)
        names, places = first.step[:count], [list(range(count))] * len(sides)

    def joined(kind: str) -> StepFigures:
        return _mean([getattr(side, kind) for side in sides], places)

    return Side(
        names,
        all(side.marked for side in sides),
        any(side.has_gpu for side in sides),
        joined("steps"),
        joined("operators"),
        joined("kernels"),
        joined("modules"),
        _mean([_of_any_gpu(side.memory) for side in sides], places),
        first.no_modules,
    )


def _of_any_gpu(memory: StepFigures) -> StepFigures:
    """Each rank has a GPU of its own: "GPU 3: peak allocated" → "GPU: peak allocated"."""
    return replace(memory, name=[_DEVICE.sub("GPU", name) for name in memory.name])


def _mean(ranks: Sequence[StepFigures], places: Sequence[Sequence[int]]) -> StepFigures:
    """A rank that lacks a row has 0 of it; steps that one of the ranks has no figures of are left out."""
    count = min(sum(place < rank.steps for place in of) for rank, of in zip(ranks, places, strict=True))
    at = {name: place for place, name in enumerate(dict.fromkeys(name for rank in ranks for name in rank.name))}
    sums: dict[str, NDArray[np.float64]] = {key: np.zeros((len(at), count)) for rank in ranks for key in rank.figures}
    row, partner = np.full(len(at), -1, np.int64), [""] * len(at)
    for number, (rank, of) in enumerate(zip(ranks, places, strict=True)):
        rows = np.array([at[name] for name in rank.name], np.int64)
        for key, values in rank.figures.items():
            np.add.at(sums[key], rows, values[:, list(of[:count])])
        for place, other in zip(rows.tolist(), rank.partner, strict=True):
            partner[place] = partner[place] or other
        if number == 0:
            row[rows] = rank.row
    return StepFigures(list(at), {key: total / len(ranks) for key, total in sums.items()}, row, partner)

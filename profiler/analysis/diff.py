"""Two profiles side by side: what became slower, faster, new or gone, and whether steps vary as much anyway."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from ..table import Table
from ..trace import Trace
from .diff_memory import memory_changes
from .diff_modules import module_changes
from .diff_rows import Compared, Metric, changes, renamed, times
from .diff_sides import Side, over_ranks, side_of
from .diff_steps import step_changes
from .significance import ASSUMPTIONS, smallest_p
from .step_figures import StepFigures
from .wording import count_of

__all__ = ["ProfileDiff", "diff", "diff_ranks"]

_SIGNIFICANT = 0.05
_KERNEL = Metric("time", "Time", "Durations of those that a step launched, added up; mean per step.")
_OF_RANKS = (
    ("Whole step", Metric("step", "Step", "Of the rank; mean.")),
    ("GPU: exposed communication", Metric("exposed", "Exposed communication", "Mean per step.", "exposed_")),
    ("GPU: idle", Metric("idle", "Idle", "Of the rank's GPU; mean per step.", "idle_")),
)


@dataclass(frozen=True)
class ProfileDiff:
    """steps: how many of each the figures are means of. notes: on how far the two can be compared."""

    steps: tuple[int, int]
    tables: dict[str, Table]
    notes: tuple[str, ...]


def diff(before: Trace, after: Trace) -> ProfileDiff:
    """Tables "steps", "operators", "kernels", "modules" and "memory": figures per step, absolute and relative change.

    Rows are matched by name, modules by path; a kernel that is gone and one that is new with the same launching
    operator are one row. Figures are means over complete steps; a trace that marks no steps counts as one.
    """
    return _changes(side_of(before), side_of(after))


def diff_ranks(before: Iterable[tuple[int, Trace]], after: Iterable[tuple[int, Trace]]) -> ProfileDiff:
    """Two profiles of several ranks, paired by their numbers. Raises ValueError where they have none in common.

    The tables of `diff`, of figures that are means over the paired ranks; and in front of them "ranks", a row for each
    pair: its step, exposed communication and idling.
    """
    sides = tuple({rank: side_of(trace) for rank, trace in traces} for traces in (before, after))
    common = sorted(sides[0].keys() & sides[1].keys())
    if not common:
        raise ValueError(f"no rank is in both: before {_listed(sides[0])}, after {_listed(sides[1])}")
    joined = tuple(over_ranks([side[rank] for rank in common]) for side in sides)
    found = _changes(joined[0], joined[1], _on_ranks(sides[0], sides[1]))
    compared = Compared(found.steps, all(side.marked for side in joined), found.notes)
    metrics = [metric for title, metric in _OF_RANKS if any(title in side.steps.name for side in joined)]
    rows = tuple(_rank_rows({rank: side[rank] for rank in common}, metrics) for side in sides)
    ranks = changes("ranks", "Ranks", (rows[0], rows[1]), metrics, compared, by_size=False)
    return ProfileDiff(found.steps, {"ranks": ranks, **found.tables}, found.notes)


def _changes(before: Side, after: Side, more: tuple[str, ...] = ()) -> ProfileDiff:
    counts = len(before.step), len(after.step)
    notes = (*more, *_notes(before, after))
    compared = Compared(counts, before.marked and after.marked, notes)
    has_gpu = before.has_gpu or after.has_gpu
    operators, kernels = (before.operators, after.operators), (before.kernels, after.kernels)
    missing = before.no_modules
    tables = {
        "steps": step_changes((before.steps, after.steps), compared),
        "operators": changes("operators", "Operators", operators, times(has_gpu), compared),
        "kernels": changes("kernels", "Kernels, copies and fills", kernels, (_KERNEL,), compared, renamed(*kernels)),
        "modules": module_changes((before.modules, after.modules), has_gpu, missing, compared),
        "memory": memory_changes((before.memory, after.memory), compared),
    }
    return ProfileDiff(counts, tables, notes)


def _rank_rows(sides: Mapping[int, Side], metrics: Iterable[Metric]) -> StepFigures:
    """A row for each rank; of as many steps as all of them have."""
    count = min(len(side.step) for side in sides.values())
    titles = {metric.name: title for title, metric in _OF_RANKS}
    figures = {metric.name: np.zeros((len(sides), count)) for metric in metrics}
    for place, side in enumerate(sides.values()):
        found = side.steps
        for name, matrix in figures.items():
            if titles[name] in found.name:
                matrix[place] = found.figures["time"][found.name.index(titles[name]), :count]
    names = [f"Rank {rank}" for rank in sides]
    return StepFigures(names, figures, np.full(len(names), -1, np.int64), [""] * len(names))


def _on_ranks(before: Mapping[int, Side], after: Mapping[int, Side]) -> tuple[str, ...]:
    common = before.keys() & after.keys()
    notes = [f"Figures are means over {count_of(len(common), 'rank')}: {_listed(common)}."]
    for side, when in ((before, "before"), (after, "after")):
        alone = side.keys() - common
        notes += [f"Only {when}, and left out: rank {_listed(alone)}."] if alone else []
    return tuple(notes)


def _listed(ranks: Iterable[int]) -> str:
    """{0, 1, 2, 5} → "0-2, 5"."""
    runs: list[list[int]] = []
    for rank in sorted(ranks):
        if runs and runs[-1][1] == rank - 1:
            runs[-1][1] = rank
        else:
            runs.append([rank, rank])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


def _notes(before: Side, after: Side) -> tuple[str, ...]:
    counts = len(before.step), len(after.step)
    if not (before.marked and after.marked):
        which = "Neither trace marks" if not (before.marked or after.marked) else "One of the traces marks no"
        return (f"{which} steps: figures are of whole traces, and nothing can be said of significance.",)
    least = smallest_p(*counts)
    if least > _SIGNIFICANT:
        return (
            f"Too few steps to tell a change from chance: {counts[0]} before and {counts[1]} after give p = "
            f"{least:.2g} at best; 4 and 4 are the fewest that can give less than 0.05.",
        )
    return (f"Means of {counts[0]} steps before and {counts[1]} after. {ASSUMPTIONS}",)

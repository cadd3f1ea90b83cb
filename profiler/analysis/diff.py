"""Two profiles side by side: what became slower, faster, new or gone, and whether steps vary as much anyway."""

from __future__ import annotations

from dataclasses import dataclass

from ..table import Table
from ..trace import Trace
from .diff_memory import memory_changes
from .diff_modules import module_changes
from .diff_rows import Compared, Metric, changes, renamed, times
from .diff_steps import step_changes
from .significance import ASSUMPTIONS, smallest_p
from .step_figures import StepSpans, kernel_figures, operator_figures, step_spans
from .study import Study

__all__ = ["ProfileDiff", "diff"]

_SIGNIFICANT = 0.05
_KERNEL = Metric("time", "Time", "Durations of those that a step launched, added up; mean per step.")


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
    studies = Study(before), Study(after)
    spans = step_spans(studies[0]), step_spans(studies[1])
    notes = _notes(spans)
    compared = Compared((len(spans[0]), len(spans[1])), all(each.marked for each in spans), notes)
    operators = operator_figures(studies[0], spans[0]), operator_figures(studies[1], spans[1])
    kernels = kernel_figures(studies[0], spans[0]), kernel_figures(studies[1], spans[1])
    tables = {
        "steps": step_changes(studies, spans, compared),
        "operators": changes("operators", "Operators", operators, times(studies), compared),
        "kernels": changes("kernels", "Kernels, copies and fills", kernels, (_KERNEL,), compared, renamed(*kernels)),
        "modules": module_changes(studies, spans, compared),
        "memory": memory_changes(studies, spans, compared),
    }
    return ProfileDiff(compared.steps, tables, notes)


def _notes(spans: tuple[StepSpans, StepSpans]) -> tuple[str, ...]:
    before, after = (len(each) for each in spans)
    if not all(each.marked for each in spans):
        which = "Neither trace marks" if not any(each.marked for each in spans) else "One of the traces marks no"
        return (f"{which} steps: figures are of whole traces, and nothing can be said of significance.",)
    least = smallest_p(before, after)
    if least > _SIGNIFICANT:
        return (
            f"Too few steps to tell a change from chance: {before} before and {after} after give p = {least:.2g} at "
            "best; 4 and 4 are the fewest that can give less than 0.05.",
        )
    return (f"Means of {before} steps before and {after} after. {ASSUMPTIONS}",)

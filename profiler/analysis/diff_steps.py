"""The steps of two profiles: their time by roles, and what the GPU did."""

from __future__ import annotations

import numpy as np

from ..table import Table
from .diff_rows import Compared, Metric, changes
from .intervals import length_until, subtract
from .step_figures import StepFigures, StepSpans
from .step_table import ROLES, step_table
from .study import Study

__all__ = ["step_changes", "step_rows"]

_TIME = Metric("time", "Time", "Mean per step.")


def step_changes(sides: tuple[StepFigures, StepFigures], compared: Compared) -> Table:
    """A row for each of `step_rows`."""
    return changes("steps", "Steps", sides, (_TIME,), compared, by_size=False)


def step_rows(study: Study, spans: StepSpans) -> StepFigures:
    """The whole step, the roles that add up to it, and the GPU's communication and idling."""
    table = step_table(study.trace, study.attribution, study.steps)
    place = {name: at for at, name in enumerate(table["name"])}
    chosen = [place[name] for name in spans.name if name in place] if spans.marked else list(range(len(spans)))
    rows = {"Whole step": np.asarray(table["total"], np.float64)[chosen]}
    rows.update({title: np.asarray(table[name], np.float64)[chosen] for name, title, _ in ROLES})
    if study.has_gpu:
        within = study.spans
        exposed = subtract(within.communication, within.computation)
        for title, covered in (
            ("GPU: communication", within.communication),
            ("GPU: exposed communication", exposed),
            ("GPU: busy", within.busy),
        ):
            rows[title] = (length_until(covered, spans.end) - length_until(covered, spans.start)).astype(np.float64)
        rows["GPU: idle"] = rows["Whole step"] - rows["GPU: busy"]
    return StepFigures(
        list(rows), {"time": np.stack(list(rows.values()))}, np.full(len(rows), -1, np.int64), [""] * len(rows)
    )

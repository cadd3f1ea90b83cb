"""Modules of two profiles, by their paths."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..table import Table
from .diff_rows import Compared, changes, times
from .modules import modules
from .step_figures import StepFigures, StepSpans
from .study import Study

__all__ = ["module_changes", "module_rows"]

# Modules are worked out anew for every step: of so many slices times steps no more than this many steps.
_AFFORDABLE = 8_000_000
_OUTSIDE = "outside of modules"


def module_changes(
    sides: tuple[StepFigures, StepFigures], has_gpu: bool, missing: tuple[str, ...], compared: Compared
) -> Table:
    """Device and host time of each module without its inner ones; empty, with `missing`, where neither names any."""
    shown = [each.steps if each.name else 0 for each in sides]
    notes = [] if any(each.name for each in sides) else list(missing)
    if any(0 < few < of for few, of in zip(shown, compared.steps, strict=True)):
        notes.append(f"The traces are large: figures are of the first {shown[0]} and {shown[1]} steps.")
    table = changes("modules", "Modules", sides, times(has_gpu), compared)
    return Table(table.name, table.title, table.columns, (*table.notes, *notes))


def module_rows(study: Study, spans: StepSpans) -> StepFigures:
    """Of modules by path, device_self and host_self in ns, and calls; of the first steps where the trace is large."""
    most = max(_AFFORDABLE // max(len(study.trace.slices), 1), 1)
    by_path: dict[str, int] = {}
    row: list[int] = []
    cells: list[tuple[int, int, dict[str, float]]] = []
    steps = min(len(spans), most)
    for step in range(steps):
        window = (int(spans.host_start[step]), int(spans.host_end[step]))
        for told in modules(study.trace, window, study.nesting, study.attribution).rows():
            path = told["path"] or told["name"] or _OUTSIDE
            place = by_path.setdefault(path, len(by_path))
            if place == len(row):
                row.append(-1)
            row[place] = max(row[place], told.get("row") or -1)
            cells.append((place, step, told))

    def figures(name: str) -> NDArray[np.float64]:
        matrix = np.zeros((len(by_path), steps))
        for place, step, told in cells:
            matrix[place, step] += told.get(name) or 0
        return matrix

    names = ("device_self", "host_self", "calls")
    found = {name: figures(name) for name in names}
    return StepFigures(list(by_path), found, np.array(row, np.int64), [""] * len(by_path))

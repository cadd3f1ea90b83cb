"""The table of session groups as CSV, JSON or LaTeX."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ...logger.proto.hparams_api_pb2 import SessionGroup
from ...logger.proto.plugins_pb2 import Experiment
from ..json_answers import json_text
from ..numbers import cleansed
from .hparams_cells import Cell, hparam_cell
from .hparams_metrics import find_value

__all__ = ["FORMATS", "Table", "table_of"]


@dataclass(frozen=True)
class Table:
    """Columns by name, and rows of cells; None where a group has no such metric, "" for a hyperparameter."""

    header: list[str]
    rows: list[list[Cell]]


def table_of(experiment: Experiment, groups: Sequence[SessionGroup], visible: Sequence[Any]) -> Table:
    """Hyperparameters, then metrics; a column is left out where `visible` ends or is false."""
    header = [info.display_name or info.name for info in experiment.hparam_infos]
    header += [info.display_name or info.name.tag for info in experiment.metric_infos]
    rows = []
    for group in groups:
        found = (hparam_cell(group, info.name) for info in experiment.hparam_infos)
        cells: list[Cell] = ["" if cell is None else cell for cell in found]
        values = [find_value(group, info.name) for info in experiment.metric_infos]
        cells += [None if value is None else value.value for value in values]
        rows.append(cells)
    shown = [index for index, wanted in zip(range(len(header)), visible, strict=False) if wanted]
    return Table([header[index] for index in shown], [[cells[index] for index in shown] for cells in rows])


def _csv(table: Table) -> str:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(table.header)
    writer.writerows(table.rows)
    return file.getvalue()


def _json(table: Table) -> str:
    rows = [[cleansed(cell) if isinstance(cell, float) else cell for cell in cells] for cells in table.rows]
    return json_text({"header": table.header, "rows": rows})


def _latex(table: Table) -> str:
    lines = [" & ".join(map(_latex_cell, cells)) + " \\\\\n" for cells in table.rows]
    head = " & ".join(map(_latex_cell, table.header)) + " \\\\ \\hline\n"
    columns = "l" * len(table.header)
    begin = f"\\begin{{table}}[tbp]\n\\begin{{tabular}}{{{columns}}}\n"
    return begin + head + "".join(lines) + "\\hline\n\\end{tabular}\n\\end{table}\n"


def _latex_cell(cell: Cell) -> str:
    if cell is None:
        return "-"
    if isinstance(cell, str):
        return cell.replace("_", "\\_").replace("%", "\\%")
    if isinstance(cell, int):
        return f"${cell:d}$"
    if math.isnan(cell):
        return "$\\mathrm{NaN}$"
    if math.isinf(cell):
        return f"${'-' if cell < 0 else '+'}\\infty$"
    number, _, exponent = f"{cell:.3g}".partition("e")
    return f"${number}\\cdot 10^{{{int(exponent)}}}$" if exponent else f"${number}$"


# format → (content type, how the table is written)
FORMATS: dict[str, tuple[str, Callable[[Table], str]]] = {
    "csv": ("text/csv; charset=utf-8", _csv),
    "json": ("application/json", _json),
    "latex": ("application/x-latex", _latex),
}

"""Rows of two profiles joined by name, with what changed and whether it is more than chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..table import Column, Table, Unit
from .groups import in_order
from .significance import adjusted, rank_sum
from .step_figures import StepFigures

__all__ = ["Compared", "Metric", "changes", "renamed", "times"]

_SIGNIFICANT = 0.05


@dataclass(frozen=True)
class Compared:
    """How two profiles are compared. steps: of each; testable: whether significance can be told from them."""

    steps: tuple[int, int]
    testable: bool
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Metric:
    """name: of the figure; prefix: of the table's columns, "" for the one that rows are ordered by.

    worse  the verdict on more of it; better: on less
    """

    name: str
    title: str
    hint: str
    prefix: str = ""
    unit: Unit = "ns"
    worse: str = "slower"
    better: str = "faster"


def times(has_gpu: bool) -> tuple[Metric, ...]:
    """Host time, and in front of it device time where there is a GPU."""
    host = "Duration without what lies right within; mean per step."
    if not has_gpu:
        return (Metric("host_self", "Host self", host),)
    device = Metric("device_self", "Device self", "Kernels, copies and fills it launched itself; mean per step.")
    return (device, Metric("host_self", "Host self", host, prefix="host_"))


def renamed(before: StepFigures, after: StepFigures) -> dict[str, str]:
    """Name → old name, of kernels that are new in `after` where one is gone that did their operator's work.

    Of each launching operator the gone and the new ones are paired in order of time, the longest with the longest.
    """
    gone, new = _by_partner(before, set(after.name)), _by_partner(after, set(before.name))
    old_names: dict[str, str] = {}
    for partner, names in new.items():
        old_names.update(zip(names, gone.get(partner, []), strict=False))
    return old_names


def _by_partner(figures: StepFigures, others: set[str]) -> dict[str, list[str]]:
    """Launching operator → names that the other profile does not have, the longest first."""
    found: dict[str, list[str]] = {}
    for row in np.argsort(-figures.figures["time"].sum(axis=1), kind="stable").tolist():
        if figures.name[row] not in others and figures.partner[row]:
            found.setdefault(figures.partner[row], []).append(figures.name[row])
    return found


def changes(
    name: str,
    title: str,
    sides: tuple[StepFigures, StepFigures],
    metrics: Sequence[Metric],
    compared: Compared,
    old_names: dict[str, str] | None = None,
    by_size: bool = True,
) -> Table:
    """A row for each name of either; figures are means per step.

    by_size  the largest change of the first metric first; otherwise as they come
    """
    before, after = sides
    old_names = old_names or {}
    names, places = _joined(before, after, old_names)
    columns = [
        Column("name", "Name", names),
        Column("status", "", [_status(*pair, each in old_names) for pair, each in zip(places, names, strict=True)]),
    ]
    if old_names:
        columns.append(Column("was", "Was", [old_names.get(each, "") for each in names], "", _WAS))
    for metric in metrics:
        figures = [_taken(side.figures[metric.name], places, at) for at, side in enumerate(sides)]
        columns += _change(metric, figures[0], figures[1], compared)
    if "calls" in before.figures:
        for at, (side, when) in enumerate(zip(sides, ("before", "after"), strict=True)):
            calls = _means(_taken(side.figures["calls"], places, at))
            columns.append(Column(f"calls_{when}", f"Calls {when}", calls, "", "Mean per step."))
    for at, (side, when) in enumerate(zip(sides, ("before", "after"), strict=True)):
        rows = [int(side.row[pair[at]]) if pair[at] >= 0 else -1 for pair in places]
        columns.append(Column(f"row_{when}", f"Slice {when}", np.array(rows, np.int64), "", "The longest one."))
    table = Table(name, title, tuple(columns), compared.notes)
    order = np.argsort(-np.abs(np.asarray(table["change"], np.float64)), kind="stable")
    return in_order(table, order) if by_size else table


_WAS = "A kernel that is gone, of the operator that launches this one: of each operator in order of time."


def _joined(
    before: StepFigures, after: StepFigures, old_names: dict[str, str]
) -> tuple[list[str], list[tuple[int, int]]]:
    """The names of all rows, and the place of each in both; -1 where it is not there."""
    at_before = {name: place for place, name in enumerate(before.name)}
    names = list(after.name)
    places = [(at_before.get(old_names.get(name, name), -1), place) for place, name in enumerate(names)]
    taken = {place for place, _ in places}
    gone = [place for place in range(len(before.name)) if place not in taken]
    return names + [before.name[place] for place in gone], places + [(place, -1) for place in gone]


def _status(before: int, after: int, was_renamed: bool) -> str:
    if before < 0:
        return "new"
    if after < 0:
        return "gone"
    return "renamed" if was_renamed else ""


def _taken(figures: NDArray[np.float64], places: list[tuple[int, int]], at: int) -> NDArray[np.float64]:
    """(r, s) the rows of one side; 0 where it has none."""
    rows = np.array([pair[at] for pair in places], np.int64)
    found = np.zeros((len(rows), figures.shape[1]))
    found[rows >= 0] = figures[rows[rows >= 0]]
    return found


def _means(figures: NDArray[np.float64]) -> NDArray[np.float64]:
    """(r,) over the steps; 0 without any."""
    means: NDArray[np.float64] = figures.sum(axis=1) / max(figures.shape[1], 1)
    return means


def _change(
    metric: Metric, before: NDArray[np.float64], after: NDArray[np.float64], compared: Compared
) -> list[Column]:
    means = _means(before), _means(after)
    change = means[1] - means[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = np.where(means[0] > 0, change / means[0], np.nan)
    q = adjusted(rank_sum(before, after)) if compared.testable else np.full(len(change), np.nan)
    verdict = [_verdict(metric, float(one), float(each)) for one, each in zip(q, change, strict=True)]
    at, of = metric.prefix, f" {metric.title.lower()}" if metric.prefix else ""
    return [
        Column(f"{at}before", f"{metric.title} before", means[0], metric.unit, metric.hint),
        Column(f"{at}after", f"{metric.title} after", means[1], metric.unit, metric.hint),
        Column(f"{at}change", f"Change{of}", change, metric.unit, "after - before"),
        Column(f"{at}relative", f"Relative{of}", relative, "share", "(after - before) / before"),
        Column(f"{at}p", f"p{of}", q, "", "Of the steps' rank sum test, adjusted for the number of rows."),
        Column(
            f"{at}verdict",
            f"Verdict{of}",
            verdict,
            "",
            "Where p is below 0.05; empty: within what steps differ anyway.",
        ),
    ]


def _verdict(metric: Metric, p: float, change: float) -> str:
    if not p < _SIGNIFICANT or change == 0:
        return ""
    return metric.worse if change > 0 else metric.better

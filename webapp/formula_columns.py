"""Formulas as columns, as the log gives those of a tag."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..logger.compare.comparison import compare
from ..logger.compare.expressions import parse
from ..logger.compare.formulas import STEP, Points, check_formula, evaluate, names_in
from ..logger.compare.nodes import ExpressionError, Member, Node, walk
from ..logger.reader import ScalarColumns
from .curves import mixed_epoch

if TYPE_CHECKING:
    from ..logger import LogDir

__all__ = ["formula_columns", "parsed"]

Fetch = Callable[[str, Sequence[str]], ScalarColumns]


def parsed(log: LogDir, formula: str) -> Node:
    """The tree of a formula over the log's scalars. Raises ExpressionError."""
    known = compare(log).scalars_known
    node = parse(formula, known | {STEP})
    check_formula(node)
    if not known.intersection(names_in(node)):
        raise ExpressionError("a formula names at least one scalar beside the step", node.start, node.end)
    return node


def formula_columns(node: Node, runs: Sequence[str], fetch: Fetch) -> ScalarColumns:
    """The formula's points in each of the runs that have all it names.

    fetch   (tag, runs) → columns of the latest points
    """
    names = names_in(node)
    by_tag = {name: fetch(name, runs) for name in names}
    places = {name: {int(run): i for i, run in enumerate(columns.run)} for name, columns in by_tag.items()}
    whole = any(isinstance(part, Member) for part in walk(node))  # one number of all points: each new one changes all
    made: list[Points] = []
    run_of: list[int] = []
    epochs: list[int] = []
    for run in range(len(runs)):
        found = {name: places[name][run] for name in names if run in places[name]}
        points = evaluate(node, {name: _points(by_tag[name], i) for name, i in found.items()})
        if points is None or not len(points.step):
            continue
        made.append(points)
        run_of.append(run)
        own = [int(by_tag[name].epoch[i]) for name, i in found.items()]
        epochs.append(mixed_epoch(len(points.step) if whole else 0, *own))
    none = np.empty(0)
    return ScalarColumns(
        step=np.concatenate([none.astype(np.int64), *(points.step for points in made)]),
        wall_time=np.concatenate([none, *(points.wall_time for points in made)]),
        value=np.concatenate([none, *(points.value for points in made)]),
        offsets=np.cumsum([0, *(len(points.step) for points in made)]).astype(np.int64),
        run=np.array(run_of, np.int64),
        segment=np.zeros(len(made), np.int64),
        epoch=np.array(epochs, np.int64),
        exact32=np.zeros(len(made), np.bool_),
    )


def _points(columns: ScalarColumns, series: int) -> Points:
    own = slice(int(columns.offsets[series]), int(columns.offsets[series + 1]))
    return Points(columns.step[own], columns.wall_time[own], columns.value[own])

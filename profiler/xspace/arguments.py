"""The values beside events of XSpace as arguments of slices, and what they tell about the events' kinds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..trace import Category, SparseColumn
from . import event_layout as at
from .details import ARGUMENT_NAMES, copy_arguments, kernel_arguments
from .messages import LineEvents, Plane, XSpaceFile

__all__ = ["ArgumentColumns"]

_DETAILS: dict[str, tuple[Category, Callable[[str], dict[str, Any]]]] = {
    "kernel_details": (Category.KERNEL, kernel_arguments),
    "memcpy_details": (Category.MEMCPY, copy_arguments),
    "memset_details": (Category.MEMSET, copy_arguments),
}
_OPERATORS = ("hlo_op", "tf_op", "eager_op")


@dataclass
class _Column:
    """One argument of all lines: rows (in order of reading) and values, arrays or lists of one line each."""

    rows: list[NDArray[np.int64]] = field(default_factory=list)
    values: list[NDArray[Any] | list[str]] = field(default_factory=list)

    def add(self, rows: NDArray[np.int64], values: NDArray[Any] | list[str]) -> None:
        self.rows.append(rows)
        self.values.append(values)


class ArgumentColumns:
    """Gathers stats line by line; `columns` gives them by the rows that slices have in the end."""

    def __init__(self, file: XSpaceFile) -> None:
        self.file = file
        self.found: dict[str, _Column] = {}
        self._kinds: dict[int, Category] = {}
        self._marks: dict[int, int] = {}

    def add(self, plane: Plane, line: LineEvents, before: int) -> None:
        """Those of a line, whose first event is the `before`-th of all."""
        self._kinds, self._marks = {}, {}
        stats = line.stats
        key = stats[:, at.STAT_NAME] * 16 + stats[:, at.STAT_KIND]
        order = np.argsort(key, kind="stable")
        cuts = np.flatnonzero(np.diff(key[order])) + 1
        for rows in np.split(order, cuts) if len(order) else []:
            name = plane.stats.get(int(stats[rows[0], at.STAT_NAME]), "")
            if name and not name.startswith("_"):  # "_c", "_pt" …: marks for TensorFlow's own grouping
                self._add_stat(plane, name, stats[rows], before)

    def add_names(self, names: list[str], which: NDArray[np.int64], before: int) -> None:
        """The whole names of events that are shown by a shorter one; `which`: one of `names` each, "" for none."""
        rows = np.flatnonzero(np.array([bool(name) for name in names], np.bool_)[which])
        if len(rows):
            self.found.setdefault("full name", _Column()).add(rows + before, [names[place] for place in which[rows]])

    def _add_stat(self, plane: Plane, name: str, stats: NDArray[np.int64], before: int) -> None:
        rows, values = stats[:, at.STAT_EVENT], self._values(plane, stats)
        if name in _DETAILS and isinstance(values, list):
            self._add_details(name, rows, values, before)
            return
        if name == "step_num" and not isinstance(values, list):
            self._marks = dict(zip(rows.tolist(), values.tolist(), strict=True))
        elif name in _OPERATORS:
            self._kinds.update(dict.fromkeys(rows.tolist(), Category.OPERATOR))
        self.found.setdefault(ARGUMENT_NAMES.get(name, name), _Column()).add(rows + before, values)

    def _add_details(self, name: str, rows: NDArray[np.int64], values: list[str], before: int) -> None:
        category, parse = _DETAILS[name]
        self._kinds.update(dict.fromkeys(rows.tolist(), category))
        parsed = {text: parse(text) for text in set(values)}
        for argument in {argument for each in parsed.values() for argument in each}:
            having = [place for place, text in enumerate(values) if argument in parsed[text]]
            told = [parsed[values[place]][argument] for place in having]
            column = told if isinstance(told[0], str) else np.array(told)
            self.found.setdefault(argument, _Column()).add(rows[having] + before, column)

    def _values(self, plane: Plane, stats: NDArray[np.int64]) -> NDArray[Any] | list[str]:
        kind, raw = int(stats[0, at.STAT_KIND]), stats[:, at.STAT_VALUE]
        if kind == at.DOUBLE:
            doubles: NDArray[Any] = np.ascontiguousarray(raw).view(np.float64)
            return doubles
        if kind == at.REFERENCE:
            return [plane.stats.get(value, "") for value in raw.tolist()]
        if kind in (at.TEXT, at.BYTES):
            ends = (raw + stats[:, at.STAT_LENGTH]).tolist()
            return [self.file.text(begin, end) for begin, end in zip(raw.tolist(), ends, strict=True)]
        copied: NDArray[Any] = raw.copy()
        return copied

    def refine(self, line: LineEvents, before: int, category: NDArray[np.int8]) -> dict[int, int]:
        """Categories of the line that was added last as its stats tell them, in place; row → number of steps' marks."""
        for row, kind in self._kinds.items():
            if kind != Category.OPERATOR or category[row] in (Category.OTHER, Category.PYTHON):
                category[row] = kind
        for row in self._marks:
            category[row] = Category.ANNOTATION
        return self._marks

    def columns(self, rows: NDArray[np.int64], count: int) -> tuple[NDArray[np.int64], dict[str, SparseColumn]]:
        """(correlations, the other arguments): rows are the events that became slices, in their order."""
        place = np.full(count, -1, np.int64)
        place[rows] = np.arange(len(rows))
        correlation = np.full(len(rows), -1, np.int64)
        arguments = {}
        for name, column in self.found.items():
            made = _column(column, place)
            if name == "correlation_id" and made.texts is None:
                correlation[made.rows] = made.values
            elif len(made.rows):
                arguments[name] = made
        return correlation, arguments


def _column(column: _Column, place: NDArray[np.int64]) -> SparseColumn:
    rows = place[np.concatenate(column.rows)]
    texts: list[str] | None = None
    if any(isinstance(part, list) for part in column.values):
        codes: dict[str, int] = {}
        words = [str(word) for part in column.values for word in (part if isinstance(part, list) else part.tolist())]
        values: NDArray[Any] = np.array([codes.setdefault(word, len(codes)) for word in words], np.int32)
        texts = list(codes)
    else:
        values = np.concatenate([np.asarray(part) for part in column.values])
    kept = rows >= 0
    rows, values = rows[kept], values[kept]
    order = np.argsort(rows, kind="stable")
    once = np.concatenate([np.diff(rows[order]) > 0, [True]]) if len(order) else np.empty(0, np.bool_)
    return SparseColumn(rows[order][once].astype(np.int32), values[order][once], texts)

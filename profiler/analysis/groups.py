"""Figures of rows that belong together, and the order of a table's rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..table import Column, Table

__all__ = ["Groups", "grouped", "in_order", "longest_of"]


class Groups:
    """(k,) rows in `count` groups, numbered 0 … in the order of their keys."""

    def __init__(self, rows: NDArray[np.int64], of: NDArray[np.int64], count: int) -> None:
        self.rows, self.of, self.count = rows, of, count

    def sum(self, values: NDArray[np.int64]) -> NDArray[np.int64]:
        """(count,) int64 of a column over all slices; exact up to 2^53."""
        return np.bincount(self.of, values[self.rows], self.count).astype(np.int64)

    def calls(self) -> NDArray[np.int64]:
        """(count,) how many rows."""
        return np.bincount(self.of, minlength=self.count).astype(np.int64)

    def largest(self, values: NDArray[np.int64]) -> NDArray[np.int64]:
        """(count,) the row with the largest value, the first of several."""
        order = np.lexsort((-self.rows, values[self.rows], self.of))
        last = np.searchsorted(self.of[order], np.arange(self.count), "right") - 1
        return self.rows[order[last]]

    def first(self) -> NDArray[np.int64]:
        """(count,) the first row."""
        found = np.full(self.count, np.iinfo(np.int64).max)
        np.minimum.at(found, self.of, self.rows)
        return found

    def extreme(self, values: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(count,) the smallest and the largest value."""
        low, high = np.full(self.count, np.iinfo(np.int64).max), np.full(self.count, np.iinfo(np.int64).min)
        np.minimum.at(low, self.of, values[self.rows])
        np.maximum.at(high, self.of, values[self.rows])
        return low, high


def grouped(rows: NDArray[np.int64], keys: Sequence[NDArray[np.int64]]) -> Groups:
    """Rows with the same keys; each key is a column over all slices."""
    of, count = np.zeros(len(rows), np.int64), min(len(rows), 1)
    for key in keys:
        _, code = np.unique(key[rows], return_inverse=True)
        found, of = np.unique(of * (int(code.max(initial=0)) + 1) + code.reshape(-1), return_inverse=True)
        of, count = of.reshape(-1).astype(np.int64), len(found)
    return Groups(rows, of, count)


def longest_of(
    duration: NDArray[np.int64], rows: NDArray[np.int64], group: NDArray[Any], count: int
) -> NDArray[np.int64]:
    """(count,) the row with the longest duration in each group, the last of several; -1 for a group without rows."""
    longest = np.full(count, -1, np.int64)
    order = np.argsort(duration[rows], kind="stable")
    longest[group[order]] = rows[order]  # the last of a group stays
    return longest


def in_order(table: Table, order: NDArray[np.int64]) -> Table:
    """The rows that `order` names, in its order."""
    columns = (
        Column(column.name, column.title, _taken(column, order), column.unit, column.hint) for column in table.columns
    )
    return Table(table.name, table.title, tuple(columns), table.notes)


def _taken(column: Column, order: NDArray[np.int64]) -> NDArray[np.int64] | list[str]:
    if isinstance(column.values, np.ndarray):
        return np.asarray(column.values[order])
    return [column.values[row] for row in order]

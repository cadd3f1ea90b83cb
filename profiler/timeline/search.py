"""Finding slices by name or by what their arguments say."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from ..trace import SparseColumn, Trace

__all__ = ["search"]

_ARGUMENT = re.compile(r"\s*([^=<>]+?)\s*=\s*(.+?)\s*")


def search(trace: Trace, query: str, window: tuple[int, int] | None = None) -> NDArray[np.int64]:
    """(k,) rows, in order of time, of all slices whose name or one of whose arguments holds the text, in any case.

    "name=text" asks one argument: `stream=7`, `Input Dims=[32, 3`. A number must be equal, a text must hold it.
    window: only slices that begin in it. Nothing is found for an empty query.
    """
    query = query.strip()
    found = np.zeros(len(trace.slices), np.bool_)
    if not query:
        return np.empty(0, np.int64)
    lowered = query.casefold()
    named = np.fromiter((lowered in name.casefold() for name in trace.names), np.bool_, len(trace.names))
    if named.any():
        found |= named[trace.slices.name]
    asked = _ARGUMENT.fullmatch(query)
    for name, column in trace.arguments.items():
        if asked and name.casefold() == asked[1].casefold():
            found[_rows(column, asked[2], exact=True)] = True
        elif column.texts is not None:
            found[_rows(column, query, exact=False)] = True
    rows = np.flatnonzero(found)
    if window is not None:
        begun = trace.slices.start[rows]
        rows = rows[(begun >= window[0]) & (begun < window[1])]
    return rows


def _rows(column: SparseColumn, text: str, *, exact: bool) -> NDArray[np.int32]:
    """Rows whose argument holds the text, or is the number."""
    if column.texts is not None:
        lowered = text.casefold()
        held = np.fromiter((lowered in each.casefold() for each in column.texts), np.bool_, len(column.texts))
        return column.rows[held[column.values]] if held.any() else column.rows[:0]
    try:
        return column.rows[column.values == float(text)] if exact else column.rows[:0]
    except ValueError:
        return column.rows[:0]

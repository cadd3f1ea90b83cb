"""Finding slices by name, by what their arguments say, and by how long they take."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from ...logger.compare.patterns import Pattern
from ..trace import Category, SparseColumn, Trace
from .search_parts import TIMES, Condition, parts_of, time_of

__all__ = ["search"]

Mask = NDArray[np.bool_]

_TEXTS = {"name": "name", "kind": "category", "category": "category", "cat": "category", "thread": "track"}
_COMPARE: dict[str, Callable[[NDArray[np.number], float], Mask]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def search(
    trace: Trace, query: str, window: tuple[int, int] | None = None, *, pattern: bool = False
) -> NDArray[np.int64]:
    """(k,) rows, in order of time, of all slices whose name or one of whose arguments holds the text, in any case.

    pattern: the text is a regular expression. Conditions stand beside the text or alone, joined by "and": a time
    (`dur > 1 ms`, `start < 2 s`), `kind = kernel`, `name !~ nccl`, `thread = main`, `correlation = 17`, or an argument
    (`stream = 7`, `Input Dims = [32, 3`). Of a text `=` asks whether it holds the value, `~` for a regular expression.
    window: only slices that begin in it. Nothing is found for an empty query. Raises ValueError with a sentence.
    """
    if not query.strip():
        return np.empty(0, np.int64)
    fields = {*TIMES, *_TEXTS, "correlation", *(name.casefold() for name in trace.arguments)}
    found = np.ones(len(trace.slices), np.bool_)
    for part in parts_of(query, fields):
        if isinstance(part, Condition):
            found &= _passing(trace, part)
        else:
            found &= _holding(trace, _holds(part, pattern))
    rows = np.flatnonzero(found)
    if window is not None:
        begun = trace.slices.start[rows]
        rows = rows[(begun >= window[0]) & (begun < window[1])]
    return rows


def _holds(text: str, pattern: bool) -> Callable[[Sequence[str]], Mask]:
    """Which of some texts hold the text, or match it as a regular expression. Raises ValueError."""
    if not pattern:
        lowered = text.casefold()
        return lambda texts: np.fromiter((lowered in each.casefold() for each in texts), np.bool_, len(texts))
    try:
        sought = Pattern(text, ignore_case=True)
    except re.error as error:
        raise ValueError(f"{text[:80]!r} is no regular expression: {error}") from None
    return lambda texts: np.fromiter((match is not None for match in sought.searches(texts)), np.bool_, len(texts))


def _holding(trace: Trace, holds: Callable[[Sequence[str]], Mask]) -> Mask:
    """Slices with such a name or argument."""
    found = _coded(holds(trace.names), trace.slices.name)
    for column in trace.arguments.values():
        if column.texts is not None:
            held = holds(column.texts)
            if held.any():
                found[column.rows[held[column.values]]] = True
    return found


def _coded(held: Mask, codes: NDArray[np.integer]) -> Mask:
    if not held.any():
        return np.zeros(len(codes), np.bool_)
    mask: Mask = held[codes]
    return mask


def _passing(trace: Trace, condition: Condition) -> Mask:
    """Slices that a condition holds for. Raises ValueError."""
    slices, field = trace.slices, condition.field
    if field in TIMES:
        column = slices.duration if TIMES[field] == "duration" else slices.start
        return _numbers(condition)(column, time_of(condition))
    if field in _TEXTS:
        texts = {
            "name": trace.names,
            "category": [each.name.lower().replace("_", " ") for each in Category],
            "track": [track.thread or str(track.tid) for track in trace.tracks],
        }[_TEXTS[field]]
        return _coded(_texts(condition)(texts), getattr(slices, _TEXTS[field]))
    found = np.zeros(len(slices), np.bool_)
    for name, argument in trace.arguments.items():
        if name.casefold() == field:
            found[_rows(argument, condition)] = True
    if field == "correlation" and (number := _number(condition.value)) is not None:
        found |= _numbers(condition)(slices.correlation, number) & (slices.correlation >= 0)
    return found


def _rows(column: SparseColumn, condition: Condition) -> NDArray[np.int32]:
    """Rows whose argument passes; a number is never equal to a text. Raises ValueError."""
    if column.texts is not None:
        return column.rows[_coded(_texts(condition)(column.texts), column.values)]
    number = _number(condition.value)
    return column.rows[:0] if number is None else column.rows[_numbers(condition)(column.values, number)]


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _numbers(condition: Condition) -> Callable[[NDArray[np.number], float], Mask]:
    if condition.compare not in _COMPARE:
        raise ValueError(f"{condition.field} is a number: it is compared by = != < <= > >=, not by {condition.compare}")
    return _COMPARE[condition.compare]


def _texts(condition: Condition) -> Callable[[Sequence[str]], Mask]:
    if condition.compare not in ("=", "!=", "~", "!~"):
        raise ValueError(f"{condition.field} is a text: it is compared by = != ~ !~, not by {condition.compare}")
    holds = _holds(condition.value, condition.compare.endswith("~"))
    return holds if condition.compare in ("=", "~") else lambda texts: ~holds(texts)

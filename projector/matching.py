"""Rows by what their metadata says: a regular expression, looked for in one column or in all."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from ..logger.compare.patterns import Pattern
from .embedding import Column, Embedding

__all__ = ["rows_matching"]

_AT_ONCE = 10_000  # texts for which the time that a pattern may take is meant


def rows_matching(embedding: Embedding, wanted: str | Iterable[int]) -> NDArray[np.int64]:
    """The rows whose metadata a pattern matches, ascending; row numbers are taken as they are.

    wanted: "pattern", found anywhere in any text of a row, or "column:pattern" for one column; Python's syntax, so
    "(?i)" ignores case and "^cat$" is the whole text. Raises ValueError for a pattern that is none or takes too long.
    """
    if not isinstance(wanted, str):
        return np.fromiter(wanted, np.int64)
    name, colon, rest = wanted.partition(":")
    named = bool(colon) and name in embedding.columns
    columns = [embedding.columns[name]] if named else list(embedding.columns.values())
    text = rest if named else wanted
    try:
        pattern = Pattern(text)
        found = np.zeros(len(embedding), bool)
        for column in columns:
            found |= _matches(column, pattern)
    except re.error as error:
        raise ValueError(f"the pattern {text!r} is not a regular expression: {error}") from None
    return np.flatnonzero(found)


def _matches(column: Column, pattern: Pattern) -> NDArray[np.bool_]:
    """Each distinct text is looked at once."""
    names, codes = column.categories
    found: list[bool] = []
    for start in range(0, len(names), _AT_ONCE):
        found += [match is not None for match in pattern.searches(names[start : start + _AT_ONCE])]
    hits: NDArray[np.bool_] = np.array(found, bool)[codes]
    return hits

"""Which points a text is found in, over all fields of the metadata."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..media.text_search import Finder
from ..queries import Refused
from .answers import arrays_frame, find_column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...projector.embedding import Column
    from .opened import OpenedEmbedding

__all__ = ["search_frame"]

_SECONDS = 8.0  # that a search may take; only patterns over millions of texts do
_LOOK = 4096  # texts between two looks at the clock


def search_frame(opened: OpenedEmbedding, query: str, regex: bool, columns: Sequence[str] | None) -> bytes:
    """`{total, columns: {name: found}}` and all `rows`, ascending. Raises Refused, with the place of a mistake."""
    finder = Finder(query, "regex" if regex else "literal")
    names = [*opened.embedding.columns] if columns is None else columns
    hit = np.zeros(len(opened.embedding), bool)
    counts = {}
    end = time.monotonic() + _SECONDS
    for name in names:
        here = _found_in(find_column(opened, name), finder, end)
        counts[name] = int(here.sum())
        hit |= here
    rows = np.flatnonzero(hit).astype(np.uint32)
    return arrays_frame({"total": len(rows), "columns": counts}, {"rows": rows})


def _found_in(column: Column, finder: Finder, end: float) -> NDArray[np.bool_]:
    """(n,): the rows whose cell has it. Each text is looked at once, however many rows have it."""
    names, codes = _texts_of_numbers(column) if column.kind == "number" else column.categories
    found = np.zeros(len(names), bool)
    for place, text in enumerate(names):
        if place % _LOOK == 0 and time.monotonic() > end:
            raise Refused(
                f"the search took more than {_SECONDS:g} s: look in fewer columns, or for words without a pattern", 422
            )
        found[place] = bool(finder.spans(text))
    return found[codes]


def _texts_of_numbers(column: Column) -> tuple[list[str], NDArray[Any]]:
    values, codes = np.unique(column.cells, return_inverse=True)
    return ["" if value != value else f"{value:.15g}" for value in values.tolist()], codes

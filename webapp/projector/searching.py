"""Which points a text is found in, over all fields of the metadata."""

from __future__ import annotations

import bisect
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

_SECONDS = 8.0  # of work that a search may take; only patterns over millions of texts do
_BETWEEN = "\0"  # texts that are looked at together
_LOOK = 4096  # texts between two looks at the clock


def search_frame(opened: OpenedEmbedding, query: str, regex: bool, columns: Sequence[str] | None) -> bytes:
    """`{total, columns: {name: found}}` and all `rows`, ascending. Raises Refused, with the place of a mistake."""
    finder = Finder(query, "regex" if regex else "literal")
    names = [*opened.embedding.columns] if columns is None else columns
    hit = np.zeros(len(opened.embedding), bool)
    counts = {}
    end = time.thread_time() + _SECONDS
    for name in names:
        texts, codes = _texts(find_column(opened, name))
        here = (_matching(texts, finder, end) if regex else _holding(texts, query, finder))[codes]
        counts[name] = int(here.sum())
        hit |= here
    rows = np.flatnonzero(hit).astype(np.uint32)
    return arrays_frame({"total": len(rows), "columns": counts}, {"rows": rows})


def _texts(column: Column) -> tuple[list[str], NDArray[Any]]:
    """Each text once, and the place of each row's: a text is looked at once, however many rows have it."""
    return _texts_of_numbers(column) if column.kind == "number" else column.categories


def _holding(texts: Sequence[str], query: str, finder: Finder) -> NDArray[np.bool_]:
    """(texts,): those that hold the words. One look goes through all of them, joined by what no query may hold."""
    found = np.zeros(len(texts), bool)
    word = query.casefold()
    if _BETWEEN in word:
        return found
    folded = [text.casefold() for text in texts]
    ends = (np.cumsum(np.fromiter(map(len, folded), np.int64, len(folded))) + np.arange(1, len(folded) + 1)).tolist()
    joined = _BETWEEN.join(folded)
    at = joined.find(word)
    while at >= 0:
        place = bisect.bisect_right(ends, at)
        # Folding makes two letters of some others, "ß" for one: the finder says whether whole letters were found.
        found[place] = texts[place].isascii() or bool(finder.spans(texts[place]))
        at = joined.find(word, ends[place])
    return found


def _matching(texts: Sequence[str], finder: Finder, end: float) -> NDArray[np.bool_]:
    """(texts,): those that a pattern is found in. Raises Refused when that takes too long."""
    found = np.zeros(len(texts), bool)
    for place, text in enumerate(texts):
        if place % _LOOK == 0 and time.thread_time() > end:
            raise Refused(
                f"the search took more than {_SECONDS:g} s: look in fewer columns, or for words without a pattern", 422
            )
        found[place] = bool(finder.spans(text))
    return found


def _texts_of_numbers(column: Column) -> tuple[list[str], NDArray[Any]]:
    values, codes = np.unique(column.cells, return_inverse=True)
    return ["" if value != value else f"{value:.15g}" for value in values.tolist()], codes

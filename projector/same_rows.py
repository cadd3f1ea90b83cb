"""The same points in several embeddings of one sequence: by their position, or by what a column says."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .embedding import Embedding

__all__ = ["Places"]


class Places:
    """Numbers points as they appear: the place of a point is the same in every embedding that has it.

    match: a column of the metadata, or None for the position of the row. The second point with the same cell is another
    point than the first, and so on. A point with an empty cell is a new one in every embedding.
    """

    def __init__(self, match: str | None = None) -> None:
        self._match = match
        self._known: dict[tuple[Any, int], int] = {}
        self.count = 0

    def of(self, embedding: Embedding) -> NDArray[np.int64]:
        """(n,) the place of each row. Raises ValueError where the column is missing."""
        if self._match is None:
            self.count = max(self.count, len(embedding))
            return np.arange(len(embedding))
        if self._match not in embedding.columns:
            there = ", ".join(embedding.columns) or "none"
            raise ValueError(f"{embedding.name} has no column {self._match!r} to match its rows by: it has {there}")
        seen: dict[Any, int] = {}
        places = np.empty(len(embedding), np.int64)
        for row, cell in enumerate(embedding.columns[self._match].cells.tolist()):
            if cell in ("", None) or cell != cell:
                places[row] = self._new()
                continue
            turn = seen[cell] = seen.get(cell, -1) + 1
            place = self._known.get((cell, turn))
            if place is None:
                place = self._known[cell, turn] = self._new()
            places[row] = place
        return places

    def _new(self) -> int:
        self.count += 1
        return self.count - 1

"""An embedding in memory: points, columns of metadata, thumbnails, and what was wrong with them.

Everything that reads files makes an `Embedding`, and everything that reduces, searches or draws takes one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["Column", "Embedding", "Sprite"]

Kind = Literal["number", "category", "text"]


@dataclass(frozen=True)
class Column:
    """One field of the metadata. Numbers are float64 with NaN for a missing cell, everything else str."""

    name: str
    cells: NDArray[Any]  # (n,) float64 or object (str)

    @cached_property
    def kind(self) -> Kind:
        """ "number"; "category" with at most 256 distinct texts; else "text"."""
        if self.cells.dtype.kind == "f":
            return "number"
        return "category" if len(self.categories[0]) <= 256 else "text"

    @cached_property
    def categories(self) -> tuple[list[str], NDArray[np.int32]]:
        """(distinct texts, the most frequent first and equals in order of appearance; (n,) place in them)."""
        places: dict[str, int] = {}
        codes = np.fromiter((places.setdefault(str(cell), len(places)) for cell in self.cells), np.int32)
        order = np.argsort(-np.bincount(codes, minlength=len(places)), kind="stable")
        rank = np.empty(len(places), np.int32)
        rank[order] = np.arange(len(places), dtype=np.int32)
        names = list(places)
        return [names[place] for place in order], rank[codes]


@dataclass(frozen=True)
class Sprite:
    """Thumbnails of all points in one picture, row by row from the top left."""

    read: Callable[[], bytes]  # the picture as it is stored; raises OSError
    width: int  # pixels of one thumbnail
    height: int


@dataclass(frozen=True)
class Embedding:
    """`points` may be memory-mapped and of any float type; rows with NaN or infinity are told, never dropped.

    points: (n, dimensions). columns: n cells each. coordinates: (n, 2 or 3), a layout that came with the data.
    """

    name: str
    points: NDArray[Any]
    columns: Mapping[str, Column] = field(default_factory=dict)
    sprite: Sprite | None = None
    coordinates: NDArray[np.float32] | None = None
    fingerprint: str = ""  # equal for equal content; names results in caches
    notes: tuple[str, ...] = ()  # what was wrong and is shown all the same, a sentence each

    def __len__(self) -> int:
        return len(self.points)

    @property
    def dimensions(self) -> int:
        """Numbers a point."""
        return int(self.points.shape[1])

    @cached_property
    def finite(self) -> NDArray[np.bool_]:
        """(n,): rows without NaN and infinity, the ones that reducers and neighbours see."""
        good = np.empty(len(self.points), bool)
        rows = max(1, (16 << 20) // max(1, self.points.itemsize * self.dimensions))
        for start in range(0, len(good), rows):  # never all of a mapped file in memory
            good[start : start + rows] = np.isfinite(self.points[start : start + rows]).all(axis=1)
        return good

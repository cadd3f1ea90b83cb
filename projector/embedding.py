"""An embedding in memory: points, columns of metadata, thumbnails, and what was wrong with them.

Everything that reads files makes an `Embedding`, and everything that reduces, searches or draws takes one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["Column", "Embedding", "Sprite"]

Kind = Literal["number", "category", "text"]
_CATEGORIES = 256  # colours that a legend can hold
_CLASSES = 32  # whole numbers that are names of classes rather than amounts


@dataclass(frozen=True)
class Column:
    """One field of the metadata. Numbers are float64 with NaN for a missing cell, everything else str."""

    name: str
    cells: NDArray[Any]  # (n,) float64 or object (str)

    @cached_property
    def kind(self) -> Kind:
        """ "number"; "category" with at most 256 distinct texts or 32 whole numbers, as of classes; else "text"."""
        if self.cells.dtype.kind == "f":
            return "category" if self._whole_numbers is not None else "number"
        return "category" if len(self.categories[0]) <= _CATEGORIES else "text"

    @cached_property
    def _whole_numbers(self) -> NDArray[np.float64] | None:
        """The distinct values where they are few and whole, in ascending order, else None."""
        cells = self.cells[~np.isnan(self.cells)]
        if len(np.unique(cells[:1_000])) > _CLASSES:  # quick for most numbers
            return None
        distinct = np.unique(cells)
        whole = np.isfinite(distinct) & (distinct == np.round(distinct))
        return distinct if 0 < len(distinct) <= _CLASSES and whole.all() else None

    @cached_property
    def texts(self) -> NDArray[Any]:
        """(n,) object: the cells as people read them, "" for a missing one."""
        if self.cells.dtype.kind != "f":
            return self.cells
        return np.array(["" if cell != cell else f"{cell:.15g}" for cell in self.cells.tolist()], object)

    @cached_property
    def categories(self) -> tuple[list[str], NDArray[np.int32]]:
        """(distinct texts, (n,) place in them).

        Texts: the most frequent first, equals in order of appearance. Whole numbers: ascending, "" for missing ones
        last.
        """
        numbers = self._whole_numbers if self.cells.dtype.kind == "f" else None
        if numbers is not None:
            missing = np.isnan(self.cells)
            codes = np.where(missing, len(numbers), np.searchsorted(numbers, self.cells)).astype(np.int32)
            return [f"{value:.15g}" for value in numbers.tolist()] + [""] * bool(missing.any()), codes
        return self._texts_by_frequency()

    def _texts_by_frequency(self) -> tuple[list[str], NDArray[np.int32]]:
        places: dict[str, int] = {}
        codes = np.fromiter((places.setdefault(str(cell), len(places)) for cell in self.texts), np.int32)
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
    columns: int  # thumbnails side by side
    count: int  # thumbnails in all; points beyond have none


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
    source: str = ""  # the name of the file that the points are from; sentences about them begin with it

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
        for start in range(0, len(good), self._block):
            rows = slice(start, start + self._block)
            good[rows] = np.isfinite(self.points[rows]).all(axis=1)
        return good

    @property
    def _block(self) -> int:
        """Rows that are looked at together: never all of a mapped file in memory."""
        return max(1, (16 << 20) // max(1, self.points.itemsize * self.dimensions))

    @property
    def _where(self) -> str:
        return self.source or self.name

    def remarks(self) -> tuple[str, ...]:
        """The notes, and what the numbers themselves show. Looks at all of them."""
        return (*self.notes, *self.about_rows(), *self._about_columns())

    def about_rows(self) -> Iterator[str]:
        """A sentence each: a single point, rows with NaN or infinity. Looks at all numbers."""
        wrong = np.flatnonzero(~self.finite)
        if len(self) == 1:
            yield f"{self._where} has one point: there is nothing to compare it with. Open a file with more."
        if len(wrong):
            have = "has" if len(wrong) == 1 else "have"
            yield (
                f"{self._where}: {len(wrong):,} of {len(self):,} points {have} NaN or infinite numbers: "
                f"{_first_few('row', wrong)}. Such points are listed but have no place in a layout; look for a "
                f"division by zero before saving."
            )

    def _about_columns(self) -> Iterator[str]:
        same = np.flatnonzero(self._constant())
        if len(self) > 1 and len(same):
            are = "is" if len(same) == 1 else "are"
            yield (
                f"{self._where}: {len(same):,} of {self.dimensions:,} dimensions {are} the same in every point: "
                f"{_first_few('dimension', same)}. That tells no points apart; standardising leaves it at 0."
            )

    def _constant(self) -> NDArray[np.bool_]:
        """(dimensions,): those with one value in all finite rows."""
        good = np.flatnonzero(self.finite)
        same = np.full(self.dimensions, len(good) > 0)
        if not len(good):
            return same
        first = self.points[good[0]]
        for start in range(0, len(self), self._block):
            rows = slice(start, start + self._block)
            same &= ((self.points[rows] == first) | ~self.finite[rows, None]).all(axis=0)
            if not same.any():
                break
        return same


def _first_few(what: str, places: NDArray[Any]) -> str:
    """ "rows 3, 7 (counted from 0)": as the page and tables of points number them."""
    listed = ", ".join(f"{place:,}" for place in places[:5].tolist()) + (" and others" if len(places) > 5 else "")
    return f"{what}{'s' if len(places) > 1 else ''} {listed} (counted from 0)"

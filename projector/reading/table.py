"""What a table of any format comes to: columns of numbers side by side, and columns of metadata."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..embedding import Column

__all__ = ["Points", "Table", "and_more", "beside", "is_metadata_name", "numbers_of", "uneven"]

Points = NDArray[Any]  # (n, dimensions), floats

_METADATA_NAMES = frozenset(
    ("category", "class", "class_id", "cluster", "id", "idx", "index", "label", "labels", "row", "row_id", "target")
)


@dataclass(frozen=True)
class Table:
    """points: (n, dimensions). names: of the dimensions, where the file has any."""

    points: Points
    names: Sequence[str] = ()
    columns: Mapping[str, Column] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    part: str = ""  # which of several arrays of the file it is


def is_metadata_name(name: str) -> bool:
    """Whether numbers under this name are labels rather than a dimension."""
    return name.strip().lower() in _METADATA_NAMES


def beside(where: str, numeric: Sequence[str], dimensions: Collection[str] | None) -> tuple[list[str], list[str]]:
    """Which of the numeric columns are dimensions, and a note where names alone decided. Raises ValueError.

    `dimensions` are the names that somebody gave; None leaves it to the names of the columns.
    """
    if dimensions is not None:
        missing = [name for name in dimensions if name not in numeric]
        if missing:
            listed = ", ".join(map(repr, numeric[:20])) or "none"
            raise ValueError(f"{where}: no column of numbers is called {missing[0]!r}; there are {listed}")
        return [name for name in numeric if name in set(dimensions)], []
    kept = [name for name in numeric if not is_metadata_name(name)]
    if not kept or len(kept) == len(numeric):
        return list(numeric), []
    taken = ", ".join(repr(name) for name in numeric if is_metadata_name(name))
    return kept, [f"{where}: {taken} was read as metadata because of its name; columns=[…] names the dimensions."]


def numbers_of(values: NDArray[Any]) -> NDArray[Any]:
    """Whole numbers and truth values as floats that hold them; floats as they are, in this machine's byte order."""
    if values.dtype.kind == "f":
        return values.astype(values.dtype.newbyteorder("="), copy=False)
    small = values.dtype.kind == "b" or values.dtype.itemsize <= 2
    return values.astype(np.float32 if small else np.float64)


def uneven(where: str, row: int, cells: int, usual: int, others: int) -> str:
    """The sentence for `row` (from 0) and so many `others` that have not as many cells as is usual."""
    return (
        f"{where}: point {row + 1:,} has {cells:,} {'number' if cells == 1 else 'numbers'}, not {usual:,} like most"
        f"{and_more(others)}. Such points have no place in a layout; give all rows one length."
    )


def and_more(others: int) -> str:
    """The end of a sentence about the first of several rows."""
    return f" ({others:,} more {'row is' if others == 1 else 'rows are'} like that)" if others else ""

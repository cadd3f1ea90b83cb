"""Coordinates that came with the data: a layout made elsewhere, or columns of the metadata."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .reducer import Frame, Parameter, Points, Reducer

__all__ = ["Given"]

_HELP = "A column of numbers; without one the coordinates that came with the embedding are shown."


class Given(Reducer):
    """One frame: what was given, unchanged. A point without a coordinate has no place: NaN.

    x, y, z: (m,) numbers. coordinates: (m, 2 or 3), taken where x and y are not given. A third coordinate that is
    asked for and not given is 0. Raises ValueError where there is nothing to show, and for a wrong shape.
    """

    method = "given"
    title = "Given coordinates"
    parameters = (
        Parameter("x", "values", None, "x", _HELP),
        Parameter("y", "values", None, "y", _HELP),
        Parameter("z", "values", None, "z", _HELP),
    )

    def __init__(
        self,
        points: Points,
        *,
        dims: int = 2,
        seed: int = 0,
        x: ArrayLike | None = None,
        y: ArrayLike | None = None,
        z: ArrayLike | None = None,
        coordinates: ArrayLike | None = None,
    ) -> None:
        if dims not in (2, 3):
            raise ValueError(f"given coordinates are shown in 2 or 3 dimensions, got dims={dims}")
        self.notes: list[str] = []
        self.details: dict[str, Any] = {}
        self._coordinates = self._checked(_table(x, y, z, coordinates), len(points), dims)

    def _checked(self, given: NDArray[np.float32], count: int, dims: int) -> NDArray[np.float32]:
        if given.ndim != 2 or given.shape[0] != count or given.shape[1] not in (2, 3):
            raise ValueError(f"coordinates of shape ({count}, 2 or 3) are wanted, got {given.shape}")
        if given.shape[1] < dims:
            self.notes.append("Two coordinates were given: the third is 0.")
            given = np.pad(given, ((0, 0), (0, 1)))
        placed = np.ascontiguousarray(given[:, :dims])
        if missing := int((~np.isfinite(placed).all(axis=1)).sum()):
            self.notes.append(f"{missing:,} of {count:,} points have no coordinates and no place in the layout.")
        return placed

    def __iter__(self) -> Iterator[Frame]:
        yield Frame(self._coordinates, 1, 1, last=True)


def _table(
    x: ArrayLike | None, y: ArrayLike | None, z: ArrayLike | None, coordinates: ArrayLike | None
) -> NDArray[np.float32]:
    if x is not None and y is not None:
        return np.stack([np.asarray(column, np.float32) for column in (x, y, z) if column is not None], axis=-1)
    if x is not None or y is not None or z is not None:
        raise ValueError("coordinates need a column for x and one for y")
    if coordinates is None:
        raise ValueError("no coordinates came with the data: choose columns of numbers for x and y")
    return np.asarray(coordinates, np.float32)

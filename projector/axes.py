"""Axes that somebody chose: from one group of points to another, or between the classes of a column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .class_axes import Classes, discriminants, mean_directions
from .pca import Axes, principal_axes, projected
from .preprocessing import blocks, column_means
from .reducer import Frame, Parameter, Points, Reducer

__all__ = ["CustomAxes"]

Floats = NDArray[np.float64]

_SELECTIONS, _MEANS, _DISCRIMINANT = "selections", "class means", "discriminant"
_SIDES = (("left", "right"), ("down", "up"), ("back", "front"))
_SKEWED = 0.2  # cosine between two axes from which the picture is told to be sheared
_DENSE_UP_TO = 2_000  # dimensions whose covariance is decomposed as a whole
_NOTHING = 1e-9  # of a direction's length: what is left of it is rounding


@dataclass(frozen=True)
class _Directions:
    """A point's coordinate i is (p - origins[i]) · rows[i]."""

    rows: Floats  # (k, d)
    origins: Floats  # (k, d)


class CustomAxes(Reducer):
    """One frame: points along chosen directions.

    kind "selections": x goes from the mean of `left` to the mean of `right`, y from `down` to `up`, z from `back` to
    `front`; each is row numbers (by pattern or selection), and a side not given is the mean of all points. 0 is half
    way. Coordinates are in the units of the points. Bolukbasi et al., "Man is to computer programmer as woman is to
    homemaker?", 2016, project words on such differences of means.
    kind "class means": the principal axes of the means of the classes in `column`, in the units of the points.
    kind "discriminant": Fisher's linear discriminant (LDA), in standard deviations within the classes.
    Axes that are still missing are the directions of the greatest variance at right angles to the others.

    `details`: "components" (dims, d) the directions, "cosine" (dims, dims) between them.
    Raises ValueError for sides without points, equal means, axes in one direction and fewer than two classes.
    """

    method = "axes"
    title = "Custom axes"
    parameters = (
        Parameter(
            "kind",
            "choice",
            _SELECTIONS,
            "Axes from",
            "Two groups of points an axis, or the classes of a column.",
            choices=(_SELECTIONS, _MEANS, _DISCRIMINANT),
        ),
        Parameter("left", "labels", None, "Left", "Where x begins; all points without it."),
        Parameter("right", "labels", None, "Right", "Where x leads to."),
        Parameter("down", "labels", None, "Down", "Where y begins; all points without it."),
        Parameter("up", "labels", None, "Up", "Where y leads to."),
        Parameter("back", "labels", None, "Back", "Where z begins; all points without it."),
        Parameter("front", "labels", None, "Front", "Where z leads to."),
        Parameter("column", "column", None, "Classes", "Classes whose means or discriminant give the axes."),
        Parameter("orthogonal", "switch", False, "Right angles", "Each axis without its part along those before it."),
    )

    def __init__(
        self,
        points: Points,
        *,
        dims: int = 2,
        seed: int = 0,
        kind: str = _SELECTIONS,
        left: ArrayLike | None = None,
        right: ArrayLike | None = None,
        down: ArrayLike | None = None,
        up: ArrayLike | None = None,
        back: ArrayLike | None = None,
        front: ArrayLike | None = None,
        column: NDArray[np.int32] | None = None,
        orthogonal: bool = False,
    ) -> None:
        if dims not in (2, 3):
            raise ValueError(f"custom axes span 2 or 3 dimensions, got dims={dims}")
        if kind not in (_SELECTIONS, _MEANS, _DISCRIMINANT):
            raise ValueError(f"axes come from {_SELECTIONS}, {_MEANS} or {_DISCRIMINANT}, got {kind!r}")
        if kind != _SELECTIONS and column is None:
            raise ValueError(f"axes by {kind} need a column of classes: choose one")
        sides = ((left, right), (down, up), (back, front))[:dims]
        if kind == _SELECTIONS and all(side is None for pair in sides for side in pair):
            raise ValueError("custom axes need points to lead from or to: choose some for left or right")
        self._points, self._dims, self._kind, self._orthogonal = points, dims, kind, orthogonal
        self._sides, self._codes = sides, column
        self.notes: list[str] = []
        self.details: dict[str, Any] = {}

    def __iter__(self) -> Iterator[Frame]:
        directions = self._between_selections() if self._kind == _SELECTIONS else self._between_classes()
        if self._orthogonal:
            directions = _at_right_angles(directions)
        directions = self._completed(directions)
        self._describe(directions.rows)
        yield Frame(self._along(directions), 1, 1, last=True)

    def _between_selections(self) -> _Directions:
        everything = column_means(self._points)
        rows, origins = [], []
        for pair, names in zip(self._sides, _SIDES, strict=False):
            if pair[0] is None and pair[1] is None:
                continue
            start, end = (
                everything if side is None else self._mean(side, name) for side, name in zip(pair, names, strict=True)
            )
            length = float(np.linalg.norm(end - start))
            if length <= _NOTHING * float(np.linalg.norm(end)) or length == 0.0:
                raise ValueError(
                    f"{names[0]} and {names[1]} have the same mean: no direction leads from one to the other"
                )
            rows.append((end - start) / length)
            origins.append((start + end) / 2)
        return _Directions(np.array(rows), np.array(origins))

    def _mean(self, side: ArrayLike, name: str) -> Floats:
        rows = np.asarray(side, np.int64).reshape(-1)
        if not len(rows):
            raise ValueError(f"no point is {name}: the pattern matches nothing, or only rows with NaN or infinity")
        if rows.min() < 0 or rows.max() >= len(self._points):
            raise ValueError(f"{name} names row {rows.max()}: there are {len(self._points):,} points, counted from 0")
        return column_means(self._points[rows])

    def _between_classes(self) -> _Directions:
        assert self._codes is not None
        classes = Classes(self._points, self._codes)
        if self._kind == _MEANS:
            origin, rows = mean_directions(classes, self._dims)
        else:
            origin, rows = discriminants(self._points, classes, self._dims)
        if not len(rows):
            raise ValueError("the means of all classes are the same: no direction tells them apart")
        return _Directions(rows, np.tile(origin, (len(rows), 1)))

    def _completed(self, directions: _Directions) -> _Directions:
        """As many as there are dimensions: the rest by variance, at right angles to those that were chosen."""
        missing = self._dims - len(directions.rows)
        if not missing:
            return directions
        basis, _ = np.linalg.qr(directions.rows.T)
        found = _greatest_variance(self._points, basis, missing)
        # The axes of greatest variance have a rounded part along the basis, and all of it where nothing is left.
        rows = found - found @ basis @ basis.T
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        rows = np.where(lengths > 1e-3, rows / np.where(lengths > 0, lengths, 1), 0.0)
        rows = np.pad(rows, ((0, missing - len(rows)), (0, 0)))
        names = " and ".join("xyz"[len(directions.rows) : self._dims])
        self.notes.append(f"{names}: greatest variance at right angles to the chosen axes.")
        origins = np.tile(column_means(self._points), (missing, 1))
        return _Directions(np.concatenate([directions.rows, rows]), np.concatenate([directions.origins, origins]))

    def _along(self, directions: _Directions) -> NDArray[np.float32]:
        # Around one origin, so that a large mean costs no digits; then each axis to its own.
        origin = directions.origins[0]
        around = projected(self._points, Axes(origin, directions.rows, np.zeros(0), 0.0))
        shifts = ((directions.origins - origin) * directions.rows).sum(axis=1)
        around -= shifts.astype(np.float32)
        return around

    def _describe(self, rows: Floats) -> None:
        lengths = np.linalg.norm(rows, axis=1)
        unit = rows / np.where(lengths > 0, lengths, 1)[:, None]
        cosine = unit @ unit.T
        self.details = {"components": rows.astype(np.float32), "cosine": cosine}
        for i, j in combinations(range(len(rows)), 2):
            if abs(cosine[i, j]) > _SKEWED and self._kind == _SELECTIONS:
                self.notes.append(
                    f"{'xyz'[i]} and {'xyz'[j]} are not at right angles (cosine {cosine[i, j]:.2f}): "
                    "distances in the picture are sheared."
                )


def _at_right_angles(directions: _Directions) -> _Directions:
    """Gram and Schmidt: each row without its part along those before it."""
    rows: list[Floats] = []
    for number, row in enumerate(directions.rows):
        rest = row.copy()
        for before in rows:
            rest -= (rest @ before) / (before @ before) * before
        length = float(np.linalg.norm(rest))
        if length <= 1e-6 * float(np.linalg.norm(row)):
            raise ValueError(f"{'xyz'[number]} has the direction of an axis before it: choose other points")
        rows.append(rest * (float(np.linalg.norm(row)) / length))
    return _Directions(np.array(rows), directions.origins)


def _greatest_variance(points: Points, basis: Floats, count: int) -> Floats:
    """(up to count, d) principal axes of the points without their part along the columns of `basis`."""
    d = points.shape[1]
    if d > _DENSE_UP_TO:
        rest = np.empty(points.shape, np.float32)
        for rows, block in blocks(points):
            rest[rows] = block - block @ basis @ basis.T
        return principal_axes(rest, min(count, d)).directions
    # Points with the same covariance, as many as there are dimensions: the others need not be copied.
    axes = principal_axes(points, d)
    alike = axes.directions[: len(axes.variances)] * np.sqrt(axes.variances)[: len(axes.directions), None]
    alike = alike - alike @ basis @ basis.T
    return principal_axes(np.concatenate([alike, -alike]), min(count, d)).directions

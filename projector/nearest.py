"""The exact nearest neighbours of a point, of the centre of a selection or of any vector.

Nothing is indexed and nothing approximated: one pass over all points, in blocks, so that a mapped file never lies in
memory as a whole. 100,000 points of 256 numbers take about 20 ms.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..logger import native
from .embedding import Embedding

__all__ = [
    "METRICS",
    "Metric",
    "NeighborSearch",
    "Neighbors",
    "SharedNeighbors",
    "neighbors",
    "shared_neighbors",
    "warm_up",
]

Metric = Literal["cosine", "euclidean", "dot", "manhattan"]
METRICS: tuple[Metric, ...] = get_args(Metric)
Rows = NDArray[np.int64]

_BLOCK = 4 << 20  # bytes of points a thread takes at a time
_HERE = Path(__file__)
# Distances that differ by less are equal, and the order of rows decides: the last bits are chance.
_RELATIVE, _COSINE = 2.0**42, 2.0**46


@dataclass(frozen=True)
class Neighbors:
    """The nearest first; of equal distances the lower row first.

    ids: (k,) int64 rows. distances: (k,) float64; in the units of the points for "euclidean" and "manhattan",
    1 - cosine from 0 to 2 for "cosine", the product itself, largest first, for "dot".
    """

    ids: Rows
    distances: NDArray[np.float64]
    metric: Metric
    notes: tuple[str, ...] = ()  # rows that were left out, and why; a sentence each


@dataclass(frozen=True)
class SharedNeighbors:
    """The neighbours of one point in the data and in a picture of it."""

    original: Neighbors
    here: Neighbors
    shared: Rows  # (up to k,) rows in both, the nearest in the data first

    @property
    def share(self) -> float:
        """Of the neighbours in the data, the part that the picture kept: 0 to 1; NaN where there are none."""
        return len(self.shared) / len(self.original.ids) if len(self.original.ids) else float("nan")


def neighbors(
    embedding: Embedding | NDArray[Any],
    of: int | Sequence[int] | ArrayLike,
    k: int = 100,
    metric: Metric = "cosine",
    within: ArrayLike | None = None,
) -> Neighbors:
    """The k nearest rows of an embedding or an (n, dimensions) array; see `NeighborSearch.nearest`."""
    finite = embedding.finite if isinstance(embedding, Embedding) else None
    points = embedding.points if isinstance(embedding, Embedding) else np.asanyarray(embedding)
    return NeighborSearch(points, finite).nearest(of, k, metric, within)


def shared_neighbors(
    search: NeighborSearch, picture: NeighborSearch, row: int, k: int = 100, metric: Metric = "cosine"
) -> SharedNeighbors:
    """The k nearest of a row in the data (by `metric`) beside its k nearest in a layout (Euclidean distance).

    Raises ValueError as `NeighborSearch.nearest` does, also where the layout does not show the row.
    """
    original, here = search.nearest(row, k, metric), picture.nearest(row, k, "euclidean")
    return SharedNeighbors(original, here, original.ids[np.isin(original.ids, here.ids)])


class NeighborSearch:
    """Points to be searched again and again.

    points: (n, dimensions), float of any size or whole numbers; may be memory-mapped. finite: (n,) bool, the rows that
    can be neighbours; found when first needed if not given. Safe to use from several threads.
    """

    def __init__(self, points: NDArray[Any], finite: NDArray[np.bool_] | None = None) -> None:
        if points.ndim != 2:
            raise ValueError(f"neighbours are searched among points of shape (n, dimensions), got {points.shape}")
        self.points = points
        if finite is not None:
            self.finite = finite

    @cached_property
    def finite(self) -> NDArray[np.bool_]:
        """(n,): rows without NaN and infinity."""
        return Embedding("", self.points).finite

    @cached_property
    def _all_finite(self) -> bool:
        return bool(self.finite.all())

    def nearest(
        self,
        of: int | Sequence[int] | ArrayLike,
        k: int = 100,
        metric: Metric = "cosine",
        within: ArrayLike | None = None,
    ) -> Neighbors:
        """The k nearest rows, or all there are if they are fewer.

        of: a row, which is not its own neighbour; several rows (whole numbers): their centroid, whose members may be
        among the neighbours; or a vector (dimensions,) of floats.
        within: only these rows, as numbers or as an (n,) mask.
        A row of zeros has no direction: its cosine distance to anything is 1, as of vectors at right angles.

        Raises ValueError for a row that is not there or not finite, a vector of another length, k below 1, an unknown
        metric, and a query of zeros under "cosine".
        """
        if metric not in METRICS:
            raise ValueError(f"there is no metric {metric!r}: choose one of {', '.join(METRICS)}")
        if k < 1:
            raise ValueError(f"at least 1 neighbour can be asked for, got k={k}")
        query, own_row, notes = self._query(of)
        if metric == "cosine":
            query = _direction(query, own_row)
        rows = self._candidates(within, own_row)
        keys = self._distances(query, metric, rows)
        if metric == "dot":
            keys = -keys
        ids, nearest = _smallest(keys, rows, k, metric)
        if metric == "dot":
            nearest = 0.0 - nearest  # not -0.0
        return Neighbors(ids, nearest, metric, notes)

    def _query(self, of: Any) -> tuple[NDArray[np.float64], int | None, tuple[str, ...]]:
        """(the vector searched for, the row to leave out, notes)."""
        given = np.asarray(of)
        if given.size and given.dtype.kind == "f" and given.ndim == 1:
            return self._vector(given), None, ()
        if not given.size or given.dtype.kind not in "iu" or given.ndim > 1:
            raise ValueError("neighbours are those of a row, of several rows or of a vector of floats, got neither")
        rows = given.reshape(-1).astype(np.int64)
        count = len(self.points)
        if outside := [row for row in rows.tolist() if not 0 <= row < count]:
            raise ValueError(f"row {outside[0]} is not there: the embedding has {count:,} rows, counted from 0")
        good = rows[self.finite[rows]]
        if not len(good):
            raise ValueError(f"row {rows[0]} holds NaN or infinity and is near to nothing: choose another point")
        if len(rows) == 1:
            return np.array(self.points[rows[0]], np.float64), int(rows[0]), ()
        left_out = len(rows) - len(good)
        notes = (f"{left_out:,} of {len(rows):,} selected rows hold NaN or infinity: the centroid is of the others.",)
        return self._centroid(good), None, notes if left_out else ()

    def _vector(self, given: NDArray[Any]) -> NDArray[np.float64]:
        vector: NDArray[np.float64] = given.astype(np.float64)
        if len(vector) != self.points.shape[1]:
            raise ValueError(f"the vector has {len(vector)} numbers, the points have {self.points.shape[1]}")
        if not np.isfinite(vector).all():
            raise ValueError("the vector holds NaN or infinity and is near to nothing")
        return vector

    def _centroid(self, rows: Rows) -> NDArray[np.float64]:
        total = np.zeros(self.points.shape[1])
        for part in _pieces(self.points, len(rows)):
            total += self.points[rows[part]].sum(axis=0, dtype=np.float64)
        return total / len(rows)

    def _candidates(self, within: ArrayLike | None, left_out: int | None) -> Rows | None:
        """Rows that can be neighbours, ascending; None for all."""
        if within is None and left_out is None and self._all_finite:
            return None
        chosen = self.finite.copy()
        if within is not None:
            chosen &= _mask(within, len(chosen))
        if left_out is not None:
            chosen[left_out] = False
        return np.flatnonzero(chosen)

    def _distances(self, query: NDArray[np.float64], metric: Metric, rows: Rows | None) -> NDArray[np.float64]:
        """To every row, or to `rows` only."""
        # Gathering rows copies them: where most are wanted it is quicker to measure all.
        gather = rows is not None and 2 * len(rows) < len(self.points)
        count = len(rows) if rows is not None and gather else len(self.points)
        out = np.empty(count)
        kind = "f4" if self.points.dtype.kind == "f" and self.points.dtype.itemsize <= 4 else "f8"
        kernel: Callable[..., None] = getattr(warm_up(), f"{metric}_{kind}")
        width = self.points.shape[1]

        def measure(part: slice) -> None:
            block = self.points[rows[part]] if rows is not None and gather else self.points[part]
            flat = np.ascontiguousarray(block, f"<{kind}").reshape(-1)
            kernel(flat, width, query, out[part])

        pieces = list(_pieces(self.points, count))
        if len(pieces) < 2:
            for part in pieces:
                measure(part)
        else:
            with ThreadPoolExecutor(min(len(pieces), os.cpu_count() or 1)) as threads:
                list(threads.map(measure, pieces))
        return out if rows is None or gather else out[rows]


def warm_up() -> SimpleNamespace:
    """The compiled passes: loaded from what an earlier process made, or made now, which takes seconds. Thread safe."""
    return native.load(f"{__package__}.nearest_kernels", [_HERE.with_name("nearest_kernels.py")])


def _direction(query: NDArray[np.float64], row: int | None) -> NDArray[np.float64]:
    length = float(np.linalg.norm(query))
    if length == 0.0:
        what = "the vector" if row is None else f"row {row}"
        raise ValueError(f"{what} is all zeros and has no direction: choose another metric than cosine for it")
    return query / length


def _pieces(points: NDArray[Any], count: int) -> list[slice]:
    """`count` rows in blocks of a few MB."""
    step = max(1, _BLOCK // max(1, points.itemsize * points.shape[1]))
    return [slice(start, min(start + step, count)) for start in range(0, count, step)]


def _mask(rows: ArrayLike, count: int) -> NDArray[np.bool_]:
    """Raises ValueError for rows that are not there."""
    given = np.asarray(rows)
    if given.dtype == bool:
        if given.shape != (count,):
            raise ValueError(f"a mask of {count:,} rows is wanted, got one of shape {given.shape}")
        return given
    if given.size and (given.min() < 0 or given.max() >= count):
        raise ValueError(f"rows from 0 to {count - 1:,} are there, got {given.min():,} to {given.max():,}")
    mask = np.zeros(count, bool)
    mask[given.astype(np.int64)] = True
    return mask


def _smallest(keys: NDArray[np.float64], rows: Rows | None, k: int, metric: Metric) -> tuple[Rows, NDArray[np.float64]]:
    """(rows, keys) of the k smallest keys, ascending; rows decide between equals."""
    if len(keys) > k:
        last = float(np.partition(keys, k - 1)[k - 1])
        places = np.flatnonzero(keys <= last + _slack(last, metric))
    else:
        places = np.arange(len(keys))
    found = _rounded(keys[places], metric)
    order = np.argsort(found, kind="stable")[:k]  # places ascend, so equals stay in order of rows
    chosen = places[order]
    return (chosen if rows is None else rows[chosen]).astype(np.int64), found[order]


def _slack(key: float, metric: Metric) -> float:
    """So wide that what is rounded to the same number as `key` lies within it."""
    return 2.0 / _COSINE if metric == "cosine" else 4.0 * abs(key) / _RELATIVE


def _rounded(keys: NDArray[np.float64], metric: Metric) -> NDArray[np.float64]:
    """Without the bits that depend on the order of a sum."""
    if metric == "cosine":
        return np.clip(np.round(keys * _COSINE) / _COSINE, 0.0, 2.0)
    mantissa, exponent = np.frexp(keys)
    rounded: NDArray[np.float64] = np.ldexp(np.round(mantissa * _RELATIVE) / _RELATIVE, exponent)
    return rounded

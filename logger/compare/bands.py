"""Several series as one: a centre line with a band around it, and how many series are behind each point."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .choices import CENTRES, SPREADS, Centre, Spread
from .series_compiled import kernels

__all__ = ["Aligned", "Band", "align", "band", "band_on", "thin", "union_grid"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_FEWEST_THINNED = 8_192  # grid points that are always computed, however many series
_MOST_LOOKS = 4_000_000  # looks at a series (grid points × series) that one band may cost: a tenth of a second
_PER_TASK = 250_000  # looks that are worth a thread

_threads = ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1), thread_name_prefix="bands")


@dataclass(frozen=True)
class Band:
    """One line for many series. All arrays have one entry per grid point; NaN where no series has a value."""

    x: NDArray[np.int64] | Floats  # ascending; int64 if every x given was an integer
    center: Floats
    low: Floats
    high: Floats
    count: Ints  # series with a value there
    union: int  # distinct positions in all; more than len(x) when the grid was thinned


@dataclass(frozen=True)
class Aligned:
    """Series made ready for one grid: end to end, each with finite, strictly ascending positions."""

    x: Floats  # relative to `origin`
    rows: Ints | None  # which of the points given these are; None: all of them, in order
    offsets: Ints  # len(series) + 1
    origin: int  # 0 unless the positions are integers

    def take(self, column: NDArray[np.float64]) -> Floats:
        """The points' entries of a column that goes with the positions given."""
        return column if self.rows is None else np.ascontiguousarray(column[self.rows])


def band(
    series: Sequence[tuple[ArrayLike, ArrayLike]],
    center: Centre = "mean",
    spread: Spread = "std",
    *,
    most_points: int | None = None,
) -> Band:
    """Centre and spread of several (x, y) series over the union of their positions.

    A series counts at its own points exactly and between two finite ones by linear interpolation, never beyond its
    ends; NaN in y is a gap. Where an x repeats in a series, the last point wins; order does not matter.

    center  "mean" or "median"
    spread  "none"; "std", the sample standard deviation (n - 1; 0 for one series) to both sides; "sem" = std / √n;
            "ci95" = sem × the two-sided 95 % point of Student's t with n - 1 degrees of freedom; "minmax";
            "quartiles" (25 % and 75 %, linear between neighbours as in numpy.quantile)
    most_points  the grid is thinned to so many of its points; None: to 8,192, or more where few series make it cheap
    Raises ValueError for other words or an x and y of different lengths.
    """
    if center not in CENTRES or spread not in SPREADS:
        raise ValueError(
            f"band: center is one of {', '.join(CENTRES)}, spread one of {', '.join(SPREADS)}, "
            f"got {center!r} and {spread!r}"
        )
    xs, ys = [np.asarray(x) for x, _ in series], [np.asarray(y, np.float64) for _, y in series]
    if any(x.shape != y.shape or x.ndim != 1 for x, y in zip(xs, ys, strict=True)):
        raise ValueError("band: x and y of a series are lists of numbers of the same length")
    whole = all(x.dtype.kind in "iu" for x in xs)
    offsets = np.cumsum([0, *(len(x) for x in xs)]).astype(np.int64)
    aligned = align(np.concatenate([np.empty(0, np.int64 if whole else np.float64), *xs]), offsets)
    grid = union_grid(aligned)
    thinned = thin(grid, len(series), most_points)
    values = aligned.take(np.concatenate([np.empty(0), *ys]))
    parts = band_on(thinned, aligned, values, center, spread)
    return Band(thinned.astype(np.int64) + aligned.origin if whole else thinned, *parts, union=len(grid))


def align(x: NDArray[np.int64] | Floats, offsets: Ints) -> Aligned:
    """Positions of series end to end → the points that count: sorted, finite, the last of equal ones.

    Integers are taken relative to the smallest, so that steps near 2^60 stay apart.
    """
    origin = int(x.min()) if x.dtype.kind in "iu" and len(x) else 0
    places: Floats = np.ascontiguousarray(x - origin if x.dtype.kind in "iu" else x, np.float64)
    rising = np.ones(len(places), bool)
    rising[1:] = places[1:] > places[:-1]
    rising[offsets[:-1][offsets[:-1] < len(places)]] = True
    if rising.all() and np.isfinite(places).all():
        return Aligned(places, None, offsets, origin)
    rows: list[Ints] = []
    for begin, end in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True):
        own = begin + np.flatnonzero(np.isfinite(places[begin:end]))
        own = own[np.argsort(places[own], kind="stable")]
        last = np.ones(len(own), bool)
        last[:-1] = places[own[1:]] != places[own[:-1]]
        rows.append(own[last])
    kept = np.concatenate(rows) if rows else np.empty(0, np.int64)
    return Aligned(places[kept], kept, np.cumsum([0, *(len(own) for own in rows)]).astype(np.int64), origin)


def union_grid(aligned: Aligned) -> Floats:
    """The distinct positions of all series, ascending."""
    merged: Floats = aligned.x.copy()
    count: int = kernels().union(merged, np.empty_like(merged), aligned.offsets.copy())
    return merged[:count]


def thin(grid: Floats, series: int, most_points: int | None = None) -> Floats:
    """Evenly chosen points of a grid that would take too long, its first and last among them."""
    most = max(_FEWEST_THINNED, _MOST_LOOKS // max(series, 1)) if most_points is None else max(most_points, 2)
    if len(grid) <= most:
        return grid
    rows: Ints = np.linspace(0, len(grid) - 1, most).round().astype(np.int64)
    return grid[rows]


def band_on(
    grid: Floats, aligned: Aligned, value: Floats, center: Centre = "mean", spread: Spread = "std"
) -> tuple[Floats, Floats, Floats, Ints]:
    """(centre, low, high, count) of `value`, one per aligned point, on an ascending grid; see `band`."""
    series, size = len(aligned.offsets) - 1, len(grid)
    middle, low, high = np.empty(size), np.empty(size), np.empty(size)
    counts = np.empty(size, np.int64)
    numbers = CENTRES.index(center), SPREADS.index(spread)
    students = _students(series) if spread == "ci95" else np.zeros(1)
    call = kernels().band

    def fill(part: slice) -> None:
        call(
            *numbers, aligned.x, value, aligned.offsets, grid[part], students,
            np.empty(series, np.int64), np.empty(series), middle[part], low[part], high[part], counts[part],
        )  # fmt: skip

    tasks = max(1, min(8, size * series // _PER_TASK))
    cuts = np.linspace(0, size, tasks + 1).astype(int).tolist()
    parts = [slice(first, last) for first, last in pairwise(cuts)]
    if tasks == 1:
        fill(parts[0])
    else:
        list(_threads.map(fill, parts))
    return middle, low, high, counts


def _students(series: int) -> Floats:
    """Two-sided 95 % points of Student's t by degrees of freedom, from 0 (no interval: 0) on."""
    from scipy.special import stdtrit  # comes with scikit-learn

    points = np.zeros(max(series, 2))
    points[1:] = stdtrit(np.arange(1, len(points)), 0.975)
    return points

"""How long exact neighbours of one point take, in memory and in a mapped file, and measuring how good a layout is."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from sklearn.manifold import trustworthiness
from sklearn.neighbors import NearestNeighbors

from stepscope.projector.measures import quality
from stepscope.projector.nearest import METRICS, Metric, NeighborSearch

from .measure import Row, Table, in_turns, median_time

_POINTS, _DIMENSIONS, _NEIGHBORS = 100_000, 256, 100
_AT_MOST = 0.05
_MILLION = 1_000_000


def run(*, quick: bool) -> list[Table]:
    """The tables of this subject."""
    points = np.random.default_rng(0).standard_normal((_POINTS, _DIMENSIONS), np.float32)
    return [_neighbors(points, 5 if quick else 25), _mapped(100_000 if quick else _MILLION), _quality(points)]


def _neighbors(points: np.ndarray, repeats: int) -> Table:
    search = NeighborSearch(points)
    rows = []
    for metric in METRICS:
        tasks: dict[str, Callable[[], float]] = {
            "ours": lambda metric=metric: median_time(1, lambda: search.nearest(7, _NEIGHBORS, metric))
        }
        if metric != "dot":  # which scikit-learn does not know
            index = NearestNeighbors(n_neighbors=_NEIGHBORS + 1, metric=metric, algorithm="brute").fit(points)
            tasks["theirs"] = lambda index=index: median_time(1, lambda: index.kneighbors(points[7:8]))
            _same(search, index, metric)
        for task in tasks.values():
            task()  # kernels load
        figures = in_turns(repeats, tasks)
        rows.append(Row(f"one point, {metric}", figures["ours"], [figures.get("theirs")], at_most=_AT_MOST))
    members = np.arange(0, _POINTS, 10)
    centroid = median_time(repeats, lambda: search.nearest(members, _NEIGHBORS))
    rows.append(Row(f"centroid of {len(members):,} points, cosine", centroid, at_most=_AT_MOST))
    shape = f"{_POINTS:,} × {_DIMENSIONS} float32"
    return Table("Neighbours", ("scikit-learn, brute force",), f"{_NEIGHBORS} nearest of {shape}; the same rows.", rows)


def _same(search: NeighborSearch, index: NearestNeighbors, metric: Metric) -> None:
    """Raises AssertionError where the rows differ."""
    theirs = index.kneighbors(search.points[7:8], return_distance=False)[0]
    ours = search.nearest(7, _NEIGHBORS, metric).ids
    assert set(ours.tolist()) == set(theirs.tolist()) - {7}, metric


def _mapped(count: int) -> Table:
    rng = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "points.npy"
        written = np.lib.format.open_memmap(path, "w+", np.float32, (count, _DIMENSIONS))
        for start in range(0, count, 50_000):
            written[start : start + 50_000] = rng.standard_normal((min(50_000, count - start), _DIMENSIONS), np.float32)
        written.flush()
        search = NeighborSearch(np.load(path, mmap_mode="r"))
        search.nearest(0)
        rows = [
            Row(f"one point, {metric}", median_time(5, lambda metric=metric: search.nearest(7, _NEIGHBORS, metric)))
            for metric in METRICS
        ]
    size = f"{count:,} × {_DIMENSIONS} float32 in a .npy file"
    return Table("Neighbours in a mapped file", (), f"{size}, which the system holds in its cache.", rows)


def _quality(points: np.ndarray) -> Table:
    data, layout = points[:20_000], points[:20_000, :2]
    found = quality(data, layout, k=10, sample=5_000)
    theirs = trustworthiness(data[found.rows], layout[found.rows], n_neighbors=10)
    rows = [
        Row("trustworthiness and recall", median_time(1, lambda: quality(data, layout, k=10, sample=5_000))),
        Row("trustworthiness, difference", abs(found.trustworthiness - theirs), unit="", at_most=0.0),
    ]
    return Table(
        "Quality of a layout", (), "5,000 of 20,000 × 256 points, 10 neighbours; against scikit-learn's.", rows
    )

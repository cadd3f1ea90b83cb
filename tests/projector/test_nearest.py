"""Neighbours: exact under every metric, whatever the points are stored as."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import pairwise_distances

from stepscope.projector.embedding import Embedding
from stepscope.projector.nearest import METRICS, Metric, NeighborSearch, neighbors, shared_neighbors


def _points(n: int = 3000, d: int = 37, kind: str = "f4") -> NDArray[Any]:
    return np.random.default_rng(5).normal(size=(n, d)).astype(kind)


def _brute_force(points: NDArray[Any], query: NDArray[Any], metric: Metric) -> NDArray[np.float64]:
    exact, vector = points.astype(np.float64), query.astype(np.float64)
    if metric == "dot":
        return -(exact @ vector)
    result: NDArray[np.float64] = pairwise_distances(exact, vector[None], metric=metric)[:, 0]
    return result


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("kind", ["f2", "f4", "f8", ">f4", "i4"])
def test_the_neighbours_are_those_that_brute_force_finds(metric: Metric, kind: str) -> None:
    points = (_points() * 10).astype(kind)
    found = neighbors(points, 7, 50, metric)
    distances = _brute_force(points, points[7], metric)
    distances[7] = np.inf
    nearest = np.argsort(distances, kind="stable")[:50]
    np.testing.assert_allclose(found.distances, np.abs(distances[nearest]), rtol=1e-12, atol=1e-13)
    if kind != "i4":  # whole numbers have many equal distances
        assert found.ids.tolist() == nearest.tolist()


def test_many_points_are_searched_in_blocks_on_several_threads() -> None:
    points = _points(60_000, 64)
    found = neighbors(points, 59_999, 20, "euclidean")
    distances = np.linalg.norm(points.astype(np.float64) - points[59_999], axis=1)
    assert found.ids.tolist() == np.argsort(distances)[1:21].tolist()


def test_far_from_the_origin_no_digits_are_lost() -> None:
    near = np.float32(1e4) + np.arange(64, dtype=np.float32)[:, None] * np.float32(1e-2) * np.ones(300, np.float32)
    assert neighbors(near, 30, 4, "euclidean").ids.tolist() in ([29, 31, 28, 32], [31, 29, 32, 28], [29, 31, 32, 28])


def test_equal_distances_are_in_order_of_rows() -> None:
    points = np.tile(np.eye(8, dtype=np.float32), (50, 1))
    for metric in METRICS:
        found = neighbors(points, 16, 120, metric)
        same = [row for row in range(0, 400, 8) if row != 16]
        assert found.ids[:49].tolist() == same
        assert found.ids[49:].tolist() == [row for row in range(400) if row % 8][: 120 - 49]


def test_vectors_of_one_direction_are_equally_near_whatever_their_length() -> None:
    direction = _points(1, 100, "f8")
    points = direction * np.array([3.0, 7.0, 0.1, 1 / 3, 1e6, 1e-6])[:, None]
    found = neighbors(points, 4, 10, "cosine")
    assert found.ids.tolist() == [0, 1, 2, 3, 5]
    assert found.distances.tolist() == [0.0] * 5


def test_several_rows_stand_for_their_centroid_and_may_be_its_neighbours() -> None:
    points = np.array([[0, 0], [4, 0], [2, 0.5], [9, 9]], np.float32)
    found = neighbors(points, [0, 1], 4, "euclidean")
    assert found.ids.tolist() == [2, 0, 1, 3]
    assert found.distances.tolist()[:3] == [0.5, 2.0, 2.0]


def test_a_vector_that_is_no_row_has_neighbours_too() -> None:
    points = _points()
    assert neighbors(points, points[3] * 1.01, 1).ids.tolist() == [3]
    assert neighbors(points, [float(x) for x in points[3]], 1, "euclidean").distances.tolist() == [0.0]


def test_products_are_listed_largest_first() -> None:
    points = np.array([[1, 0], [5, 1], [-3, 0], [0, 0]], np.float32)
    found = neighbors(points, 0, 10, "dot")
    assert found.ids.tolist() == [1, 3, 2]
    assert found.distances.tolist() == [5.0, 0.0, -3.0]


def test_rows_that_are_not_finite_are_nobodys_neighbours() -> None:
    points = _points(100, 5)
    points[[3, 50], 2] = np.nan, np.inf
    for metric in METRICS:
        assert sorted(neighbors(Embedding("e", points), 0, 1000, metric).ids.tolist()) == [
            row for row in range(100) if row not in (0, 3, 50)
        ]
    with pytest.raises(ValueError, match=r"row 3 holds NaN or infinity .* choose another point"):
        neighbors(points, 3)
    found = neighbors(points, [1, 3], metric="euclidean")
    assert found.ids[0] == 1
    assert found.notes == ("1 of 2 selected rows hold NaN or infinity: the centroid is of the others.",)


def test_a_row_of_zeros_is_at_right_angles_to_everything_and_cannot_be_searched_by_direction() -> None:
    points = np.array([[1, 0], [0, 0], [-1, 0.1], [1, 0.1]], np.float32)
    found = neighbors(points, 0)
    assert found.ids.tolist() == [3, 1, 2]
    assert found.distances[1] == 1.0
    with pytest.raises(ValueError, match="row 1 is all zeros and has no direction: choose another metric than cosine"):
        neighbors(points, 1)
    assert neighbors(points, 1, metric="euclidean").ids[0] == 0


@pytest.mark.parametrize("within", [[5, 9, 700, 3], np.arange(3000) % 2 == 1, np.arange(1, 3000)])
def test_the_search_can_be_kept_to_some_rows(within: Any) -> None:
    points = _points()
    found = neighbors(points, 5, 3000, "euclidean", within=within)
    allowed = set(np.arange(3000)[np.asarray(within)].tolist()) - {5}
    assert set(found.ids.tolist()) == allowed
    distances = np.linalg.norm(points[found.ids].astype("f8") - points[5], axis=1)
    np.testing.assert_allclose(found.distances, distances, rtol=1e-12)


@pytest.mark.parametrize(
    ("of", "options", "told"),
    [
        (10, {}, r"row 10 is not there: the embedding has 10 rows"),
        (-1, {}, r"row -1 is not there"),
        ([], {}, r"got neither"),
        ("cat", {}, r"got neither"),
        ([0.5, 0.5], {}, r"the vector has 2 numbers, the points have 4"),
        ([0.5, 0.5, np.nan, 0], {}, r"the vector holds NaN or infinity"),
        (0, {"k": 0}, r"at least 1 neighbour .* k=0"),
        (0, {"metric": "hamming"}, r"no metric 'hamming': choose one of cosine, euclidean, dot, manhattan"),
        (0, {"within": [3, 11]}, r"rows from 0 to 9 are there, got 3 to 11"),
        (0, {"within": np.ones(3, bool)}, r"a mask of 10 rows is wanted"),
    ],
)
def test_what_cannot_be_searched_for_is_told(of: Any, options: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        neighbors(_points(10, 4), of, **options)


def test_one_point_has_no_neighbours() -> None:
    assert neighbors(_points(1, 4), 0).ids.tolist() == []


def test_a_mapped_file_is_never_in_memory_as_a_whole(tmp_path: Path) -> None:
    mapped = np.lib.format.open_memmap(tmp_path / "points.npy", "w+", np.float16, (200_000, 64))
    mapped[:] = np.random.default_rng(0).integers(-9, 9, 64)
    mapped[123_456] += 1
    search = NeighborSearch(np.load(tmp_path / "points.npy", mmap_mode="r"))
    search.nearest(0, 5)
    tracemalloc.start()
    try:
        assert search.nearest([0, 199_999], 200_000, "manhattan").ids[-1] == 123_456
        assert search.nearest(123_456, 3, "dot").ids.shape == (3,)
        search.nearest(0, 5, "euclidean")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < mapped.nbytes * 0.9


def test_neighbours_in_the_picture_are_compared_with_those_in_the_data() -> None:
    points = np.array([[0, 0, 0], [1, 0, 0], [0, 2, 0], [0, 0, 3], [9, 9, 9]], np.float32)
    flat = points[:, [0, 2]]  # 2 falls on 0
    both = shared_neighbors(NeighborSearch(points), NeighborSearch(flat), 0, 2, "euclidean")
    assert both.original.ids.tolist() == [1, 2]
    assert both.here.ids.tolist() == [2, 1]
    assert both.shared.tolist() == [1, 2]
    assert both.share == 1.0
    assert shared_neighbors(NeighborSearch(points), NeighborSearch(flat), 3, 1, "euclidean").shared.tolist() == [0]

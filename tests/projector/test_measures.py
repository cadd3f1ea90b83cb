"""Quality of layouts: the figures are scikit-learn's on the same points."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.manifold import trustworthiness
from sklearn.neighbors import NearestNeighbors

from stepscope.projector.embedding import Embedding
from stepscope.projector.measures import faithfulness, quality


def _layout(n: int, d: int = 12, copies: int = 1) -> tuple[NDArray[Any], NDArray[Any]]:
    rng = np.random.default_rng(2)
    points = np.repeat(rng.normal(size=(n // copies, d)), copies, axis=0).astype(np.float32)
    return points, (points[:, :2] + 0.2 * rng.normal(size=(len(points), 2))).astype(np.float32)


def _recall(points: NDArray[Any], layout: NDArray[Any], k: int) -> NDArray[np.float64]:
    there, here = (
        NearestNeighbors(n_neighbors=k).fit(each).kneighbors(return_distance=False) for each in (points, layout)
    )
    return np.array([len({*a} & {*b}) / k for a, b in zip(there.tolist(), here.tolist(), strict=True)])


@pytest.mark.parametrize("copies", [1, 3])
@pytest.mark.parametrize("k", [5, 10])
def test_on_a_sample_the_figures_are_those_of_scikit_learn(k: int, copies: int) -> None:
    points, layout = _layout(900, copies=copies)
    found = quality(points, layout, k=k, sample=400, seed=3)
    assert found.rows.tolist() == sorted(set(found.rows.tolist()))
    assert found.trustworthiness == trustworthiness(points[found.rows], layout[found.rows], n_neighbors=k)
    expected = _recall(points[found.rows], layout[found.rows], k)
    assert found.recall == pytest.approx(expected.mean(), abs=1e-12)
    np.testing.assert_allclose(found.per_point, expected, rtol=1e-6)
    assert found.notes == ("Measured on 400 of 900 points, drawn at random (seed 3).",)


def test_cosine_neighbours_can_be_the_measure() -> None:
    points, layout = _layout(300)
    found = quality(points, layout, metric="cosine", sample=None)
    assert found.trustworthiness == trustworthiness(points, layout, n_neighbors=10, metric="cosine")
    assert found.notes == ()
    assert found.sample == 300


def test_the_same_seed_draws_the_same_points() -> None:
    points, layout = _layout(500)
    assert quality(points, layout, sample=100).rows.tolist() == quality(points, layout, sample=100).rows.tolist()
    assert (
        quality(points, layout, sample=100).rows.tolist() != quality(points, layout, sample=100, seed=1).rows.tolist()
    )


def test_a_layout_that_is_the_data_is_perfect() -> None:
    points, _ = _layout(200, d=2)
    found = quality(Embedding("flat", points), points)
    assert (found.trustworthiness, found.recall) == (1.0, 1.0)
    assert set(found.per_point.tolist()) == {1.0}


def test_rows_that_are_not_finite_are_left_out_and_told() -> None:
    points, layout = _layout(300)
    points[5, 1], layout[9, 0] = np.nan, np.inf
    found = quality(points, layout)
    assert not {5, 9} & set(found.rows.tolist())
    assert found.notes == ("2 rows with NaN or infinity were left out.",)
    recall = faithfulness(points, layout).recall
    assert np.isnan(recall[[5, 9]]).all()
    assert np.isfinite(np.delete(recall, [5, 9])).all()


def test_the_faithfulness_of_a_point_is_measured_among_all_points() -> None:
    points, layout = _layout(4500)
    steps: list[tuple[int, int]] = []
    found = faithfulness(points, layout, k=7, on_progress=lambda done, total: steps.append((done, total)))
    np.testing.assert_allclose(found.recall, _recall(points, layout, 7), rtol=1e-6)
    assert steps == [(2000, 4500), (4000, 4500), (4500, 4500)]
    some = faithfulness(points, layout, k=7, sample=50)
    measured = np.isfinite(some.recall)
    assert measured.sum() == some.measured == 50
    assert some.recall[measured].tolist() == found.recall[measured].tolist()
    assert some.mean == pytest.approx(found.recall[measured].mean())


def test_blocks_may_run_in_an_executor() -> None:
    points, layout = _layout(2500)
    with ThreadPoolExecutor(2) as threads:
        shared = faithfulness(points, layout, executor=threads)
    assert shared.recall.tolist() == faithfulness(points, layout).recall.tolist()


@pytest.mark.parametrize(
    ("n", "options", "told"),
    [
        (20, {"k": 10}, r"10 neighbours need more than 20 points, 20 are left: choose k < 10"),
        (1, {}, r"1 are left"),
        (50, {"k": 0}, r"at least 1 neighbour .* k=0"),
        (50, {"metric": "dot"}, r"euclidean or cosine distances, got 'dot'"),
        (50, {"sample": 15}, r"15 are left"),
    ],
)
def test_what_cannot_be_measured_is_told(n: int, options: dict[str, Any], told: str) -> None:
    points, layout = _layout(n)
    with pytest.raises(ValueError, match=told):
        quality(points, layout, **options)


def test_coordinates_of_other_points_are_refused() -> None:
    points, layout = _layout(50)
    with pytest.raises(ValueError, match=r"got \(50, 12\), \(49, 2\)"):
        quality(points, layout[1:])


def test_faithfulness_in_processes_that_were_forked_after_threads_had_run() -> None:
    data = np.random.default_rng(1).normal(size=(5_000, 8)).astype(np.float32)
    layout = data[:, :2]
    alone = faithfulness(data, layout, k=5, sample=2_500)  # starts OpenMP's threads here
    with ProcessPoolExecutor(2, multiprocessing.get_context("fork")) as pool:
        made = faithfulness(data, layout, k=5, sample=2_500, executor=pool)
    np.testing.assert_array_equal(made.recall, alone.recall)

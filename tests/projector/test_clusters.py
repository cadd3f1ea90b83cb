"""Clusters of layouts with the words that name them, and density grids."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.cluster import HDBSCAN
from sklearn.metrics import adjusted_rand_score
from sklearn.neighbors import KernelDensity

from stepscope.projector import clusters as clusters_module
from stepscope.projector.clusters import find_clusters
from stepscope.projector.density_grid import density
from stepscope.projector.embedding import Column, Embedding


def _blobs(sizes: tuple[int, ...] = (120, 60, 90)) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    rng = np.random.default_rng(0)
    truth = np.repeat(np.arange(len(sizes)), sizes)
    centres = np.array([[0, 0], [20, 0], [0, 20], [20, 20]])
    return (centres[truth] + rng.normal(size=(len(truth), 2))).astype(np.float32), truth


def _named(cells: list[str], **columns: NDArray[Any]) -> Embedding:
    texts = {"text": np.array(cells, object), **columns}
    return Embedding("e", np.zeros((len(cells), 2)), {name: Column(name, each) for name, each in texts.items()})


def test_clusters_are_those_of_scikit_learn_the_largest_first() -> None:
    layout, truth = _blobs()
    found = find_clusters(layout, least=20)
    assert [cluster.size for cluster in found.clusters] == sorted((found.labels == k).sum() for k in range(3))[::-1]
    assert adjusted_rand_score(found.labels, HDBSCAN(20, min_samples=10, copy=True).fit(layout).labels_) == 1.0
    assert [int(np.bincount(truth[found.labels == k]).argmax()) for k in range(3)] == [0, 2, 1]
    np.testing.assert_allclose([cluster.centre for cluster in found.clusters], [[0, 0], [0, 20], [20, 0]], atol=0.5)


def test_a_cluster_is_named_by_what_it_holds_and_the_others_do_not() -> None:
    layout, truth = _blobs()
    common = ["the goal in a match", "a rate of the bank", "rain and wind"]
    cells = [f"{common[kind]} today number{row}" for row, kind in enumerate(truth)]
    found = find_clusters(layout, _named(cells), least=20)
    named = {int(truth[found.labels == cluster.label][0]): cluster.terms for cluster in found.clusters}
    assert {kind: set(terms[:2]) for kind, terms in named.items()} == {
        0: {"goal", "match"},
        1: {"rate", "bank"},
        2: {"rain", "wind"},
    }


def test_a_category_is_one_term_and_a_number_says_of_what() -> None:
    layout, truth = _blobs()
    sorts = np.array(["warm blooded", "cold blooded", "plant"], object)[truth]
    found = find_clusters(layout, _named([str(kind) for kind in truth], sort=sorts), least=20, terms=2)
    assert {cluster.terms for cluster in found.clusters} == {
        ("text 0", "warm blooded"),
        ("text 1", "cold blooded"),
        ("text 2", "plant"),
    }
    only = find_clusters(layout, _named(["x"] * 270, sort=sorts), least=20, columns=["sort"])
    assert {cluster.terms for cluster in only.clusters} == {("warm blooded",), ("cold blooded",), ("plant",)}


def test_where_points_share_no_word_those_in_the_middle_name_the_cluster() -> None:
    layout, _ = _blobs((300, 300))
    found = find_clusters(layout, _named([f"w{row}" for row in range(600)]), least=20)
    for cluster in found.clusters:
        assert len(cluster.terms) == 3
        for term in cluster.terms:
            assert np.linalg.norm(layout[int(term[1:])] - cluster.centre) < 0.5


def test_only_the_rows_asked_for_and_those_with_a_place_are_clustered() -> None:
    layout, truth = _blobs()
    layout[5] = np.nan
    found = find_clusters(layout, rows=np.flatnonzero(truth != 1), least=20)
    assert found.labels[5] == -1
    assert (found.labels[truth == 1] == -1).all()
    assert len(found.clusters) == 2
    assert find_clusters(layout, rows=truth != 1, least=20).labels.tolist() == found.labels.tolist()


def test_many_points_join_the_clusters_of_a_sample_and_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    layout, truth = _blobs()
    monkeypatch.setattr(clusters_module, "_MOST", 150)
    found = find_clusters(layout, least=20)
    assert adjusted_rand_score(found.labels, truth) > 0.95
    assert found.notes == (
        "Clusters were found among 150 of 270 points drawn at random (seed 0); the others joined their nearest.",
    )


@pytest.mark.parametrize("count", [0, 1, 4])
def test_too_few_points_are_in_no_cluster(count: int) -> None:
    found = find_clusters(np.zeros((count, 2), np.float32))
    assert found.clusters == ()
    assert found.labels.tolist() == [-1] * count
    assert found.notes == (f"{count} points are fewer than a cluster of 5.",)


def test_points_that_are_all_the_same_do_no_harm() -> None:
    assert len(find_clusters(np.zeros((50, 2), np.float32)).labels) == 50


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"least": 1}, "at least 2 points, got least=1"),
        ({"columns": ["name"]}, "no column 'name': it has text"),
        ({"rows": [1, 270]}, "rows from 0 to 269 are there, got 1 to 270"),
    ],
)
def test_what_cannot_be_clustered_is_told(options: dict[str, Any], told: str) -> None:
    layout, _ = _blobs()
    with pytest.raises(ValueError, match=told):
        find_clusters(layout, _named(["x"] * 270), **options)


def test_the_density_is_that_of_scikit_learn() -> None:
    layout = np.random.default_rng(0).normal(size=(500, 2)) * [2.0, 0.5] + 3
    found = density(layout, size=200, bandwidth=0.4)
    oracle = KernelDensity(bandwidth=0.4).fit(layout)
    x, y = np.meshgrid(found.x, found.y)
    expected = 500 * np.exp(oracle.score_samples(np.stack([x.ravel(), y.ravel()], axis=1))).reshape(200, 200)
    np.testing.assert_allclose(found.values, expected, atol=0.01 * expected.max())
    area = (found.x[1] - found.x[0]) * (found.y[1] - found.y[0])
    assert found.values.sum() * area == pytest.approx(500, rel=0.01)


def test_the_bandwidth_is_scotts_and_rows_choose() -> None:
    layout = np.random.default_rng(0).normal(size=(4096, 3))
    assert density(layout).bandwidth == pytest.approx(tuple(layout[:, :2].std(axis=0, ddof=1) / 4))
    layout[10] = np.inf
    some = density(layout, rows=[10, 11, 12, 13], size=64)
    assert some.values.sum() * (some.x[1] - some.x[0]) * (some.y[1] - some.y[0]) == pytest.approx(3, rel=0.02)


@pytest.mark.parametrize("layout", [np.zeros((0, 2)), np.full((3, 2), np.nan), np.ones((1, 2)), np.ones((9, 2))])
def test_nothing_and_one_place_have_a_density_too(layout: NDArray[Any]) -> None:
    found = density(layout, size=32)
    assert np.isfinite(found.values).all()
    assert (found.values.max() > 0) == bool(np.isfinite(layout).any())


def test_a_grid_that_cannot_be_is_told() -> None:
    with pytest.raises(ValueError, match=r"coordinates \(n, 2 or 3\) are wanted, got \(5, 1\)"):
        density(np.zeros((5, 1)))
    with pytest.raises(ValueError, match="above 0, got 0"):
        density(np.zeros((5, 2)), bandwidth=0)
    with pytest.raises(ValueError, match="at least 2 cells a side"):
        density(np.zeros((5, 2)), size=1)

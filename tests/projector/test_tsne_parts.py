"""Neighbours, affinities, repulsion and divergence, each against its definition."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.neighbors import NearestNeighbors

from stepscope.projector.expectations import expectation, searched
from stepscope.projector.tsne import grid
from stepscope.projector.tsne.affinities import Neighbors, joint, supervised, usable_perplexity
from stepscope.projector.tsne.descent import Descent
from stepscope.projector.tsne.engine import Step
from stepscope.projector.tsne.grid import GridRepulsion
from stepscope.projector.tsne.search import search, searched_space

RNG = np.random.default_rng(7)
CLOUD = RNG.normal(size=(400, 6)).astype(np.float32)


def found(points: NDArray[np.float32], k: int, metric: str = "euclidean") -> Neighbors:
    space, _ = searched_space(points, metric, 0)
    *_, (_, neighbors) = search(space, k, metric)
    assert neighbors is not None
    return neighbors


@pytest.mark.parametrize("metric", ["euclidean", "cosine", "manhattan"])
def test_neighbors_are_those_of_scikit_learn(metric: str) -> None:
    distances, rows = NearestNeighbors(algorithm="brute", metric=metric).fit(CLOUD).kneighbors(n_neighbors=20)
    ours = found(CLOUD, 20, metric)
    assert (ours.rows == rows).mean() > 0.999  # the last digit may swap two
    np.testing.assert_allclose(ours.squared, distances**2, rtol=1e-4, atol=1e-7)


def test_neighbors_within_tight_clusters_far_apart_are_exact() -> None:
    far = (CLOUD + 3e4 * np.arange(10)[np.arange(400) % 10, None]).astype(np.float32)
    expected = NearestNeighbors(algorithm="brute").fit(far.astype(np.float64)).kneighbors(n_neighbors=10)
    np.testing.assert_allclose(found(far, 10).squared, expected[0] ** 2, rtol=1e-5)


def test_equal_points_are_neighbors_but_never_of_themselves() -> None:
    neighbors = found(np.ones((50, 3), np.float32), 12)
    assert (neighbors.squared == 0).all()
    assert not (neighbors.rows == np.arange(50)[:, None]).any()


def test_what_a_search_leaves_out_is_said() -> None:
    space, told = searched_space(CLOUD, "euclidean", 2)
    assert space.shape == (400, 2)
    assert "first 2 principal components" in told
    assert searched_space(CLOUD, "euclidean", None) == (CLOUD, "")


@pytest.mark.parametrize("perplexity", [2.0, 5.0, 30.0])
def test_affinities_have_the_perplexity(perplexity: float) -> None:
    neighbors = found(CLOUD, int(3 * perplexity))
    p = joint(neighbors, perplexity)
    assert p.sum() == pytest.approx(1, abs=1e-5)
    assert abs(p - p.T).max() == 0
    # The joint probabilities of a point with itself as the only one-sided neighbour are not told apart, so the
    # conditional ones are asked for by their definition.
    for row in range(0, 400, 97):
        squared = neighbors.squared[row].astype(float)
        betas = np.geomspace(1e-3, 1e3, 20_001)
        weights = np.exp(-betas[:, None] * (squared - squared[0]))
        weights /= weights.sum(axis=1, keepdims=True)
        entropy = -(weights * np.log(weights + 1e-300)).sum(axis=1)
        wanted = weights[np.abs(entropy - math.log(perplexity)).argmin()]
        mutual = [place for place, other in enumerate(neighbors.rows[row]) if row not in neighbors.rows[other]]
        for place in mutual:
            assert p[row, neighbors.rows[row, place]] == pytest.approx(wanted[place] / 800, rel=5e-3, abs=1e-8)


def test_a_perplexity_wants_three_times_as_many_neighbors() -> None:
    assert usable_perplexity(30, 1_000) == 30
    assert usable_perplexity(30, 31) == 10
    assert usable_perplexity(30, 2) == 1


def test_supervision_takes_attraction_from_pairs_of_different_labels() -> None:
    p, labels = joint(found(CLOUD, 15), 5), np.arange(400, dtype=np.int32) % 2
    labels[:100] = -1
    changed = supervised(p, labels, 100)
    assert changed.sum() == pytest.approx(1, abs=1e-5)
    dense, before = changed.toarray(), p.toarray()
    differ = (labels[:, None] != labels) & (labels[:, None] >= 0) & (labels >= 0)
    assert (dense[differ] == 0).all()
    kept = ~differ & (before > 0)
    assert np.ptp(dense[kept] / before[kept]) < 1e-4


def exact(layout: NDArray[np.float32]) -> tuple[float, NDArray[np.float64]]:
    """(Z, slope of each point's sum) by all pairs."""
    apart = layout[:, None].astype(float) - layout[None]
    kernel = 1 / (1 + (apart**2).sum(axis=2))
    return float(kernel.sum() - len(layout)), -2 * (kernel[:, :, None] ** 2 * apart).sum(axis=1)


@pytest.mark.parametrize("size", [1e-4, 0.3, 8.0, 60.0])
def test_repulsion_on_a_grid_is_that_of_all_pairs(size: float) -> None:
    layout = (RNG.normal(size=(1_200, 2)) * size).astype(np.float32)
    slope = np.empty_like(layout)
    z, (expected_z, expected) = GridRepulsion()(layout, slope), exact(layout)
    assert z == pytest.approx(expected_z, rel=2e-3)
    assert np.linalg.norm(slope - expected) < 0.02 * np.linalg.norm(expected)


def test_a_layout_that_flies_apart_gets_a_coarser_grid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid, "_MOST", 100)
    repulsion = GridRepulsion()
    layout = (RNG.normal(size=(300, 2)) * 1_000).astype(np.float32)
    assert np.isfinite(repulsion(layout, np.empty_like(layout)))
    assert repulsion.coarse


@pytest.mark.parametrize("dims", [2, 3])
def test_an_iteration_is_the_gradient_of_the_divergence(dims: int) -> None:
    """The divergence told falls by what a short step along the gradient promises."""
    p = joint(found(CLOUD, 15), 5)
    layout = RNG.normal(size=(400, dims)).astype(np.float32) * 3
    engine = Descent(layout.copy(), p)
    before = engine.advance(1, Step(1.0, 0.5, 0.0), tell=True)
    moved = engine.layout - (layout - layout.mean(axis=0))
    after = engine.advance(1, Step(1.0, 0.5, 0.0), tell=True)
    assert before is not None and after is not None
    dense = p.toarray().astype(float)
    apart = layout[:, None].astype(float) - layout[None]
    kernel = 1 / (1 + (apart**2).sum(axis=2))
    np.fill_diagonal(kernel, 0)
    q = kernel / kernel.sum()
    there = dense > 0
    assert before == pytest.approx((dense[there] * np.log(dense[there] / q[there])).sum(), rel=1e-4)
    gradient = (((dense - q) * kernel)[:, :, None] * apart).sum(axis=1)
    # The first step of the gains is 1.2 where there was no step before.
    np.testing.assert_allclose(moved, -0.5 * 1.2 * gradient, atol=2e-2 * np.abs(gradient).max())
    assert after < before


def test_a_perplexity_that_memory_does_not_bear_is_clamped() -> None:
    assert usable_perplexity(20_000, 70_000) == pytest.approx(300_000_000 / 70_000 / 3)
    assert usable_perplexity(20_000, 1_000) == 333


@pytest.mark.parametrize(
    ("about", "told"),
    [
        (("tsne", 10_000, 128, 2), None),
        (("pca", 10**6, 256, 2), None),
        (("umap", 10**6, 256, 2), r"^All neighbours of 1,000,000 points are looked for first, exactly: \d+ (hour|min)"),
        (("tsne", 100_000, 2, 3), r"In 3-D every iteration looks at all pairs of points: \d+ (hour|min).* for 1,000"),
    ],
)
def test_what_takes_long_is_told_before(about: tuple[str, int, int, int], told: str | None) -> None:
    sentence = expectation(*about)
    assert sentence == "" if told is None else re.search(told, sentence)


def test_the_time_that_a_search_still_takes() -> None:
    assert searched(1_000, 10_000, 1.0) == "neighbours of 1,000 of 10,000"
    assert searched(1_000, 1_000_000, 4.0) == "neighbours of 1,000 of 1,000,000, 67 minutes to go"

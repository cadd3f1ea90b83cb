"""UMAP in frames: own engine, and umap-learn as its oracle."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import silhouette_score

from stepscope.projector.embedding import Column, Embedding
from stepscope.projector.measures import quality
from stepscope.projector.projecting import project
from stepscope.projector.reducer import Frame
from stepscope.projector.tsne.search import search
from stepscope.projector.umap import learn
from stepscope.projector.umap.descent import Descent, Edges, Forces
from stepscope.projector.umap.graph import curve, fuzzy_graph, supervised
from stepscope.projector.umap.reducer import UMAP
from stepscope.projector.umap.start import in_a_box


def _blobs(m: int = 400, clusters: int = 4, d: int = 12) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    rng = np.random.default_rng(0)
    labels = (np.arange(m) % clusters).astype(np.int32)
    return (rng.normal(size=(clusters, d))[labels] * 3 + rng.normal(size=(m, d))).astype(np.float32), labels


def _last(reducer: UMAP) -> Frame:
    frames = list(reducer)
    assert [frame.last for frame in frames] == [False] * (len(frames) - 1) + [True]
    assert frames[-1].coordinates.dtype == np.float32
    assert np.isfinite(frames[-1].coordinates).all()
    return frames[-1]


def _neighbors(points: NDArray[np.float32], k: int = 14) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    (found,) = [neighbors for _, neighbors in search(points, k, "euclidean") if neighbors is not None]
    return found.rows, np.sqrt(found.squared)


@pytest.mark.parametrize("dims", [2, 3])
def test_neighbourhoods_are_kept_and_clusters_parted(dims: int) -> None:
    points, labels = _blobs()
    layout = _last(UMAP(points, dims=dims)).coordinates
    assert layout.shape == (400, dims)
    assert quality(points, layout, k=10).trustworthiness > 0.9
    assert silhouette_score(layout, labels) > 0.6


def test_frames_come_from_the_start_on_and_tell_how_far_they_are() -> None:
    reducer = UMAP(_blobs()[0], epochs=40)
    frames = iter(reducer)
    first = next(frames)
    assert (first.done, first.total, first.stage) == (0, 40, "neighbours")
    assert first.coordinates.shape == (400, 2)
    rest = list(frames)
    assert rest[-1].done == 40
    assert rest[-1].values["learning rate"] < 0.1
    assert reducer.details["engine"] == "stepscope"
    assert reducer.details["neighbors"] == 15


def test_the_seed_decides() -> None:
    points, _ = _blobs()
    first, again, other = (_last(UMAP(points, seed=seed, epochs=20)).coordinates for seed in (3, 3, 4))
    assert first.tolist() == again.tolist() != other.tolist()


def test_it_can_be_steered_and_stopped_between_frames() -> None:
    reducer = UMAP(_blobs()[0], epochs=1_000_000)
    frames = iter(reducer)
    while next(frames).stage != "optimising":
        pass
    reducer.change(min_dist=0.5, repulsion=2.0, learning_rate=0.5)
    changed = next(frames)
    assert changed.values["learning rate"] == pytest.approx(0.5, rel=0.1)
    assert (reducer.details["a"], reducer.details["b"]) == curve(0.5, 1.0)
    reducer.stop()
    (last,) = list(frames)
    assert last.last
    with pytest.raises(ValueError, match="'neighbors' of UMAP cannot be changed while it runs"):
        reducer.change(neighbors=5)


def test_it_stops_while_neighbours_are_looked_for() -> None:
    reducer = UMAP(_blobs()[0])
    frames = iter(reducer)
    next(frames)
    reducer.stop()
    assert [frame.last for frame in frames] == [True]


def test_labels_pull_points_of_one_kind_together() -> None:
    rng = np.random.default_rng(0)
    points, labels = rng.normal(size=(300, 8)).astype(np.float32), (np.arange(300) % 3).astype(np.int32)
    labels[:30] = -1
    plain, told = (
        silhouette_score(_last(UMAP(points, epochs=150, **options)).coordinates[30:], labels[30:])
        for options in ({}, {"labels": labels, "labels_weight": 80.0})
    )
    assert plain < 0.1
    assert told > plain + 0.3


def test_a_column_supervises_a_projection() -> None:
    points, labels = _blobs(120)
    kinds = Column("kind", np.array([f"kind {label}" for label in labels], object))
    made = project(Embedding("e", points, {"kind": kinds}), "umap", labels="kind", epochs=10)
    assert made.coordinates.shape == (120, 2)
    with pytest.raises(ValueError, match="no column 'sort'"):
        project(Embedding("e", points, {"kind": kinds}), "umap", labels="sort")


def test_it_goes_on_from_a_layout_and_places_points_that_were_not_there() -> None:
    points, labels = _blobs()
    before = _last(UMAP(points, epochs=60)).coordinates
    start = before.copy()
    start[:4] = np.nan
    after = _last(UMAP(points, start=start, epochs=5, learning_rate=0.01)).coordinates
    assert np.linalg.norm(after - before, axis=1).mean() < 0.5
    for row in range(4):
        middle = before[4:][labels[4:] == labels[row]].mean(axis=0)
        assert np.linalg.norm(after[row] - middle) < 4
    nowhere = np.full_like(start, np.nan)
    assert _last(UMAP(points, start=nowhere, epochs=5)).coordinates.std() > 1
    with pytest.raises(ValueError, match=r"the layout to start from is \(3, 2\), want \(400, 2\)"):
        UMAP(points, start=start[:3])


@pytest.mark.parametrize("m", [0, 1, 2, 3, 5])
def test_few_points_have_a_layout_too(m: int) -> None:
    reducer = UMAP(_blobs(m)[0], epochs=5)
    assert _last(reducer).coordinates.shape == (m, 2)
    assert (len(reducer.notes) > 0) == (m >= 3)


def test_more_neighbours_than_memory_holds_are_clamped_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stepscope.projector.umap.reducer.MOST_PAIRS", 4_000)
    made = UMAP(_blobs()[0], neighbors=20_000, epochs=2)
    _last(made)
    assert made.details["neighbors"] == 10
    assert "20,000 neighbours of 400 points are too many for memory: 10 were used." in made.notes


def test_points_that_are_all_the_same_do_no_harm() -> None:
    assert _last(UMAP(np.ones((50, 4), np.float32), epochs=10)).coordinates.shape == (50, 2)


@pytest.mark.parametrize("metric", ["cosine", "manhattan"])
@pytest.mark.parametrize("initialisation", ["pca", "random"])
def test_other_metrics_and_starts(metric: str, initialisation: str) -> None:
    points, labels = _blobs()
    reducer = UMAP(points, metric=metric, initialisation=initialisation, epochs=200)
    assert silhouette_score(_last(reducer).coordinates, labels) > 0.5


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"min_dist": 2.0}, r"the least distance \(2\) is above the spread \(1\)"),
        ({"dims": 1}, "2 or 3 dimensions, got 1"),
        ({"perplexity": 30}, "UMAP has no parameter 'perplexity': it has neighbors"),
        ({"labels": np.zeros(3, np.int32)}, r"a label for each of 400 points is wanted, got \(3,\)"),
    ],
)
def test_what_cannot_be_laid_out_is_told(options: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        UMAP(_blobs()[0], **options)


def test_without_umap_learn_only_its_engine_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learn, "find_spec", lambda name: None)
    with pytest.raises(ImportError, match="pip install umap-learn, or choose the engine “auto”"):
        UMAP(_blobs()[0], engine="umap-learn")
    assert _last(UMAP(_blobs()[0], epochs=5)).done == 5


@pytest.mark.filterwarnings("ignore")
class TestBesideUmapLearn:
    """Importing and compiling it takes most of the time here."""

    def test_the_graph_is_the_same(self, monkeypatch: pytest.MonkeyPatch) -> None:
        umap_learn = pytest.importorskip("umap.umap_")
        for name, function in [*vars(umap_learn).items()]:  # for so few points quicker than the compiler
            if hasattr(function, "py_func"):
                monkeypatch.setattr(umap_learn, name, function.py_func)
        points, labels = _blobs(300)
        points[10] = points[11] = points[12]
        rows, distances = _neighbors(points)
        graph = fuzzy_graph(rows, distances)
        own = np.arange(300)[:, None]
        nearest = {
            "knn_indices": np.concatenate([own, rows], axis=1).astype(np.int32),
            "knn_dists": np.concatenate([0 * own, distances], axis=1).astype(np.float32),
        }
        theirs = umap_learn.fuzzy_simplicial_set(points, 15, np.random.RandomState(0), "euclidean", **nearest)[0]
        np.testing.assert_allclose(graph.toarray(), theirs.toarray(), atol=5e-3)
        labels[:9] = -1
        told = umap_learn.discrete_metric_simplicial_set_intersection(theirs, labels, far_dist=2.5 / (1 - 0.5))
        np.testing.assert_allclose(supervised(graph, labels, 0.5).toarray(), told.toarray(), atol=1e-2)
        for min_dist, spread in ((0.1, 1.0), (0.0, 1.0), (0.5, 2.0)):
            assert curve(min_dist, spread) == pytest.approx(umap_learn.find_ab_params(spread, min_dist), rel=1e-4)

    def test_its_epochs_one_by_one_are_its_epochs_at_once(self) -> None:
        pytest.importorskip("umap")
        points, _ = _blobs(200)
        graph = fuzzy_graph(*_neighbors(points))
        start = in_a_box(points[:, :2], 0)
        sliced, whole = (learn.LearnDescent(start.copy(), Edges(graph, 30), 5, 7, 30) for _ in range(2))
        forces = Forces(*curve(0.1, 1.0), 1.0, 1.0)
        assert sliced.notes == ()
        for epoch in range(30):
            forces.rate = 1.0 - max(epoch - 1, 0) / 30
            assert sliced.advance(epoch, forces) == 1
        forces.rate = 1.0
        whole._single = None
        assert whole.notes == ("This version of umap-learn runs all epochs at once: no frames in between.",)
        assert whole.advance(0, forces) == 30
        assert sliced.layout.tolist() == whole.layout.tolist()

    def test_layouts_are_as_good(self) -> None:
        pytest.importorskip("umap")
        points, _ = _blobs(600, 6)
        ours, theirs = (_last(UMAP(points, engine=engine)).coordinates for engine in ("auto", "umap-learn"))
        own, other = quality(points, ours), quality(points, theirs)
        assert own.trustworthiness > other.trustworthiness - 0.02
        assert own.recall > other.recall - 0.03


def test_a_table_of_powers_is_as_good_as_powers() -> None:
    points, _ = _blobs(200)
    descent = Descent(in_a_box(points[:, :2], 0), Edges(fuzzy_graph(*_neighbors(points)), 10), 5, 0)
    forces = Forces(*curve(0.1, 1.0), 1.0, 1.0)
    x = np.geomspace(1e-12, 1e6, 10_000).astype(np.float32)
    bits = x.view(np.int32)
    low, high = forces.powers[bits >> 17], forces.powers[(bits >> 17) + 1]
    np.testing.assert_allclose(low + (high - low) * (bits & 0x1FFFF) / 0x20000, x.astype("f8") ** forces.b, rtol=1e-5)
    assert descent.advance(0, forces) == 1

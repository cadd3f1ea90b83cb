"""t-SNE as users run it: frames, settings that change, every engine, odd data."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.datasets import load_digits
from sklearn.manifold import trustworthiness
from threadpoolctl import threadpool_limits

from stepscope.projector.reducer import Frame
from stepscope.projector.tsne import engines, reducer, scikit
from stepscope.projector.tsne.reducer import TSNE

DIGITS = load_digits().data[:300].astype(np.float32)
LABELS = load_digits().target[:300].astype(np.int32)


def last_frame(run: TSNE) -> Frame:
    *_, frame = run
    assert frame.last
    return frame


@pytest.mark.parametrize(("engine", "dims"), [("stepscope", 2), ("stepscope", 3), ("openTSNE", 3), ("scikit-learn", 2)])
def test_every_engine_keeps_neighbors_together(engine: str, dims: int) -> None:
    if engine == "openTSNE":
        pytest.importorskip("openTSNE")
    run = TSNE(DIGITS, dims=dims, engine=engine, perplexity=15, iterations=120, early_iterations=50)
    frame = last_frame(run)
    assert frame.coordinates.shape == (300, dims)
    assert frame.coordinates.dtype == np.float32
    assert trustworthiness(DIGITS, frame.coordinates, n_neighbors=10) > 0.97
    assert run.details["engine"] == engine
    assert 0 < frame.values["kl"] < 1
    assert run.details["kl"][-1][0] == 120


def test_the_grid_is_as_good_as_all_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    settings: dict[str, Any] = {"perplexity": 15, "iterations": 300, "early_iterations": 100}
    pairs = last_frame(TSNE(DIGITS, **settings))
    monkeypatch.setattr("stepscope.projector.tsne.descent._EXACT_UP_TO", 0)
    on_grid = last_frame(TSNE(DIGITS, **settings))
    assert on_grid.values["kl"] == pytest.approx(pairs.values["kl"], abs=0.05)
    assert trustworthiness(DIGITS, on_grid.coordinates, n_neighbors=10) > 0.98


def test_the_first_frame_comes_before_neighbors_are_looked_for() -> None:
    first = next(iter(TSNE(DIGITS, iterations=5)))
    assert (first.done, first.total, first.stage, first.last) == (0, 5, "neighbours", False)
    assert first.coordinates.shape == (300, 2)


def test_a_seed_gives_one_layout_however_long_the_frames_are(monkeypatch: pytest.MonkeyPatch) -> None:
    settings: dict[str, Any] = {"iterations": 60, "early_iterations": 25, "initialisation": "random"}
    one = last_frame(TSNE(DIGITS, seed=3, **settings)).coordinates
    monkeypatch.setattr(reducer, "_FRAME", 0.0)  # every iteration a frame
    frames = list(TSNE(DIGITS, seed=3, **settings))
    assert len(frames) > 60
    np.testing.assert_array_equal(frames[-1].coordinates, one)
    assert not np.array_equal(last_frame(TSNE(DIGITS, seed=4, **settings)).coordinates, one)


def test_stop_ends_with_one_more_frame() -> None:
    run = TSNE(DIGITS)
    frames = iter(run)
    for frame in frames:
        if frame.done:
            run.stop()
            break
    (final,) = frames
    assert final.last
    assert final.done == frame.done


def test_stop_while_neighbors_are_looked_for_ends_too() -> None:
    run = TSNE(DIGITS)
    frames = iter(run)
    next(frames)
    run.stop()
    (final,) = frames
    assert (final.done, final.last) == (0, True)


def test_settings_change_between_frames() -> None:
    run = TSNE(DIGITS, iterations=40, early_iterations=20)
    changed = False
    for frame in run:
        if frame.done >= 10 and not changed:
            run.change(learning_rate=7.5, exaggeration=3, early_iterations=0, perplexity=60, iterations=30)
            changed = True
    assert (frame.done, frame.total) == (30, 30)
    assert (frame.values["learning rate"], frame.values["exaggeration"]) == (7.5, 3)
    assert (run.details["perplexity"], run.details["neighbors"]) == (60, 180)
    with pytest.raises(ValueError, match=r"'metric' of t-SNE cannot be changed while it runs"):
        run.change(metric="cosine")


def test_perturb_moves_all_points_once() -> None:
    run, before = TSNE(DIGITS, iterations=60), None
    for frame in run:
        if before is not None:
            moved = np.abs(frame.coordinates - before).mean(axis=1)
            assert (moved > 0.01 * before.std()).mean() > 0.9
            break
        if frame.done >= 40:
            run.change(perturb=50, learning_rate=0.001)
            before = frame.coordinates
    else:
        pytest.fail("there was no frame after the change")


def together(coordinates: NDArray[np.float32]) -> float:
    """Share of the nearest neighbours in a layout that have the same label."""
    apart = ((coordinates[:, None] - coordinates) ** 2).sum(axis=2)
    np.fill_diagonal(apart, np.inf)
    return float((LABELS[apart.argmin(axis=1)] == LABELS).mean())


def test_supervision_brings_labels_together() -> None:
    noisy = DIGITS + np.random.default_rng(0).normal(0, 6, DIGITS.shape).astype(np.float32)
    settings: dict[str, Any] = {"iterations": 200, "early_iterations": 80, "perplexity": 10}
    alone = together(last_frame(TSNE(noisy, **settings)).coordinates)
    supervised = together(last_frame(TSNE(noisy, labels=LABELS, labels_weight=100, **settings)).coordinates)
    assert supervised > alone + 0.1


def test_a_start_is_gone_on_from_at_its_size() -> None:
    start = np.random.default_rng(0).normal(0, 20, (300, 2)).astype(np.float32)
    start[7] = np.nan
    run = TSNE(DIGITS, start=start, iterations=5, learning_rate=1)
    frames = list(run)
    assert {frame.stage for frame in frames if frame.done} == {"optimising"}
    others = np.arange(300) != 7
    centred = start[others] - start[others].mean(axis=0)
    assert np.abs(frames[-1].coordinates[others] - centred).max() < 2
    assert np.isfinite(frames[-1].coordinates).all()


def test_a_start_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match=r"the layout to start from is \(5, 2\), want \(300, 2\)"):
        list(TSNE(DIGITS, start=np.zeros((5, 2), np.float32)))


def test_a_perplexity_that_is_too_large_is_clamped_and_said() -> None:
    run = TSNE(DIGITS[:31], perplexity=50, iterations=10)
    last_frame(run)
    assert run.details["perplexity"] == 10
    assert run.notes == [
        "A perplexity of 50 needs three times as many neighbours and there are 31 points: 10 was used."
    ]


@pytest.mark.parametrize("shape", [(1, 4), (2, 4), (3, 4), (12, 1), (5, 90)], ids=str)
@pytest.mark.parametrize("dims", [2, 3])
def test_few_points_and_dimensions_are_laid_out(shape: tuple[int, int], dims: int) -> None:
    given = np.random.default_rng(1).normal(size=shape).astype(np.float32)
    frame = last_frame(TSNE(given, dims=dims, iterations=300))
    assert frame.coordinates.shape == (shape[0], dims)
    assert np.isfinite(frame.coordinates).all()
    if shape[0] > 2:
        assert np.ptp(frame.coordinates) > 1


def test_equal_points_are_laid_out_and_said() -> None:
    run = TSNE(np.ones((40, 3), np.float32), iterations=100)
    assert np.isfinite(last_frame(run).coordinates).all()
    assert "All 40 points are equal: the layout shows nothing." in run.notes


def test_an_engine_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "installed", lambda: False)
    with pytest.raises(ValueError, match="pip install openTSNE"):
        TSNE(DIGITS, engine="openTSNE")
    assert last_frame(TSNE(DIGITS, iterations=3)).done == 3
    with pytest.raises(ValueError, match="engine is one of auto, stepscope, openTSNE, scikit-learn, got 'cuda'"):
        TSNE(DIGITS, engine="cuda")


def test_a_scikit_learn_without_its_private_gradient_gives_the_layout_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scikit, "_private_gradient", lambda: None)
    run = TSNE(DIGITS[:60], engine="scikit-learn", perplexity=8, iterations=400)
    with threadpool_limits(1):  # so few points are done before its threads have met
        frame = last_frame(run)
    assert trustworthiness(DIGITS[:60], frame.coordinates, n_neighbors=8) > 0.9
    assert "cannot be followed" in run.notes[0]


def test_only_two_and_three_dimensions_are_laid_out() -> None:
    with pytest.raises(ValueError, match="in 2 or 3 dimensions, got 4"):
        TSNE(DIGITS, dims=4)

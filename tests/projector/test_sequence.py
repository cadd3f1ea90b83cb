"""Layouts of one tag at many steps: turned onto each other, with the same points in the same places."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import scipy.spatial
from numpy.typing import NDArray

from stepscope.projector.embedding import Column, Embedding
from stepscope.projector.procrustes import best_motion
from stepscope.projector.same_rows import Places
from stepscope.projector.sequence import SequenceLayout, project_sequence, trajectories


def _turned(points: NDArray[Any], angle: float) -> NDArray[np.float32]:
    turn = np.array([[np.cos(angle), np.sin(angle)], [np.sin(angle), -np.cos(angle)]])
    return (points @ turn + [5, -3]).astype(np.float32)


def _embedding(points: NDArray[Any], words: str = "", **more: Any) -> Embedding:
    columns = {"word": Column("word", np.array(words.split(), object))} if words else {}
    return Embedding("e", np.asarray(points, np.float32), columns, **more)


def _given(layout: NDArray[Any], words: str = "") -> Embedding:
    return _embedding(layout, words, coordinates=np.asarray(layout, np.float32))


LAYOUT = np.random.default_rng(1).normal(size=(40, 2))


def test_a_motion_undoes_turning_mirroring_and_moving() -> None:
    motion = best_motion(LAYOUT, _turned(LAYOUT, 0.7))
    np.testing.assert_allclose(motion.apply(_turned(LAYOUT, 0.7)), LAYOUT, atol=1e-5)
    np.testing.assert_allclose(motion.rotation @ motion.rotation.T, np.eye(2), atol=1e-12)
    assert motion.disparity == pytest.approx(0, abs=1e-10)
    assert motion.scale == 1.0


@pytest.mark.parametrize("dims", [2, 3])
def test_with_a_scale_it_is_the_procrustes_of_scipy(dims: int) -> None:
    rng = np.random.default_rng(4)
    fixed, moving = rng.normal(size=(30, dims)), rng.normal(size=(30, dims)) * 3 + 1
    first, second, disparity = scipy.spatial.procrustes(fixed, moving)
    motion = best_motion(fixed, moving, scale=True)
    assert motion.disparity == pytest.approx(disparity, rel=1e-9)
    around = fixed - fixed.mean(axis=0)
    np.testing.assert_allclose((motion.apply(moving) - fixed.mean(axis=0)) / np.linalg.norm(around), second, atol=1e-6)
    np.testing.assert_allclose(around / np.linalg.norm(around), first, atol=1e-12)


def test_without_a_scale_no_orthogonal_motion_comes_nearer() -> None:
    rng = np.random.default_rng(4)
    fixed, moving = rng.normal(size=(30, 2)), rng.normal(size=(30, 2))
    motion = best_motion(fixed, moving)
    left = ((motion.apply(moving) - fixed) ** 2).sum()
    for angle in np.linspace(0, 2 * np.pi, 200):
        for mirror in (1, -1):
            turn = np.array([[np.cos(angle), np.sin(angle)], [-mirror * np.sin(angle), mirror * np.cos(angle)]])
            other = (moving - moving.mean(axis=0)) @ turn + fixed.mean(axis=0)
            assert left <= ((other - fixed) ** 2).sum() + 1e-5
    assert motion.disparity == pytest.approx(left / ((fixed - fixed.mean(axis=0)) ** 2).sum(), rel=1e-5)


def test_points_without_a_place_do_not_count_in_a_motion() -> None:
    moved = _turned(LAYOUT, 1.0)
    moved[3] = np.nan
    back = best_motion(LAYOUT, moved).apply(moved)
    np.testing.assert_allclose(np.delete(back, 3, axis=0), np.delete(LAYOUT, 3, axis=0), atol=1e-5)
    assert np.isnan(back[3]).all()
    with pytest.raises(ValueError, match="no point has a place in both"):
        best_motion(LAYOUT, np.full((40, 2), np.nan))
    with pytest.raises(ValueError, match=r"got \(40, 2\) and \(39, 2\)"):
        best_motion(LAYOUT, LAYOUT[1:])


def test_each_step_is_turned_onto_the_one_before_and_what_moved_shows() -> None:
    later = _turned(LAYOUT, 2.0)
    shifted = later.copy()
    shifted[7] += [2, 0]
    first, second, third = project_sequence([_given(LAYOUT), _given(later), _given(shifted)], "given")
    assert (first.step, second.step, third.step) == (0, 1, 2)
    assert np.isnan(first.drift).all()
    np.testing.assert_allclose(second.coordinates, LAYOUT, atol=1e-5)
    np.testing.assert_allclose(second.drift, 0, atol=1e-5)
    assert int(np.argmax(third.drift)) == 7
    assert third.drift[7] == pytest.approx(2, rel=0.1)
    np.testing.assert_allclose(third.moved, np.where(np.arange(40) == 7, 2, 0), atol=1e-5)


def test_rows_are_matched_by_a_column_and_may_come_and_go() -> None:
    first = _given(LAYOUT[:5], "ant bee cat dog eel")
    second = _given(_turned(LAYOUT[[4, 2, 9, 0]], 1.0), "eel cat fox ant")
    a, b = project_sequence([(10, first), (20, second)], "given", match="word")
    assert b.rows.tolist() == [4, 2, 5, 0]
    np.testing.assert_allclose(b.coordinates, LAYOUT[[4, 2, 9, 0]], atol=1e-5)
    assert np.isnan(b.drift).tolist() == [False, False, True, False]
    paths = trajectories([a, b])
    assert paths.shape == (6, 2, 2)
    np.testing.assert_allclose(paths[4, 0], paths[4, 1], atol=1e-5)
    assert np.isnan(paths[1, 1]).all()
    assert np.isnan(paths[5, 0]).all()


def test_cells_that_repeat_are_matched_in_their_order_and_empty_ones_never() -> None:
    places = Places("word")
    names = [np.array(cells, object) for cells in (["a", "a", "", "b"], ["b", "a", "", "a", "a"])]
    first, second = (
        places.of(Embedding("e", np.zeros((len(cells), 1)), {"word": Column("word", cells)})) for cells in names
    )
    assert first.tolist() == [0, 1, 2, 3]
    assert second.tolist() == [3, 0, 4, 1, 5]
    with pytest.raises(ValueError, match="has no column 'id' to match its rows by: it has word"):
        Places("id").of(_embedding(LAYOUT[:2], "a b"))


def test_without_a_column_rows_are_matched_by_position() -> None:
    first, second = project_sequence([_given(LAYOUT[:5]), _given(LAYOUT[:7])], "given")
    assert second.rows.tolist() == list(range(7))
    assert np.isnan(second.drift).tolist() == [False] * 5 + [True] * 2
    assert first.notes == ()


def test_steps_without_a_point_in_common_are_shown_as_they_are() -> None:
    _, second = project_sequence([_given(LAYOUT[:3], "a b c"), _given(LAYOUT[3:6], "d e f")], "given", match="word")
    np.testing.assert_allclose(second.coordinates, LAYOUT[3:6], atol=1e-6)
    assert np.isnan(second.drift).all()
    assert np.isnan(second.disparity)


def test_pca_of_slowly_turning_points_stays_where_it_was() -> None:
    rng = np.random.default_rng(0)
    points = rng.normal(size=(200, 6)) * [9, 8.9, 1, 1, 1, 1]  # nearly equal axes: PCA alone would flip them
    steps = [_embedding(points + 0.3 * rng.normal(size=points.shape)) for _ in range(4)]
    layouts = list(project_sequence(steps, "pca"))
    spread = float(np.linalg.norm(layouts[0].coordinates, axis=1).mean())
    for layout in layouts[1:]:
        assert layout.drift.mean() < 0.1 * spread
        assert layout.disparity < 0.02


def test_layouts_that_can_begin_from_the_step_before_do_so() -> None:
    rng = np.random.default_rng(0)
    points = np.concatenate([rng.normal(size=(30, 5)) + centre for centre in (0, 8, 16)])
    steps = [(at, _embedding(points + 0.1 * rng.normal(size=points.shape))) for at in (0, 100)]
    settings: dict[str, Any] = {"epochs": 60, "initialisation": "random"}
    frames = list(SequenceLayout(steps, "umap", parameters=settings))
    first, second = (frame.layout for frame in frames if frame.layout)
    assert first is not None
    assert second is not None
    assert (first.step, second.step) == (0, 100)
    size = float(np.linalg.norm(first.coordinates - first.coordinates.mean(axis=0), axis=1).mean())
    assert np.nanmean(second.drift) < size
    for frame in frames:
        assert (frame.drift is not None) == frame.frame.last
    with ThreadPoolExecutor(1) as threads:
        elsewhere = list(project_sequence(steps, "umap", executor=threads, **settings))
    np.testing.assert_array_equal(elsewhere[1].coordinates, second.coordinates)


def test_a_sequence_ends_when_it_is_told_to() -> None:
    sequence = SequenceLayout([(at, _embedding(LAYOUT)) for at in range(3)], "umap", parameters={"epochs": 100_000})
    frames = []
    for frame in sequence:
        frames.append(frame)
        sequence.stop()
    assert {frame.step for frame in frames} == {0}
    assert frames[-1].frame.last


def test_points_that_are_not_finite_come_back_at_a_later_step() -> None:
    broken = LAYOUT.astype(np.float32)
    broken[2] = np.nan
    steps = [_embedding(broken), _embedding(LAYOUT), _embedding(LAYOUT)]
    first, second, third = project_sequence(steps, "pca")
    assert np.isnan(first.coordinates[2]).all()
    assert np.isnan(second.drift).tolist() == [row == 2 for row in range(40)]
    assert np.isfinite(third.drift).all()
    assert "1 of 40 points has NaN or infinite numbers: row 2 (counted from 0)." in first.notes[0]

"""Axes that people choose, random directions and coordinates that came with the data."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from stepscope.projector import axes
from stepscope.projector.axes import CustomAxes
from stepscope.projector.embedding import Column, Embedding
from stepscope.projector.given import Given
from stepscope.projector.matching import rows_matching
from stepscope.projector.projecting import project
from stepscope.projector.random_projection import RandomProjection
from stepscope.projector.reducer import Reducer

WORDS = ("king", "queen", "man", "woman", "apple", "pear")


def _points(m: int = 300, d: int = 9) -> NDArray[np.float32]:
    rng = np.random.default_rng(3)
    return (rng.normal(size=(m, d)) * np.arange(1, d + 1) + 5).astype(np.float32)


def _classes(m: int = 300) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    codes = (np.arange(m) % 4).astype(np.int32)
    return _points(m) + np.eye(4, 9, dtype=np.float32)[codes] * 3, codes


def _layout(reducer: Reducer) -> NDArray[np.float32]:
    (frame,) = list(reducer)
    assert frame.last
    return frame.coordinates


def _same_up_to_signs(found: NDArray[Any], expected: NDArray[Any]) -> None:
    signs = np.sign((found * expected).sum(axis=0))
    np.testing.assert_allclose(found * signs, expected, atol=1e-4 * float(np.abs(expected).max()))


def test_an_axis_leads_from_the_mean_of_one_selection_to_that_of_another() -> None:
    points = _points()
    left, right, down, up = [0, 1, 2], [10, 11], [50], [60, 61]
    layout = _layout(CustomAxes(points, left=left, right=right, down=down, up=up))
    for axis, (begin, end) in enumerate(((left, right), (down, up))):
        start, stop = points[begin].mean(axis=0, dtype="f8"), points[end].mean(axis=0, dtype="f8")
        unit = (stop - start) / np.linalg.norm(stop - start)
        np.testing.assert_allclose(layout[:, axis], (points - (start + stop) / 2) @ unit, atol=1e-4)
    assert layout[right, 0].mean() == pytest.approx(-layout[left, 0].mean(), rel=1e-4)


def test_a_side_that_is_not_given_is_the_mean_of_all_points() -> None:
    points = _points()
    toward = _layout(CustomAxes(points, right=[4]))
    everything = _layout(CustomAxes(points, left=list(range(300)), right=[4]))
    np.testing.assert_allclose(toward[:, 0], everything[:, 0], atol=1e-4)


@pytest.mark.parametrize(("m", "d"), [(300, 9), (20, 40)])
@pytest.mark.parametrize("dense_up_to", [0, 2000])
def test_axes_that_are_not_given_show_the_greatest_variance_at_right_angles(
    m: int, d: int, dense_up_to: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(axes, "_DENSE_UP_TO", dense_up_to)
    points = _points(m, d)
    reducer = CustomAxes(points, dims=3, left=[0], right=[1])
    layout = _layout(reducer)
    unit = (points[1].astype("f8") - points[0]) / np.linalg.norm(points[1].astype("f8") - points[0])
    rest = points - np.outer(points @ unit, unit)
    _same_up_to_signs(layout[:, 1:], PCA(2, svd_solver="full").fit_transform(rest))
    assert reducer.notes == ["y and z: greatest variance at right angles to the chosen axes."]


def test_axes_that_shear_the_picture_are_told_and_can_be_put_at_right_angles() -> None:
    points = np.array([[0, 0, 0], [2, 0, 0], [2, 2, 0], [0, 0, 5]], np.float32)
    chosen: dict[str, Any] = {"left": [0], "right": [1], "down": [0], "up": [2]}
    sheared = CustomAxes(points, **chosen)
    assert _layout(sheared)[:, 1].tolist() == pytest.approx([-(2**0.5), 0, 2**0.5, -(2**0.5)], abs=1e-6)
    assert sheared.notes == ["x and y are not at right angles (cosine 0.71): distances in the picture are sheared."]
    straight = CustomAxes(points, **chosen, orthogonal=True)
    assert _layout(straight)[:, 1].tolist() == pytest.approx([-1, -1, 1, -1], abs=1e-6)
    assert straight.notes == []


def test_class_means_lie_along_the_axes_of_their_own_variance() -> None:
    points, codes = _classes()
    codes[:20] = -1
    layout = _layout(CustomAxes(points, dims=3, kind="class means", column=codes))
    means = np.array([points[codes == code].mean(axis=0, dtype="f8") for code in range(4)])
    _same_up_to_signs(layout, PCA(3, svd_solver="full").fit(means).transform(points))


def test_the_discriminant_is_that_of_scikit_learn() -> None:
    points, codes = _classes()
    codes[:7] = -1
    layout = _layout(CustomAxes(points, dims=3, kind="discriminant", column=codes))
    oracle = LinearDiscriminantAnalysis().fit(points[7:], codes[7:]).transform(points)
    _same_up_to_signs(layout / layout.std(), oracle / oracle.std())
    within = np.concatenate(
        [layout[7:][codes[7:] == code] - layout[7:][codes[7:] == code].mean(0) for code in range(4)]
    )
    np.testing.assert_allclose((within**2).sum(axis=0) / (293 - 4), 1, rtol=1e-4)


def test_two_classes_have_one_discriminant_and_constant_columns_do_no_harm() -> None:
    points, codes = _classes()
    points[:, 4] = 7.0
    layout = _layout(CustomAxes(points, kind="discriminant", column=(codes % 2).astype(np.int32)))
    oracle = LinearDiscriminantAnalysis().fit_transform(np.delete(points, 4, axis=1), codes % 2)
    _same_up_to_signs(layout[:, :1] / layout[:, 0].std(), oracle / oracle.std())
    assert layout[:, 1].std() > 1


def test_points_on_a_line_have_nothing_left_for_the_second_axis() -> None:
    points = np.arange(6, dtype=np.float32)[:, None]
    layout = _layout(CustomAxes(points, left=[0], right=[5]))
    assert layout.tolist() == [[x - 2.5, 0.0] for x in range(6)]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({}, "need points to lead from or to"),
        ({"left": [0], "right": []}, "no point is right: the pattern matches nothing"),
        ({"left": [0], "right": [0]}, "left and right have the same mean"),
        ({"left": [0], "right": [300]}, "right names row 300: there are 300 points"),
        ({"left": [0], "right": [1], "down": [0], "up": [1], "orthogonal": True}, "y has the direction of an axis"),
        ({"kind": "discriminant"}, "axes by discriminant need a column of classes"),
        ({"kind": "class means", "column": np.zeros(300, np.int32)}, "need two of them, the column has 1"),
        ({"kind": "class means", "column": np.full(300, -1, np.int32)}, "the column has 0 that are not empty"),
        ({"kind": "magic"}, "selections, class means or discriminant, got 'magic'"),
        ({"dims": 4}, "2 or 3 dimensions, got dims=4"),
    ],
)
def test_axes_that_cannot_be_are_told(options: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        list(CustomAxes(_points(), **options))


def _words() -> Embedding:
    rng = np.random.default_rng(0)
    columns = {
        "word": Column("word", np.array(WORDS, object)),
        "sort": Column("sort", np.array(["person"] * 4 + ["fruit"] * 2, object)),
    }
    return Embedding("words", rng.normal(size=(6, 5)).astype(np.float32), columns)


def test_rows_are_found_by_a_pattern_in_one_column_or_in_all() -> None:
    words = _words()
    assert rows_matching(words, "man$").tolist() == [2, 3]
    assert rows_matching(words, "word:^(king|queen)$").tolist() == [0, 1]
    assert rows_matching(words, "fruit|king").tolist() == [0, 4, 5]
    assert rows_matching(words, "word:fruit").tolist() == []
    assert rows_matching(words, [3, 1]).tolist() == [3, 1]
    with pytest.raises(ValueError, match=r"the pattern '\(' is not a regular expression"):
        rows_matching(words, "word:(")


def test_patterns_and_columns_choose_the_axes_of_a_projection() -> None:
    words = _words()
    layout = project(words, "axes", left="word:^man$", right="word:^woman$", up="fruit").coordinates
    assert layout[3, 0] == pytest.approx(-layout[2, 0])
    assert layout[3, 0] > 0
    by_class = project(words, "axes", kind="class means", column="sort").coordinates
    assert by_class[:4, 0].mean() == pytest.approx(-by_class[4:, 0].mean(), abs=1e-5)


def test_a_random_projection_keeps_distances_in_the_mean_and_follows_its_seed() -> None:
    points = _points(40, 3000)
    first, again, other = (_layout(RandomProjection(points, dims=3, seed=seed)) for seed in (1, 1, 2))
    assert first.tolist() == again.tolist() != other.tolist()
    squares = [
        (np.linalg.norm(_layout(RandomProjection(points, dims=3, seed=seed)), axis=1) ** 2).mean() for seed in range(80)
    ]
    assert np.argmax(squares) != 3, "the seed that drew the points must not be special"
    assert np.mean(squares) == pytest.approx((np.linalg.norm(points, axis=1) ** 2).mean(), rel=0.2)


def test_given_coordinates_are_shown_as_they_are() -> None:
    points, given = _points(4), np.array([[1, 2], [3, 4], [np.nan, 0], [7, 8]], np.float32)
    flat = Given(points, coordinates=given)
    np.testing.assert_array_equal(_layout(flat), given)
    assert flat.notes == ["1 of 4 points have no coordinates and no place in the layout."]
    solid = Given(points, dims=3, x=[1, 2, 3, 4], y=[5, 6, 7, 8])
    assert _layout(solid).tolist() == [[1, 5, 0], [2, 6, 0], [3, 7, 0], [4, 8, 0]]
    assert solid.notes == ["Two coordinates were given: the third is 0."]


def test_columns_of_numbers_are_coordinates_when_asked() -> None:
    columns = {name: Column(name, np.array(cells)) for name, cells in (("east", [1.5, 2.5]), ("north", [3.0, 4.0]))}
    place = Embedding("places", _points(2), columns, coordinates=np.array([[0, 0], [1, 1]], np.float32))
    assert project(place, "given").coordinates.tolist() == [[0, 0], [1, 1]]
    assert project(place, "given", x="east", y="north").coordinates.tolist() == [[1.5, 3], [2.5, 4]]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({}, "no coordinates came with the data: choose columns"),
        ({"x": [1, 2, 3, 4]}, "need a column for x and one for y"),
        ({"coordinates": np.zeros((3, 2))}, r"shape \(4, 2 or 3\) are wanted, got \(3, 2\)"),
        ({"coordinates": np.zeros((4, 5))}, r"got \(4, 5\)"),
    ],
)
def test_coordinates_that_cannot_be_are_told(options: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Given(_points(4), **options)

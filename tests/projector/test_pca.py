"""Principal components against a singular value decomposition in float64."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from stepscope.projector import pca
from stepscope.projector.pca import PCA


def points(m: int, d: int, *, mean: float = 0.0) -> NDArray[np.float32]:
    rng = np.random.default_rng(m * d)
    return (rng.normal(size=(m, d)) * np.linspace(3, 0.5, d) + mean).astype(np.float32)


def expected(given: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(coordinates without sign, variances)."""
    centred = given.astype(np.float64) - given.mean(axis=0, dtype=np.float64)
    left, values, _ = np.linalg.svd(centred, full_matrices=False)
    return np.abs(left * values), values**2 / (len(given) - 1)


def frame_and_details(given: NDArray[np.float32], **parameters: int) -> tuple[NDArray[np.float32], dict[str, NDArray]]:
    reducer = PCA(given, **parameters)
    (frame,) = reducer
    assert frame.last
    return frame.coordinates, reducer.details


@pytest.mark.parametrize("shape", [(300, 12), (12, 300), (30, 30)], ids=str)
@pytest.mark.parametrize("mean", [0.0, 1_000.0])
def test_coordinates_and_the_whole_spectrum_are_exact(shape: tuple[int, int], mean: float) -> None:
    given = points(*shape, mean=mean)
    coordinates, variances = expected(given)
    found, details = frame_and_details(given, components=5)
    np.testing.assert_allclose(np.abs(found), coordinates[:, :5], atol=2e-3)
    spectrum = details["explained_variance"]
    assert len(spectrum) == min(shape[0] - 1, shape[1])
    np.testing.assert_allclose(spectrum, variances[: len(spectrum)], rtol=1e-4)
    assert details["explained_variance_ratio"].sum() == pytest.approx(1)


def test_float32_products_of_large_data_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    given = points(500, 20)
    monkeypatch.setattr(pca, "_DOUBLE_UP_TO", 0)
    found, details = frame_and_details(given, components=20)
    np.testing.assert_allclose(np.abs(found), expected(given)[0], atol=1e-3)
    np.testing.assert_allclose(details["explained_variance"], expected(given)[1], rtol=1e-5)


def test_too_many_dimensions_for_a_whole_spectrum_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    given = points(200, 40)
    monkeypatch.setattr(pca, "_DENSE_UP_TO", 30)
    reducer = PCA(given, components=4)
    (frame,) = reducer
    np.testing.assert_allclose(np.abs(frame.coordinates), expected(given)[0][:, :4], atol=1e-4)
    variances = expected(given)[1]
    np.testing.assert_allclose(reducer.details["explained_variance_ratio"], variances[:4] / variances.sum())
    assert "first 4 components" in reducer.notes[0]


def test_loadings_are_directions_times_deviation() -> None:
    coordinates, details = frame_and_details(points(100, 6), components=3)
    np.testing.assert_allclose(details["components"] @ details["components"].T, np.eye(3), atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(details["loadings"], axis=1), coordinates.std(axis=0, ddof=1), rtol=1e-5)
    largest = np.abs(details["components"]).argmax(axis=1)
    assert (details["components"][np.arange(3), largest] > 0).all()


def test_there_are_as_many_columns_as_asked_for_and_no_more_than_dimensions() -> None:
    assert frame_and_details(points(50, 30))[0].shape == (50, 10)
    assert frame_and_details(points(50, 30), components=1, dims=3)[0].shape == (50, 3)
    assert frame_and_details(points(50, 4))[0].shape == (50, 4)


def test_one_dimension_is_laid_out_on_a_line_and_said() -> None:
    reducer = PCA(points(20, 1), dims=2)
    (frame,) = reducer
    assert frame.coordinates.shape == (20, 2)
    assert (frame.coordinates[:, 1] == 0).all()
    assert "1 dimension:" in reducer.notes[0]


@pytest.mark.parametrize("shape", [(1, 5), (2, 5), (7, 3), (3, 9)], ids=str)
def test_equal_points_are_at_the_origin(shape: tuple[int, int]) -> None:
    reducer = PCA(np.full(shape, 3.25, np.float32))
    (frame,) = reducer
    assert (frame.coordinates == 0).all()
    assert "no variance" in reducer.notes[0]
    assert np.isfinite(reducer.details["loadings"]).all()


def test_constant_columns_change_nothing() -> None:
    given = points(60, 5)
    wider = np.insert(given, [2, 4], 7.0, axis=1)
    np.testing.assert_allclose(frame_and_details(given)[0], frame_and_details(wider)[0][:, :5], atol=1e-5)


def test_no_points_are_no_error() -> None:
    assert frame_and_details(np.zeros((0, 4), np.float32))[0].shape == (0, 2)


def test_no_components_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one component"):
        PCA(points(5, 5), components=0)

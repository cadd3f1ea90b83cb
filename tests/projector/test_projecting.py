"""`project` and what comes before the first frame: rows, columns, settings, fingerprints."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from stepscope.projector.embedding import Column, Embedding
from stepscope.projector.methods import METHODS, availability, check_parameters
from stepscope.projector.projecting import prepare, project
from stepscope.projector.reducer import Frame

RNG = np.random.default_rng(5)


def embedding(fingerprint: str = "abc") -> Embedding:
    """30 points, of which rows 4 and 9 are not finite; label "c" is rare, one cell is empty."""
    points = RNG.normal(size=(30, 6)).astype(np.float32)
    points[4, 2], points[9, 0] = np.nan, np.inf
    labels = np.array(["a", "b"] * 15, object)
    labels[[0, 1]] = "c", ""
    columns = {"label": Column("label", labels), "size": Column("size", np.arange(30.0))}
    return Embedding("words", points, columns, fingerprint=fingerprint)


def test_rows_that_are_not_finite_have_no_place_and_are_told() -> None:
    made = project(embedding(), "pca")
    assert made.coordinates.shape == (30, 2)
    assert np.flatnonzero(np.isnan(made.coordinates).any(axis=1)).tolist() == [4, 9]
    assert made.notes[0].startswith("words: 2 of 30 points have NaN or infinite numbers: rows 4, 9 (counted from 0). ")
    assert project(embedding(), "pca", components=5).coordinates.shape == (30, 5)


def test_frames_have_all_rows() -> None:
    frames: list[Frame] = []
    made = project(embedding(), "tsne", dims=3, on_frame=frames.append, iterations=20, perplexity=5)
    assert {frame.coordinates.shape for frame in frames} == {(30, 3)}
    assert frames[-1].last
    np.testing.assert_array_equal(frames[-1].coordinates, made.coordinates)
    assert made.parameters["perplexity"] == 5
    assert made.parameters["early_exaggeration"] == 12


def test_an_executor_does_the_same() -> None:
    given = embedding()
    with ThreadPoolExecutor(1) as executor:
        elsewhere = project(given, "tsne", executor=executor, seed=2, iterations=10, perplexity=5)
    here = project(given, "tsne", seed=2, iterations=10, perplexity=5)
    np.testing.assert_array_equal(here.coordinates, elsewhere.coordinates)


def test_preprocessing_is_as_told() -> None:
    given = embedding()
    plain, scaled = project(given), project(given, preprocess=("standardise",))
    assert (plain.preprocess, scaled.preprocess) == ((), ("standardise",))
    assert scaled.details["explained_variance"].sum() == pytest.approx(6 * 28 / 27)


def test_columns_become_codes_of_the_rows_that_are_seen() -> None:
    ready = prepare(embedding(), "tsne", parameters={"labels": "label", "labels_ignored": "c"})
    codes = ready.reducer._settings["labels"]  # type: ignore[attr-defined]
    assert len(codes) == len(ready.rows) == 28
    assert codes[:5].tolist() == [-1, -1, codes[2], codes[3], codes[3]]
    ready.change(labels_ignored="a")
    codes = ready.reducer._settings["labels"]  # type: ignore[attr-defined]
    assert (codes[:4] >= 0).tolist() == [True, False, False, True]
    ready.change(labels="size", learning_rate=3)
    assert len(set(ready.reducer._settings["labels"].tolist())) == 28  # type: ignore[attr-defined]


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(ValueError, match="the metadata of words has no column 'colour': it has label, size"):
        prepare(embedding(), "tsne", parameters={"labels": "colour"})


@pytest.mark.parametrize(
    ("method", "parameters", "sentence"),
    [
        ("isomap", {}, "there is no method 'isomap': there are pca, tsne"),
        ("tsne", {"perplexty": 3}, "t-SNE has no parameter 'perplexty': it has perplexity"),
        ("tsne", {"perplexity": 0}, "perplexity is at least 1, got 0"),
        ("tsne", {"labels_weight": 101}, "labels_weight is at most 100, got 101"),
        ("tsne", {"iterations": 2.5}, "iterations is a whole number, got 2.5"),
        ("tsne", {"perplexity": float("nan")}, "perplexity is a number, got nan"),
        ("tsne", {"learning_rate": "fast"}, "learning_rate is a number, got 'fast'"),
        ("tsne", {"metric": "hamming"}, "metric is one of euclidean, cosine, manhattan, got 'hamming'"),
    ],
)
def test_settings_that_cannot_be_are_refused(method: str, parameters: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        check_parameters(method, parameters)


def test_all_settings_have_a_value() -> None:
    complete = check_parameters("tsne", {"perplexity": 12})
    assert complete["perplexity"] == 12.0
    assert complete["learning_rate"] == "auto"
    assert complete.keys() == {parameter.name for parameter in METHODS["tsne"].parameters}
    assert check_parameters("tsne", {"learning_rate": "auto", "iterations": 10})["iterations"] == 10
    assert availability("pca") == (True, "")


def test_a_fingerprint_names_content_and_settings() -> None:
    given = embedding()
    one = project(given, "pca").fingerprint
    assert one == project(given, "pca", components=10).fingerprint  # the default
    others = [project(given, "pca", seed=1), project(given, "pca", dims=3), project(given, preprocess=("l2",))]
    others.append(project(embedding("other"), "pca"))
    assert len({one, *(other.fingerprint for other in others)}) == 5
    assert project(embedding(""), "pca").fingerprint == ""


def test_numbers_too_large_to_square_are_scaled_and_said() -> None:
    points = RNG.normal(size=(20, 3)) * 1e200
    made = project(Embedding("large", points))
    assert np.isfinite(made.coordinates).all()
    assert np.ptp(made.coordinates[:, 0]) > 0
    assert "whose square cannot be held" in made.notes[0]


def test_without_a_finite_row_nothing_has_a_place() -> None:
    for method in ("pca", "tsne"):
        made = project(Embedding("broken", np.full((3, 4), np.nan, np.float32)), method)
        assert np.isnan(made.coordinates).all()
        assert made.coordinates.shape == (3, 2)


def test_pca_of_doubles_keeps_their_digits() -> None:
    points = RNG.normal(size=(60, 4)) * [4, 3, 2, 1]
    far = project(Embedding("far", points + 1e7), "pca").coordinates
    np.testing.assert_allclose(far, project(Embedding("near", points), "pca").coordinates, atol=1e-5)


def test_one_step_of_preprocessing_and_the_file_in_notes() -> None:
    points = np.array([[3.0, 4.0], [np.nan, 1.0], [1.0, 0.0]])
    made = project(Embedding("words", points, source="words.csv"), "random", preprocess="l2")
    assert made.preprocess == ("l2",)
    assert made.notes[0].startswith("words.csv: 1 of 3 points has NaN or infinite numbers: row 1 (counted from 0). ")

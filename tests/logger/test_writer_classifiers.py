"""ROC curves and confusion matrices: counted as scikit-learn counts them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas
import polars
import pytest
import torch
from sklearn.metrics import confusion_matrix, roc_auc_score

from stepscope.logger import SummaryWriter, open_logdir
from stepscope.logger.reader.own_values import ConfusionMatrix, RocCurve

RNG = np.random.default_rng(0)
TRUTH = RNG.integers(0, 2, 5000)
SCORES = TRUTH + RNG.normal(0, 1.5, 5000)


def _matrix(folder: Path, *arguments: Any, **options: Any) -> ConfusionMatrix:
    with SummaryWriter(folder) as writer:
        writer.add_confusion_matrix("m", *arguments, **options)
    return open_logdir(folder).confusion_matrices(".", "m")[0]


def _roc(folder: Path, *arguments: Any, **options: Any) -> RocCurve:
    with SummaryWriter(folder) as writer:
        writer.add_roc_curve("roc", *arguments, **options)
    return open_logdir(folder).roc_curves(".", "roc")[0]


def _area(curve: RocCurve) -> float:
    right = curve.false_positives / (curve.false_positives + curve.true_negatives)
    up = curve.true_positives / (curve.true_positives + curve.false_negatives)
    return float(np.trapezoid(up[::-1], right[::-1]))


def test_few_distinct_scores_give_the_exact_area(tmp_path: Path) -> None:
    scores = SCORES.round(1)
    curve = _roc(tmp_path, torch.tensor(TRUTH), scores, num_thresholds=1000)
    assert _area(curve) == pytest.approx(roc_auc_score(TRUTH, scores), abs=1e-12)
    assert curve.thresholds.tolist() == [*np.unique(scores), np.inf]


@pytest.mark.parametrize("squeeze", [1, 1e-6])
def test_thresholds_follow_the_scores(tmp_path: Path, squeeze: float) -> None:
    scores = 0.5 + squeeze * SCORES
    curve = _roc(tmp_path, TRUTH, scores)
    assert len(curve.thresholds) == 127
    assert _area(curve) == pytest.approx(roc_auc_score(TRUTH, scores), abs=2e-4)
    at = curve.thresholds[50]
    assert curve.true_positives[50] == np.sum(TRUTH[scores >= at])
    assert curve.true_negatives[50] == np.sum(1 - TRUTH[scores < at])


def test_weights_and_nan_scores(tmp_path: Path) -> None:
    scores, weights = np.append(SCORES, np.nan), np.append(RNG.random(5000), 9)
    curve = _roc(tmp_path, np.append(TRUTH, 1), scores, weights=weights, num_thresholds=6000)
    assert _area(curve) == pytest.approx(roc_auc_score(TRUTH, SCORES, sample_weight=weights[:-1]), abs=1e-9)


@pytest.mark.parametrize("scores", [[], [0.5], [np.nan, np.nan], [0.5, 0.5]])
def test_curves_of_next_to_nothing(tmp_path: Path, scores: list[float]) -> None:
    curve = _roc(tmp_path, [1] * len(scores), scores)
    assert curve.thresholds[-1] == np.inf and curve.true_positives[-1] == 0


def test_infinite_scores_are_scores(tmp_path: Path) -> None:
    curve = _roc(tmp_path, [1, 1, 0, 0, 1], [np.inf, np.inf, 0.5, -np.inf, -np.inf])
    assert curve.thresholds.tolist() == [-np.inf, 0.5, np.inf, np.inf]
    assert curve.true_positives.tolist() == [3, 2, 2, 0]
    assert curve.false_positives.tolist() == [2, 1, 0, 0]


def test_labels_of_another_kind_are_refused(tmp_path: Path) -> None:
    with (
        pytest.warns(RuntimeWarning, match=r"lost add_roc_curve.*labels must be 0 or 1, got numbers from -1 to 1"),
        SummaryWriter(tmp_path) as writer,
    ):
        writer.add_roc_curve("x", [-1, 1], [0.2, 0.8])


def test_counts_from_elsewhere(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_roc_curve_raw("even", [3, 1], [2, 0], [0, 2], [0, 2], 1)
        writer.add_roc_curve_raw("given", [1, 3], [0, 2], [2, 0], [2, 0], 1, thresholds=[0.9, 0.1])
        with pytest.raises(
            ValueError, match=r"^add_roc_curve_raw\('x'\): expected thresholds and counts of one length"
        ):
            writer.add_roc_curve_raw("x", [1], [1], [1, 2], [1])
    log = open_logdir(tmp_path)
    even, given = log.roc_curves(".", "even")[0], log.roc_curves(".", "given")[0]
    assert even.thresholds.tolist() == [0, 1] and given.thresholds.tolist() == [0.1, 0.9]
    assert even.true_positives.tolist() == given.true_positives.tolist() == [3, 1]


def test_labels_against_predictions(tmp_path: Path) -> None:
    labels, guess = RNG.integers(0, 5, 1000), RNG.integers(0, 5, 1000)
    found = _matrix(tmp_path / "numbers", torch.tensor(labels), guess)
    assert np.array_equal(found.matrix, confusion_matrix(labels, guess)) and found.names == tuple("01234")
    scores = np.eye(5)[guess] * 3 - 1
    assert np.array_equal(_matrix(tmp_path / "scores", labels, scores).matrix, found.matrix)
    words = np.array(["cat", "dog", "emu", "fox", "gnu"])
    named = _matrix(tmp_path / "words", words[labels], words[guess])
    assert np.array_equal(named.matrix, found.matrix) and named.names == tuple(words)
    other = _matrix(tmp_path / "order", words[labels].tolist(), words[guess].tolist(), class_names=["gnu", "cat"])
    assert other.names == ("gnu", "cat", "dog", "emu", "fox") and other.matrix[0, 0] == found.matrix[4, 4]


@pytest.mark.parametrize("wrap", [np.asarray, torch.tensor], ids=["numpy", "torch"])
def test_labels_may_be_one_hot(tmp_path: Path, wrap: Any) -> None:
    labels, scores = RNG.integers(0, 4, 200), RNG.random((200, 4))
    want = confusion_matrix(labels, scores.argmax(axis=1))
    for kind in ("float32", "int64"):
        hot = np.eye(4, dtype=kind)[labels]
        assert np.array_equal(_matrix(tmp_path / f"scores {kind}", wrap(hot), wrap(scores)).matrix, want)
        both = _matrix(tmp_path / f"both {kind}", wrap(hot), wrap(np.eye(4, dtype=kind)[scores.argmax(axis=1)]))
        assert np.array_equal(both.matrix, want)
    masks = np.array([[0, 1, 1], [1, 0, 0]])  # of pictures: as many classes as pixels
    for kind in (masks.dtype, np.float32):
        found = _matrix(tmp_path / f"masks {kind}", wrap(masks), wrap((1 - masks).astype(kind)))
        assert found.matrix.tolist() == [[0, 3], [3, 0]]


def test_names_of_a_data_frame(tmp_path: Path) -> None:
    frame = pandas.crosstab(pandas.Series(list("aabb")), pandas.Series(list("abbb")))
    assert _matrix(tmp_path / "own", frame).names == ("a", "b")
    assert _matrix(tmp_path / "given", frame, class_names=["x", "y"]).names == ("x", "y")
    assert _matrix(tmp_path / "other", frame.set_axis(["c", "d"], axis=1)).names == ("0", "1")


@pytest.mark.parametrize("column", [pandas.Series, pandas.Categorical, polars.Series])
def test_words_in_a_column_of_a_data_frame(tmp_path: Path, column: Any) -> None:
    found = _matrix(tmp_path, column(["cat", "dog", "dog"]), column(["dog", "dog", "dog"]))
    assert found.matrix.tolist() == [[0, 1], [0, 2]] and found.names == ("cat", "dog")


def test_ignored_labels_are_not_counted(tmp_path: Path) -> None:
    found = _matrix(tmp_path, [0, -100, 1, 1], [0, 1, 1, -1], class_names=["a", "b", "c"])
    assert found.matrix.tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 0]] and found.names == ("a", "b", "c")


def test_negative_numbers_among_words_are_classes_of_their_own(tmp_path: Path) -> None:
    found = _matrix(tmp_path, np.array([-5, -100_000, 2]), ["2", "2", "2"])
    assert found.names == ("-100000", "-5", "2") and found.matrix[:, 2].tolist() == [1, 1, 1]


@pytest.mark.parametrize("kind", ["i4", "u4", "i8", "u8", ">i8"])
def test_whole_numbers_of_any_width_are_counted(tmp_path: Path, kind: str) -> None:
    labels, guess = RNG.integers(0, 9, (300, 300)), RNG.integers(0, 9, (300, 300))
    expected = confusion_matrix(labels.ravel(), guess.ravel())
    assert np.array_equal(_matrix(tmp_path / "a", labels.astype(kind)[::-1], guess.astype(kind)[::-1]).matrix, expected)
    if "i" in kind:
        labels[0] = -(1 << 30)
        expected = confusion_matrix(labels[1:].ravel(), guess[1:].ravel())
        found = _matrix(tmp_path / "b", torch.tensor(labels), guess.astype(kind)).matrix
        assert np.array_equal(found, expected)


def test_whole_numbers_as_scores_are_not_cut(tmp_path: Path) -> None:
    assert _matrix(tmp_path, [1, 0], np.array([[70_000, 80_000], [-5, -9]])).matrix.tolist() == [[1, 0], [0, 1]]


def test_a_matrix_counted_elsewhere(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_confusion_matrix("m", [[5, 1], [0, 2]], global_step=1, class_names=["no", "yes"])
        writer.add_confusion_matrix("m", [[0.5, 0.5], [0.25, 0.75]], global_step=2, class_names=["cold", "warm"])
        writer.add_confusion_matrix("one", [[3]])
    log = open_logdir(tmp_path)
    counts, shares = log.confusion_matrices(".", "m")
    assert counts.matrix.tolist() == [[5, 1], [0, 2]] and counts.matrix.dtype == np.int64
    assert shares.matrix.tolist() == [[0.5, 0.5], [0.25, 0.75]] and shares.names == ("cold", "warm")
    assert log.confusion_matrices(".", "one")[0].matrix.tolist() == [[3]]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"matrix_or_labels": [[1, 2, 3], [4, 5, 6]]}, r"expected a matrix of shape \(n, n\) .*, got shape \(2, 3\)"),
        ({"matrix_or_labels": np.eye(3), "class_names": ["a"]}, "expected a name for each of 3 classes, got 1"),
        ({"matrix_or_labels": [["a"]]}, "expected a matrix of real numbers"),
        ({"matrix_or_labels": np.eye(2), "class_names": "ab"}, "expected class_names as a list, got the string 'ab'"),
        (
            {"matrix_or_labels": [0, 1], "predictions": [1]},
            r"expected a prediction for each of 2 labels, got shape \(1,\)",
        ),
        ({"matrix_or_labels": [0.5], "predictions": [1]}, "expected labels as whole numbers or strings, got float64"),
        ({"matrix_or_labels": [0], "predictions": [10**9]}, "expected predictions below 4096, got 1000000000"),
    ],
)
def test_what_does_not_fit_is_said_at_the_call(tmp_path: Path, arguments: dict[str, Any], sentence: str) -> None:
    with (
        SummaryWriter(tmp_path) as writer,
        pytest.raises((TypeError, ValueError), match=rf"^add_confusion_matrix\('x'\): {sentence}"),
    ):
        writer.add_confusion_matrix("x", **arguments)

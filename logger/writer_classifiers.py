"""The methods of SummaryWriter that say how well a classifier does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .event_files import warn_on_thread
from .summaries import confusion_matrix, pr_curve, roc_curve
from .values import array
from .writer_core import WriterCore, call_name


class ClassifierMethods(WriterCore):
    """Labels against predictions. Arrays are copied at the call, counted in the background."""

    def add_pr_curve(
        self,
        tag: str,
        labels: Any,
        predictions: Any,
        global_step: Any = None,
        num_thresholds: int = 127,
        weights: Any = None,
        walltime: float | None = None,
    ) -> None:
        """Log precision against recall: `labels` are 0 or 1, `predictions` probabilities, `weights` optional.

        Predictions outside of 0 to 1 and NaN are not counted, which a warning tells; `add_roc_curve` takes any scores.
        Raises ValueError unless there are as many labels as predictions, and one weight or as many.
        """
        call = call_name("add_pr_curve", tag)
        taken, nbytes = _taken(call, labels, predictions, num_thresholds, weights)

        def build() -> Any:
            if not pr_curve.all_count(taken[1], num_thresholds):
                warn_on_thread(f"{call}: predictions outside of 0 to 1 or NaN are not counted; are they logits?")
            return pr_curve.curve_summary(tag, pr_curve.curve(*taken), num_thresholds)

        self._add(call, build, global_step, walltime, nbytes)

    def add_pr_curve_raw(
        self,
        tag: str,
        true_positive_counts: Any,
        false_positive_counts: Any,
        true_negative_counts: Any,
        false_negative_counts: Any,
        precision: Any,
        recall: Any,
        global_step: Any = None,
        num_thresholds: int = 127,
        weights: Any = None,
        walltime: float | None = None,
    ) -> None:
        """Log a precision-recall curve counted elsewhere, each argument with one value per threshold.

        Raises ValueError when their lengths differ. `weights` is not used: the counts hold them already.
        """
        call = call_name("add_pr_curve_raw", tag)
        counts = (true_positive_counts, false_positive_counts, true_negative_counts, false_negative_counts)
        rows = [np.asarray(array(call, row)).reshape(-1) for row in (*counts, precision, recall)]
        if len({row.size for row in rows}) != 1:
            raise ValueError(f"{call}: expected rows of one length, got {[row.size for row in rows]}")
        stacked = np.stack(rows)
        thresholds = min(num_thresholds, rows[0].size)
        self._add(call, lambda: pr_curve.curve_summary(tag, stacked, thresholds), global_step, walltime, stacked.nbytes)

    def add_roc_curve(
        self,
        tag: str,
        labels: Any,
        predictions: Any,
        global_step: Any = None,
        num_thresholds: int = 127,
        weights: Any = None,
        walltime: float | None = None,
    ) -> None:
        """Log true against false positives (ROC): `labels` are 0 or 1, `predictions` any scores, `weights` optional.

        The thresholds are the distinct scores; where there are more than `num_thresholds`, those evenly along the
        curve. NaN scores are not counted. Only the dashboard shows it, TensorBoard ignores it.
        Raises ValueError unless there are as many labels as predictions, and one weight or as many.
        """
        call = call_name("add_roc_curve", tag)
        taken, nbytes = _taken(call, labels, predictions, num_thresholds, weights)
        build = lambda: roc_curve.roc_curve_summary(tag, roc_curve.curve(*taken))  # noqa: E731
        self._add(call, build, global_step, walltime, nbytes)

    def add_roc_curve_raw(
        self,
        tag: str,
        true_positive_counts: Any,
        false_positive_counts: Any,
        true_negative_counts: Any,
        false_negative_counts: Any,
        global_step: Any = None,
        thresholds: Any = None,
        walltime: float | None = None,
    ) -> None:
        """Log a ROC curve counted elsewhere, each argument with one value per threshold, in any order of thresholds.

        `thresholds` are by default evenly spaced from 0 to 1. Raises ValueError when the lengths differ.
        """
        call = call_name("add_roc_curve_raw", tag)
        counts = (true_positive_counts, false_positive_counts, true_negative_counts, false_negative_counts)
        rows = [np.asarray(array(call, row)).reshape(-1) for row in counts]
        spaced = np.linspace(0, 1, rows[0].size) if thresholds is None else np.asarray(array(call, thresholds)).ravel()
        stacked = roc_curve.stacked(call, [spaced, *rows])
        self._add(call, lambda: roc_curve.roc_curve_summary(tag, stacked), global_step, walltime, stacked.nbytes)

    def add_confusion_matrix(
        self,
        tag: str,
        matrix_or_labels: Any,
        predictions: Any = None,
        global_step: Any = None,
        class_names: Sequence[str] | None = None,
        walltime: float | None = None,
    ) -> None:
        """Log how often each class was taken for each: an (n, n) matrix, rows are labels, columns predictions.

        A data frame's own names count where `class_names` are missing. Or labels and predictions to be counted: numbers
        of classes or names; predictions also as scores (count, n), of which the largest counts, labels beside them also
        one-hot (count, n). Negative numbers are not counted. Only the dashboard shows it, TensorBoard ignores it.
        Raises ValueError or TypeError when shapes, types or names do not fit.
        """
        call = call_name("add_confusion_matrix", tag)
        names = confusion_matrix.checked_names(call, class_names)
        if predictions is None:
            names = names or confusion_matrix.frame_names(matrix_or_labels)
            matrix = array(call, matrix_or_labels)
            confusion_matrix.check_matrix(call, matrix, names)
            given = lambda: confusion_matrix.confusion_matrix_summary(tag, matrix, names)  # noqa: E731
            return self._add(call, given, global_step, walltime, matrix.nbytes)
        first, guess = confusion_matrix.taken_labels(call, matrix_or_labels, predictions)

        def build() -> Any:
            return confusion_matrix.confusion_matrix_summary(tag, *confusion_matrix.counted(first, guess, names))

        return self._add(call, build, global_step, walltime, first.nbytes + guess.nbytes)


def _taken(call: str, labels: Any, predictions: Any, num_thresholds: int, weights: Any) -> tuple[tuple[Any, ...], int]:
    """((labels, scores, thresholds, weights), bytes of the copies). Raises as the methods do."""
    truth, scores = array(call, labels), array(call, predictions)
    weight = None if weights is None else array(call, weights)
    pr_curve.check_predictions(call, truth, scores, weight, num_thresholds)
    return (truth, scores, num_thresholds, weight), truth.nbytes + scores.nbytes + (
        weight.nbytes if weight is not None else 0
    )

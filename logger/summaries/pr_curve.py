"""Precision-recall curves over evenly spaced thresholds."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from .. import plugins
from ..proto.event_pb2 import Summary
from ..proto.plugins_pb2 import PrCurvePluginData
from ..tensors import tensor_proto

_LEAST_COUNT = 1e-7


def check_predictions(call: str, labels: Any, predictions: Any, weights: Any, num_thresholds: int) -> None:
    """Raises ValueError unless the arrays hold equally many values (weights also one) and there are two thresholds.

    TypeError for arrays of anything but numbers and for a number of thresholds that is not whole.
    """
    shapes = tuple(labels.shape), tuple(predictions.shape)
    if math.prod(shapes[0]) != math.prod(shapes[1]):
        raise ValueError(f"{call}: expected as many labels as predictions, got shapes {shapes[0]} and {shapes[1]}")
    if weights is not None and math.prod(weights.shape) not in (1, math.prod(shapes[0])):
        raise ValueError(f"{call}: expected one weight or as many as labels, got shape {tuple(weights.shape)}")
    for taken in (labels, predictions, weights):
        if isinstance(taken, np.ndarray) and taken.dtype.kind not in "fiub":
            raise TypeError(f"{call}: expected real numbers, got an array of type {taken.dtype}")
    if not isinstance(num_thresholds, (int, np.integer)):
        raise TypeError(f"{call}: num_thresholds must be an integer, got {num_thresholds!r:.60}")
    if num_thresholds < 2:
        raise ValueError(f"{call}: num_thresholds must be at least 2, got {num_thresholds}")


def curve(labels: Any, predictions: Any, num_thresholds: int, weights: Any = None) -> npt.NDArray[np.float64]:
    """(6, thresholds): true and false positives, true and false negatives, precision, recall.

    A prediction p counts as positive at threshold i when p ≥ i / (num_thresholds - 1). Labels are 0 or 1 (or the
    degree of truth between), predictions from 0 to 1, others are not counted; `weights` one number or one for each.
    """
    truth = np.asarray(labels).reshape(-1).astype(np.float64)
    weight = 1.0 if weights is None else np.asarray(weights, np.float64).reshape(-1)
    weight = np.broadcast_to(weight, truth.shape)
    at, inside = _thresholds_reached(predictions, num_thresholds)
    at, truth, weight = at[inside].astype(np.int64), truth[inside], weight[inside]

    def at_or_above(amounts: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        counts: npt.NDArray[np.float64] = np.bincount(at, amounts, num_thresholds).astype(np.float64, copy=False)
        return np.cumsum(counts[::-1])[::-1]

    true_positives, false_positives = at_or_above(truth * weight), at_or_above((1 - truth) * weight)
    true_negatives, false_negatives = false_positives[0] - false_positives, true_positives[0] - true_positives
    precision = true_positives / np.maximum(_LEAST_COUNT, true_positives + false_positives)
    recall = true_positives / np.maximum(_LEAST_COUNT, true_positives + false_negatives)
    return np.stack((true_positives, false_positives, true_negatives, false_negatives, precision, recall))


def all_count(predictions: Any, num_thresholds: int) -> bool:
    """Whether no prediction is outside of 0 to 1 or NaN."""
    return bool(_thresholds_reached(predictions, num_thresholds)[1].all())


def _thresholds_reached(predictions: Any, num_thresholds: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """The number of the highest threshold that each prediction reaches, and whether there is such a threshold."""
    scores = np.asarray(predictions).reshape(-1).astype(np.float64)
    at = np.floor(scores * (num_thresholds - 1))
    return at, (at >= 0) & (at <= num_thresholds - 1)  # NaN is on neither side


def curve_summary(tag: str, rows: Any, num_thresholds: int) -> Summary:
    """A curve as `curve` gives it."""
    content = PrCurvePluginData(num_thresholds=num_thresholds).SerializeToString()
    value = Summary.Value(
        tag=tag,
        metadata=plugins.metadata(plugins.PR_CURVES, content),
        tensor=tensor_proto(np.asarray(rows, np.float32)),
    )
    return Summary(value=[value])

"""Receiver operating characteristics: counts at thresholds that follow the scores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from .. import plugins
from ..proto.event_pb2 import Summary
from ..tensors import tensor_proto

Floats = npt.NDArray[np.float64]


def curve(labels: Any, predictions: Any, num_thresholds: int, weights: Any = None) -> Floats:
    """(5, at most num_thresholds): thresholds ascending, true and false positives, true and false negatives.

    A score counts as positive at or above a threshold; the last threshold is infinite. Every distinct score is a
    threshold where they are few enough: the area below the curve is then exact. Otherwise those are kept that lie
    evenly along the curve. Labels are 0 or 1 (or the degree of truth between), scores any numbers but NaN; `weights`
    one number or one for each.

    Raises ValueError for other labels.
    """
    truth = np.asarray(labels).reshape(-1).astype(np.float64)
    scores = np.asarray(predictions).reshape(-1).astype(np.float64)
    weight = np.broadcast_to(1.0 if weights is None else np.asarray(weights, np.float64).reshape(-1), truth.shape)
    if truth.size and not 0 <= truth.min() <= truth.max() <= 1:
        raise ValueError(f"labels must be 0 or 1, got numbers from {truth.min():g} to {truth.max():g}")
    there = ~np.isnan(scores)
    order = np.argsort(-scores[there], kind="stable")
    truth, scores, weight = (each[there][order] for each in (truth, scores, weight))
    last_of_equals = np.flatnonzero(np.append(scores[1:] != scores[:-1], True)[: len(scores)])
    positives = np.concatenate([[0.0], np.cumsum(truth * weight)[last_of_equals]])
    negatives = np.concatenate([[0.0], np.cumsum((1 - truth) * weight)[last_of_equals]])
    thresholds = np.concatenate([[np.inf], scores[last_of_equals]])
    kept = _along(positives, negatives, num_thresholds)[::-1]
    true_positives, false_positives = positives[kept], negatives[kept]
    return np.stack(
        (
            thresholds[kept],
            true_positives,
            false_positives,
            negatives[-1] - false_positives,
            positives[-1] - true_positives,
        )
    )


def _along(positives: Floats, negatives: Floats, most: int) -> npt.NDArray[np.int64]:
    """Which points to keep, both ends among them: evenly along the curve, measured right and up."""
    if len(positives) <= most:
        return np.arange(len(positives))
    length = positives / max(positives[-1], 1e-300) + negatives / max(negatives[-1], 1e-300)
    found = np.searchsorted(length, np.linspace(0, length[-1], most)).clip(max=len(length) - 1)
    found[-1] = len(length) - 1
    kept: npt.NDArray[np.int64] = np.unique(found)
    return kept


def stacked(call: str, rows: Sequence[Any]) -> Floats:
    """Thresholds and counts as `curve` gives them, in ascending order of the thresholds.

    Raises ValueError unless all have one length and hold real numbers.
    """
    if len({row.size for row in rows}) != 1 or not rows[0].size:
        raise ValueError(f"{call}: expected thresholds and counts of one length, got {[row.size for row in rows]}")
    if any(row.dtype.kind not in "fiub" for row in rows):
        raise TypeError(f"{call}: expected real numbers, got arrays of type {[str(row.dtype) for row in rows]}")
    table = np.stack([row.astype(np.float64) for row in rows])
    return table[:, np.argsort(table[0], kind="stable")]


def roc_curve_summary(tag: str, rows: Any) -> Summary:
    """A curve as `curve` gives it."""
    tensor = tensor_proto(np.asarray(rows, np.float64))
    return Summary(value=[Summary.Value(tag=tag, metadata=plugins.metadata(plugins.ROC_CURVE), tensor=tensor)])

"""Precision-recall and ROC curves in one shape: counts at each threshold, as they were stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from google.protobuf.message import DecodeError
from numpy.typing import NDArray

from ...logger.proto.plugins_pb2 import PrCurvePluginData

__all__ = ["COUNTS", "KINDS", "ThresholdCurve", "read_curve", "version_note"]

Array = NDArray[Any]
Floats = NDArray[np.float64]

COUNTS = ("true_positives", "false_positives", "true_negatives", "false_negatives")
_KNOWN_VERSION = 0


@dataclass(frozen=True, slots=True)
class ThresholdCurve:
    """Arrays of one length: the values at each threshold, thresholds rising.

    Precision and recall are None where only the counts were stored.
    """

    thresholds: Floats
    true_positives: Array
    false_positives: Array
    true_negatives: Array
    false_negatives: Array
    precision: Array | None = None
    recall: Array | None = None

    def counts(self) -> tuple[Floats, Floats, Floats, Floats]:
        """True and false positives, true and false negatives, as float64."""
        tp, fp, tn, fn = (np.asarray(getattr(self, name), np.float64) for name in COUNTS)
        return tp, fp, tn, fn

    def stored(self) -> dict[str, Array]:
        """Every array by its name; number types that browsers lack as float64."""
        names = ("thresholds", *COUNTS, "precision", "recall")
        found = {name: array for name in names if (array := getattr(self, name)) is not None}
        return {name: array if array.dtype == np.float32 else array.astype(np.float64) for name, array in found.items()}


def _pr_curve(value: Any) -> ThresholdCurve:
    """Writers space the thresholds evenly from 0 to 1 and do not store them."""
    rows = [getattr(value, name) for name in (*COUNTS, "precision", "recall")]
    return ThresholdCurve(np.linspace(0.0, 1.0, len(rows[0])), *rows)


def _roc_curve(value: Any) -> ThresholdCurve:
    order = np.argsort(value.thresholds, kind="stable")
    return ThresholdCurve(
        np.asarray(value.thresholds, np.float64)[order], *(np.asarray(getattr(value, name))[order] for name in COUNTS)
    )


_READ: dict[str, Callable[[Any], ThresholdCurve]] = {"pr_curves": _pr_curve, "roc_curves": _roc_curve}
KINDS = tuple(_READ)


def read_curve(kind: str, value: Any) -> ThresholdCurve:
    """The decoded value of a log. Raises ValueError where it holds no threshold."""
    curve = _READ[kind](value)
    if not len(curve.thresholds):
        raise ValueError("the curve has no thresholds")
    return curve


def version_note(kind: str, content: bytes) -> str:
    """What to say of a PR curve whose writer knew a later format than this reader; "" for others.

    content   the plugin's message in the tag's metadata
    """
    if kind != "pr_curves":
        return ""
    try:
        version = PrCurvePluginData.FromString(content).version
    except DecodeError:
        return "the tag's metadata cannot be read; the values are read as those of version 0"
    if version == _KNOWN_VERSION:
        return ""
    return f"written in version {version} of the format, read as version {_KNOWN_VERSION}"

"""Values of the plugins that only our writer uses: figures, HTML, tables, confusion matrices, ROC curves."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..packed_parts import unpacked
from ..proto.event_pb2 import Summary
from ..table_columns import Table, unpacked_table
from ..tensors import FEW_FILLED, tensor_array

__all__ = [
    "ConfusionMatrix",
    "RocCurve",
    "decode_confusion_matrix",
    "decode_roc_curve",
    "decode_table",
    "decode_text",
]

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ConfusionMatrix:
    """`matrix[i, j]`: how often (int64, or the sum of weights as float64) class i was taken for class j."""

    matrix: Array
    names: tuple[str, ...]  # of the n classes


@dataclass(frozen=True)
class RocCurve:
    """Counts (or sums of weights) at n thresholds, which ascend; a score counts as positive at or above one.

    The last threshold may be infinite: nothing is positive there.
    """

    thresholds: Floats
    true_positives: Floats
    false_positives: Floats
    true_negatives: Floats
    false_negatives: Floats


def decode_text(value: Summary.Value, _: bytes) -> str:
    """A text stored as one packed part. Raises ValueError where it is something else or damaged."""
    parts = unpacked(value.tensor)
    if len(parts) != 1:
        raise ValueError(f"one text expected, got {len(parts)}")
    return parts[0].decode("utf-8", "replace")


def decode_table(value: Summary.Value, _: bytes) -> Table:
    """Raises ValueError where the value is no table or damaged."""
    return unpacked_table(value.tensor)


def decode_confusion_matrix(value: Summary.Value, content: bytes) -> ConfusionMatrix:
    """Raises ValueError unless the tensor is square and holds real numbers; its classes may be without names."""
    matrix = tensor_array(value.tensor, FEW_FILLED)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or matrix.dtype.kind not in "iuf":
        raise ValueError(f"a confusion matrix has shape (n, n), got {matrix.shape} of type {matrix.dtype}")
    wide = matrix.astype(np.float64 if matrix.dtype.kind == "f" else np.int64)
    # Names belong to the value: a later one of the same tag may have others than the first, which the log describes.
    return ConfusionMatrix(wide, _names(value.metadata.plugin_data.content or content, len(wide)))


def _names(content: bytes, count: int) -> tuple[str, ...]:
    """The stored names, and numbers for classes that have none."""
    try:
        stored = json.loads(content)["names"]
    except (ValueError, KeyError, TypeError, RecursionError):
        stored = None
    names = [str(name) for name in stored[:count]] if isinstance(stored, list) else []
    return (*names, *(str(i) for i in range(len(names), count)))


def decode_roc_curve(value: Summary.Value, _: bytes) -> RocCurve:
    """Raises ValueError unless the tensor holds five rows of numbers."""
    rows = tensor_array(value.tensor, FEW_FILLED)
    if rows.ndim != 2 or len(rows) != 5 or rows.dtype.kind not in "iuf":
        raise ValueError(f"a ROC curve has shape (5, n), got {rows.shape} of type {rows.dtype}")
    return RocCurve(*rows.astype(np.float64))

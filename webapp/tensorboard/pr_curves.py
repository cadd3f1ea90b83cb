"""PR curves as TensorBoard lists them: without the thresholds at the end above which nothing is predicted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..numbers import cleansed
from .stored import read_all

if TYPE_CHECKING:
    from ...logger.reader import BlobSeries
    from ...logger.reader.values import PrCurve

__all__ = ["curve_entries"]

Array = npt.NDArray[Any]

_COUNTS = ("true_positives", "false_positives", "true_negatives", "false_negatives")


def curve_entries(series: BlobSeries) -> list[dict[str, Any]]:
    """A dict for each curve."""
    return [
        {"wall_time": cleansed(float(series.wall_time[i])), "step": int(series.step[i]), **_columns(curve)}
        for i, curve in read_all(series)
    ]


def _columns(curve: PrCurve) -> dict[str, list[Any]]:
    whole = {name: _whole(getattr(curve, name)) for name in _COUNTS}
    positives = whole["true_positives"] + whole["false_positives"]
    predicted = np.flatnonzero(positives)  # precision is defined there
    end = max(int(predicted[-1]) + 1 if len(predicted) else 0, 1)
    ratios = {name: list(map(cleansed, getattr(curve, name)[:end].tolist())) for name in ("precision", "recall")}
    counts = {name: column[:end].tolist() for name, column in whole.items()}
    return {**ratios, **counts, "thresholds": np.linspace(0.0, 1.0, len(positives))[:end].tolist()}


def _whole(column: Array) -> Array:
    """The counts without what follows the point; NaN and infinity become the least number, without a warning."""
    with np.errstate(invalid="ignore"):
        return column.astype(np.int64)

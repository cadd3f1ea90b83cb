"""Areas below curves that are known at some thresholds only: the usual figure of each, and how far it may be off.

All scores between two thresholds moved from one point of the curve to the next together. In which order they would
have come one by one is not stored, so the area over the raw scores lies between that of the worst order (negatives
first) and that of the best (positives first); both are computed. The figure between them treats the scores between two
thresholds as ties. It equals scikit-learn's when all scores are thresholds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .threshold_curves import Floats, ThresholdCurve

__all__ = ["Area", "Areas", "curve_areas"]

_RELATIVE = 1e-4  # counts are stored as float32, sums of them differ in the last digits
_HUGE = 1e100  # counts whose products may be beyond all numbers


class Area(NamedTuple):
    """A figure from 0 to 1 and the ends between which the one over the raw scores lies."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Areas:
    """What a curve comes to; None where it cannot be told, and `notes` say why."""

    average_precision: Area | None = None
    precision_recall: float | None = None  # trapezoidal
    roc: Area | None = None  # trapezoidal
    notes: tuple[str, ...] = field(default=())


class _Rise(NamedTuple):
    """What each threshold adds, from the highest to the lowest. `total` positives (tp) and negatives (fp) in all."""

    tp: Floats
    fp: Floats
    total_tp: float
    total_fp: float


def curve_areas(curve: ThresholdCurve) -> Areas:
    """Average precision, area below precision over recall, area below the ROC curve."""
    tp, fp, tn, fn = curve.counts()
    if not np.isfinite([tp, fp, tn, fn]).all():
        return Areas(notes=(f"{int((~np.isfinite([tp, fp, tn, fn])).any(0).sum())} thresholds hold no finite counts",))
    tp, fp, tn, fn = _small(tp, fp, tn, fn)
    positives, negatives = tp + fn, fp + tn
    notes = []
    if not _constant(positives) or not _constant(negatives):
        notes.append("positives or negatives are not as many at each threshold: no areas")
    elif _falls(tp) or _falls(fp):
        notes.append("counts grow with the threshold: no areas")
    if notes:
        return Areas(notes=tuple(notes))
    rise = _rise(tp, fp, positives, negatives)
    if rise.total_tp == 0:
        notes.append("no positives: precision and recall have no area")
    if rise.total_fp == 0:
        notes.append("no negatives: the ROC curve has no area")
    missed = rise.total_tp - rise.tp.sum() > _RELATIVE * max(1.0, rise.total_tp)
    if missed and rise.total_tp:
        notes.append("the lowest threshold leaves positives out: areas end there")
    return Areas(
        average_precision=_average_precision(rise) if rise.total_tp else None,
        precision_recall=_precision_recall(rise) if rise.total_tp else None,
        roc=_roc(rise) if rise.total_tp and rise.total_fp else None,
        notes=tuple(notes),
    )


def _small(*counts: Floats) -> tuple[Floats, ...]:
    """Counts so small that they have sums and products: the areas are the same for all counts over any power of two."""
    greatest = max(float(np.abs(column).max()) for column in counts)
    if greatest < _HUGE:
        return counts
    return tuple(np.ldexp(column, 64 - int(np.frexp(greatest)[1])) for column in counts)


def _constant(total: Floats) -> bool:
    return bool(np.ptp(total) <= _RELATIVE * max(1.0, float(total.max())))


def _falls(counts: Floats) -> bool:
    """Whether counts grow with the threshold: more cannot be above a higher one."""
    return bool((np.diff(counts) > _RELATIVE * max(1.0, float(counts.max()))).any())


def _rise(tp: Floats, fp: Floats, positives: Floats, negatives: Floats) -> _Rise:
    def steps(counts: Floats) -> Floats:
        falling: NDArray[np.float64] = np.maximum.accumulate(counts[::-1])  # without the last digits of float32
        return np.diff(falling, prepend=0.0)

    return _Rise(steps(tp), steps(fp), float(positives.max()), float(negatives.max()))


def _average_precision(rise: _Rise) -> Area:
    """AP = Σ (R_n − R_(n−1)) P_n over thresholds from high to low, R_0 = 0 (scikit-learn, average_precision_score).

    The bounds: with t positives and f negatives between two thresholds, a and b above them, each positive counts with
    the precision at its own score. Worst, the negatives first: at least ∫ (a + x) / (a + x + b + f) dx over 0 … t.
    Best, the positives first: at most t (a + t) / (a + t + b).
    """
    t, f = rise.tp, rise.fp
    after_tp, after_fp = np.cumsum(t), np.cumsum(f)
    before_tp = after_tp - t
    together = t * _ratio(after_tp, after_tp + after_fp)
    with np.errstate(divide="ignore", invalid="ignore"):
        loss = after_fp * np.log((after_tp + after_fp) / (before_tp + after_fp))
    worst = np.where(t > 0, t - np.where(after_fp > 0, loss, 0.0), 0.0)
    best = t * _ratio(after_tp, after_tp + after_fp - f)
    value, low, high = (float(part.sum()) / rise.total_tp for part in (together, worst, best))
    return Area(value, min(value, max(0.0, low)), max(value, min(1.0, high)))


def _precision_recall(rise: _Rise) -> float:
    """Trapezoids between the points of the curve, which begins at recall 0, precision 1 (as scikit-learn's does).

    Straight lines between points of this curve are too optimistic (Davis & Goadrich 2006, section 2): it is the lesser
    of the two figures.
    """
    tp, fp = np.cumsum(rise.tp), np.cumsum(rise.fp)
    there = tp + fp > 0  # above the highest score there is no precision
    recall = np.concatenate([[0.0], tp[there] / rise.total_tp])
    precision = np.concatenate([[1.0], _ratio(tp, tp + fp)[there]])
    return float((np.diff(recall) * (precision[1:] + precision[:-1]) / 2).sum())


def _roc(rise: _Rise) -> Area:
    """Trapezoids from (0, 0) to (1, 1): the chance that a positive scores above a negative, ties counting one half.

    Scores below the lowest threshold are tied, too. The bounds: every tie for or against the positive.
    """
    t = np.append(rise.tp, max(0.0, rise.total_tp - rise.tp.sum()))
    f = np.append(rise.fp, max(0.0, rise.total_fp - rise.fp.sum()))
    above = np.cumsum(t) - t
    pairs = rise.total_tp * rise.total_fp
    low, ties = float((f * above).sum()) / pairs, float((f * t).sum()) / pairs
    value = min(1.0, low + ties / 2)
    return Area(value, min(value, low), max(value, min(1.0, low + ties)))


def _ratio(part: Floats, whole: Floats) -> Floats:
    """0 where both are."""
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)

"""Which hyperparameter matters for a metric: permutation importance of a random forest, and rank correlation.

A forest is fitted to part of the runs and asked about the others (cross-validation); a hyperparameter is as important
as the forest's score on those others falls when its values are shuffled (Breiman 2001, "Random Forests", section 10).
The score is R², the share of the metric's variance that is explained; it is reported beside the importances, because
the importances of a forest that explains nothing mean nothing.

scikit-learn and scipy are imported when they are needed: they take a second, and starting the dashboard does not wait.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Cancelled", "Importance", "Ranking", "Value", "rank"]

Value = bool | int | float | str | None  # None and NaN: the run has no such hyperparameter
Floats = NDArray[np.float64]

FEWEST_RUNS = 10  # fewer leave nothing to hold out
SURE_RUNS = 30  # with fewer the order changes when a run is added
RUNS_PER_COLUMN = 5
POOR_SCORE = 0.2
MOST_RUNS = 2_000  # for the forest; beyond, a sample gives the same ranking
MOST_COLUMNS = 100
_TREES, _FOLDS, _REPEATS, _SEED = 100, 5, 5, 20_171_023


class Cancelled(Exception):
    """Nobody waits for the answer any more."""


@dataclass(frozen=True, slots=True)
class Importance:
    """What one hyperparameter does to the metric."""

    name: str
    importance: float | None  # fall of R² when shuffled; None without a forest
    std: float | None  # of that fall over folds and repeats
    correlation: float | None  # Spearman's, −1 … 1; None for text
    p_value: float | None  # of no correlation at all
    direction: str  # "up": the metric grows with it; "down"; "" where neither is clear (p ≥ 0.05) or it has no order
    runs: int  # that have both the metric and this hyperparameter
    distinct: int  # values


@dataclass(frozen=True, slots=True)
class Ranking:
    """The hyperparameters, most important first."""

    runs: int  # with a finite metric
    without: int  # runs left out: no metric, or not a finite one
    explained: float | None  # R² on runs that the forest had not seen
    warning: str
    importances: tuple[Importance, ...]
    left_out: tuple[tuple[str, str], ...]  # (name, why)


def rank(
    metric: Sequence[float] | Floats,
    columns: Mapping[str, Sequence[Value]],
    cancelled: Callable[[], bool] = lambda: False,
    told: Callable[[float], None] = lambda done: None,
) -> Ranking:
    """Rank `columns` (name → a value for each run) by their effect on `metric` (a number for each run, NaN: missing).

    The same input gives the same answer. `told` hears which share of the work is done, 0 … 1. Raises Cancelled soon
    after `cancelled()` is true, ValueError when lengths differ.
    """
    every = np.asarray(metric, np.float64)
    if any(len(values) != len(every) for values in columns.values()):
        raise ValueError(f"expected {len(every)} values in each column, one for each run")
    has = np.isfinite(every)
    target = every[has]
    rows = np.flatnonzero(has).tolist()
    encoded: dict[str, _Encoded] = {}
    left_out: list[tuple[str, str]] = []
    for name, values in columns.items():
        column = _encode([values[row] for row in rows])
        reason = column.useless if len(encoded) < MOST_COLUMNS else f"only the first {MOST_COLUMNS} are compared"
        if reason:
            left_out.append((name, reason))
        else:
            encoded[name] = column
    enough = len(target) >= FEWEST_RUNS and bool(encoded) and float(np.ptp(target)) > 0
    falls = _forest(target, np.column_stack([c.codes for c in encoded.values()]), cancelled, told) if enough else None
    found = [
        _importance(name, column, target, None if falls is None else falls.drops[:, index])
        for index, (name, column) in enumerate(encoded.items())
    ]
    # Without a forest the correlation gives the order.
    found.sort(key=lambda one: (-(one.importance or 0.0), -abs(one.correlation or 0.0)))
    explained = None if falls is None else falls.score
    warning = _warning(target, len(encoded), explained)
    return Ranking(len(target), len(every) - len(target), explained, warning, tuple(found), tuple(left_out))


@dataclass(frozen=True, slots=True)
class _Encoded:
    codes: Floats  # what the forest sees
    ordered: Floats | None  # what can be correlated, NaN: missing; None for text
    present: int
    distinct: int
    useless: str  # why it cannot matter; "" when it can


def _encode(values: Sequence[Value]) -> _Encoded:
    """Numbers and booleans as they are, texts numbered in order; missing is a value of its own, below all others.

    A forest splits by order only, so that logarithms would change nothing, and a category is told apart by two splits.
    """
    missing = [value is None or (isinstance(value, float) and math.isnan(value)) for value in values]
    given = [value for value, gone in zip(values, missing, strict=True) if not gone]
    text = any(isinstance(value, str) for value in given)
    keys: list[Any] = [str(value) for value in given] if text else [float(value or 0) for value in given]
    known = sorted(set(keys))
    ordinal = {key: index for index, key in enumerate(known)}
    places = iter(keys)
    codes = np.array([-1.0 if gone else float(ordinal[next(places)]) for gone in missing])
    numbers = iter(keys)
    ordered = None if text else np.array([math.nan if gone else next(numbers) for gone in missing], np.float64)
    useless = ""
    if len(np.unique(codes)) < 2:
        useless = "the same in all runs" if given else "no run with this metric has it"
    elif text and len(known) > 5 and len(known) > len(given) // 2:
        useless = f"{len(known):,} different texts: hardly any two runs share one"
    return _Encoded(codes, ordered, len(given), len(known), useless)


def _importance(name: str, column: _Encoded, target: Floats, drops: Floats | None) -> Importance:
    correlation, p_value = _spearman(column.ordered, target)
    clear = correlation is not None and p_value is not None and p_value < 0.05
    direction = ("up" if correlation > 0 else "down") if clear and correlation else ""
    return Importance(
        name,
        None if drops is None else float(drops.mean()),
        None if drops is None else float(drops.std()),
        correlation,
        p_value,
        direction,
        column.present,
        column.distinct,
    )


def _spearman(ordered: Floats | None, target: Floats) -> tuple[float | None, float | None]:
    """Spearman's rank correlation over the runs that have both, and its p-value; None where it is not defined."""
    if ordered is None:
        return None, None
    both = ~np.isnan(ordered)
    x, y = ordered[both], target[both]
    if len(x) < 3 or len(np.unique(x)) < 2 or len(np.unique(y)) < 2:
        return None, None
    from scipy.stats import spearmanr

    result = spearmanr(x, y)
    p_value = float(result.pvalue)
    return float(result.statistic), p_value if math.isfinite(p_value) else None


@dataclass(frozen=True, slots=True)
class _Falls:
    score: float  # R² of the predictions for runs not seen
    drops: Floats  # (folds · repeats, columns): fall of R²


def _forest(target: Floats, table: Floats, cancelled: Callable[[], bool], told: Callable[[float], None]) -> _Falls:
    """Fit a forest to all folds but one, in turn; shuffle each column of the one left out."""
    from sklearn.ensemble import RandomForestRegressor
    from sklearn.inspection import permutation_importance
    from sklearn.model_selection import KFold

    if len(target) > MOST_RUNS:
        chosen = np.random.default_rng(_SEED).choice(len(target), MOST_RUNS, replace=False)
        target, table = target[chosen], table[chosen]
    predicted = np.empty_like(target)
    drops = []
    # Each fold's fall is measured in its own R²: weighed by the variance there, so that folds can be averaged.
    variance = float(target.var())
    for seen, held in KFold(_FOLDS, shuffle=True, random_state=_SEED).split(table):
        if cancelled():
            raise Cancelled
        forest = RandomForestRegressor(_TREES, min_samples_leaf=2, max_features=0.6, random_state=_SEED)
        forest.fit(table[seen], target[seen])
        predicted[held] = forest.predict(table[held])
        result = permutation_importance(
            forest,
            table[held],
            target[held],
            scoring="neg_mean_squared_error",
            n_repeats=_REPEATS,
            random_state=_SEED,
        )
        drops.append(result.importances.T / variance)
        told(len(drops) / _FOLDS)
    score = 1.0 - float(np.mean((target - predicted) ** 2)) / variance
    return _Falls(score, np.concatenate(drops))


def _warning(target: Floats, columns: int, explained: float | None) -> str:
    """The sentence that keeps people from believing too much; "" when there is nothing to say."""
    runs = len(target)
    if columns == 0:
        return "No hyperparameter differs between these runs." if runs else "No run has this metric."
    if runs < FEWEST_RUNS:
        return (
            f"Only {runs} run{'' if runs == 1 else 's'} have this metric: "
            f"with fewer than {FEWEST_RUNS} a forest would guess. The correlations are all there is."
        )
    if explained is None:
        return "This metric is the same in all runs: no hyperparameter can matter."
    if explained < POOR_SCORE:
        share = f"{max(0.0, explained) * 100:.0f} %"
        return f"The forest explains {share} of this metric's variance on runs it has not seen: the order means little."
    wanted = max(SURE_RUNS, RUNS_PER_COLUMN * columns)
    if runs < wanted:
        return f"{runs} runs for {columns} hyperparameters are few ({wanted} would do): take the order as a hint."
    return ""

"""Bands and groups against numpy, pandas and scipy: random series of different lengths, steps, gaps and order."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from stepscope.logger.compare.bands import band
from stepscope.logger.compare.groups import GroupingError, group_runs


def random_series(seed: int, runs: int) -> list[tuple[Any, Any]]:
    """Series of 0 … 40 points; steps in any order, some twice; a tenth NaN."""
    rng = np.random.default_rng(seed)
    series = []
    for _ in range(runs):
        count = int(rng.integers(0, 40))
        y = rng.normal(size=count)
        y[rng.random(count) < 0.1] = math.nan
        series.append((rng.integers(0, 60, count), y))
    return series


def table(series: list[tuple[Any, Any]]) -> pd.DataFrame:
    """A column per series over the union of steps: numpy.interp within its range, NaN beside a gap."""
    grid = np.unique(np.concatenate([np.asarray(x) for x, _ in series]))
    columns = {}
    for i, (x, y) in enumerate(series):
        own = dict(zip(x.tolist(), y.tolist(), strict=True))  # the last of equal steps
        steps = np.array(sorted(own), float)
        values = np.array([own[int(step)] for step in steps])
        column = np.full(len(grid), math.nan)
        if len(steps):
            with np.errstate(invalid="ignore"):
                column = np.interp(grid, steps, values, math.nan, math.nan)
            exact = np.isin(grid, steps)
            column[exact] = values[np.searchsorted(steps, grid[exact])]
        columns[i] = column
    return pd.DataFrame(columns, index=grid)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("runs", [1, 2, 7, 40])
def test_every_centre_and_band_is_that_of_the_interpolated_runs(seed: int, runs: int):
    series = random_series(seed, runs)
    expected = table(series)
    if expected.empty:
        assert len(band(series).x) == 0
        return
    count = expected.count(axis=1)
    mean, median, std = expected.mean(axis=1), expected.median(axis=1), expected.std(axis=1)
    std = std.where(count > 1, 0.0).where(count > 0)
    sem = std / np.sqrt(count)
    student = pd.Series(stats.t.ppf(0.975, np.maximum(count - 1, 1)), count.index)
    edges = {
        "std": (mean - std, mean + std),
        "sem": (mean - sem, mean + sem),
        "ci95": (mean - sem * student, mean + sem * student),
        "minmax": (expected.min(axis=1), expected.max(axis=1)),
        "quartiles": (expected.quantile(0.25, axis=1), expected.quantile(0.75, axis=1)),
        "none": (mean, mean),
    }
    for spread, (low, high) in edges.items():
        got = band(series, "mean", spread)  # type: ignore[arg-type]
        np.testing.assert_array_equal(got.x, expected.index)
        np.testing.assert_array_equal(got.count, count)
        for ours, theirs in ((got.center, mean), (got.low, low), (got.high, high)):
            np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(band(series, "median", "minmax").center, median, rtol=1e-12, atol=1e-12)


def test_infinite_values_count_and_stay_infinite():
    got = band([([0, 1, 2], [1.0, math.inf, 3.0]), ([0, 1, 2], [1.0, 2.0, 5.0])], "mean", "minmax")
    assert got.center.tolist() == [1.0, math.inf, 4.0]
    assert (got.low.tolist(), got.high.tolist()) == ([1.0, 2.0, 3.0], [1.0, math.inf, 5.0])


def test_between_a_number_and_infinity_lies_infinity():
    for low, high, middle in ((-math.inf, 5.0, -math.inf), (5.0, math.inf, math.inf), (-1.7e308, 1.7e308, 0.0)):
        got = band([([0], [low]), ([0], [high])], "median", "quartiles")
        assert got.center.tolist() == [middle]
        if math.isfinite(middle):
            assert (got.low[0], got.high[0]) == pytest.approx((-0.85e308, 0.85e308))


def test_huge_steps_stay_apart():
    got = band([([2**60, 2**60 + 1, 2**60 + 2], [1.0, 2, 3]), ([2**60, 2**60 + 2], [3.0, 5.0])])
    assert got.x.tolist() == [2**60, 2**60 + 1, 2**60 + 2]
    assert got.center.tolist() == [2.0, 3.0, 4.0]


def test_a_mean_of_many_nearly_equal_numbers_is_exact():
    series = [([0], [1e15 + (run % 2)]) for run in range(500)]
    got = band(series, "mean", "std")
    assert got.center[0] == 1e15 + 0.5
    assert got.high[0] - got.center[0] == pytest.approx(0.5, rel=0.01, abs=0.13)  # 0.125 is what float64 tells apart


def test_a_long_union_is_thinned_to_points_that_exist():
    rng = np.random.default_rng(1)
    series = [(np.sort(rng.choice(10**6, 300, replace=False)), rng.normal(size=300)) for _ in range(50)]
    whole, thinned = band(series), band(series, most_points=500)
    assert (len(thinned.x), thinned.union) == (500, len(whole.x)) == (500, thinned.union)
    rows = np.searchsorted(whole.x, thinned.x)
    np.testing.assert_array_equal(thinned.center, whole.center[rows])
    np.testing.assert_array_equal(thinned.count, whole.count[rows])


def test_wrong_words_and_lengths_are_refused():
    with pytest.raises(ValueError, match="center is one of mean, median"):
        band([], "mode")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="same length"):
        band([([1, 2], [1.0])])


RUNS = ["cnn/lr0.1/s1", "cnn/lr0.1/s2", "mlp/lr0.01/s1", "readme"]


def named(by: dict[str, Any], **hparams: Any) -> dict[str, list[str]]:
    return {group.name: group.runs for group in group_runs(by, RUNS, hparams.get("hparams"))}


def test_groups_by_captures_of_a_pattern():
    assert named({"kind": "regex", "pattern": r"^(\w+)/lr([\d.]+)"}) == {
        "cnn · 0.1": RUNS[:2], "mlp · 0.01": [RUNS[2]], "other": ["readme"],
    }  # fmt: skip
    assert list(named({"kind": "regex", "pattern": "cnn|mlp"})) == ["cnn", "mlp", "other"]
    assert list(named({"kind": "regex", "pattern": "(x)?c"})) == ["–", "other"]


def test_groups_by_folders_from_both_ends():
    assert list(named({"kind": "prefix", "depth": 2})) == ["cnn/lr0.1", "mlp/lr0.01", "readme"]
    assert named({"kind": "prefix", "depth": -1}) == {
        "cnn/lr0.1": RUNS[:2], "mlp/lr0.01": [RUNS[2]], "other": ["readme"],
    }  # fmt: skip


def test_groups_by_hyperparameters_are_in_order_of_size_and_know_truths_from_numbers():
    hparams = {RUNS[0]: {"n": 16}, RUNS[1]: {"n": 2.0}, RUNS[2]: {"n": True}, RUNS[3]: {"n": "auto"}}
    assert named({"kind": "hparams", "keys": ["n"]}, hparams=hparams) == {
        "n=2": [RUNS[1]], "n=16": [RUNS[0]], "n=auto": [RUNS[3]], "n=true": [RUNS[2]],
    }  # fmt: skip


@pytest.mark.parametrize(
    "by", [{}, {"kind": "regex"}, {"kind": "prefix", "depth": 0}, {"kind": "hparams", "keys": []}, {"kind": "hand"}]
)
def test_groupings_that_say_too_little_are_refused(by: dict[str, Any]):
    with pytest.raises(GroupingError, match="groups: "):
        group_runs(by, RUNS)


def test_a_group_called_other_does_not_hide_the_rest():
    assert list(named({"kind": "hand", "groups": {"other": [RUNS[0]]}})) == ["other", "other runs"]

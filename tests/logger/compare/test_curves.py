"""Smoothing, derivatives and range statistics against numpy and scipy on random series with NaN and infinity."""

from __future__ import annotations

import math

import numpy as np
import pandas
import pytest
from numpy.typing import NDArray
from scipy import ndimage, stats

from stepscope.logger.compare.choices import Smoothing, SmoothingKind
from stepscope.logger.compare.curves import derivative, smooth
from stepscope.logger.compare.range_statistics import range_statistics

Floats = NDArray[np.float64]


def random_values(seed: int, count: int = 120) -> Floats:
    rng = np.random.default_rng(seed)
    values = rng.normal(size=count) * 10.0 ** rng.integers(-3, 6)
    values[rng.random(count) < 0.1] = math.nan
    values[rng.random(count) < 0.03] = math.inf
    return values


def by_windows(values: Floats, before: int, work: object) -> Floats:
    """`work` of the finite values around each finite value."""
    out = values.copy()
    for i in np.flatnonzero(np.isfinite(values)):
        window = values[max(i - before, 0) : i + before + 1]
        out[i] = work(window[np.isfinite(window)])  # type: ignore[operator]
    return out


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("width", [3, 7, 51, 999])
def test_running_mean_and_median_are_those_of_the_window(seed: int, width: int):
    values = random_values(seed)
    for kind, work in (("mean", np.mean), ("median", np.median)):
        got = smooth(Smoothing(kind, width), values)  # type: ignore[arg-type]
        np.testing.assert_allclose(got, by_windows(values, width // 2, work), rtol=1e-11)


@pytest.mark.parametrize("width", [5, 301, 10_001])
def test_running_medians_of_long_series_are_those_of_pandas(width: int):
    rng = np.random.default_rng(width)
    values = np.round(np.cumsum(rng.normal(size=50_000)), 1)  # many are equal
    values[20_000:30_000] = np.where(np.arange(10_000) % 2, -1e300, 1e300)  # the median jumps across all ranks
    values[rng.random(len(values)) < 0.01] = math.nan
    expected = pandas.Series(values).rolling(width, center=True, min_periods=1).median().to_numpy()
    got = smooth(Smoothing("median", width), values)
    np.testing.assert_array_equal(np.isnan(got), np.isnan(values))
    known = ~np.isnan(values)
    np.testing.assert_allclose(got[known], expected[known], rtol=1e-12)


def test_medians_of_the_smallest_and_the_largest_numbers_are_exact():
    tiny, huge = 5e-324, 1.7e308
    assert smooth(Smoothing("median", 3), [tiny, tiny]).tolist() == [tiny, tiny]
    assert smooth(Smoothing("median", 3), [huge, huge]).tolist() == [huge, huge]


@pytest.mark.parametrize("sigma", [0.4, 3.0, 120.0])
def test_gaussian_is_scipys_away_from_the_ends(sigma: float):
    values = np.random.default_rng(5).normal(size=5_000)
    reach = math.ceil(4 * sigma)
    expected = ndimage.gaussian_filter1d(values, sigma, radius=reach)[reach:-reach]
    np.testing.assert_allclose(smooth(Smoothing("gaussian", sigma), values)[reach:-reach], expected, rtol=0, atol=1e-12)


def test_a_spike_leaves_no_trace_in_a_running_mean():
    values = np.ones(100)
    values[20] = 1e30
    assert smooth(Smoothing("mean", 5), values)[30:].tolist() == [1.0] * 70


@pytest.mark.parametrize("seed", range(4))
def test_gaussian_weights_are_renormalised_at_the_ends_and_around_nan(seed: int):
    values, sigma = random_values(seed), 2.5
    got = smooth(Smoothing("gaussian", sigma), values)
    for i in np.flatnonzero(np.isfinite(values)):
        near = np.abs(np.arange(len(values)) - i) <= 10
        near &= np.isfinite(values)
        weights = stats.norm.pdf(np.flatnonzero(near), i, sigma)
        assert got[i] == pytest.approx(
            np.average(values[near], weights=weights), rel=1e-9, abs=1e-9 * abs(values[near]).max()
        )


def test_time_weighted_average_equals_the_plain_one_where_points_are_even():
    values = random_values(3)
    values[~np.isfinite(values)] = 0.5
    even = smooth(Smoothing("time_ema", 0.9), values, np.arange(len(values)) * 7.0)
    np.testing.assert_allclose(even, smooth(Smoothing("ema", 0.9), values), rtol=1e-12)


def test_time_weighted_average_forgets_by_distance():
    x, values = np.array([0.0, 1, 2, 3, 13, 14]), np.array([1.0, 2, 1, 2, 5, 5])
    weight, average, bias, expected = 0.8, 0.0, 1.0, []
    for distance, value in zip([1, 1, 1, 1, 10, 1], values, strict=True):
        own = weight**distance
        average, bias = average * own + (1 - own) * value, bias * own
        expected.append(average / (1 - bias))
    np.testing.assert_allclose(smooth(Smoothing("time_ema", weight), values, x), expected)


@pytest.mark.parametrize("kind", ["ema", "time_ema", "mean", "median", "gaussian"])
def test_series_are_smoothed_each_for_itself(kind: SmoothingKind):
    first, second = random_values(1, 40), random_values(2, 60)
    how = Smoothing(kind, 0.7 if kind.endswith("ema") else 5)
    got = smooth(how, np.concatenate([first, second]), np.arange(100.0), [0, 40, 100])
    np.testing.assert_array_equal(got[:40], smooth(how, first, np.arange(40.0)))
    np.testing.assert_array_equal(got[40:], smooth(how, second, np.arange(40.0, 100.0)))


@pytest.mark.parametrize(
    ("kind", "amount"), [("ema", 1.0), ("mean", 0), ("median", 20_001), ("gaussian", -1), ("x", 1)]
)
def test_other_kinds_and_amounts_are_refused(kind: SmoothingKind, amount: float):
    with pytest.raises(ValueError, match="smoothing: "):
        Smoothing(kind, amount)


def test_a_derivative_skips_what_is_no_number_and_where_x_stands():
    x, y = [0.0, 1, 1, 2, 3, 4], [1.0, 3, 5, math.nan, 9, math.inf]
    np.testing.assert_array_equal(derivative(x, y), [math.nan, 2.0, math.nan, math.nan, 2.0, math.nan])


@pytest.mark.parametrize("seed", range(10))
def test_range_statistics_are_numpys(seed: int):
    rng = np.random.default_rng(seed)
    lengths = rng.integers(0, 60, 5)
    offsets = np.cumsum([0, *lengths]).astype(np.int64)
    x = np.concatenate([2**60 + np.cumsum(rng.integers(1, 9, n)) for n in lengths]).astype(np.int64)
    values = random_values(seed, len(x))
    values[np.isinf(values)] = 0.0
    low, high = 2**60 + 50, 2**60 + 150
    # The limits are float64, which holds multiples of 256 only up here; compare with what it can say.
    got = range_statistics(x - 2**60, values, offsets, (float(low - 2**60), float(high - 2**60)))
    for series in range(5):
        own = slice(offsets[series], offsets[series + 1])
        inside = (x[own] >= low) & (x[own] <= high)
        y, at = values[own][inside], (x[own][inside] - 2**60).astype(float)
        assert got.count[series] == len(y) and got.nan[series] == np.isnan(y).sum()
        at, y = at[~np.isnan(y)], y[~np.isnan(y)]
        if len(y) > 2:
            assert values[got.at_min[series]] == y.min() and values[got.at_max[series]] == y.max()
            numbers = [got.mean[series], got.std[series], got.slope[series]]
            np.testing.assert_allclose(numbers, [y.mean(), y.std(ddof=1), stats.linregress(at, y).slope], rtol=1e-8)


def test_slopes_of_huge_steps_are_exact():
    x = 2**60 + np.arange(10)
    assert range_statistics(x, 3.0 * np.arange(10), np.array([0, 10])).slope[0] == pytest.approx(3.0, rel=1e-12)


def test_range_statistics_of_steps_as_far_apart_as_can_be():
    steps = np.array([-(2**63), 0, 2**63 - 1])
    found = range_statistics(steps, [0.0, 1.0, 2.0], np.array([0, 3]))
    assert found.slope[0] == pytest.approx(2.0**-63)
    assert range_statistics(steps, [0.0, 1.0, 2.0], np.array([0, 3]), (-1.0, 1e19)).count.tolist() == [2]

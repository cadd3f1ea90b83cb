"""Formulas over one run's scalars against numpy and pandas on the raw points."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from stepscope.logger.compare.choices import Smoothing
from stepscope.logger.compare.curves import smooth
from stepscope.logger.compare.expressions import ExpressionError, parse
from stepscope.logger.compare.formulas import Points, check_formula, evaluate

RNG = np.random.default_rng(0)
VALUES = RNG.normal(size=200)
VALUES[[5, 6, 90]] = math.nan
POSITIVE = np.exp(RNG.normal(size=200))


def points(step: Any, value: Any) -> Points:
    steps = np.asarray(step, np.int64)
    return Points(steps, 1e9 + (steps - steps[:1]) * 0.5, np.asarray(value, np.float64))


SCALARS = {
    "x": points(np.arange(200), VALUES),
    "train/loss": points(np.arange(200), POSITIVE),
    "val/loss": points(np.arange(3, 190, 7), POSITIVE[3:190:7] * 2),
    "huge": points(2**60 + np.arange(4), [1, 2, 3, 4]),
    "twice": points([0, 1, 1, 2], [1, 5, 7, 9]),
}


def worked(text: str, **scalars: Points) -> Points:
    node = parse(text, {*SCALARS, *scalars, "step"})
    check_formula(node)
    result = evaluate(node, {**SCALARS, **scalars})
    assert result is not None
    return result


SERIES = pd.Series(VALUES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x + 2 * train/loss - 1", VALUES + 2 * POSITIVE - 1),
        ("-x ** 2 / 3", -(VALUES**2) / 3),
        ("x % 0.3", np.mod(VALUES, 0.3)),
        ("log(x)", np.log(np.where(VALUES > 0, VALUES, math.nan))),
        ("sqrt(abs(x)) + exp(tanh(x)) - sin(x) * cos(x)",
         np.sqrt(abs(VALUES)) + np.exp(np.tanh(VALUES)) - np.sin(VALUES) * np.cos(VALUES)),
        ("log2(train/loss) + log10(train/loss)", np.log2(POSITIVE) + np.log10(POSITIVE)),
        ("max(x, train/loss, 0)", np.maximum(np.maximum(VALUES, POSITIVE), 0)),
        ("min(x, 0)", np.minimum(VALUES, 0)),
        ("clip(x, -0.5, 0.5)", np.clip(VALUES, -0.5, 0.5)),
        ("diff(x)", SERIES.diff()),
        ("delta(x)", VALUES - VALUES[0]),
        ("cumsum(x)", SERIES.cumsum()),
        ("cummin(x)", SERIES.cummin()),
        ("cummax(x)", SERIES.cummax()),
        ("rolling(x, 5)", SERIES.rolling(5, min_periods=1).mean()),
        ("ema(x, 0.8)", smooth(Smoothing("ema", 0.8), VALUES)),
        ("x - x.mean + x.last", VALUES - np.nanmean(VALUES) + VALUES[-1]),
        ("step * 2 + x * 0", np.where(np.isnan(VALUES), math.nan, np.arange(200) * 2.0)),
    ],
)  # fmt: skip
def test_every_function_is_numpys_or_pandas(text: str, expected: Any):
    got = worked(text)
    np.testing.assert_array_equal(got.step, np.arange(200))
    np.testing.assert_allclose(got.value, expected, rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize("width", [1, 2, 3, 7, 199, 200, 1000])
def test_a_rolling_mean_of_any_width_is_pandas(width: int):
    expected = SERIES.rolling(width, min_periods=1).mean()
    np.testing.assert_allclose(worked(f"rolling(x, {width})").value, expected, rtol=1e-11, atol=1e-11)


def test_a_spike_leaves_the_rolling_mean_behind_it_alone():
    got = worked("rolling(spike, 3)", spike=points(range(10), [1e18, *range(1, 10)]))
    assert got.value[3:].tolist() == [2, 3, 4, 5, 6, 7, 8]


def test_scalars_meet_on_all_steps_of_the_range_they_share():
    got = worked("val/loss / train/loss")
    np.testing.assert_array_equal(got.step, np.arange(3, 186))
    val = SCALARS["val/loss"]
    np.testing.assert_allclose(got.value, np.interp(got.step, val.step, val.value) / POSITIVE[3:186])
    assert got.wall_time[0] == 1e9


def test_huge_steps_stay_exact_and_of_equal_steps_the_last_counts():
    assert worked("huge * 2 + other", other=points(2**60 + np.array([1, 3]), [0, 2])).value.tolist() == [4, 7, 10]
    assert worked("huge + other", other=points(2**60 + np.array([1, 3]), [0, 2])).step.tolist() == [
        2**60 + 1, 2**60 + 2, 2**60 + 3,
    ]  # fmt: skip
    assert worked("twice + 0 * x").value.tolist() == [1, 7, 9]


def test_a_run_without_one_of_the_scalars_has_no_such_curve():
    assert evaluate(parse("x + y"), {"x": SCALARS["x"]}) is None
    apart = worked("x + far", far=points([1000, 1001], [1, 2]))
    assert len(apart.step) == 0


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("foo(x)", "foo(x)"), ("x > 3", "x > 3"), ("clip(x)", "clip(x)"), ("ema(x, x)", "x"), ("1 + 2", "1 + 2"),
        ("x + 'text'", "'text'"), ("rolling(x, 2.5)", "2.5"), ("x.count + 1", "x.count"), ("not x", "not x"),
    ],
)  # fmt: skip
def test_what_makes_no_number_is_said_where_it_is(text: str, wrong: str):
    with pytest.raises(ExpressionError) as caught:
        worked(text)
    assert text[caught.value.start : caught.value.end] == wrong

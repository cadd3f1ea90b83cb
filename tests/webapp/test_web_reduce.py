"""The compiled reductions against plain loops over the raw data, and frames that survive the way to a browser."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from web_helpers import decode

from stepscope.logger.compare import series_compiled
from stepscope.logger.compare.choices import Smoothing
from stepscope.webapp import frames, wire
from stepscope.webapp.curves import curves_of, worked
from stepscope.webapp.queries import SeriesQuery, View

VALUES = hnp.arrays(np.float64, st.integers(1, 300), elements=st.floats(-1e6, 1e6, width=32) | st.just(math.nan))
ANY_VALUES = hnp.arrays(np.float64, st.integers(0, 40), elements=st.floats(width=64))


def view(**changes: Any) -> View:
    defaults: dict[str, Any] = {
        "axis": "step", "log_x": False, "range": None, "pixels": 10, "smoothing": None, "segments": "latest",
    }  # fmt: skip
    return View(**{**defaults, **changes})


def columns(*series: np.ndarray[Any, Any], steps: Any = None) -> Any:
    """ScalarColumns of these series at steps 0, 1, 2 … (or `steps`, of the only one)."""
    lengths = [len(values) for values in series]
    value = np.concatenate([np.empty(0), *series])
    step = np.concatenate([np.empty(0, np.int64), *(np.arange(n) for n in lengths)]) if steps is None else steps
    step = np.asarray(step, np.int64)
    count = len(series)
    return SimpleNamespace(
        step=step, wall_time=step * 0.5, value=value, offsets=np.cumsum([0, *lengths]).astype(np.int64),
        run=np.arange(count), segment=np.zeros(count, np.int64), epoch=np.ones(count, np.int64),
        exact32=np.zeros(count, bool),
    )  # fmt: skip


def reduced(data: Any, how: View, **known: Any) -> frames.ReducedTag:
    runs = [f"run {i}" for i in data.run]
    wanted = SeriesQuery("tag", tuple(runs), known.get("known", ()), known.get("epochs", ()), smoothing=how.smoothing)
    return reduce_columns(data, wanted, runs, how)


def reduce_columns(data: Any, wanted: SeriesQuery, runs: list[str], how: View) -> frames.ReducedTag:
    curves = curves_of(data, wanted.tag, runs, np.zeros(len(runs)))
    return frames.reduce_curves(worked(curves, wanted, how), wanted, how)


def kept_of(answer: frames.ReducedTag, series: int = 0) -> np.ndarray[Any, Any]:
    begin = answer.offsets[series]
    return answer.kept[begin : begin + answer.counts[3 * series]]


def ema_by_the_book(values: list[float], alpha: float) -> list[float]:
    """TensorBoard's debiased moving average, one value at a time."""
    if all(value == values[0] for value in values):
        return values
    smoothed, average, count = [], 0.0, 0
    for value in values:
        if not math.isfinite(value):
            smoothed.append(value)
            continue
        average = average * alpha + (1 - alpha) * value
        count += 1
        smoothed.append(average / (1 - alpha**count))
    return smoothed


@given(st.lists(VALUES, min_size=1, max_size=4), st.sampled_from([0.1, 0.6, 0.99, 0.9999]))
@settings(max_examples=60, deadline=None)
def test_smoothing_is_the_debiased_average_of_all_points(series: list[Any], alpha: float):
    data = columns(*series)
    out = np.empty(len(data.value))
    series_compiled.kernels().ema(alpha, data.value, data.offsets, out)
    expected = np.concatenate([ema_by_the_book(values.tolist(), alpha) for values in series])
    np.testing.assert_allclose(out, expected, rtol=1e-9, atol=1e-9)


def test_a_constant_series_is_not_smoothed():
    out = np.empty(3)
    series_compiled.kernels().ema(0.9, np.array([0.1, 0.1, 0.1]), np.array([0, 3]), out)
    assert out.tolist() == [0.1] * 3


@given(VALUES, st.integers(1, 40))
@settings(max_examples=100, deadline=None)
def test_every_column_keeps_its_extremes_and_ends(values: Any, pixels: int):
    answer = reduced(columns(values), view(pixels=pixels))
    kept = kept_of(answer)
    if len(values) <= 2 * pixels:
        assert kept.tolist() == list(range(len(values)))
        return
    assert np.all(np.diff(kept) > 0)
    scale = pixels / (len(values) - 1)
    column_of = np.minimum((np.arange(len(values)) * scale).astype(int), pixels - 1)
    for column in np.unique(column_of):
        inside = np.flatnonzero(column_of == column)
        chosen = [i for i in kept if column_of[i] == column]
        assert {inside[0], inside[-1]} <= set(chosen)
        assert len(chosen) <= 5  # four, and one NaN
        finite = inside[np.isfinite(values[inside])]
        if len(finite):
            assert values[chosen][np.isfinite(values[chosen])].min() == values[finite].min()
            assert values[chosen][np.isfinite(values[chosen])].max() == values[finite].max()
        assert np.isnan(values[inside]).any() == np.isnan(values[chosen]).any()


@given(VALUES, st.integers(0, 300), st.integers(0, 300))
@settings(max_examples=100, deadline=None)
def test_a_range_is_measured_and_reached_from_both_sides(values: Any, one: int, other: int):
    low, high = min(one, other), max(one, other)
    answer = reduced(columns(values), view(pixels=8, range=(float(low), float(high))))
    kept, inside = kept_of(answer), values[low : high + 1]
    finite = inside[np.isfinite(inside)]
    assert answer.counts[1] == np.isnan(inside).sum()
    if len(finite):
        assert answer.spans.tolist() == [finite.min(), finite.max()]
    if 0 < low < len(values):
        assert kept[0] == low - 1
    if high < len(values) - 1:
        assert kept[-1] == high + 1


def test_a_line_across_a_range_without_points_is_kept():
    answer = reduced(columns(np.array([1.0, 2.0, 3.0]), steps=[0, 10, 20]), view(range=(4.0, 6.0)))
    assert kept_of(answer).tolist() == [0, 1]


def test_points_that_go_back_keep_their_order():
    steps = np.concatenate([np.arange(1000), np.arange(500, 1500)])
    answer = reduced(columns(np.zeros(2000), steps=steps), view(pixels=20))
    kept = kept_of(answer)
    assert np.all(np.diff(kept) > 0)
    assert steps[kept].max() == 1499
    assert np.any(np.diff(steps[kept]) < 0)


def test_infinities_of_both_signs_are_kept_in_a_column():
    values = np.zeros(1000)
    values[[400, 401, 402, 403]] = [math.inf, -math.inf, math.nan, math.inf]
    answer = reduced(columns(values), view(pixels=1))
    assert set(kept_of(answer)) == {0, 400, 401, 402, 999}
    assert answer.counts.tolist() == [5, 1, 3]


def test_a_point_without_a_place_on_the_axis_is_left_out():
    data = columns(np.arange(4.0))
    data.wall_time = np.array([0.0, math.nan, 1.0, math.inf])
    assert kept_of(reduced(data, view(axis="wall"))).tolist() == [0, 2]


def test_a_long_tail_is_reduced_too():
    data = columns(np.arange(10_000.0))
    short = reduced(data, view(), known=(8_000,), epochs=(1,))
    long = reduced(data, view(), known=(1_000,), epochs=(1,))
    assert short.counts[0] == 2_000
    assert long.counts[0] <= 40


@pytest.mark.parametrize(
    ("pixels", "series", "columns"), [(330, 1, 330), (330, 150, 330), (330, 500, 82), (100, 9999, 100)]
)
def test_charts_with_many_series_get_wider_columns(pixels: int, series: int, columns: int):
    assert frames.chart_columns(pixels, series) == columns


@given(st.lists(ANY_VALUES, min_size=1, max_size=5), st.booleans(), st.text(max_size=8))
@settings(max_examples=80, deadline=None)
def test_frames_survive_the_way_to_the_browser(series: list[Any], smoothed: bool, name: str):
    data = columns(*series)
    runs = [f"{name}{i}" for i in range(len(series))]
    smoothing = Smoothing("ema", 0.5) if smoothed else None
    how, wanted = view(pixels=100), SeriesQuery(name, tuple(runs), (), (), smoothing=smoothing)
    with np.errstate(over="ignore", invalid="ignore"):
        answer = reduce_columns(data, wanted, runs, how)
        header, drawn = decode(b"".join(wire.encode(7, [answer, answer])))
    assert header["version"] == 7
    assert [(d.tag, d.run) for d in drawn] == [(name, run) for run in runs] * 2
    for got, values in zip(drawn, series * 2, strict=True):
        np.testing.assert_array_equal(got.value, values)
        np.testing.assert_array_equal(got.step, np.arange(len(values)))
        assert ("smooth" in got.arrays) == smoothed

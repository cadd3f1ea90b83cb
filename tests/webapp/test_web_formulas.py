"""Formulas, other scalars as x, smoothing kinds, derivatives and range statistics, against numpy on raw data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from web_helpers import START, Drawn, decode, write_run

from stepscope.logger import open_logdir
from stepscope.webapp import create_app

STEPS = np.arange(0, 3_000)
TRAIN = np.float32(np.exp(-STEPS / 1000) + 0.05 * np.sin(STEPS)).astype(float)
EPOCH = np.float32(STEPS // 500).astype(float)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder: Path = tmp_path_factory.mktemp("logs")
    series = {
        "train/loss": list(zip(STEPS.tolist(), TRAIN.tolist(), strict=True)),
        "val/loss": [(int(step), 2.0 + step / 1000) for step in STEPS[100:2000:100]],
        "epoch": list(zip(STEPS.tolist(), EPOCH.tolist(), strict=True)),
        "phase": [(step, float(step % 40)) for step in range(0, 3000, 10)],
    }
    write_run(folder / "a", series)
    write_run(folder / "b", {"train/loss": [(0, 1.0), (1, 2.0), (2, float("nan")), (3, float("inf")), (4, 4.0)]})
    with open_logdir(folder, index_dir=False) as log:
        yield create_app(log).test_client()


def ask(client: FlaskClient, *series: dict[str, Any], **body: Any) -> list[Drawn]:
    answer = client.post("/api/scalars", json={"pixels": 8192, **body, "series": list(series)})
    assert answer.status_code == 200, answer.json
    return decode(answer.data)[1]


def test_a_formula_lies_on_the_steps_its_scalars_share(client: FlaskClient):
    text = "log(train/loss) - log(val/loss)"
    (drawn,) = ask(client, {"formula": text, "runs": ["a", "b"]})  # b has no val/loss
    assert (drawn.tag, drawn.run) == (text, "a")
    steps = STEPS[100:1901]
    np.testing.assert_array_equal(drawn.step, steps)
    np.testing.assert_allclose(drawn.value, np.log(TRAIN[steps]) - np.log(np.float32(2 + steps / 1000)), atol=1e-6)


def test_formulas_can_be_smoothed_and_grouped(client: FlaskClient):
    groups = {"band": "minmax", "members": [{"name": "all", "runs": ["a", "b"]}]}
    (drawn,) = ask(client, {"formula": "2 * train/loss"}, groups=groups, smoothing={"kind": "mean", "amount": 3})
    np.testing.assert_allclose(drawn.value[:2], [2 * TRAIN[0] / 2 + 1, TRAIN[1] + 2], rtol=1e-6)
    assert drawn.count[:6].tolist() == [2, 2, 1, 2, 2, 1]
    assert len(drawn.smooth) == len(drawn.value)


@pytest.mark.parametrize("segments", ["latest", "all", "separate"])
def test_formulas_and_groups_are_of_the_latest_points(tmp_path: Path, segments: str):
    first = {"x": [(step, 100.0 + step) for step in range(0, 60, 2)], "y": [(step, 1.0) for step in range(50)]}
    again = {"x": [(step, float(step)) for step in range(40, 80, 2)], "y": [(step, 2.0) for step in range(30, 90, 3)]}
    write_run(tmp_path / "a", first)
    write_run(tmp_path / "a", again, START + 1000, "1")
    write_run(tmp_path / "b", {"x": [(0, 0.0), (78, 780.0)]})
    x = dict(first["x"][:20] + again["x"])
    y = dict(first["y"][:30] + again["y"])
    steps = np.array([step for step in sorted({*x, *y}) if step <= 78])
    on_x, on_y = (np.interp(steps, sorted(points), [points[step] for step in sorted(points)]) for points in (x, y))
    with open_logdir(tmp_path, index_dir=False) as log:
        client = create_app(log).test_client()
        (drawn,) = ask(client, {"formula": "x / y + x.max", "runs": ["a"]}, segments=segments)
        np.testing.assert_array_equal(drawn.step, steps)
        np.testing.assert_allclose(drawn.value, on_x / on_y + max(x.values()), rtol=1e-6)
        groups = {"band": "minmax", "members": [{"name": "both", "runs": ["a", "b"]}]}
        (drawn,) = ask(client, {"tag": "x"}, groups=groups, segments=segments)
    places = np.array(sorted(x))
    values = np.array([x[step] for step in places])
    np.testing.assert_array_equal(drawn.step, places)
    np.testing.assert_allclose(drawn.value, (values + 10.0 * places) / 2, rtol=1e-6)
    np.testing.assert_allclose(drawn.high, np.maximum(values, 10.0 * places), rtol=1e-6)
    assert drawn.count.tolist() == [2] * len(places)


@pytest.mark.parametrize(
    ("formula", "start", "end"),
    [("log(train/loss", 3, 4), ("1 + nothing", 4, 11), ("foo(epoch)", 0, 10), ("step * 2", 0, 8)],
)
def test_a_wrong_formula_is_answered_with_its_place(client: FlaskClient, formula: str, start: int, end: int):
    answer = client.post("/api/scalars", json={"series": [{"formula": formula, "runs": ["a"]}]})
    assert answer.status_code == 400 and answer.json["error"]
    assert (answer.json["start"], answer.json["end"]) == (start, end)


def test_another_scalar_is_x_where_it_is_known(client: FlaskClient):
    (drawn,) = ask(client, {"tag": "train/loss", "runs": ["a", "b"]}, x={"tag": "epoch"})  # b has no epochs
    np.testing.assert_array_equal(drawn.x, EPOCH)
    np.testing.assert_array_equal(drawn.value, TRAIN)
    assert drawn.n == len(TRAIN)


def test_of_several_values_of_x_at_one_step_the_last_number_counts(tmp_path: Path):
    tokens = [(0, 0.0), (5, 1.0), (5, float("nan")), (5, 2.0), (5, float("inf")), (10, 4.0)]
    write_run(tmp_path / "a", {"tokens": tokens, "loss": [(step, 1.0) for step in range(12)]})
    with open_logdir(tmp_path, index_dir=False) as log:
        (drawn,) = ask(create_app(log).test_client(), {"tag": "loss", "runs": ["a"]}, x={"tag": "tokens"})
    np.testing.assert_allclose(drawn.x, np.arange(11) * 0.4)


def test_an_x_that_falls_keeps_the_extremes_of_every_column(client: FlaskClient):
    (drawn,) = ask(client, {"tag": "train/loss", "runs": ["a"]}, x={"tag": "phase"}, pixels=39)
    phase = np.interp(STEPS[:2991], STEPS[::10], STEPS[::10] % 40)
    assert drawn.drawn <= 5 * 39 + 5
    assert drawn.header["epoch"] < 2**53
    columns = np.minimum((phase * 39 / 30).astype(int), 38)
    sent = np.minimum((drawn.x * 39 / 30).astype(int), 38)
    for column in np.unique(columns):
        whole, kept = TRAIN[:2991][columns == column], drawn.value[sent == column]
        assert (whole.min(), whole.max()) == (kept.min(), kept.max())


def test_a_derivative_is_per_unit_of_x(client: FlaskClient):
    (by_step,) = ask(client, {"tag": "train/loss", "runs": ["a"]}, derivative=True)
    np.testing.assert_allclose(by_step.value[1:], np.diff(TRAIN))
    assert np.isnan(by_step.value[0])
    (by_time,) = ask(client, {"tag": "train/loss", "runs": ["a"], "derivative": True}, x="relative")
    np.testing.assert_allclose(by_time.value[1:], np.diff(TRAIN) * 2)


def statistics(client: FlaskClient, *series: dict[str, Any], **body: Any) -> list[dict[str, Any]]:
    answer = client.post("/api/statistics", json={**body, "series": list(series)})
    assert answer.status_code == 200, answer.json
    rows: list[dict[str, Any]] = answer.json["rows"]
    return rows


def test_statistics_are_of_all_points_in_the_range(client: FlaskClient):
    (row,) = statistics(client, {"tag": "train/loss", "runs": ["a"]}, range=[500, 1500])
    inside, steps = TRAIN[500:1501], STEPS[500:1501]
    assert (row["count"], row["nan"], row["min"], row["max"]) == (1001, 0, inside.min(), inside.max())
    assert (row["first"], row["last"]) == (inside[0], inside[-1])
    assert (row["step_at_min"], row["step_at_max"]) == (500 + inside.argmin(), 500 + inside.argmax())
    np.testing.assert_allclose(
        [row["mean"], row["std"], row["slope"], row["change"], row["change_percent"]],
        [inside.mean(), inside.std(ddof=1), np.polyfit(steps, inside, 1)[0], inside[-1] - inside[0],
         100 * (inside[-1] - inside[0]) / inside[0]],
    )  # fmt: skip


def test_statistics_leave_out_nan_and_say_infinity(client: FlaskClient):
    (row,) = statistics(client, {"tag": "train/loss", "runs": ["b"]})
    assert (row["count"], row["nan"], row["max"], row["last"]) == (5, 1, "Infinity", 4.0)
    assert row["slope"] == pytest.approx(np.polyfit([0, 1, 4], [1, 2, 4], 1)[0])
    (empty,) = statistics(client, {"tag": "train/loss", "runs": ["b"]}, range=[100, 200])
    assert (empty["count"], empty["mean"], empty["step_at_min"]) == (0, None, None)


def test_statistics_of_groups_and_formulas(client: FlaskClient):
    groups = {"members": [{"name": "all", "runs": ["a", "b"]}]}
    (row,) = statistics(client, {"formula": "train/loss * 0 + 3"}, groups=groups, range=[0, 1])
    assert (row["run"], row["runs"], row["count"], row["mean"]) == ("all", 2, 2, 3.0)

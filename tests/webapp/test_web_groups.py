"""POST /api/groups, and groups in POST /api/scalars: against numpy and pandas on what was written."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from flask.testing import FlaskClient
from web_helpers import START, Drawn, decode, write_run

from stepscope.logger import SummaryWriter, open_logdir
from stepscope.webapp import create_app

RUNS = {
    "a/seed1": [(0, 1.0), (10, 3.0), (20, math.nan), (30, 5.0)],
    "a/seed2": [(0, 2.0), (5, 4.0), (30, 0.0), (40, 8.0)],
    "a/seed3": [(10, -1.0)],
    "b/seed1": [(0, 7.0), (10, 9.0)],
}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[FlaskClient]:
    for run, points in RUNS.items():
        write_run(tmp_path / run, {"loss": points, "tokens": [(step, 100.0 * step) for step, _ in points]}, START)
    with open_logdir(tmp_path, index_dir=False) as log:
        yield create_app(log).test_client()


def grouped(client: FlaskClient, groups: dict[str, Any], **body: Any) -> list[Drawn]:
    series = body.pop("series", [{"tag": "loss"}])
    answer = client.post("/api/scalars", json={"pixels": 600, **body, "series": series, "groups": groups})
    assert answer.status_code == 200, answer.json
    return decode(answer.data)[1]


def members(**groups: list[str]) -> list[dict[str, Any]]:
    return [{"name": name, "runs": runs} for name, runs in groups.items()]


A = [run for run in RUNS if run.startswith("a/")]


def by_pandas(runs: list[str]) -> pd.DataFrame:
    """A column per run over the union of steps, filled between two points that are numbers and nowhere else."""
    frame = pd.DataFrame({run: pd.Series(dict(RUNS[run])) for run in runs})
    for run in runs:
        for (first, low), (last, high) in zip(RUNS[run], RUNS[run][1:], strict=False):
            if math.isfinite(low) and math.isfinite(high):
                inside = (frame.index > first) & (frame.index < last)
                frame.loc[inside, run] = low + (high - low) * (frame.index[inside] - first) / (last - first)
    return frame


def test_a_group_is_the_mean_of_its_runs_with_their_standard_deviation(client: FlaskClient):
    (drawn,) = grouped(client, {"center": "mean", "band": "std", "members": members(a=A)})
    expected = by_pandas(A)
    assert (drawn.run, drawn.group, drawn.runs, drawn.grid, drawn.union) == ("a", True, 3, 6, 6)
    np.testing.assert_array_equal(drawn.step, expected.index)
    np.testing.assert_allclose(drawn.value, expected.mean(axis=1))
    np.testing.assert_array_equal(drawn.count, expected.count(axis=1))
    width = expected.std(axis=1).fillna(0.0)
    np.testing.assert_allclose(drawn.low, drawn.value - width)
    np.testing.assert_allclose(drawn.high, drawn.value + width)


def test_median_and_quartiles(client: FlaskClient):
    (drawn,) = grouped(client, {"center": "median", "band": "quartiles", "members": members(a=A)})
    expected = by_pandas(A)
    np.testing.assert_allclose(drawn.value, expected.median(axis=1))
    np.testing.assert_allclose(drawn.low, expected.quantile(0.25, axis=1))
    np.testing.assert_allclose(drawn.high, expected.quantile(0.75, axis=1))


def test_groups_without_points_are_left_out_and_one_run_has_no_width(client: FlaskClient):
    wanted = members(nothing=["no such run"], empty=[], b=["b/seed1"])
    (drawn,) = grouped(client, {"band": "ci95", "members": wanted})
    assert (drawn.run, drawn.runs, drawn.value.tolist()) == ("b", 1, [7.0, 9.0])
    assert drawn.low.tolist() == drawn.high.tolist() == [7.0, 9.0]


def test_smoothing_is_of_the_runs_before_they_are_grouped(client: FlaskClient):
    (drawn,) = grouped(client, {"band": "minmax", "members": members(b=["b/seed1"])}, smoothing=0.5)
    np.testing.assert_allclose(drawn.smooth, [7.0, (3.5 / 2 + 4.5) / 0.75])
    np.testing.assert_allclose(drawn.smooth_low, drawn.smooth)


def test_groups_over_time_and_over_another_scalar(client: FlaskClient):
    (over_time,) = grouped(client, {"members": members(a=A)}, x="relative")
    np.testing.assert_allclose(over_time.x, by_pandas(A).index / 2)
    np.testing.assert_allclose(over_time.time, over_time.x)
    (over_tokens,) = grouped(client, {"members": members(a=A)}, x={"tag": "tokens"})
    np.testing.assert_allclose(over_tokens.x, by_pandas(A).index * 100.0)
    np.testing.assert_allclose(over_tokens.value, by_pandas(A).mean(axis=1))


def test_malformed_groups_are_answered_with_a_sentence(client: FlaskClient):
    for groups, sentence in [
        ({"members": 1}, "groups.members: expected a list"),
        ({"members": [{"name": 1}]}, "groups.members[0].name"),
        ({"band": "wide", "members": []}, "groups.band: expected one of"),
    ]:
        answer = client.post("/api/scalars", json={"series": [{"tag": "loss"}], "groups": groups})
        assert answer.status_code == 400 and sentence in answer.json["error"]


def ask_groups(client: FlaskClient, **by: Any) -> Any:
    answer = client.post("/api/groups", json={"by": by})
    assert answer.status_code == 200, answer.json
    return answer.json


def test_groups_by_pattern_prefix_and_hand(client: FlaskClient):
    by_seed = ask_groups(client, kind="regex", pattern=r"seed(?<seed>\d)")["groups"]
    assert [(g["name"], g["runs"], g.get("values")) for g in by_seed] == [
        ("seed=1", ["a/seed1", "b/seed1"], {"seed": "1"}),
        ("seed=2", ["a/seed2"], {"seed": "2"}),
        ("seed=3", ["a/seed3"], {"seed": "3"}),
    ]
    by_folder = ask_groups(client, kind="prefix", depth=1)["groups"]
    assert [(g["name"], len(g["runs"])) for g in by_folder] == [("a", 3), ("b", 1)]
    by_hand = ask_groups(client, kind="hand", groups={"mine": ["b/seed1", "gone"]})["groups"]
    assert [(g["name"], g["runs"]) for g in by_hand] == [("mine", ["b/seed1"]), ("other", A)]


def test_a_wrong_pattern_is_said_where_it_is(client: FlaskClient):
    answer = ask_groups(client, kind="regex", pattern="seed(")
    assert answer["groups"] == [] and answer["error"]["start"] == 4


def test_groups_by_hyperparameters(tmp_path: Path):
    for run, rate in {"x": 0.1, "y": 0.01, "z": 0.1}.items():
        with SummaryWriter(tmp_path / run) as writer:
            writer.add_scalar("loss", 1.0, 0)
            writer.add_hparams({"lr": rate, "big": True}, {"best": 1.0})
    with SummaryWriter(tmp_path / "plain") as writer:
        writer.add_scalar("loss", 1.0, 0)
    with open_logdir(tmp_path, index_dir=False) as log:
        client = create_app(log).test_client()
        groups = ask_groups(client, kind="hparams", keys=["lr", "big"])["groups"]
        assert [(g["name"], g["runs"]) for g in groups] == [
            ("lr=0.01 · big=true", ["y"]),
            ("lr=0.1 · big=true", ["x", "z"]),
            ("other", ["plain"]),
        ]
        answer = client.post("/api/scalars", json={"series": [{"tag": "best", "runs": ["x"]}]})
        assert [(s.run, s.value.tolist()) for s in decode(answer.data)[1]] == [("x", [1.0])]

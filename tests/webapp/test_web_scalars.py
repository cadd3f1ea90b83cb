"""POST /api/scalars: what is sent of each series, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from web_helpers import START, Drawn, decode, event_bytes, write_run

from stepscope.logger import LogDir, open_logdir
from stepscope.webapp import create_app

Ask = Callable[..., list[Drawn]]


def client_of(folder: Path) -> tuple[LogDir, FlaskClient]:
    log = open_logdir(folder, index_dir=False)
    return log, create_app(log).test_client()


def post(client: FlaskClient, **body: Any) -> list[Drawn]:
    answer = client.post("/api/scalars", json={"pixels": 100, **body})
    assert answer.status_code == 200, answer.json
    return decode(answer.data)[1]


def test_few_points_are_all_sent(ask: Ask):
    (loss,) = ask(("loss", ["a"]))
    assert (loss.tag, loss.run, loss.n, loss.drawn, loss.header["from"]) == ("loss", "a", 50, 50, 0)
    np.testing.assert_array_equal(loss.step, np.arange(50))
    np.testing.assert_array_equal(loss.value, np.float32([1 / (1 + step) for step in range(50)]))
    np.testing.assert_array_equal(loss.time, np.arange(50) / 2)
    assert loss.start == START + 20
    assert "smooth" not in loss.arrays


def test_series_come_in_the_order_asked_for(ask: Ask):
    series = ask(("loss", ["b/10", "a"]), ("acc/top1", ["a", "b/2"]))
    assert [(s.tag, s.run) for s in series] == [("loss", "b/10"), ("loss", "a"), ("acc/top1", "b/2")]


def test_narrow_types_are_used_where_they_lose_nothing(ask: Ask):
    (loss,) = ask(("loss", ["a"]))
    assert {name: array.dtype.str for name, array in loss.arrays.items()} == {
        "step": "<i4",
        "time": "<f4",
        "value": "<f4",
    }


def test_large_steps_and_long_times_get_wide_types(tmp_path: Path):
    steps = {"large": [0, 2**31], "huge": [0, 2**53 + 1]}
    for run, (first, last) in steps.items():
        path = write_run(tmp_path / run, {"x": [(first, 1.0)]})
        with path.open("ab") as file:
            file.write(event_bytes(last, START + 1e6 + 0.125, "x", 2.0))
    log, client = client_of(tmp_path)
    with log:
        series = {s.run: s for s in post(client, series=[{"tag": "x", "runs": list(steps)}])}
    assert series["large"].step.dtype == np.float64
    assert series["huge"].step.tolist() == [0, 2**53 + 1]
    assert series["huge"].step.dtype == np.int64
    assert series["large"].time.tolist() == [0.0, 1e6 + 0.125]


def test_not_finite_values_arrive_and_are_counted(ask: Ask):
    (unusual,) = ask(("unusual", ["a"]))
    np.testing.assert_array_equal(unusual.value, [1.0, np.nan, np.inf, -np.inf, 2.0])
    assert (unusual.nan, unusual.inf, unusual.min, unusual.max) == (1, 2, 1.0, 2.0)


def test_smoothed_values_come_along_when_asked_for(ask: Ask):
    (loss,) = ask(("loss", ["b/2"]), smoothing=0.5)
    np.testing.assert_allclose(loss.smooth[:3], [0.0, 1 / 1.5, (0.5 + 2) / 1.75], rtol=1e-6)


def test_extremes_survive_reduction_and_zooming_shows_every_point(tmp_path: Path):
    values = np.zeros(20_000)
    values[12_345] = 100.0
    write_run(tmp_path / "spike", {"x": list(enumerate(values))})
    log, client = client_of(tmp_path)
    wanted = [{"tag": "x", "runs": ["spike"]}]
    with log:
        (whole,) = post(client, series=wanted)
        (part,) = post(client, series=wanted, range=[12_300, 12_400])
    assert whole.n == 20_000
    assert whole.drawn <= 4 * 100
    assert whole.value.max() == 100.0
    assert whole.step[whole.value.argmax()] == 12_345
    assert part.step.tolist() == list(range(12_299, 12_402))  # one point beyond each edge


def test_relative_and_wall_ranges_are_in_seconds(ask: Ask):
    (relative,) = ask(("loss", ["a"]), x="relative", range=[5.0, 6.0])
    (wall,) = ask(("loss", ["a"]), x="wall", range=[START + 25, START + 26])
    assert relative.step.tolist() == wall.step.tolist() == [9, 10, 11, 12, 13]


def test_a_logarithmic_axis_leaves_out_what_it_cannot_show(ask: Ask):
    (loss,) = ask(("loss", ["a"]), log_x=True, range=[0, 10])
    assert loss.step.tolist() == [*range(1, 12)]


def test_a_tail_holds_only_new_points(client: FlaskClient, ask: Ask):
    (whole,) = ask(("loss", ["a"]))
    (tail,) = ask(("loss", ["a"]), **{"from": [48], "epoch": [whole.epoch]}, smoothing=0.9)
    (full,) = ask(("loss", ["a"]), smoothing=0.9)
    assert (tail.header["from"], tail.step.tolist(), tail.n) == (48, [48, 49], 50)
    np.testing.assert_array_equal(tail.smooth, full.smooth[48:])


def test_a_tail_without_news_is_empty(ask: Ask):
    (whole,) = ask(("loss", ["a"]))
    (tail,) = ask(("loss", ["a"]), **{"from": [50], "epoch": [whole.epoch]})
    assert (tail.header["from"], tail.drawn) == (50, 0)


def test_another_epoch_gets_everything(ask: Ask):
    (whole,) = ask(("loss", ["a"]))
    (answer,) = ask(("loss", ["a"]), **{"from": [48], "epoch": [whole.epoch + 1]})
    assert (answer.header["from"], answer.drawn) == (0, 50)


def test_after_a_restart_the_user_chooses(tmp_path: Path):
    write_run(tmp_path / "r", {"x": [(step, 1.0) for step in range(10)]}, START, "0")
    write_run(tmp_path / "r", {"x": [(step, 2.0) for step in range(5, 12)]}, START + 100, "1")
    log, client = client_of(tmp_path)
    wanted = [{"tag": "x", "runs": ["r"]}]
    with log:
        (latest,) = post(client, series=wanted, segments="latest")
        (everything,) = post(client, series=wanted, segments="all")
        separate = post(client, series=wanted, segments="separate")
    assert latest.value.tolist() == [1.0] * 5 + [2.0] * 7
    assert everything.drawn == 17
    assert [(s.segment, s.drawn) for s in separate] == [(0, 10), (1, 7)]


def test_names_that_exist_nowhere_are_404(client: FlaskClient):
    for series, name in (({"tag": "loss", "runs": ["none"]}, "none"), ({"tag": "nope", "runs": ["a"]}, "nope")):
        answer = client.post("/api/scalars", json={"series": [series]})
        assert answer.status_code == 404
        assert name in answer.json["error"]


def test_a_run_without_the_tag_is_no_error(ask: Ask):
    assert ask(("acc/top1", ["a"])) == []


GOOD = {"tag": "loss", "runs": ["a"]}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"series": "loss"}, "series: expected a list, got a string"),
        ({"series": [1]}, "series[0]: expected an object, got a number"),
        ({"series": [{"tag": 5, "runs": []}]}, "series[0].tag: expected a string"),
        ({"series": [{"tag": "loss", "runs": "a"}]}, "series[0].runs: expected a list of strings"),
        ({"series": [{"tag": "loss", "runs": [None]}]}, "series[0].runs"),
        ({"series": [GOOD] * 65}, "at most 64"),
        ({"series": [{**GOOD, "from": [1]}]}, "from and epoch belong together"),
        ({"series": [{**GOOD, "from": [1, 2], "epoch": [1, 2]}]}, "one number for each of the 1 runs"),
        ({"series": [{**GOOD, "from": [-1], "epoch": [0]}]}, "whole numbers of at least 0"),
        ({"x": "epochs"}, "x: expected one of step, relative, wall"),
        ({"segments": 1}, "segments: expected one of latest, all, separate"),
        ({"pixels": 0}, "pixels: expected a whole number from 1 to 8192"),
        ({"pixels": -5}, "pixels"),
        ({"pixels": 1e9}, "pixels"),
        ({"pixels": True}, "pixels"),
        ({"smoothing": 1}, "smoothing: expected a number from 0 to 0.9999"),
        ({"smoothing": "0.6"}, "smoothing: expected a number"),
        ({"log_x": "yes"}, "log_x: expected true or false"),
        ({"range": [1]}, "range: expected [low, high]"),
        ({"range": [2, 1]}, "range: the low end 2 lies above the high end 1"),
        ({"range": [0, 10**400]}, "range[1]: expected a finite number"),
        ({"range": [None, 1]}, "range[0]: expected a number"),
    ],
)
def test_malformed_queries_are_answered_with_a_sentence(client: FlaskClient, change: dict[str, Any], says: str):
    answer = client.post("/api/scalars", json={"series": [GOOD], **change})
    assert answer.status_code == 400
    assert says in answer.json["error"]


@pytest.mark.parametrize("body", [b"", b"{", b'{"range": [NaN, 1]}', b"\xff", b"[" * 100_000, b"7"])
def test_bodies_that_are_not_json_objects(client: FlaskClient, body: bytes):
    answer = client.post("/api/scalars", data=body, content_type="application/json")
    assert answer.status_code == 400
    assert "body" in answer.json["error"]


def test_too_many_series(client: FlaskClient):
    answer = client.post("/api/scalars", json={"series": [{"tag": "loss", "runs": ["a"] * 20_001}]})
    assert answer.status_code == 413
    assert "20,000" in answer.json["error"]


def test_a_huge_body_is_not_read(client: FlaskClient):
    answer = client.post("/api/scalars", data=b" " * 4_000_001, content_type="application/json")
    assert answer.status_code == 413


def test_only_json_is_taken(client: FlaskClient):
    answer = client.post("/api/scalars", data=json.dumps({"series": []}), content_type="text/plain")
    assert answer.status_code == 415

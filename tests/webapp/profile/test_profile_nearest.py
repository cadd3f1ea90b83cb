"""From a scalar to the captured step nearest to it: one clock for both."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from web_helpers import START, write_run

from stepscope.logger import open_logdir
from stepscope.webapp import Settings, create_app

STEP = 0.1  # s


def capture(folder: Path, begins: float, steps: int, name: str) -> None:
    """Steps of 100 ms each; the file is written a second after the last one."""
    folder.mkdir(parents=True, exist_ok=True)
    marks = [
        {"ph": "X", "cat": "user_annotation", "name": f"ProfilerStep#{step}", "pid": 1, "tid": 1}
        | {"ts": step * STEP * 1e6, "dur": STEP * 1e6 - 1000, "args": {}}
        for step in range(steps)
    ]
    file = {"schemaVersion": 1, "baseTimeNanoseconds": round(begins * 1e9), "traceEvents": marks}
    written = round((begins + steps * STEP + 1) * 1e9)
    (folder / f"{name}.{written}.pt.trace.json").write_text(json.dumps(file))


@pytest.fixture
def client(tmp_path: Path) -> Iterator[FlaskClient]:
    """The run "a" was captured at 100 s and at 500 s, the run "empty" without any step."""
    write_run(tmp_path / "a", {"perf/step_ms": [(0, 100.0)]}, START)
    capture(tmp_path / "a", START + 100, 3, "early")
    capture(tmp_path / "a", START + 500, 3, "late")
    capture(tmp_path / "empty", START, 0, "nothing")
    with open_logdir(tmp_path, index_dir=False) as log:
        yield create_app(log, Settings(index_dir="", logdirs={"": str(tmp_path)})).test_client()


def nearest(client: FlaskClient, wall: object, run: str = "a", status: int = 200) -> Any:
    while (answer := client.get(f"/api/profile/nearest?run={run}&wall={wall}")).status_code == 202:
        pass  # the server waits as well
    assert answer.status_code == status, answer.json
    return answer.json


def test_a_point_within_a_captured_step_leads_to_it(client: FlaskClient) -> None:
    found = nearest(client, START + 500.15)
    assert (found["step"], found["seconds"]) == ("ProfilerStep#1", 0)
    assert "late" in found["p"]
    assert found["to"] - found["from"] == pytest.approx(99e6, abs=2e6)


@pytest.mark.parametrize(
    ("wall", "file", "step", "seconds"),
    [
        (0, "early", "ProfilerStep#0", -100),
        (200, "early", "ProfilerStep#2", 99.701),
        (450, "late", "ProfilerStep#0", -50),
    ],
)
def test_any_other_point_leads_to_the_nearest_one(
    client: FlaskClient, wall: float, file: str, step: str, seconds: float
) -> None:
    found = nearest(client, START + wall)
    assert found["step"] == step
    assert file in found["p"]
    assert found["seconds"] == pytest.approx(seconds, abs=0.001)


def test_runs_within_a_captured_one_belong_to_it(client: FlaskClient) -> None:
    assert nearest(client, START + 500.15, "a/loss_train")["step"] == "ProfilerStep#1"


def test_what_leads_nowhere_is_told(client: FlaskClient) -> None:
    assert "has no capture" in nearest(client, START, "b", 404)["error"]
    assert "expected seconds" in nearest(client, "soon", "a", 400)["error"]
    assert "no events" in nearest(client, START, "empty", 422)["error"]

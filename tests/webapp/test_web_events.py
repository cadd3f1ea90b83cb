"""GET /api/events: all runs, then those that changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from stepscope.logger import LogDir, SummaryWriter


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    """Two runs, one with a note."""
    for run in ("a", "b"):
        with SummaryWriter(str(tmp_path / "logs" / run)) as writer:
            writer.add_scalar("loss", 1.0, 7, walltime=100.0)
            if run == "a":
                writer.add_event("halved <b>", 3, wall_time=90.0)
    return tmp_path / "logs"


def test_events_of_all_runs(client: FlaskClient) -> None:
    answer = client.get("/api/events").json
    assert answer["runs"] is None
    assert answer["events"][0] == {"run": "a", "step": 3, "wall_time": 90.0, "kind": "note", "text": "halved <b>"}
    assert [(event["run"], event["kind"]) for event in answer["events"][1:]] == [("a", "stop"), ("b", "stop")]


def test_only_runs_that_changed(client: FlaskClient, log: LogDir, logdir: Path) -> None:
    version = client.get("/api/events").json["version"]
    with SummaryWriter(str(logdir / "b")) as writer:
        writer.add_event("saved", 8, kind="checkpoint")
    log.refresh()
    answer = client.get(f"/api/events?since={version}").json
    assert answer["runs"] == ["b"]
    assert ("b", 8, "checkpoint") in {(event["run"], event["step"], event["kind"]) for event in answer["events"]}
    assert client.get(f"/api/events?since={answer['version']}").json["events"] == []


def test_annotations_of_people_are_there(client: FlaskClient) -> None:
    note = {"text": "look", "step": 5}
    client.post("/api/state", json={"changes": [{"path": ["annotations", "n1"], "value": note}]})
    assert client.get("/api/events").json["annotations"] == [{"id": "n1", **note}]


def test_an_annotation_goes_by_the_key_it_is_kept_under(client: FlaskClient) -> None:
    note = {"text": "look", "step": 5, "id": "another"}
    client.post("/api/state", json={"changes": [{"path": ["annotations", "n1"], "value": note}]})
    assert client.get("/api/events").json["annotations"] == [{**note, "id": "n1"}]


def test_since_is_a_number(client: FlaskClient) -> None:
    answer = client.get("/api/events?since=x")
    assert (answer.status_code, answer.json["error"]) == (400, "since: expected a version (a whole number), got 'x'")

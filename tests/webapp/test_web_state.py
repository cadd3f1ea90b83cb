"""GET and POST /api/state, what the stream tells of it, and where the file is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from stepscope.logger import LogDir
from stepscope.webapp import Settings, create_app
from stepscope.webapp.flags import parse_serve
from stepscope.webapp.state_place import open_state


def settings_for(tmp_path: Path, logdir: Path, **others: Any) -> Settings:
    return Settings(**{"logdirs": {"": str(logdir)}, "index_dir": str(tmp_path / "index"), **others})


@pytest.fixture
def client(log: LogDir, logdir: Path, tmp_path: Path) -> FlaskClient:
    return create_app(log, settings_for(tmp_path, logdir)).test_client()


def change(client: FlaskClient, *changes: tuple[list[str], Any]) -> Any:
    return client.post("/api/state", json={"changes": [{"path": path, "value": value} for path, value in changes]})


def test_changes_are_answered_and_kept(client: FlaskClient, tmp_path: Path) -> None:
    before = client.get("/api/state").json
    assert before["state"]["runs"] == {} and before["writable"] is True and "problem" not in before
    after = change(client, (["runs", "a", "color"], "#123456")).json
    assert after["state"]["runs"] == {"a": {"color": "#123456"}} and after["version"] != before["version"]
    assert client.get("/api/state").json == after
    assert Path(after["where"]).parent == tmp_path / "index" / "state"


def test_a_wrong_change_is_refused_and_nothing_is_changed(client: FlaskClient) -> None:
    answer = change(client, (["baseline"], "a"), (["runs", "a", "color"], "red"))
    assert answer.status_code == 400 and answer.json["error"] == "runs.a.color: expected a colour like #1f77b4"
    assert client.get("/api/state").json["state"]["baseline"] is None


@pytest.mark.parametrize("number", ["1e999", "NaN", "-Infinity"])
def test_numbers_that_no_page_could_read_are_refused(log: LogDir, number: str) -> None:
    client = create_app(log, Settings()).test_client()
    body = f'{{"changes": [{{"path": ["columns", "x"], "value": {number}}}]}}'
    answer = client.post("/api/state", data=body, content_type="application/json")
    assert answer.status_code == 400 and f"the body holds {number}" in answer.json["error"]
    assert client.get("/api/state").status_code == 200


def test_other_pages_are_refused(client: FlaskClient) -> None:
    answer = client.post("/api/state", json={"changes": []}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert client.post("/api/state", data="changes=1").status_code == 415


def test_the_stream_tells_the_version(client: FlaskClient) -> None:
    stream = client.get("/api/live")
    messages = (part for part in stream.iter_encoded() if part.startswith(b"event: change"))
    told = json.loads(next(messages).split(b"data: ")[1])["state"]
    assert told == client.get("/api/state").json["version"]
    changed = change(client, (["baseline"], "a")).json["version"]
    message = json.loads(next(messages).split(b"data: ")[1])
    assert message["state"] == changed and message["runs"] == []
    stream.close()


def test_the_file_the_user_names_is_used_even_in_the_log_directory(tmp_path: Path, logdir: Path) -> None:
    path = logdir / "team.json"
    assert open_state(settings_for(tmp_path, logdir, state_file=str(path))).read().where == str(path)
    assert parse_serve([str(logdir), "--state-file", "x.json"]).state_file == "x.json"


@pytest.mark.parametrize(
    ("index_dir", "reason"), [("", "keeps nothing on disk"), ("inside", "inside the log directory")]
)
def test_no_file_is_begun_where_none_belongs(tmp_path: Path, logdir: Path, index_dir: str, reason: str) -> None:
    place = str(logdir / index_dir) if index_dir else ""
    state = open_state(settings_for(tmp_path, logdir, index_dir=place)).read()
    assert not state.writable and state.where == "" and reason in state.problem and "--state_file" in state.problem

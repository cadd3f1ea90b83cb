"""Graphs in files that somebody opens in the page."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from graph_logs import layered_model, write_graphs

from stepscope.logger import LogDir, open_logdir
from stepscope.logger.graphs.blob import encode
from stepscope.logger.graphs.builder import GraphBuilder
from stepscope.webapp import Settings, create_app
from stepscope.webapp.graph import uploads

PBTXT = b"""
node { name: "x" op: "Placeholder" }
node { name: "layer/weight" op: "Const" }
node { name: "layer/matmul" op: "MatMul" input: "x" input: "layer/weight" }
"""
BYTES = "application/octet-stream"


def send(client: FlaskClient, body: bytes, name: str = "small.pbtxt", content_type: str = BYTES) -> Any:
    return client.post("/api/graph/file", query_string={"name": name}, data=body, content_type=content_type)


def test_a_file_is_opened_and_drawn(graph_client: FlaskClient):
    opened = send(graph_client, PBTXT).json
    scene = graph_client.post("/api/graph/scene", json={"g": {"file": opened["file"]}, "open": None}).json
    assert "layer/matmul" in scene["boxes"]["id"]
    listed = graph_client.get("/api/graphs").json["files"]
    assert [entry["file"] for entry in listed] == [opened["file"]]
    found = graph_client.get("/api/graph/search", query_string={"file": opened["file"], "q": "matmul", "in": "op"})
    assert found.json["total"] == 1


def test_the_same_file_is_the_same_graph(graph_client: FlaskClient):
    assert send(graph_client, PBTXT).json["file"] == send(graph_client, PBTXT, "other.pbtxt").json["file"]
    assert len(graph_client.get("/api/graphs").json["files"]) == 1


def test_a_file_that_a_killed_dashboard_left_goes_when_the_next_is_opened(
    graph_client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    seen: list[list[str]] = []

    def stopped(path: Path, *_: Any) -> None:
        seen.append([file.parent.name for file in tmp_path.rglob("file*")])
        raise ValueError("stop")

    monkeypatch.setattr("stepscope.logger.graphs.files.open_graph_file", stopped)
    left = tmp_path / "stepscope-scratch-killed"
    left.mkdir()
    (left / "file").touch()
    os.utime(left, (0, 0))
    assert send(graph_client, PBTXT).status_code == 422
    [[folder]] = seen
    assert folder.startswith("stepscope-scratch-") and folder != left.name
    assert list(tmp_path.rglob("file*")) == []


@pytest.mark.parametrize("body", [b"", b"not a graph at all", b"\x00" * 100, PBTXT[:40]])
def test_what_is_no_graph_gets_a_sentence(graph_client: FlaskClient, body: bytes):
    answer = send(graph_client, body)
    assert answer.status_code in (200, 422)  # some of it may be drawn
    assert answer.json.get("error") or answer.json["notes"]


def test_files_that_are_too_large_get_a_sentence(graph_client: FlaskClient, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(uploads, "MOST_FILE_BYTES", 50)
    answer = send(graph_client, PBTXT)
    assert answer.status_code == 413
    assert "larger than" in answer.json["error"]


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "multipart/form-data"])
def test_no_form_of_another_page_can_send_a_file(graph_client: FlaskClient, content_type: str):
    assert send(graph_client, PBTXT, content_type=content_type).status_code == 415


def test_other_routes_take_no_large_bodies(graph_client: FlaskClient):
    body = b'{"g":"' + b"x" * 5_000_000 + b'"}'
    answer = graph_client.post("/api/graph/scene", data=body, content_type="application/json")
    assert answer.status_code == 413


def test_groups_too_deep_to_be_seen_stay_closed(graph_client: FlaskClient):
    builder = GraphBuilder()
    builder.node(builder.group(["g"] * 300), "x", "op")
    opened = send(graph_client, encode(builder.build("deep", "stepscope"))).json
    scene = graph_client.post("/api/graph/scene", json={"g": {"file": opened["file"]}, "open": [], "all": 300}).json
    assert max(name.count("/") for name in scene["open"]) == 100


@pytest.mark.parametrize("stored", [b"", b"junk", encode(layered_model(2))[:-20]])
def test_what_is_damaged_in_the_log_gets_a_sentence(tmp_path: Path, stored: bytes):
    write_graphs(tmp_path / "a", {"graph": [(3, stored)]})
    with open_logdir(tmp_path, index_dir=False) as log:
        answer = ask_scene(log)
    assert answer.status_code == 422
    assert "'graph' at step 3" in answer.json["error"]


def test_a_graph_whose_file_is_gone_gets_a_sentence(tmp_path: Path):
    write_graphs(tmp_path / "a", {"graph": [(3, layered_model(2))]})
    with open_logdir(tmp_path, index_dir=False) as log:
        for file in (tmp_path / "a").iterdir():
            file.unlink()
        assert ask_scene(log).status_code == 410


def ask_scene(log: LogDir) -> Any:
    client = create_app(log, Settings(index_dir="")).test_client()
    return client.post("/api/graph/scene", json={"g": {"run": "a"}, "open": None})

"""Memory over HTTP: of a trace, a snapshot and a memory timeline."""

from __future__ import annotations

import json
import os
import pickle
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from memory_files import write_memory_trace, write_training_snapshot

from stepscope.logger import open_logdir
from stepscope.webapp import Settings, create_app


class Attack:
    def __reduce__(self) -> Any:
        return os.system, ("echo owned",)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder = tmp_path_factory.mktemp("log")
    write_memory_trace(folder / "rank0.pt.trace.json")
    write_training_snapshot(folder / "first.pickle", steps=2)
    write_training_snapshot(folder / "later.pickle", steps=8)
    (folder / "memory.raw.json").write_text(json.dumps([[-1, 1, 100, 0], [5000, 2, 40, 4], [7000, 4, -40, 4]]))
    segment = {"address": 1 << 40, "total_size": 8, "blocks": [{"address": 1 << 40, "size": 8}]}
    (folder / "bare.pickle").write_bytes(pickle.dumps({"segments": [segment], "device_traces": [[]]}))
    (folder / "evil.pickle").write_bytes(pickle.dumps({"segments": [Attack()]}))
    with open_logdir(folder, index_dir=False) as log:
        yield create_app(log, Settings(index_dir="", logdirs={"": str(folder)})).test_client()


def asked(client: FlaskClient, what: str, p: str, **more: object) -> Any:
    for _ in range(20):  # 202 says to ask again; a request waits for seconds by itself
        answer = client.get(f"/api/profile/{what}", query_string={"p": p, **more})
        if answer.status_code != 202:
            return answer
    raise AssertionError("no answer")


def columns(answer: Any) -> dict[str, list[Any]]:
    assert answer.status_code == 200, answer.text
    return {column["name"]: column["values"] for column in answer.json["columns"]}


def test_a_trace_says_its_devices_and_what_made_up_the_peak(client: FlaskClient) -> None:
    info = asked(client, "memory", "rank0.pt.trace.json").json
    assert info["kind"] == "trace"
    assert [(device["name"], device["peak"], device["capacity"]) for device in info["devices"]] == [
        ("GPU 0", 1500, 8192)
    ]
    peak = columns(asked(client, "memory/table", "rank0.pt.trace.json", name="peak", by="category"))
    assert sum(peak["bytes"]) == 1500


def test_a_snapshot_says_what_is_allocated_by_whom_and_what_leaks(client: FlaskClient) -> None:
    info = asked(client, "memory", "later.pickle").json
    assert info["kind"] == "snapshot"
    leaks = columns(asked(client, "memory/table", "later.pickle", name="leaks"))
    assert leaks["where"] == ["log_loss (/home/me/train.py:150)"]
    stack = asked(client, "memory/stack", "later.pickle", stack=leaks["stack"][0]).json
    assert stack["frames"][-1] == {"text": "main (/home/me/train.py:220)", "users": True}


def test_two_snapshots_are_compared(client: FlaskClient) -> None:
    changes = columns(asked(client, "memory/table", "later.pickle", name="changes", other="first.pickle"))
    assert dict(zip(changes["where"], changes["change"], strict=True))["log_loss (/home/me/train.py:150)"] == 6 << 20


@pytest.mark.parametrize("what", ["memory/curve", "memory/shapes", "memory/map"])
def test_pictures_are_arrays(client: FlaskClient, what: str) -> None:
    answer = asked(client, what, "later.pickle")
    assert answer.data.startswith(b"SSB1")
    assert b'"arrays"' in answer.data


@pytest.mark.parametrize("what", ["curve", "shapes", "map"])
def test_a_snapshot_that_recorded_no_history_has_pictures_of_what_is_there(client: FlaskClient, what: str) -> None:
    assert asked(client, f"memory/{what}", "bare.pickle").status_code == 200


def test_a_memory_timeline_has_its_categories(client: FlaskClient) -> None:
    assert asked(client, "memory", "memory.raw.json").json["devices"][0]["peak"] == 140
    peak = columns(asked(client, "memory/table", "memory.raw.json", name="peak"))
    assert peak["name"] == ["parameter", "activation"]


def test_a_snapshot_that_would_execute_something_is_refused_by_name_and_place(client: FlaskClient) -> None:
    sentence = "evil.pickle: at byte 43 the pickle wants to import posix.system"
    for what in ("info", "memory"):
        answer = asked(client, what, "evil.pickle")
        assert answer.status_code == 422
        assert answer.json["error"].startswith(sentence)
    listed = {each["id"]: each.get("problem", "") for each in client.get("/api/profiles").json["profiles"]}
    assert listed["evil.pickle"].startswith(sentence) and not listed["later.pickle"]


@pytest.mark.parametrize(
    ("what", "p", "more", "words"),
    [
        ("memory/table", "later.pickle", {"name": "nonsense"}, "there is no table 'nonsense'"),
        ("memory/table", "rank0.pt.trace.json", {"name": "peak", "by": "day"}, "expected one of operator"),
        ("memory/table", "later.pickle", {"name": "changes"}, "other: expected the id"),
        ("memory/curve", "later.pickle", {"device": "GPU 7"}, "no GPU 7; there are GPU 0"),
        ("memory/map", "rank0.pt.trace.json", {}, "only snapshots have this"),
        ("memory/stack", "later.pickle", {"stack": 99999}, "expected a number from 0"),
    ],
)
def test_questions_that_make_no_sense_are_answered_with_a_sentence(
    client: FlaskClient, what: str, p: str, more: dict[str, str], words: str
) -> None:
    answer = asked(client, what, p, **more)
    assert answer.status_code in (400, 422)
    assert words in answer.json["error"].replace("'GPU 7'", "GPU 7")

"""Profiles over HTTP: found as they come, opened by hand, read once, and what is wrong with a file."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from trace_files import events_of_steps, write_trace

from stepscope.logger import open_logdir
from stepscope.profiler.capture.listening import Announcement
from stepscope.webapp import Settings, create_app
from stepscope.webapp.context import EXTENSION
from stepscope.webapp.profile import listing
from stepscope.webapp.profile.store import ProfileStore

BYTES = "application/octet-stream"
NAME = "worker0.1700000000000.pt.trace.json"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A run "first" with a capture of one process."""
    write_trace(tmp_path / "logs" / "first" / NAME, events_of_steps())
    return tmp_path / "logs"


@pytest.fixture
def client(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    monkeypatch.setattr(listing, "_LOOK_EVERY", 0.05)
    with open_logdir(folder, index_dir=False) as log:
        app = create_app(log, Settings(logdirs={"": str(folder)}, logdir_text=str(folder), index_dir=""))
        yield app.test_client()
        app.extensions[EXTENSION].source.closing.set()
        app.extensions[EXTENSION].profiles.close()


def patiently(client: FlaskClient, address: str) -> Any:
    """The answer once it is there."""
    while (answer := client.get(address)).status_code == 202:
        assert answer.json.keys() >= {"state", "message"}
    return answer


def until(read: Callable[[], Any]) -> Any:
    """What is read once it is something."""
    end = time.monotonic() + 15
    while not (found := read()):
        assert time.monotonic() < end
        time.sleep(0.02)
    return found


def test_a_profile_is_listed_and_told_of(client: FlaskClient) -> None:
    (entry,) = client.get("/api/profiles").json["profiles"]
    assert (entry["id"], entry["run"], entry["kind"], entry["wall_time"]) == (f"first/{NAME}", "first", "kineto", 1.7e9)
    info = patiently(client, f"/api/profile/info?p={entry['id']}").json
    assert (info["rank"], info["kernels"], info["slices"]) == (0, 4, 14)
    assert [(step["name"], step["start"], step["end"]) for step in info["steps"]] == [
        ("ProfilerStep#3", 0, 100_000), ("ProfilerStep#4", 100_000, 200_000),
    ]  # fmt: skip
    assert info["devices"][0]["name"] == "Made GPU"


def test_a_new_capture_comes_by_itself(client: FlaskClient, folder: Path) -> None:
    site = client.application.extensions[EXTENSION]
    assert site.profiles.listing.version == 0  # nobody has asked: nobody looks
    assert len(client.get("/api/profiles").json["profiles"]) == 1
    before = until(lambda: site.profiles.listing.version)
    write_trace(folder / "second" / NAME, events_of_steps())
    until(lambda: site.profiles.listing.version != before)
    assert [each["run"] for each in client.get("/api/profiles").json["profiles"]] == ["first", "second"]


def test_a_table_by_its_name_within_a_step(client: FlaskClient) -> None:
    asked = f"/api/profile/table?p=first/{NAME}&name=kernels"
    whole = {column["name"]: column for column in patiently(client, asked).json["columns"]}
    step = {column["name"]: column for column in patiently(client, f"{asked}&from=0&to=100000").json["columns"]}
    assert whole["calls"]["values"] == [2, 2] and step["calls"]["values"] == [1, 1]
    assert (whole["total"]["unit"], sorted(whole["total"]["values"])) == ("ns", [40_000, 80_000])


@pytest.mark.parametrize(
    ("query", "status", "sentence"),
    [
        ("p=gone", 404, "there is no profile 'gone'"),
        (f"p=first/{NAME}&rank=5", 404, "has no rank 5; there are 0"),
        (f"p=first/{NAME}&rank=x", 400, "rank: expected a whole number"),
        (f"p=first/{NAME}&from=5&to=5", 400, "from, to: expected two times in ns"),
        (f"p=first/{NAME}&name=nothing", 400, "there is no table 'nothing'; there are"),
        ("name=kernels", 400, "expected the parameter p once"),
    ],
)
def test_wrong_questions_are_told(client: FlaskClient, query: str, status: int, sentence: str) -> None:
    answer = client.get(
        f"/api/profile/table?{query}" if "name" in query else f"/api/profile/table?{query}&name=kernels"
    )
    assert answer.status_code == status and sentence in answer.json["error"]


def test_the_file_can_be_had_as_it_is(client: FlaskClient, folder: Path) -> None:
    answer = client.get(f"/api/profile/original?p=first/{NAME}")
    assert answer.data == (folder / "first" / NAME).read_bytes()
    assert NAME in answer.headers["Content-Disposition"]
    answer.close()
    assert client.get("/api/profile/original?p=../../etc/passwd").status_code == 404


def test_a_broken_rank_is_named_and_the_others_are_shown(client: FlaskClient, folder: Path) -> None:
    for rank in range(3):
        told = {"distributedInfo": {"rank": rank, "world_size": 3}}
        write_trace(folder / "many" / f"rank{rank}.1700000000000.pt.trace.json", events_of_steps(), **told)
    (folder / "many" / "rank0.1700000000000.pt.trace.json").write_text('{"traceEvents": [')
    info = patiently(client, "/api/profile/info?p=many/rank0.1700000000000.pt.trace.json").json
    assert info["rank"] == 1
    assert [bool(file["problem"]) for file in info["files"]] == [True, False, False]
    assert info["files"][0]["problem"].startswith("rank0.1700000000000.pt.trace.json: ")


def test_a_file_that_is_broken_altogether_says_so_on_its_row(client: FlaskClient, folder: Path) -> None:
    (folder / "first" / "empty.pt.trace.json").touch()
    answer = patiently(client, "/api/profile/info?p=first/empty.pt.trace.json")
    assert (answer.status_code, answer.json["error"]) == (422, "empty.pt.trace.json: no events: the file is empty")
    listed = {each["name"]: each.get("problem") for each in client.get("/api/profiles").json["profiles"]}
    assert listed == {NAME: None, "empty.pt.trace.json": answer.json["error"]}
    write_trace(folder / "first" / "empty.pt.trace.json", events_of_steps())  # it is whole now
    assert patiently(client, "/api/profile/info?p=first/empty.pt.trace.json").status_code == 200


def test_files_opened_by_hand_and_those_of_further_ranks(client: FlaskClient, tmp_path: Path) -> None:
    ids = []
    for rank in range(2):
        told = {"distributedInfo": {"rank": rank, "world_size": 2}}
        path = write_trace(tmp_path / f"rank{rank}.pt.trace.json", events_of_steps(), **told)
        beside = f"&beside={ids[0]}" if ids else ""
        answer = client.post(f"/api/profile/file?name={path.name}{beside}", data=path.read_bytes(), content_type=BYTES)
        assert answer.status_code == 200, answer.json
        ids.append(answer.json["id"])
    (listed,) = client.get("/api/profiles").json["files"]
    assert (listed["id"], listed["ranks"]) == (ids[1], [0, 1])
    assert [file["rank"] for file in patiently(client, f"/api/profile/info?p={ids[1]}").json["files"]] == [0, 1]
    gone = client.get(f"/api/profile/info?p={ids[0]}")
    assert gone.status_code == 404 and "open it again" in gone.json["error"]


def test_what_is_no_profile_is_refused_and_not_kept(client: FlaskClient) -> None:
    answer = client.post("/api/profile/file?name=notes.txt", data=b"hello\n", content_type=BYTES)
    assert answer.status_code == 422 and "notes.txt is no profile" in answer.json["error"]
    assert client.get("/api/profiles").json["files"] == []
    assert client.post("/api/profile/file?name=a.json", data=b"", content_type=BYTES).status_code == 422
    assert client.post("/api/profile/file?name=a.json", json={}).status_code == 415


def test_what_is_not_looked_at_makes_room(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only as many traces stay in memory as fit; what was let go is read again."""
    monkeypatch.setattr("stepscope.webapp.profile.store._MOST_BYTES", 1)
    write_trace(folder / "second" / NAME, events_of_steps())
    store = ProfileStore(lambda: {"": str(folder)})
    first = store.find(f"first/{NAME}")
    trace = store.trace(first, None)
    assert store.find(f"first/{NAME}") is first and store.trace(first, 0) is trace
    second = store.find(f"second/{NAME}")
    store.trace(second, None)
    assert store.find(f"second/{NAME}") is second and store.find(f"first/{NAME}") is not first
    store.close()


def test_what_was_worked_out_is_not_worked_out_again(folder: Path) -> None:
    store = ProfileStore(lambda: {"": str(folder)})
    opened, made = store.find(f"first/{NAME}"), []
    for _ in range(3):
        assert store.answer(opened, "how many", "Counting", lambda: made.append(1) or len(made)) == 1
    write_trace(folder / "first" / NAME, events_of_steps(steps=3))  # another content
    assert store.answer(store.find(f"first/{NAME}"), "how many", "Counting", lambda: made.append(1) or len(made)) == 2
    store.close()


def test_a_training_that_listens_is_asked_for_a_capture(client: FlaskClient, folder: Path) -> None:
    def listening() -> Any:
        return client.get("/api/profiles").json["listening"]

    assert listening() == []
    nobody = client.post("/api/profile/capture", json={"run": "first"})
    assert nobody.status_code == 404 and "no training of the run 'first' listens" in nobody.json["error"]
    training = Announcement(folder / "first")
    training.renew()
    assert until(listening) == [{"run": "first", "asked": False}]
    assert client.post("/api/profile/capture", json={"run": "first", "steps": 4}).json == {"asked": "first"}
    assert listening() == [{"run": "first", "asked": True}]
    assert (folder / "first" / "PROFILE_NOW").read_text() == "4\n"
    second = Announcement(folder / "first" / "second")
    second.renew()
    (folder / "first" / "events.out.tfevents.1.a").touch()  # both are of this run
    assert client.post("/api/profile/capture", json={"run": "first"}).status_code == 200
    assert (folder / "first" / "second" / "PROFILE_NOW").exists()
    second.close()
    again = client.post("/api/profile/capture", json={"run": "first"})
    assert again.status_code == 409 and "was asked already" in again.json["error"]
    training.close()
    until(lambda: not listening())


def test_a_training_that_was_killed_is_not_offered(client: FlaskClient, folder: Path) -> None:
    Announcement(folder / "first").renew()
    os.utime(folder / "first" / "PROFILE_LISTENS", (1.7e9, 1.7e9))
    answer = client.post("/api/profile/capture", json={"run": "first"})
    assert answer.status_code == 404 and not (folder / "first" / "PROFILE_NOW").exists()


@pytest.mark.parametrize("body", [{}, {"run": 3}, {"run": "first", "steps": -1}, {"run": "first", "steps": True}, []])
def test_a_capture_of_nothing_is_refused(client: FlaskClient, body: Any) -> None:
    assert client.post("/api/profile/capture", json=body).status_code == 400

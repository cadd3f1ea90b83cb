"""GET /api/live: open pages hear of new points within a second."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from web_helpers import START, event_bytes, get, get_json, running, write_run

from stepscope.logger import LogDir
from stepscope.webapp import Settings, create_app


class Page:
    """What a page sees of the stream."""

    def __init__(self, url: str, since: int = 0) -> None:
        self._answer = urllib.request.urlopen(f"{url}api/live?since={since}", timeout=20)
        assert self._answer.headers["Content-Type"].startswith("text/event-stream")

    def changes(self) -> Iterator[dict[str, Any]]:
        """Each change as it comes; gives up after 20 s."""
        deadline = time.monotonic() + 20
        for line in self._answer:
            assert time.monotonic() < deadline, "the change did not come"
            if line.startswith(b"data: "):
                yield json.loads(line[6:])

    def close(self) -> None:
        self._answer.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """(address, event file) of a dashboard over one run that has been read."""
    path = write_run(tmp_path / "logs" / "r", {"x": [(0, 1.0)]})
    with running("--logdir", str(tmp_path / "logs"), "--port", "0", "--index-dir", "") as (url, _):
        page = Page(url)
        for change in page.changes():
            if change["status"]["ready"]:
                break
        page.close()
        yield url, path


def test_new_points_are_announced_within_a_second(server: tuple[str, Path]):
    url, path = server
    page = Page(url)
    changes = page.changes()
    first = next(changes)
    assert first["status"]["scalar_points"] == 1
    began = time.monotonic()
    with path.open("ab") as file:
        file.write(event_bytes(1, START + 1, "x", 2.0))
    change = next(c for c in changes if c["status"]["scalar_points"] == 2)
    assert time.monotonic() - began < 1.0
    assert change["version"] > first["version"]
    assert change["runs"] == ["r"]
    page.close()


def test_a_new_run_is_announced(server: tuple[str, Path]):
    url, path = server
    page = Page(url, since=get_json(url + "api/status")["version"])
    changes = page.changes()
    next(changes)
    write_run(path.parent.parent / "new", {"x": [(0, 1.0)]})
    change = next(c for c in changes if c["status"]["runs"] == 2)
    assert change["runs"] == ["new"]
    page.close()


def test_pages_that_go_away_give_their_place_back(server: tuple[str, Path]):
    url, _ = server
    for _ in range(2):
        pages = [page_as_soon_as_possible(url) for _ in range(Settings().max_streams)]
        for page in pages:
            page.close()


def page_as_soon_as_possible(url: str) -> Page:
    """A stream; waits for places that pages which just left have not given back yet."""
    deadline = time.monotonic() + 10
    while True:
        try:
            return Page(url)
        except urllib.error.HTTPError as error:
            error.close()
            assert error.code == 503
            assert time.monotonic() < deadline


def test_above_the_limit_pages_are_told_to_poll(log: LogDir):
    client = create_app(log, Settings(max_streams=1)).test_client()
    with client.get("/api/live", buffered=False) as stream:
        assert stream.status_code == 200
        refused = client.get("/api/live")
        assert refused.status_code == 503
        assert "poll" in refused.json["error"]


@pytest.mark.parametrize("since", ["-1", "x", "1.5", "9" * 30])
def test_versions_are_numbers(client: FlaskClient, since: str):
    assert client.get(f"/api/live?since={since}").status_code == 400


def test_the_server_ends_with_pages_open(tmp_path: Path):
    write_run(tmp_path / "r", {"x": [(0, 1.0)]})
    with running("--logdir", str(tmp_path), "--port", "0", "--index-dir", "") as (url, process):
        page = Page(url)
        next(page.changes())
        process.terminate()
        process.wait(10)
        page.close()


def test_a_directory_that_comes_later(tmp_path: Path):
    with running("--logdir", str(tmp_path / "later"), "--port", "0", "--index-dir", "") as (url, _):
        assert b"<html" in get(url)
        page = Page(url)
        changes = page.changes()
        next(c for c in changes if c["status"]["logdirs"][0]["state"] == "missing")
        write_run(tmp_path / "later" / "r", {"x": [(0, 1.0)]})
        next(c for c in changes if c["status"]["runs"] == 1)
        page.close()


def test_folders_that_match_a_pattern_later(tmp_path: Path):
    write_run(tmp_path / "exp1", {"x": [(0, 1.0)]})
    with running("--logdir", str(tmp_path / "exp*"), "--port", "0", "--index-dir", "") as (url, _):
        page = Page(url)
        changes = page.changes()
        before = next(c for c in changes if c["status"]["runs"] == 1)
        write_run(tmp_path / "exp2", {"x": [(0, 1.0)]})
        after = next(c for c in changes if c["status"]["runs"] == 2)
        assert after["version"] > before["version"]
        assert after["runs"] is None  # everything is to be taken anew
        assert [run["name"] for run in get_json(url + "api/runs")["runs"]] == ["exp1", "exp2"]
        page.close()


def test_a_run_that_falls_silent_is_announced(logdir: Path, log: LogDir, monkeypatch: pytest.MonkeyPatch):
    now = time.time()
    write_run(logdir / "going", {"loss": [(0, 1.0), (1, 2.0)]}, now)
    log.refresh()
    client = create_app(log, Settings(logdirs={"": str(logdir)})).test_client()
    assert client.get("/api/status").json["states"] == 0  # nobody has asked for states
    version = client.get("/api/status").json["version"]
    assert client.post("/api/table", json={"columns": ["state"]}).status_code == 200
    before = client.get("/api/status").json
    monkeypatch.setattr(time, "time", lambda: now + 3600)
    after = client.get("/api/status").json
    assert after["states"] > before["states"] and after["version"] == version
    changed = client.post("/api/table", json={"columns": ["state"], "since": version}).data
    assert b'"runs":["going"]' in changed and b"stale" in changed

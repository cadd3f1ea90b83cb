"""The first moments of a server: every request gets an answer while the log is still being opened."""

from __future__ import annotations

import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.error import HTTPError

import pytest
from web_helpers import get, running

from stepscope.webapp.log_source import LogSource

PAGES = ["/", "/api/status", "/api/state", "/api/alerts", "/api/views"]
LOG = ["/api/runs", "/api/columns", "/api/events", "/data/runs", "/data/plugin/scalars/tags"]
POSTS = {
    "/api/table": b'{"columns": ["name", "state", "loss"]}',
    "/api/filter": b'{"query": "loss > 0"}',
    "/api/scalars": b'{"series": [{"tag": "loss", "runs": ["a"]}], "pixels": 100}',
    "/api/statistics": b'{"series": [{"tag": "loss", "runs": ["a"]}]}',
    "/api/groups": b'{"by": {"kind": "prefix", "depth": 1}}',
}


def failures(address: str, paths: Iterable[str]) -> list[str]:
    """What was answered other than 200 when all of these are asked at once."""

    def ask(path: str) -> str:
        try:
            get(address + path, data=POSTS.get(path), headers={"Content-Type": "application/json"})
        except HTTPError as error:
            return f"{path}: {error.code} {error.read().decode()[:300]}"
        return ""

    chosen = list(paths)
    with ThreadPoolExecutor(len(chosen)) as threads:
        return [answer for answer in threads.map(ask, chosen) if answer]


@pytest.mark.parametrize("first", [[*PAGES, *LOG], [*LOG, *POSTS], ["/api/runs"] * 8], ids=["gets", "posts", "alike"])
def test_requests_before_the_log_is_open_are_answered(first: list[str], logdir: Path) -> None:
    options = ("--logdir", str(logdir), "--port", "0", "--index_dir", "", "--state_file", str(logdir / "state.json"))
    with running(*options) as (address, process):
        address = address.rstrip("/")
        assert failures(address, first) == []
        assert failures(address, [*PAGES, *LOG, *POSTS]) == []  # nor did it leave half-made modules behind
        process.terminate()
        _, said = process.communicate(timeout=20)
    assert "Traceback" not in said


class LogBeingRead:
    """A log whose first reading is over after a number of looks."""

    version = 0

    def __init__(self, looks: int) -> None:
        self.left = looks

    def status(self) -> Any:
        return SimpleNamespace(ready=self.left <= 0)

    def wait(self, version: int, timeout: float) -> None:
        time.sleep(min(timeout, 0.01))
        self.left -= 1


def test_the_first_answers_have_all_of_a_short_log_and_do_not_wait_for_a_long_one() -> None:
    short, long = LogBeingRead(3), LogBeingRead(10**9)
    LogSource.of(short).wait_for_short()  # type: ignore[arg-type]
    assert short.left == 0
    began = time.monotonic()
    source = LogSource.of(long)  # type: ignore[arg-type]
    source.wait_for_short()
    source.wait_for_short()
    assert 0.3 < time.monotonic() - began < 5 and long.left > 0

"""Fixtures: a small log directory on disk, and the web app over it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from web_helpers import START, Drawn, decode, write_run

from stepscope.logger import LogDir, open_logdir
from stepscope.webapp import Settings, create_app


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    """Runs "a", "b/2" and "b/10": a loss in each, NaN and infinity in "a"."""
    folder = tmp_path / "logs"
    unusual = [(0, 1.0), (1, math.nan), (2, math.inf), (3, -math.inf), (4, 2.0)]
    write_run(folder / "a", {"loss": [(step, 1 / (1 + step)) for step in range(50)], "unusual": unusual}, START + 20)
    write_run(folder / "b" / "2", {"loss": [(step, float(step)) for step in range(10)], "acc/top1": [(0, 0.5)]}, START)
    write_run(folder / "b" / "10", {"loss": [(step, 0.25 * step) for step in range(10)]}, START + 10)
    return folder


@pytest.fixture
def log(logdir: Path) -> Iterator[LogDir]:
    with open_logdir(logdir, index_dir=False) as opened:
        yield opened


@pytest.fixture
def client(log: LogDir, logdir: Path) -> FlaskClient:
    """A client of the web app over `logdir`."""
    return create_app(log, Settings(logdirs={"": str(logdir)}, logdir_text=str(logdir), index_dir="")).test_client()


@pytest.fixture
def ask(client: FlaskClient) -> Callable[..., list[Drawn]]:
    """Ask for scalars: ask(("loss", ["a"]), pixels=100, …) → decoded series."""

    def post(*wanted: tuple[str, list[str]], **view: Any) -> list[Drawn]:
        extra = {key: view.pop(key) for key in ("from", "epoch") if key in view}
        series = [{"tag": tag, "runs": runs, **extra} for tag, runs in wanted]
        answer = client.post("/api/scalars", json={"pixels": 600, **view, "series": series})
        assert answer.status_code == 200, answer.json
        return decode(answer.data)[1]

    return post

"""Bars of groups over HTTP, against numpy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from stepscope.logger import SummaryWriter, open_logdir
from stepscope.webapp import Settings, create_app

LAST = {"a": 1.0, "b": 2.0, "c": 4.0, "d": float("nan")}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[FlaskClient]:
    for run, value in LAST.items():
        with SummaryWriter(tmp_path / "logs" / run) as writer:
            writer.add_scalar("acc", value, 0)
            writer.add_text("words", "hello", 0)
    log = open_logdir(tmp_path / "logs", index_dir=False)
    app = create_app(log, Settings(state_file=tmp_path / "state.json"))
    app.testing = True
    yield app.test_client()
    log.close()


def ask(client: FlaskClient, column: str, **look: str) -> Any:
    members = [
        {"name": "abc", "runs": ["a", "b", "c", "d"]},
        {"name": "one", "runs": ["a"]},
        {"name": "none", "runs": ["d"]},
    ]
    groups = {"center": "mean", "band": "std", "members": members, **look}
    return client.post("/api/bars", json={"column": column, "groups": groups})


def test_centre_and_spread_are_those_of_numpy(client: FlaskClient) -> None:
    values = np.array([1.0, 2.0, 4.0])
    first, one = ask(client, "acc").get_json()["rows"]
    assert (first["name"], first["count"]) == ("abc", 3)
    assert first["value"] == pytest.approx(values.mean())
    assert first["high"] - first["value"] == pytest.approx(values.std(ddof=1))
    assert (one["low"], one["value"], one["high"]) == (1.0, 1.0, 1.0)
    median = ask(client, "acc.max", center="median", band="minmax").get_json()["rows"][0]
    assert (median["low"], median["value"], median["high"]) == (1.0, 2.0, 4.0)


def test_a_wrong_column_is_refused_with_a_sentence(client: FlaskClient) -> None:
    assert ask(client, "run").status_code == 400
    assert "words" in ask(client, "run").get_json()["error"]
    wrong = ask(client, "acc.best")
    assert wrong.status_code == 400
    assert wrong.get_json()["error"]
    assert client.post("/api/bars", json={"column": "acc"}).status_code == 400

"""Train and validation runs below a session of TensorFlow's `hparams.api`: parts of its row, lines of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from web_helpers import decode, write_run

from stepscope.logger import open_logdir
from stepscope.webapp import create_app

SWEEP = Path(__file__).parents[1] / "data" / "tensorflow" / "sweep"


@pytest.fixture(scope="module")
def client() -> Iterator[FlaskClient]:
    with open_logdir(SWEEP, index_dir=False) as log:
        yield create_app(log).test_client()


def lines(client: FlaskClient, **body: Any) -> dict[str, list[float]]:
    answer = client.post("/api/scalars", json=body)
    assert answer.status_code == 200, answer.json
    return {series.run: series.value.tolist() for series in decode(answer.data)[1]}


def test_parts_are_listed_beside_the_rows(client: FlaskClient):
    answer = client.get("/api/runs").json
    assert [run["name"] for run in answer["runs"]] == ["a", "b", "c"]
    assert [(part["name"], part["row"], part["part"]) for part in answer["parts"]] == [
        ("a/validation", 0, "validation"), ("b/validation", 1, "validation"), ("c/validation", 2, "validation"),
    ]  # fmt: skip
    tags = [[answer["tags"][number] for number in found] for found in answer["tag_sets"]]
    assert tags[answer["runs"][0]["tags"]] == ["loss"] and tags[answer["parts"][0]["tags"]] == ["accuracy"]


def test_a_part_is_a_line_of_its_own_and_a_scalar_of_its_row(client: FlaskClient):
    assert lines(client, series=[{"tag": "accuracy", "runs": ["a/validation", "b/validation"]}]) == {
        "a/validation": [0.5], "b/validation": [0.75],
    }  # fmt: skip
    assert lines(client, series=[{"tag": "validation/accuracy", "runs": ["b", "c"]}]) == {"b": [0.75], "c": [0.25]}
    assert lines(client, series=[{"formula": "validation/accuracy - loss", "runs": ["a"]}]) == {
        "a": [np.float64(0.5 - np.float32(1 / 3))]
    }


@pytest.mark.parametrize("series", [{"tag": "accuracy"}, {"formula": "accuracy + 1"}])
def test_a_run_that_does_not_exist_is_said(client: FlaskClient, series: dict[str, str]):
    answer = client.post("/api/scalars", json={"series": [series | {"runs": ["deleted"]}]})
    assert (answer.status_code, answer.json) == (404, {"error": "there is no run 'deleted'"})


def test_groups_of_rows_reach_their_parts(client: FlaskClient):
    members = [{"name": "slow", "runs": ["a"]}, {"name": "fast", "runs": ["b", "c"]}]
    groups = {"center": "mean", "band": "minmax", "members": members}
    assert lines(client, series=[{"tag": "validation/accuracy"}], groups=groups) == {"slow": [0.5], "fast": [0.5]}


def test_a_scalar_that_some_rows_log_themselves(client: FlaskClient, tmp_path: Path):
    """`validation/accuracy` is a tag of one run, and a part's of the others."""
    (tmp_path / "sweep").symlink_to(SWEEP)
    write_run(tmp_path / "own", {"validation/accuracy": [(0, 0.125)], "loss": [(0, 1.0)]})
    with open_logdir(tmp_path, index_dir=False) as log:
        runs = ["sweep/b", "own", "sweep/a"]
        asked = {"series": [{"tag": "validation/accuracy", "runs": runs}]}
        assert lines(create_app(log).test_client(), **asked) == {"sweep/b": [0.75], "own": [0.125], "sweep/a": [0.5]}

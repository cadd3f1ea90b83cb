"""TensorBoard's own hparams answers over real runs: the same sessions, hyperparameters and metrics."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from web_helpers import REAL_RUNS, get, running_tensorboard

from stepscope.logger import open_logdir
from stepscope.logger.compare.columns import ColumnReader
from stepscope.logger.compare.comparison import compare

pytest.importorskip("tensorboard")

DATA = Path(__file__).parents[1] / "data"
STATUSES = ["STATUS_UNKNOWN", "STATUS_SUCCESS", "STATUS_FAILURE", "STATUS_RUNNING"]
KINDS = {"DATA_TYPE_STRING": "text", "DATA_TYPE_BOOL": "bool", "DATA_TYPE_FLOAT64": "number"}


@pytest.fixture(scope="module", params=["torch", "lightning", "tensorboardX_h16", "tensorflow/sweep"])
def folder(request: pytest.FixtureRequest) -> Path:
    path: Path = (DATA if request.param.startswith("tensorflow") else REAL_RUNS) / request.param
    if not path.is_dir():
        pytest.skip(f"{path} is not on this machine")
    return path


@pytest.fixture(scope="module")
def theirs(folder: Path) -> Iterator[str]:
    with running_tensorboard(folder) as url:
        yield url


def ask(url: str, route: str, **body: Any) -> dict[str, Any]:
    headers = {"Content-Type": "application/json"}
    answer: dict[str, Any] = json.loads(get(f"{url}/data/plugin/hparams/{route}", headers, json.dumps(body).encode()))
    return answer


def test_the_same_sessions_hyperparameters_and_metrics(theirs: str, folder: Path) -> None:
    asked = ask(theirs, "experiment", includeMetrics=True)
    metrics = [{"metric": info["name"]} for info in asked["metricInfos"]]
    groups = ask(theirs, "session_groups", startIndex=0, sliceSize=1000, allowedStatuses=STATUSES, colParams=metrics)
    with open_logdir(folder, index_dir=False) as log:
        found = compare(log)
        reader = ColumnReader(found)
        sessions = {run: facts for run, facts in found.facts.items() if facts.is_session}
        assert {session["name"] for group in groups["sessionGroups"] for session in group["sessions"]} == set(sessions)
        told = {info["name"]: KINDS[info["type"]] for info in asked["hparamInfos"]}  # what an experiment names
        assert told == {name: info.kind for name, info in found.hparam_infos.items() if name in told}
        declared = any(facts.keys for facts in found.facts.values())
        assert declared or told.keys() == found.hparam_infos.keys()
        for group in groups["sessionGroups"]:
            rows = [found.joins.parent.get(session["name"], session["name"]) for session in group["sessions"]]
            assert group["hparams"] in [found.hparams[row] for row in rows]  # those of one of its sessions
            for session, row in zip(group["sessions"], rows, strict=True):
                assert session["status"] == f"STATUS_{sessions[session['name']].status or 'UNKNOWN'}"
                for metric in session.get("metricValues", []):
                    parts = [part for part in (metric["name"]["group"], metric["name"]["tag"]) if part]
                    column = reader.column(f"`{'/'.join(parts)}`")[1]
                    ours, value = column.at(found.rows.index(row)), float(metric["value"])
                    assert ours == value or (math.isnan(value) and ours != ours)

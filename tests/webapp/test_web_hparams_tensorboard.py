"""TensorBoard's own hparams answers over real runs: the same sessions, hyperparameters and metrics."""

from __future__ import annotations

import json
import math
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_web_tensorboard import REAL_RUNS, wait_until_loaded
from web_helpers import get

from stepscope.logger import open_logdir
from stepscope.logger.compare.columns import ColumnReader
from stepscope.logger.compare.comparison import compare

pytest.importorskip("tensorboard")

STATUSES = ["STATUS_UNKNOWN", "STATUS_SUCCESS", "STATUS_FAILURE", "STATUS_RUNNING"]
KINDS = {"DATA_TYPE_STRING": "text", "DATA_TYPE_BOOL": "bool", "DATA_TYPE_FLOAT64": "number"}


@pytest.fixture(scope="module", params=["torch", "lightning", "tensorboardX_h16"])
def folder(request: pytest.FixtureRequest) -> Path:
    path: Path = REAL_RUNS / request.param
    if not path.is_dir():
        pytest.skip(f"{path} is not on this machine")
    return path


@pytest.fixture(scope="module")
def theirs(folder: Path) -> Iterator[str]:
    """Address of a TensorBoard over the folder."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tensorboard.main", "--logdir", str(folder), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://localhost:{port}"
    wait_until_loaded(url, folder)
    yield url
    process.terminate()
    process.wait(20)


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
        assert {info["name"]: KINDS[info["type"]] for info in asked["hparamInfos"]} == {
            name: info.kind for name, info in found.hparam_infos.items()
        }
        for group in groups["sessionGroups"]:
            for session in group["sessions"]:
                row = found.joins.parent.get(session["name"], session["name"])
                assert found.hparams[row] == group["hparams"]
                assert session["status"] == f"STATUS_{sessions[session['name']].status}"
                for metric in session.get("metricValues", []):
                    column = reader.column(f"`{metric['name']['tag']}`")[1]
                    ours, value = column.at(found.rows.index(row)), float(metric["value"])
                    assert ours == value or (math.isnan(value) and ours != ours)

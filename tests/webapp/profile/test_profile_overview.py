"""The overview of a profile over HTTP, and the tables behind it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from trace_files import events_of_steps, write_trace

from stepscope.logger import open_logdir
from stepscope.webapp import Settings, create_app


@pytest.fixture
def client(tmp_path: Path) -> Iterator[FlaskClient]:
    """Two steps on a GPU in "run", the same on two ranks in "ranks", and without a GPU in "host"."""
    events = events_of_steps()
    write_trace(tmp_path / "run" / "rank0.pt.trace.json", events)
    for rank in range(2):
        write_trace(tmp_path / "ranks" / f"rank{rank}.pt.trace.json", events, distributedInfo={"rank": rank})
    host = [event for event in events if event["cat"] in ("user_annotation", "cpu_op")]
    write_trace(tmp_path / "host" / "rank0.pt.trace.json", host, deviceProperties=[])
    with open_logdir(tmp_path, index_dir=False) as log:
        yield create_app(log, Settings(index_dir="", logdirs={"": str(tmp_path)})).test_client()


def asked(client: FlaskClient, what: str, run: str, more: str = "", status: int = 200) -> Any:
    """The answer once it is there."""
    address = f"/api/profile/{what}?p={run}/rank0.pt.trace.json{more}"
    while (answer := client.get(address)).status_code == 202:
        pass
    assert answer.status_code == status, answer.json
    return answer.json


def columns(table: dict[str, Any]) -> dict[str, list[Any]]:
    return {column["name"]: column["values"] for column in table["columns"]}


def test_an_overview_says_where_the_time_went_what_to_do_and_what_to_believe(client: FlaskClient) -> None:
    found = asked(client, "overview", "run")
    split = found["gpu"]
    assert (
        split["computation"] + split["exposed_communication"] + split["exposed_memcpy"] + split["idle"]
        == split["total"]
    )
    assert (split["communication"], split["exposed_communication"]) == (40_000, 20_000)
    assert columns(found["steps"])["name"] == ["ProfilerStep#3", "ProfilerStep#4"]
    assert sum(columns(found["mean"])["time"]) == found["step_time"] == 100_000
    assert sum(columns(found["idle"])["time"]) == split["idle"]
    assert columns(found["gpus"])["name"] == ["Made GPU"]
    assert found["attributed_share"] == 1
    assert {each["id"] for each in found["findings"]} == {"attributed", "file"}
    assert found["recommendations"][0].keys() == {"id", "title", "text", "evidence", "gain", "share", "place"}
    assert found["counts"]["kernels"] == 4


def test_a_window_is_looked_at_by_itself(client: FlaskClient) -> None:
    found = asked(client, "overview", "run", "&from=100000&to=200000")
    assert columns(found["steps"])["name"] == ["ProfilerStep#4"]
    assert found["gpu"]["total"] == 100_000
    assert sum(columns(asked(client, "table", "run", "&name=idle&from=100000&to=200000"))["time"]) == 50_000


def test_without_a_gpu_there_is_no_split_and_no_share(client: FlaskClient) -> None:
    found = asked(client, "overview", "host")
    assert (found["gpu"], found["attributed_share"], columns(found["gpus"])["device"]) == (None, None, [])
    assert sum(columns(found["mean"])["time"]) == found["step_time"] == 100_000
    assert columns(found["longest"])["name"] == ["aten::mm", "c10d::allreduce_"]


def test_tables_of_steps_gaps_launches_queues_and_ranks(client: FlaskClient) -> None:
    steps = columns(asked(client, "table", "run", "&name=steps"))
    assert steps["total"] == [100_000, 100_000]
    assert steps["kernel"] == [40_000, 40_000]
    assert columns(asked(client, "table", "run", "&name=idle_gaps"))["operator"] == ["aten::mm"]
    assert columns(asked(client, "table", "run", "&name=launches"))["count"] == [2, 2]
    assert columns(asked(client, "table", "run", "&name=launches&by=call"))["name"] == ["cudaLaunchKernel"]
    assert columns(asked(client, "table", "run", "&name=queue"))["stream"] == ["GPU 0 stream 7", "GPU 0 stream 8"]
    assert columns(asked(client, "table", "run", "&name=gpus"))["utilization"] == [0.5]
    assert columns(asked(client, "table", "ranks", "&name=time_of_ranks"))["rank"] == [0, 1]


def test_a_wrong_parameter_is_told(client: FlaskClient) -> None:
    told = asked(client, "table", "run", "&name=launches&by=stream", status=400)
    assert "by: expected one of work, call, got 'stream'" in str(told)

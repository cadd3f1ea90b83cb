"""A graph coloured by what its modules took in a capture of the same run."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from graph_logs import layered_model, write_graphs

from stepscope.logger import open_logdir
from stepscope.webapp import Settings, create_app

Color = Callable[..., Any]


def slice_of(category: str, name: str, start: float, duration: float, **args: Any) -> dict[str, Any]:
    """An event of a trace, times in µs; kernels are of the device 0."""
    place = {"pid": 0, "tid": 7} if category == "kernel" else {"pid": 1, "tid": 1}
    return {"ph": "X", "cat": category, "name": name, "ts": start, "dur": duration, "args": args, **place}


def forward(label: Callable[[int], str], category: str, on_device: bool) -> list[dict[str, Any]]:
    """Two layers one after the other: on the host 40 and 60 µs, on the device 100 and 300 µs."""
    events = []
    for layer, (host, device) in enumerate(((40, 100), (60, 300))):
        start = 100.0 * layer
        events.append(slice_of(category, label(layer), start, host))
        events.append(slice_of("cpu_op", "aten::linear", start + 1, host - 2))
        if on_device:
            events.append(slice_of("cuda_runtime", "cudaLaunchKernel", start + 2, 5, correlation=layer + 1))
            where = {"device": 0, "stream": 7, "correlation": layer + 1}
            events.append(slice_of("kernel", "gemm", 500.0 + 400 * layer, device, **where))
    return events


def write_capture(folder: Path, events: list[dict[str, Any]], name: str = "rank0.17") -> None:
    (folder / f"{name}.pt.trace.json").write_text(json.dumps({"schemaVersion": 1, "traceEvents": events}))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_graphs(tmp_path / "run", {"graph": [(0, layered_model(2))]})
    write_graphs(tmp_path / "other", {"graph": [(0, layered_model(2))]})
    return tmp_path


@pytest.fixture
def client(folder: Path) -> Iterator[FlaskClient]:
    with open_logdir(folder, index_dir=False) as log:
        yield create_app(log, Settings(index_dir="", logdirs={"": str(folder)})).test_client()


def offered(client: FlaskClient, run: str = "run") -> dict[str, str]:
    """What the graph can be coloured by, title → name."""
    graph = client.post("/api/graph/scene", json={"g": {"run": run}, "open": None}).json["graph"]
    return {one["title"]: one["by"] for one in graph["overlays"]}


def values(client: FlaskClient, by: str, ids: list[str], status: int = 200) -> Any:
    query = {"g": {"run": "run"}, "by": by, "ids": ids, "open": []}
    while (answer := client.post("/api/graph/values", json=query)).status_code == 202:
        pass  # the server waits as well
    assert answer.status_code == status, answer.json
    return answer.json


IDS = ["net/layers.0/", "net/layers.1/", "net/", "x"]


@pytest.mark.parametrize(
    ("label", "category"),
    [
        (lambda layer: f"module: Net.layers.{layer} (Layer)", "user_annotation"),
        (lambda layer: f"module: Trainer.model.layers.{layer} (Layer)", "user_annotation"),
        (lambda layer: f"nn.Module: Layer_{layer}", "python_function"),
    ],
    ids=["marks", "marks of a model around it", "frames"],
)
def test_modules_have_their_times(
    folder: Path, client: FlaskClient, label: Callable[[int], str], category: str
) -> None:
    write_capture(folder / "run", forward(label, category, on_device=True))
    by = offered(client)
    assert list(by) == ["device time", "host time"]
    told = values(client, by["device time"], IDS)
    assert told["unit"] == "s"
    assert told["values"] == [pytest.approx(100e-6), pytest.approx(300e-6), pytest.approx(400e-6), None]
    assert values(client, by["host time"], IDS)["values"][:2] == [pytest.approx(40e-6), pytest.approx(60e-6)]


def test_a_capture_without_a_device_is_coloured_by_host_time(folder: Path, client: FlaskClient) -> None:
    write_capture(folder / "run", forward(lambda layer: f"nn.Module: Layer_{layer}", "python_function", False))
    by = offered(client)
    assert "colour by host time instead" in values(client, by["device time"], IDS, 422)["error"]
    assert list(offered(client)) == ["host time"], "it is not offered again"


def test_a_capture_without_modules_says_how_to_get_them(folder: Path, client: FlaskClient) -> None:
    write_capture(folder / "run", [slice_of("cpu_op", "aten::mm", 0, 5)])
    assert "names no modules" in values(client, offered(client)["host time"], IDS, 422)["error"]


def test_profiles_of_other_runs_are_not_offered(folder: Path, client: FlaskClient) -> None:
    write_capture(folder / "run", forward(lambda layer: f"module: Net.layers.{layer} (Layer)", "user_annotation", True))
    assert offered(client, "other") == {}


def test_several_captures_are_told_apart(folder: Path, client: FlaskClient) -> None:
    events = forward(lambda layer: f"module: Net.layers.{layer} (Layer)", "user_annotation", True)
    for name in ("a.1755000000000000000", "b.1755000900000000000"):
        write_capture(folder / "run", events, name)
    titles = [title for title in offered(client) if title.startswith("device")]
    assert len(titles) == 2
    assert all(name in " ".join(titles) for name in "ab")


def test_a_colouring_that_is_none_is_refused(client: FlaskClient) -> None:
    assert "expected" in values(client, "profile", IDS, 400)["error"]
    assert "got 'moon'" in values(client, "profile:moon:x", IDS, 400)["error"]
    assert "no profile 'gone'" in values(client, "profile:device:gone", IDS, 404)["error"]

"""Operators, kernels, modules and flame graphs over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from made_traces import trained_block
from profile_answers import arrays_of, told
from trace_files import write_trace

from stepscope.logger import open_logdir
from stepscope.webapp import Settings, create_app

TRACE = "run/rank0.pt.trace.json"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[FlaskClient]:
    write_trace(tmp_path / TRACE, trained_block())
    write_trace(tmp_path / "other" / "rank0.pt.trace.json", trained_block()[:5])  # without anything on the device
    with open_logdir(tmp_path, index_dir=False) as log:
        yield create_app(log, Settings(index_dir="", logdirs={"": str(tmp_path)})).test_client()


def table(client: FlaskClient, query: str) -> dict[str, list[Any]]:
    answer = told(client, f"table?p={TRACE}&{query}").json
    return {column["name"]: column["values"] for column in answer["columns"]}


def flame(client: FlaskClient, query: str) -> tuple[dict[str, Any], dict[str, list[float]]]:
    """The header of an arrays frame, and its arrays."""
    header, arrays = arrays_of(told(client, f"flame?p={TRACE}&{query}").data)
    return header, {name: array.tolist() for name, array in arrays.items()}


def test_tables_of_operators_kernels_and_modules(client: FlaskClient) -> None:
    assert table(client, "name=operators")["name"] == ["AddmmBackward0", "aten::addmm"]
    assert table(client, "name=kernels")["total"] == [20_000, 10_000, 5000]
    assert table(client, "name=kernels&by=operator")["operator"] == ["AddmmBackward0", "aten::addmm", ""]
    assert table(client, "name=modules")["backward"] == [20_000, 20_000, 0]
    assert table(client, "name=copies")["calls"] == []
    assert table(client, "name=roofline")["name"] == []
    assert table(client, "name=kernel_sequences")["name"] == []


def test_a_window_keeps_to_what_begins_within(client: FlaskClient) -> None:
    assert table(client, "name=operators&from=40000&to=90000")["name"] == ["AddmmBackward0"]


def test_a_word_that_is_none_of_the_choices_is_told(client: FlaskClient) -> None:
    assert "one of name, shape, stack" in told(client, f"table?p={TRACE}&name=operators&by=color", 400).json["error"]
    assert "one of device, host, python" in told(client, f"flame?p={TRACE}&what=moon", 400).json["error"]


def test_a_flame_graph_of_the_device_with_all_or_some_frames(client: FlaskClient) -> None:
    for frames, want in {
        "all": ["train.py(9): main", "nn.Module: Block_0", "nn.Module: Linear_0", "aten::addmm", "gemm_forward"],
        "modules": ["nn.Module: Block_0", "nn.Module: Linear_0", "aten::addmm", "gemm_forward"],
        "none": ["aten::addmm", "gemm_forward"],
    }.items():
        header, columns = flame(client, f"what=device&frames={frames}")
        names = [header["names"][int(code)] for code in columns["name"]]
        node, path = names.index("gemm_forward"), []
        while node >= 0:
            path.insert(0, names[node])
            node = int(columns["parent"][node])
        assert path == want
        tops = [total for total, parent in zip(columns["total"], columns["parent"], strict=True) if parent < 0]
        assert sum(tops) == 35_000


def test_two_flame_graphs_are_joined(client: FlaskClient) -> None:
    header, columns = flame(client, "what=device&frames=none&other=other/rank0.pt.trace.json")
    assert sum(columns["before"]) == 0 and max(columns["total"]) == 20_000
    header, columns = flame(client, "what=host&other=other/rank0.pt.trace.json")
    names = [header["names"][int(code)] for code in columns["name"]]
    of = dict(zip(names, zip(columns["before"], columns["total"], strict=True), strict=True))
    assert of["aten::addmm"] == (10_000, 10_000)
    assert of["AddmmBackward0"] == (0, 30_000)

"""Memory timelines, execution traces and stacks: what else torch.profiler writes."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from reference_traces import TRACES

from stepscope.profiler.analysis.flame import flame
from stepscope.profiler.analysis.nesting import nesting
from stepscope.profiler.analysis.operators import operators
from stepscope.profiler.analysis.recommendations import recommendations
from stepscope.profiler.reading.execution_trace import read_execution_trace, with_execution_trace
from stepscope.profiler.reading.memory_timeline import CATEGORIES, read_memory_timeline
from stepscope.profiler.reading.read import read_trace
from stepscope.profiler.reading.stacks import read_stacks

TORCH = TRACES / "torch213_cpu"
needs_traces = pytest.mark.skipif(not TORCH.exists(), reason=f"needs {TORCH}")


@needs_traces
def test_both_forms_of_a_memory_timeline_say_the_same() -> None:
    table, events = (read_memory_timeline(TORCH / name) for name in ("mem.json", "mem.raw.json.gz"))
    assert table.total.max() == events.total.max() == 12_100_272
    assert table.bytes[-1].tolist() == events.bytes[-1].tolist()
    assert table.time[0] // 1000 == events.time[0] // 1000
    assert abs(int(table.time[table.peak]) - int(events.time[events.peak])) < 1000


@needs_traces
def test_the_timeline_of_hta_is_read() -> None:
    path = TRACES / "hta" / "memory_analysis" / "memory_timeline.raw.gz"
    found = read_memory_timeline(path)
    assert found.total.max() == 3_082_832_104


@needs_traces
def test_a_timeline_that_is_a_picture_is_told_to_be_one() -> None:
    with pytest.raises(ValueError, match=r"mem\.html: this memory timeline is only a picture.*\.raw\.json\.gz"):
        read_memory_timeline(TORCH / "mem.html")


def test_memory_moves_between_categories_and_what_was_there_before_comes_first(tmp_path: Path) -> None:
    path = tmp_path / "memory.raw.json"
    path.write_text(
        json.dumps([[-1, 1, 100, 0], [5000, 2, 40, 7], [6000, 3, -40, 7], [6000, 3, 40, 4], [7000, 4, -40, 4]])
    )
    found = read_memory_timeline(path)
    assert found.time.tolist() == [5000, 6000, 7000]
    assert found.total.tolist() == [140, 140, 100]
    assert found.bytes[1].tolist()[CATEGORIES.index("activation")] == 40


@pytest.mark.parametrize("content", ["", "{}", "[[1, 2], [[1]]]", "[[1,2,3,9]]", '[["a"]]', "[[1, 2"])
def test_what_is_no_memory_timeline_is_told_in_a_sentence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "memory.json"
    path.write_text(content)
    with pytest.raises(ValueError, match=r"memory\.json: no memory timeline"):
        read_memory_timeline(path)


@needs_traces
def test_an_execution_trace_joins_its_kineto_trace_operator_by_operator() -> None:
    found = read_execution_trace(TORCH / "execution_trace.json")
    assert found.schema == "1.1.1-chakra.0.0.4"
    trace = read_trace(next((TORCH / "run_full").iterdir()))
    joined, count = with_execution_trace(trace, found)
    assert count == 1500
    schema = joined.arguments["op_schema"]
    for row in schema.rows[:50]:  # the schema that was joined names the operator that Kineto tells
        name = trace.names[trace.slices.name[row]]
        assert str(schema.at(int(row))).startswith(name)


FLAT = {
    "schema": "1.0.1",
    "nodes": [
        {"id": 2, "name": "[pytorch|profiler|execution_graph|thread]", "parent": 1, "tid": 1, "rf_id": 0},
        {"id": 5, "name": "aten::mm", "parent": 4, "tid": 1, "rf_id": 8, "seq_id": 3, "input_shapes": [[2, 3], [3, 4]]},
        {"id": 4, "name": "aten::linear", "parent": 2, "tid": 1, "rf_id": 7, "inputs": [1.5, "x"]},
        {"id": 9, "name": "MmBackward0", "parent": 2, "fw_parent": 5, "tid": 1, "rf_id": 9},
    ],
}


@pytest.mark.parametrize("packed", [False, True])
def test_the_flat_schema_is_read_too(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / "execution.json"
    raw = json.dumps(FLAT).encode()
    path.write_bytes(gzip.compress(raw) if packed else raw)
    found = read_execution_trace(path)
    assert found.names == ["[pytorch|profiler|execution_graph|thread]", "aten::linear", "aten::mm", "MmBackward0"]
    assert found.parent.tolist() == [-1, 0, 1, 0]
    assert found.forward.tolist() == [-1, -1, -1, 2]
    assert found.arguments["Input Dims"] == [None, None, "[[2, 3], [3, 4]]", None]


def test_an_execution_trace_opens_as_a_trace_that_says_it_has_no_times(tmp_path: Path) -> None:
    path = tmp_path / "execution.json"
    path.write_text(json.dumps(FLAT))
    trace = read_trace(path)
    nested = nesting(trace)
    assert nested.crossings == 0
    names = [trace.names[code] for code in trace.slices.name]
    assert names[nested.parent[names.index("aten::mm")]] == "aten::linear"
    assert "no times" in trace.remarks[0].text
    assert list(operators(trace, by="shape")["calls"]) != []


def test_nothing_is_recommended_where_widths_are_no_times(tmp_path: Path) -> None:
    mark = {"id": 5, "name": "enumerate(DataLoader)#_SingleProcessDataLoaderIter.__next__", "parent": 3, "tid": 1}
    path = tmp_path / "execution.json"
    path.write_text(json.dumps(FLAT | {"nodes": [*FLAT["nodes"], mark | {"rf_id": 9}]}))
    trace = read_trace(path)
    assert trace.timeless
    assert recommendations(trace) == []
    assert recommendations(replace(trace, metadata={})) != []


@pytest.mark.parametrize("content", ['{"schema": "1.0.1"', '{"schema": "1.1.1-chakra.0.0.4", "nodes": 5}'])
def test_a_damaged_execution_trace_is_told_in_a_sentence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "execution.json"
    path.write_text(content)
    with pytest.raises(ValueError, match=r"execution\.json: no execution trace"):
        read_trace(path)


def stacks(folder: Path, content: str) -> Path:
    path = folder / "stacks.txt"
    path.write_text(content)
    return path


def test_stacks_become_a_tree_with_sums(tmp_path: Path) -> None:
    found = read_stacks(stacks(tmp_path, "main 1\nmain;step 5\nmain;step;mm 10\nmain;load 3\nmain;step 2\n"))
    told = {
        found.frames[name]: (int(own), int(total))
        for name, own, total in zip(found.name, found.own, found.total, strict=True)
    }
    assert told == {"main": (1, 21), "step": (7, 17), "mm": (10, 10), "load": (3, 3)}


def test_stacks_open_as_a_flame_graph(tmp_path: Path) -> None:
    trace = read_trace(stacks(tmp_path, "main 1\nmain;step;mm (x.py:3) 10\nmain;load 3\n"))
    drawn: Any = flame(trace, "python")
    names = [drawn.names[code] for code in drawn.name]
    assert dict(zip(names, drawn.total.tolist(), strict=True))["main"] == 14_000


def test_an_empty_file_of_stacks_says_how_to_fill_it(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"stacks\.txt: the file is empty.*experimental_config=.*verbose=True"):
        read_trace(stacks(tmp_path, ""))


def test_damaged_lines_of_stacks_are_counted(tmp_path: Path) -> None:
    found = read_stacks(stacks(tmp_path, "main;a 1\nnonsense\nmain;b 2\n"))
    assert [(remark.count, remark.offset) for remark in found.remarks] == [(1, 9)]
    with pytest.raises(ValueError, match="no stacks"):
        read_stacks(stacks(tmp_path, "hello\n"))

"""Files that end before their events do: which steps are there whole, and what is said of the others."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from kineto_files import event, write_raw
from made_traces import annotation, call, kernel, made, op
from reference_traces import TRACES

from stepscope.profiler.analysis.cut_off import why_missing
from stepscope.profiler.analysis.findings import findings
from stepscope.profiler.analysis.health import health
from stepscope.profiler.analysis.operators import operators
from stepscope.profiler.analysis.recommendations import recommendations
from stepscope.profiler.analysis.step_table import step_table
from stepscope.profiler.analysis.study import Study
from stepscope.profiler.reading import sidecar
from stepscope.profiler.reading.read import read_trace
from stepscope.profiler.trace import Trace

RESNET = TRACES / "torch_tb_profiler/resnet50_num_workers_0/worker0.1623143566756.pt.trace.json.gz"
GPU = [{"id": 0, "name": "V100", "numSms": 80}]


def step(number: int, launched: bool = True, ran: bool = True) -> list[dict[str, Any]]:
    """100 µs of a loop: data, an operator, its launch and its kernel."""
    at = 100 * number
    events = [
        annotation(f"ProfilerStep#{number}", at, 95),
        annotation("enumerate(DataLoader)#_SingleProcessDataLoaderIter.__next__", at + 1, 60),
        op("aten::mm", at + 65, 10),
    ]
    events += [call(at + 66, 2, number + 1)] if launched else []
    return events + ([kernel("gemm", at + 70, 20, number + 1)] if launched and ran else [])


def cut(*steps: list[dict[str, Any]]) -> Trace:
    events = [event for events in steps for event in events]
    return replace(made(*events, deviceProperties=GPU), cut_off=True)


def told(trace: Trace) -> dict[str, str]:
    study = Study(trace)
    return {each.id: f"{each.text} {each.hint}" for each in findings(study, health(study))}


def test_the_step_in_which_the_events_end_is_not_complete() -> None:
    trace = cut(step(0), step(1), step(2))
    assert list(step_table(trace)["complete"]) == [1, 1, 0]
    assert list(step_table(replace(trace, cut_off=False))["complete"]) == [1, 1, 1]


def test_steps_behind_the_last_launch_or_kernel_are_not_complete() -> None:
    assert list(step_table(cut(step(0), step(1), step(2, launched=False), step(3, launched=False)))["complete"]) == [
        1,
        0,
        0,
        0,
    ]
    assert list(step_table(cut(step(0), step(1), step(2, ran=False), step(3, ran=False)))["complete"]) == [1, 0, 0, 0]


def test_means_and_advice_are_of_complete_steps() -> None:
    trace = cut(step(0), step(1), step(2, launched=False), step(3, launched=False))
    assert Study(trace).step_count == 1
    assert "cut off: 3 of 4 steps may lack events" in told(trace)["cut_off"]
    assert "3 of 4 steps" in " ".join(step_table(trace).notes)


def test_nothing_is_recommended_where_no_step_is_whole() -> None:
    lost = cut(step(0, launched=False), step(1, launched=False))
    assert recommendations(replace(lost, cut_off=False, devices=[]))
    assert recommendations(lost) == []
    assert "before the first work of a GPU. No step is there whole" in told(lost)["cut_off"]
    assert "no_gpu_work" not in told(lost)


def test_a_trace_without_marks_counts_up_to_where_everything_is_there() -> None:
    trace = cut(step(0)[2:], step(1)[2:], step(2, launched=False)[2:])
    assert list(step_table(trace)["total"]) == [166_000 - 65_000]
    assert list(step_table(trace)["complete"]) == [1]


def test_what_is_missing_may_stand_behind_the_cut() -> None:
    trace = cut(step(0))
    assert "behind the cut" in operators(trace, by="shape").notes[0]
    assert "record_shapes=True" in operators(replace(trace, cut_off=False), by="shape").notes[0]
    assert why_missing(trace, "x") != why_missing(replace(trace, cut_off=False), "x") == "x"


@pytest.mark.parametrize(("end", "cut_off"), [("", True), (", {", True), ("]", False), ("]}", False)])
def test_readers_tell_whether_the_events_are_cut_off(tmp_path: Path, end: str, cut_off: bool) -> None:
    path = write_raw(tmp_path / "rank0.pt.trace.json", json.dumps(event("a")), json.dumps(event("b")), end=end)
    trace = read_trace(path)
    assert trace.cut_off == cut_off
    assert sidecar.save(trace, tmp_path)
    kept = sidecar.load(path, tmp_path)
    assert kept is not None
    assert kept.cut_off == cut_off


@pytest.mark.skipif(not RESNET.exists(), reason=f"needs {RESNET}")
def test_a_real_file_that_is_cut_off_tells_of_its_whole_steps(tmp_path: Path) -> None:
    data = gzip.decompress(RESNET.read_bytes())
    path = tmp_path / "worker0.pt.trace.json"
    path.write_bytes(data[: int(0.9 * len(data))])
    assert list(step_table(read_trace(path))["complete"]) == [1, 1, 1, 1, 0, 0]
    path.write_bytes(data[: len(data) // 2])
    assert recommendations(read_trace(path)) == []

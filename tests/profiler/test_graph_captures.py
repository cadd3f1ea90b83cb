"""Replays of CUDA graphs that were captured in the trace: their kernels belong to the operators of the capture."""

from __future__ import annotations

from typing import Any

import pytest
from made_traces import call, kernel, made, op

from stepscope.profiler.analysis.attribution import Reason, attribution
from stepscope.profiler.analysis.findings import findings
from stepscope.profiler.analysis.health import health
from stepscope.profiler.analysis.operators import operators
from stepscope.profiler.analysis.study import Study
from stepscope.profiler.trace import Trace


def capture(at: float, *names: str, memset: bool = True) -> list[dict[str, Any]]:
    """Operators that launch one kernel each between the calls that begin and end a capture; and a fill."""
    events = [call(at, 1, 0, "cudaStreamBeginCapture_v10000")]
    for place, name in enumerate(names):
        events += [op(name, at + 10 * place + 2, 8), call(at + 10 * place + 4, 2, int(at) + place)]
    if memset:
        events.append(call(at + 10 * len(names) + 1, 1, int(at) + 50, "cudaMemsetAsync"))
    return [*events, call(at + 10 * len(names) + 5, 1, 0, "cudaStreamEndCapture_v10000")]


def replay(at: float, count: int, correlation: int, streams: int = 1) -> list[dict[str, Any]]:
    nodes = [
        kernel(f"node {place}", at + 10 + 5 * place, 4, correlation, 7 + place % streams) for place in range(count)
    ]
    return [call(at, 3, correlation, "cudaGraphLaunch_v10000"), *nodes]


def operators_of(trace: Trace) -> list[str]:
    found = attribution(trace)
    return [trace.names[trace.slices.name[row]] if row >= 0 else "" for row in found.operator.tolist()]


def test_each_node_of_a_replay_belongs_to_the_operator_that_was_captured() -> None:
    trace = made(*capture(100, "aten::mm", "aten::relu"), *replay(1000, 3, 7), *replay(2000, 3, 8))
    assert operators_of(trace) == ["aten::mm", "aten::relu", ""] * 2
    assert set(attribution(trace).reason) == {Reason.ATTRIBUTED, Reason.GRAPH_REPLAY}
    rows = {row["name"]: row["device_self"] for row in operators(trace).rows()}
    assert rows == {"aten::mm": 8_000, "aten::relu": 8_000}


def test_the_latest_capture_with_as_many_calls_counts() -> None:
    captures = [
        *capture(100, "aten::old", "aten::old"),
        *capture(300, "aten::mm", "aten::relu"),
        *capture(500, "aten::x"),
    ]
    assert operators_of(made(*captures, *replay(1000, 3, 7))) == ["aten::mm", "aten::relu", ""]


@pytest.mark.parametrize(
    "events",
    [
        [*capture(100, "aten::mm"), *replay(1000, 5, 7)],
        [*replay(50, 2, 7), *capture(100, "aten::mm")],
        [*capture(100, "aten::mm"), *replay(1000, 2, 7, streams=2)],
        replay(1000, 2, 7),
    ],
    ids=["another number of nodes", "captured later", "several streams", "no capture"],
)
def test_what_cannot_be_joined_stays_a_replay(events: list[dict[str, Any]]) -> None:
    trace = made(*events)
    assert set(attribution(trace).reason) == {Reason.GRAPH_REPLAY}


def test_findings_tell_of_both() -> None:
    def told(*events: dict[str, Any]) -> set[str]:
        study = Study(made(*events))
        return {each.id for each in findings(study, health(study))}

    assert "graph_captures" in told(*capture(100, "aten::mm", memset=False), *replay(1000, 1, 7))
    assert told(*replay(1000, 2, 7)) >= {"graph_replays"}

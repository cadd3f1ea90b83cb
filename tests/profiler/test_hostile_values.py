"""Numbers that only damage makes: no analysis stops because of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from made_traces import annotation, call, kernel, made, op

from stepscope.profiler import (
    Study,
    Trace,
    allocations,
    critical_path,
    diff,
    flame,
    kernel_occupancy,
    kernels,
    modules,
    operators,
)
from stepscope.profiler.analysis.collective_matches import match
from stepscope.profiler.analysis.memory_events import memory_devices
from stepscope.profiler.analysis.overview import overview
from stepscope.profiler.analysis.rank_collectives import rank_collectives
from stepscope.profiler.analysis.roofline import roofline

GPU = {"id": 0, "name": "V100", "numSms": 80, "computeMajor": 7, "maxThreadsPerMultiprocessor": 2048}
SHAPE = {"grid": [4, 1, 1], "block": [64, 1, 1], "registers per thread": 32, "shared memory": 0, "blocks per SM": 1}
ANALYSES: list[Callable[[Trace], Any]] = [
    lambda trace: overview(Study.of(trace)),
    operators,
    kernels,
    modules,
    kernel_occupancy,
    roofline,
    critical_path,
    lambda trace: flame(trace, "device"),
    lambda trace: diff(trace, trace),
    lambda trace: match([rank_collectives(trace, 0), rank_collectives(trace, 1)]),
]


def with_value(value: Any) -> Iterator[Trace]:
    """A trace in which one argument after the other has this value everywhere."""
    args = {"Sequence number": 3, "Fwd thread id": 1, "Input Dims": [[4, 4], [4, 4]], "Input type": ["float", "float"]}
    waits = {"wait_on_stream": 7, "wait_on_cuda_event_record_corr_id": 1}
    told = {
        **SHAPE,
        "warps per SM": 2,
        "est. achieved occupancy %": 50,
        "bytes": 8,
        "In msg nelems": 4,
        "Group size": 2,
    }
    for name in (*args, *waits, *told, "device", "stream"):
        wrong = {name: value}
        events = [
            annotation("ProfilerStep#1", 0, 100),
            op("aten::mm", 5, 20, **(args | wrong)),
            call(6, 2, 1),
            kernel("ncclDevKernel_AllReduce", 10, 20, 1, **(told | wrong)),
            {**kernel("Stream Wait Event", 31, 1, 1, **(waits | wrong)), "cat": "cuda_sync"},
            kernel("gemm", 40, 20, 2, **(told | wrong)),
        ]
        yield made(*events, deviceProperties=[GPU])


@pytest.mark.parametrize("value", [json.loads("1e400"), 1e300, -(2**63), 2**63, "x", [], [1e400], [[-1, 5], []], None])
def test_no_analysis_stops_because_of_a_number(value: Any) -> None:
    for trace in with_value(value):
        for analysis in ANALYSES:
            analysis(trace)


def test_a_trace_without_slices_has_a_flame_graph() -> None:
    trace = made({"ph": "i", "name": "mark", "ts": 1, "pid": 1, "tid": 1})
    assert len(flame(trace, "device").name) <= 1
    assert all(len(table) == 0 for table in (operators(trace), kernels(trace)))


def test_memory_of_a_trace_without_slices_belongs_to_nobody() -> None:
    told = {"Device Type": 1, "Device Id": 0, "Bytes": 8, "Addr": 1}
    trace = made({"ph": "i", "name": "[memory]", "ts": 1, "pid": 1, "tid": 1, "args": told})
    (device,) = memory_devices(trace)
    assert allocations(trace, device).operator.tolist() == [-1]
    assert "memory" in diff(trace, trace).tables

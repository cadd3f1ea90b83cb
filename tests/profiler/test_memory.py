"""Memory of a trace: curves, who allocated what, what made up the peak, and what is never freed."""

from __future__ import annotations

import numpy as np
import pytest
from made_traces import annotation, frame, made, op
from memory_files import memory_event as memory
from reference_traces import reference_trace

from stepscope.profiler import memory_devices as public_memory_devices
from stepscope.profiler.analysis.allocations import allocations
from stepscope.profiler.analysis.memory import (
    MemoryStudy,
    memory_by_operator,
    memory_largest,
    memory_leaks,
    memory_peak,
)
from stepscope.profiler.analysis.memory_events import memory_curve, memory_devices, memory_peaks

FULL = "torch213_cpu/run_full/rank0.1795248494537968943.pt.trace.json.gz"
OWLV2 = "tracelens/h100/google_owlv2-large-patch14-ensemble__1016001.json.gz"
OLD = "torch_tb_profiler/resnet50_num_workers_0/worker0.1623143566756.pt.trace.json.gz"


def study() -> MemoryStudy:
    """Two allocations in operators, one outside of any, and one from before that is freed."""
    return MemoryStudy.of(
        made(
            frame("nn.Module: Linear_0", 0, 20),
            op("aten::linear", 0, 20),
            op("aten::addmm", 5, 10),
            memory(6, 1000, 0xA, 1300),
            memory(12, 200, 0xB, 1500),
            memory(14, -200, 0xB, 1300),
            memory(18, -300, 0xC, 1000),
            memory(30, 50, 0xA0, 1050, thread="1"),
            memory(40, -1000, 0xA, 50),
            deviceProperties=[{"id": 0, "name": "GPU", "totalGlobalMem": 8192}],
        )
    )


def test_each_allocation_meets_the_freeing_of_its_address_and_its_operator() -> None:
    told = {row["bytes"]: row for row in memory_largest(study()).rows()}
    assert told[1000]["operator"] == "aten::addmm"
    assert told[1000]["module"] == "Linear_0"
    assert told[1000]["lifetime"] == 34_000
    assert told[200]["category"] == "temporary"
    assert told[300]["allocated"] is None
    assert told[300]["category"] == "allocated before the trace"
    assert told[50]["freed"] is None
    assert told[50]["operator"] == "outside of operators"


def test_the_peak_is_explained_to_the_last_byte() -> None:
    table = memory_peak(study())
    told = dict(zip(table["name"], table["bytes"], strict=True))
    assert told == {"aten::addmm": 1200, "allocated before the trace": 300}
    assert sum(table["share"]) == pytest.approx(1)


def test_a_curve_has_totals_and_the_devices_capacity() -> None:
    found = study()
    assert found.curve.allocated.tolist() == [1300, 1500, 1300, 1000, 1050, 50]
    assert found.curve.reserved.tolist() == [4096] * 6
    assert found.device.capacity == 8192
    (peaks,) = memory_peaks(found.trace).rows()
    assert (peaks["device"], peaks["peak"], peaks["peak_time"], peaks["reserved"]) == ("GPU 0", 1500, 12_000, 4096)


def test_operators_are_counted_with_what_they_keep() -> None:
    table = memory_by_operator(study())
    told = {row["name"]: row for row in table.rows()}
    assert told["aten::addmm"]["bytes"] == 1200
    assert told["aten::addmm"]["kept"] == 0
    assert told["aten::addmm"]["lifetime"] == 18_000
    assert told["outside of operators"]["kept"] == 50


def test_what_every_step_leaves_behind_is_a_suspect_and_what_one_step_leaves_is_none() -> None:
    events = []
    for step in range(5):
        at = 100 * step
        events += [annotation(f"ProfilerStep#{step}", at, 90), op("aten::cat", at + 10, 10), op("aten::mm", at + 30, 9)]
        events.append(memory(at + 12, 64, 0x1000 + step, 0))
        events += [memory(at + 31, 512, 0x2000, 0), memory(at + 60, -512, 0x2000, 0)]
    events.append(memory(132, 4096, 0x3000, 0))
    table = memory_leaks(MemoryStudy.of(made(*events)))
    assert [(row["name"], row["per_step"], row["steps"]) for row in table.rows()] == [("aten::cat", 64, 4)]


@pytest.mark.parametrize("name", [FULL, OWLV2])
def test_alive_allocations_follow_the_curve_of_real_traces(name: str) -> None:
    trace = reference_trace(name)
    for device in memory_devices(trace):
        found, curve = allocations(trace, device), memory_curve(trace, device)
        before = found.allocated < 0
        change = np.zeros(len(trace.memory.time), np.int64)
        np.add.at(change, found.allocated[~before], found.bytes[~before])
        freed = found.freed >= 0
        np.subtract.at(change, found.freed[freed], found.bytes[freed])
        known = np.cumsum(change)[curve.events]
        assert len(set((curve.allocated - known).tolist())) == 1  # what was there before, always the same


def test_a_trace_without_addresses_says_what_it_cannot_tell() -> None:
    found = MemoryStudy.of(reference_trace(OLD), "GPU 0")
    assert found.device.capacity == 34084028416
    assert any("no addresses" in note for note in memory_peak(found).notes)
    assert len(memory_peak(found)) == 0
    table = memory_by_operator(found)
    assert "aten::empty" in table["name"]  # threads are texts in slices and numbers in memory events of this file
    assert min(found.curve.allocated) == 0


def test_a_trace_without_memory_says_how_to_get_it() -> None:
    with pytest.raises(ValueError, match="profile_memory=True"):
        MemoryStudy.of(made(op("aten::mm", 0, 1)))


def test_a_device_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(ValueError, match="no 'GPU 9'; there are GPU 0"):
        MemoryStudy.of(study().trace, "GPU 9")


def test_the_devices_that_curves_are_asked_for_are_public() -> None:
    assert public_memory_devices is memory_devices

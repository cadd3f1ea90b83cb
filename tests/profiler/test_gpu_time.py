"""The split of the GPU's time, against figures of another program for every trace there is."""

from __future__ import annotations

import itertools

import pytest
from reference_traces import reference, reference_trace

from stepscope.profiler.analysis.gpu_time import gpu_spans, gpu_time

WITH_GPU = {name: figures for name, figures in reference().items() if "gpu_us" in figures}
NAMES = {
    "computation": "computation_union",
    "communication": "communication_union",
    "exposed_communication": "exposed_comm",
    "memcpy": "memcpy_union",
    "exposed_memcpy": "exposed_memcpy",
    "memset": "memset_union",
    "overlap": "overlap_comm_with_comp",
    "busy": "busy",
    "idle": "idle",
    "total": "total",
}


@pytest.mark.parametrize("name", WITH_GPU)
def test_times_agree_with_the_reference_to_the_nanosecond(name: str) -> None:
    time = gpu_time(reference_trace(name))
    assert {key: getattr(time, key) for key in NAMES} == {
        key: round(WITH_GPU[name]["gpu_us"][other] * 1000) for key, other in NAMES.items()
    }
    assert time.computation + time.exposed_communication + time.exposed_memcpy + time.idle == time.total


@pytest.mark.parametrize("name", [name for name in reference() if name not in WITH_GPU])
def test_a_trace_without_a_gpu_has_no_gpu_time(name: str) -> None:
    time = gpu_time(reference_trace(name))
    assert (time.busy, time.idle, time.total) == (0, 0, 0)


def test_a_window_is_split_in_full() -> None:
    trace = reference_trace("tracelens/b200/eager_trace.json.gz")
    whole = gpu_time(trace)
    first = gpu_spans(trace).first
    cuts = [first, first + 40_000_000, first + 41_234_567, first + whole.total]
    parts = [gpu_time(trace, (start, end)) for start, end in itertools.pairwise(cuts)]
    assert sum(part.total for part in parts) == whole.total
    for name in ("computation", "communication", "memcpy", "busy", "idle", "exposed_memcpy"):
        assert sum(getattr(part, name) for part in parts) == getattr(whole, name)

"""Profiles of JAX and TensorFlow: the same Trace, whatever wrote it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from xspace_files import content, event, gpu_profile, line, plane, xspace

from stepscope.profiler.analysis.attribution import attribution
from stepscope.profiler.analysis.nesting import nesting
from stepscope.profiler.analysis.steps import steps
from stepscope.profiler.reading.read import read_trace
from stepscope.profiler.trace import Category, Trace

DATA = Path(__file__).parent.parent / "data" / "profiles"


def read(folder: Path, data: bytes) -> Trace:
    path = folder / "host.xplane.pb"
    path.write_bytes(data)
    return read_trace(path)


def counts(trace: Trace) -> Counter[str]:
    return Counter(Category(each).name for each in trace.slices.category)


def test_a_profile_of_jax_has_steps_frames_and_operators_that_nest() -> None:
    trace = read_trace(DATA / "jax.xplane.pb")
    assert counts(trace) == {"OTHER": 123, "PYTHON": 46, "OPERATOR": 10, "ANNOTATION": 2}
    assert steps(trace).name == ["train 0", "train 1"]
    assert nesting(trace).crossings == nesting(trace).python_crossings == 0
    assert trace.zero_ns == 1795326372815758636
    assert len(trace.arguments["hlo_module"].rows) == 10


def test_a_profile_of_tensorflow_names_operators_by_type_and_keeps_their_whole_names() -> None:
    trace = read_trace(DATA / "tensorflow.xplane.pb")
    assert steps(trace).name == ["train 0", "train 1"]
    rows = [row for row in trace.rows_of(Category.OPERATOR) if trace.names[trace.slices.name[row]] == "MatMul"]
    assert {trace.arguments["full name"].at(int(row)) for row in rows} >= {"matmul:MatMul", "matmul_1:MatMul"}


def test_a_line_on_another_clock_costs_no_other(tmp_path: Path) -> None:
    lines = [
        line(number, f"thread {number}", zero, [event(1, 0, 5_000)]) for number, zero in ((1, 10), (2, 20), (3, 2**62))
    ]
    trace = read(tmp_path, xspace(plane("/host:CPU", lines, {1: "work"}, {})))
    assert trace.slices.start.tolist() == [0, 10]
    assert [remark.text for remark in trace.remarks] == [
        "line thread 3: its clock is weeks away from that of others: left out"
    ]


def test_kernels_of_a_gpu_have_their_launch_and_kinetos_arguments(tmp_path: Path) -> None:
    trace = read(tmp_path, gpu_profile())
    assert counts(trace) == {"DRIVER": 1, "KERNEL": 1, "MEMCPY": 1, "GPU_ANNOTATION": 1}
    kernel = int(trace.rows_of(Category.KERNEL)[0])
    told = {name: column.at(kernel) for name, column in trace.arguments.items()}
    assert told["grid"] == "[4, 2, 1]"
    assert told["block"] == "[256, 1, 1]"
    assert told["registers per thread"] == 32
    assert told["shared memory"] == 1536
    assert told["est. achieved occupancy %"] == 62.5
    assert trace.arguments["bytes"].at(int(trace.rows_of(Category.MEMCPY)[0])) == 4096
    assert trace.tracks[trace.slices.track[kernel]].device == 0
    found = attribution(trace)
    assert trace.names[trace.slices.name[found.launch[0]]] == "cuLaunchKernel"


def test_picoseconds_are_rounded_down_at_both_ends_so_that_what_nests_still_does(tmp_path: Path) -> None:
    trace = read(tmp_path, gpu_profile())
    assert trace.zero_ns == 1_700_000_000_000_000_001
    assert trace.slices.start.tolist() == [0, 4999, 4999, 8999]
    assert trace.slices.end.tolist() == [2000, 9999, 7999, 9999]  # the longer of two that begin together comes first
    assert np.all(trace.slices.start[1:] >= trace.slices.start[:-1])


def test_a_truncated_file_shows_what_stands_before_its_end(tmp_path: Path) -> None:
    whole = gpu_profile()
    trace = read(tmp_path, whole[:-150])
    assert counts(trace)["DRIVER"] == 1
    assert any("longer than what holds it" in remark.text for remark in trace.remarks)


def test_damaged_events_are_left_out_and_counted(tmp_path: Path) -> None:
    good, bad = event(1, 0, 1000), b"\x08\x01\x10"
    host = plane("/host:CPU", [line(1, "main", 5, [good, bad, good])], {1: "$train.py:7 step"}, {})
    trace = read(tmp_path, xspace(host))
    assert counts(trace) == {"PYTHON": 2}
    assert trace.names == ["train.py:7 step"]
    assert [remark.text for remark in trace.remarks] == ["line main: 1 events are damaged and left out"]


@pytest.mark.parametrize("data", [b"", b"hello, world", b"\x0a\xff\xff\xff\xff\x7f", content(1, b"")])
def test_what_is_no_profile_is_told_in_a_sentence(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(ValueError, match=r"host\.xplane\.pb: no (XSpace|profile)"):
        read(tmp_path, data)

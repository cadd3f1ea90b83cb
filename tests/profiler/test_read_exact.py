"""The compiled reader gives what the plain one gives: on real traces, and on ones that nobody would write."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kineto_files import event, write_trace
from same_trace import assert_same_trace

from stepscope.profiler.discovery import find_profiles
from stepscope.profiler.reading.kineto import read_kineto
from stepscope.profiler.reading.plain import read_plain

TRACES = Path(__file__).parents[3] / "shared" / "traces"

texts = st.text(st.characters(blacklist_categories=["Cs"]), max_size=12)
names = st.sampled_from(["aten::add", "kernel<float>", "ProfilerStep#1", "[memory]", ""]) | texts
threads = st.integers(-3, 3) | st.sampled_from(["Spans", "stream 7", ""])
times = st.integers(0, 10**16) | st.decimals(0, 10**15, places=3).map(float) | st.just("1623143093496439.125")
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=2))
arguments = st.dictionaries(
    st.sampled_from(["correlation", "device", "stream", "Bytes", "name", "sort_index", "grid", "cat"]) | texts,
    values,
    max_size=4,
)
categories = st.sampled_from(["cpu_op", "Kernel", "gpu_memcpy", "python_function", "ac2g", "unheard of"])
events = st.fixed_dictionaries(
    {"ph": st.sampled_from("XXXXsftiIRCMN"), "name": names, "pid": threads, "tid": threads, "ts": times},
    optional={"cat": categories, "dur": times, "args": arguments, "id": st.integers(-(2**62), 2**62), "s": texts},
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=st.lists(events, max_size=8), indent=st.sampled_from([None, 1]), ascii=st.booleans())
def test_any_events_are_read_as_the_plain_reader_does(
    tmp_path: Path, events: list[dict[str, Any]], indent: int | None, ascii: bool
) -> None:
    path = tmp_path / "trace.json"
    told = {"displayTimeUnit": "ms", "baseTimeNanoseconds": 10**18, "deviceProperties": [{"id": 0, "name": "H100"}]}
    file = {"traceEvents": [event(), *events], **told}
    path.write_text(json.dumps(file, indent=indent, ensure_ascii=ascii), encoding="utf-8")
    assert_same_trace(read_kineto(path), read_plain(path))


def _real_traces() -> list[str]:
    found = find_profiles(TRACES) if TRACES.is_dir() else []
    return [path for profile in found if profile.kind == "kineto" for path in profile.paths]


@pytest.mark.skipif(not TRACES.is_dir(), reason="../shared/traces is not there")
@pytest.mark.parametrize("path", _real_traces(), ids=lambda path: str(Path(path).relative_to(TRACES)))
def test_real_traces_are_read_as_the_plain_reader_does(path: str) -> None:
    if Path(path).stat().st_size > 1_000_000:
        pytest.skip("the plain reader takes too long")
    assert_same_trace(read_kineto(path), read_plain(path))


@pytest.mark.parametrize(
    ("written", "ns"),
    [
        ("1623143093496439", 1623143093496439000),
        ("1623143093496439.123", 1623143093496439123),
        ('"1623143093496439.123"', 1623143093496439123),
        ("4391472928750.97", 4391472928750970),
        ("0.0019", 1),
        ("-2.5", -2500),
        ("1.5e3", 1500000),
        ("7E-3", 7),
        ("0.12345678901234567890123", 123),
    ],
)
def test_times_are_whole_nanoseconds_of_the_decimal_text(tmp_path: Path, written: str, ns: int) -> None:
    path = tmp_path / "trace.json"
    text = '{"ph": "X", "name": "late", "ts": %s, "dur": %s, "pid": 1, "tid": 1}'
    path.write_text('{"traceEvents": [' + json.dumps(event(ts=-(10**6))) + "," + text % (written, written) + "]}")
    slices = read_kineto(path).slices
    assert slices.start[1] == ns + 10**9
    assert slices.duration[1] == ns


def test_an_id_beyond_what_doubles_hold_stays_itself(tmp_path: Path) -> None:
    ends = [{"ph": ph, "cat": "ac2g", "id": id, "ts": 1} for ph, id in (("s", 2**53 + 1), ("f", str(2**53 + 1)))]
    flows = read_kineto(write_trace(tmp_path / "trace.json", event(), *ends)).flows
    assert flows.id.tolist() == [2**53 + 1] * 2
    assert flows.begins.tolist() == [True, False]


def test_of_a_name_that_comes_twice_the_last_one_counts(tmp_path: Path) -> None:
    path = tmp_path / "trace.json"
    path.write_text(
        '[{"ph": "X", "name": "a", "name": "b", "ts": 1, "dur": 2, "args": {"x": 1}, "args": {"y": 1, "y": 2}}]'
    )
    trace = read_kineto(path)
    assert trace.names == ["b"]
    assert list(trace.arguments) == ["y"]
    assert trace.arguments["y"].at(0) == 2


def test_a_thread_that_is_named_by_number_and_by_text_is_one(tmp_path: Path) -> None:
    named = {"ph": "M", "name": "thread_name", "pid": 1, "tid": 25738, "args": {"name": "main"}}
    path = write_trace(tmp_path / "trace.json", named, event(tid="25738"), event(tid=25738), event(tid="stream 7"))
    assert [(track.tid, track.thread) for track in read_kineto(path).tracks] == [(25738, "main"), ("stream 7", "")]


def test_events_that_begin_and_end_are_slices(tmp_path: Path) -> None:
    thread = {"pid": 1, "tid": 1}
    path = write_trace(
        tmp_path / "trace.json",
        {"ph": "B", "name": "outer", "ts": 1, **thread},
        {"ph": "B", "name": "inner", "ts": 2.5, **thread},
        {"ph": "E", "ts": 3, **thread, "args": {"result": 7}},
        {"ph": "E", "ts": 9, **thread},
    )
    trace = read_kineto(path)
    assert [trace.names[code] for code in trace.slices.name] == ["outer", "inner"]
    assert trace.slices.duration.tolist() == [8000, 500]
    assert trace.arguments["result"].at(1) == 7


def test_an_event_larger_than_the_buffer_is_read(tmp_path: Path) -> None:
    nested = [[number, str(number)] for number in range(250_000)]
    path = write_trace(tmp_path / "trace.json", event("first"), event("large", args={"n": nested}), event("last"))
    trace = read_kineto(path)
    assert len(trace.slices) == 3
    large = trace.arguments["n"]
    assert large.texts is not None
    assert json.loads(large.texts[0]) == nested
    assert not trace.remarks

"""Damaged files: what can be read is read, what was wrong is counted, with the byte where it was first seen."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from kineto_files import event, write_raw, write_trace

from stepscope.profiler.reading.kineto import read_kineto
from stepscope.profiler.reading.plain import read_plain
from stepscope.profiler.reading.read import read_trace
from stepscope.profiler.trace import Trace

WHOLE = json.dumps(event("whole"))


def names(trace: Trace) -> list[str]:
    return [trace.names[code] for code in trace.slices.name]


def named(text: str) -> str:
    """An event with this between the quotes of its name, escaped or not."""
    return WHOLE.replace("whole", text)


def remark(trace: Trace, words: str) -> tuple[int, int]:
    (found,) = (remark for remark in trace.remarks if words in remark.text)
    return found.count, found.offset


@pytest.mark.parametrize("name", ['lambda "x"', 'foo("a", "b")', 'f("a"), "b": 1', '"', "C:\\dir\\"])
def test_quotes_inside_of_texts_are_repaired(tmp_path: Path, name: str) -> None:
    path = write_raw(tmp_path / "trace.json", WHOLE, named(name), named(name), WHOLE)
    trace = read_kineto(path)
    assert sorted(names(trace)) == sorted(["whole", name, name, "whole"])
    assert remark(trace, "quotes and backslashes repaired") == (2, path.read_text().index(named(name)))


def test_quotes_in_lists_of_arguments_are_repaired(tmp_path: Path) -> None:
    broken = WHOLE[:-1] + ', "args": {"Concrete Inputs": ["a"b", "c"], "Ev Idx": 3}}'
    trace = read_kineto(write_raw(tmp_path / "trace.json", WHOLE, broken, WHOLE))
    inputs = trace.arguments["Concrete Inputs"]
    assert json.loads(str(inputs.at(1))) == ['a"b', "c"]
    assert trace.arguments["Ev Idx"].at(1) == 3


def test_paths_of_windows_keep_their_backslashes(tmp_path: Path) -> None:
    path = write_raw(tmp_path / "trace.json", WHOLE, named(r"C:\Users\me\x.py"))
    trace = read_kineto(path)
    assert names(trace)[1] == r"C:\Users\me\x.py"
    assert remark(trace, "backslashes") == (3, path.read_text().index(r"\Users"))


def test_control_characters_in_texts_stay(tmp_path: Path) -> None:
    trace = read_kineto(write_raw(tmp_path / "trace.json", named("a\x01\tb")))
    assert names(trace) == ["a\x01\tb"]
    assert remark(trace, "control characters")[0] == 2


def test_numbers_that_are_none_are_missing(tmp_path: Path) -> None:
    args = '{"bandwidth": N/A, "a": nan, "b": -Infinity, "c": 1.5}'
    path = write_raw(tmp_path / "trace.json", f'{WHOLE[:-1]}, "args": {args}}}')
    trace = read_kineto(path)
    assert list(trace.arguments) == ["c"]
    assert remark(trace, "N/A") == (3, path.read_text().index("N/A"))


def test_numbers_beyond_all_bounds_are_taken_as_far_as_they_go(tmp_path: Path) -> None:
    args = f'{{"a": {"9" * 5000}, "b": -1e999, "correlation": 1e999, "device": "{"9" * 5000}"}}'
    trace = read_kineto(write_raw(tmp_path / "trace.json", f'{WHOLE[:-1]}, "args": {args}, "id": 1e999}}'))
    assert (trace.arguments["a"].at(0), trace.arguments["b"].at(0)) == (float("inf"), float("-inf"))
    assert trace.slices.correlation.tolist() == [-1]


def test_events_without_a_usable_time_are_counted(tmp_path: Path) -> None:
    wrong = [event(ts="soon"), event(ts=None), event(dur="long"), event(ts=10**30)]
    trace = read_kineto(write_trace(tmp_path / "trace.json", event("whole"), *wrong))
    assert names(trace) == ["whole"]
    assert remark(trace, "no number")[0] == 4


@pytest.mark.parametrize("read", [read_kineto, read_plain])
def test_slices_without_a_duration_are_counted(tmp_path: Path, read: Callable[[Path], Trace]) -> None:
    endless = event("endless")
    del endless["dur"]
    trace = read(write_trace(tmp_path / "trace.json", event("whole"), endless, endless))
    assert names(trace) == ["whole"]
    assert remark(trace, "no duration")[0] == 2


@pytest.mark.parametrize("cut", [1, 2, 20, 60])
def test_a_file_that_ends_early_is_read_up_to_there(tmp_path: Path, cut: int) -> None:
    path = write_raw(tmp_path / "trace.json", WHOLE, WHOLE, WHOLE)
    whole = path.read_bytes()
    path.write_bytes(whole[:-cut])
    trace = read_kineto(path)
    assert len(trace.slices) == (3 if cut <= 2 else 2)
    assert trace.remarks
    assert all(0 <= remark.offset <= len(whole) for remark in trace.remarks)


def test_an_event_without_its_end_costs_no_other(tmp_path: Path) -> None:
    path = write_raw(tmp_path / "trace.json", WHOLE, WHOLE[:40], named("last"))
    trace = read_kineto(path)
    assert names(trace) == ["whole", "last"]
    assert remark(trace, "left out")[0] == 1


def test_compressed_data_that_ends_early_is_read_up_to_there(tmp_path: Path) -> None:
    noise = random.Random(0)
    events = [event(f"op{number}", args={"id": noise.getrandbits(60)}) for number in range(300)]
    path = tmp_path / "trace.json.gz"
    packed = gzip.compress(json.dumps({"traceEvents": events}).encode())
    path.write_bytes(packed[: len(packed) // 2])
    trace = read_kineto(path)
    assert 50 < len(trace.slices) < 250
    assert "cut off" in " ".join(remark.text for remark in trace.remarks)
    path.write_bytes(packed[:2000] + b"\0" * 200 + packed[2200:])
    assert "damaged" in " ".join(remark.text for remark in read_kineto(path).remarks)


def test_texts_that_are_no_utf8_are_read_with_marks(tmp_path: Path) -> None:
    path = tmp_path / "trace.json"
    path.write_bytes(b"[" + named("caf?").encode().replace(b"?", b"\xe9") + b"," + named("né").encode() + b"]")
    trace = read_kineto(path)
    assert names(trace) == ["caf�", "né"]
    assert remark(trace, "UTF-8")[0] == 1


def test_a_lone_surrogate_can_be_written_again(tmp_path: Path) -> None:
    trace = read_kineto(write_raw(tmp_path / "trace.json", named(r"\ud800 \ud83d\ude00")))
    assert names(trace) == ["� 😀"]


@pytest.mark.parametrize("read", [read_kineto, read_plain])
def test_halves_of_letters_stand_nowhere(tmp_path: Path, read: Callable[[Path], Trace]) -> None:
    half = "\\ud800"
    count = f'{{"ph": "C", "name": "{half}", "ts": 1, "args": {{"x": 1}}}}'
    top = f'], "host_name": "{half}", "deviceProperties": [{{"name": "{half}"}}]}}'
    thread = named(half).replace('"tid": 2', f'"tid": "{half}"')
    trace = read(write_raw(tmp_path / "trace.json", thread, count, end=top))
    assert (trace.names[0], trace.tracks[0].tid, trace.devices[0].name) == ("�", "�", "�")
    assert (trace.metadata["host_name"], trace.counters[0].name) == ("�", "� x")


@pytest.mark.parametrize("read", [read_kineto, read_plain])
def test_numbers_of_threads_with_a_point_are_whole(tmp_path: Path, read: Callable[[Path], Trace]) -> None:
    trace = read(write_trace(tmp_path / "trace.json", event(tid=7), event(tid=7.0), event(tid="7"), event(tid=7.5)))
    assert [track.tid for track in trace.tracks] == [7, "7.5"]


@pytest.mark.parametrize("read", [read_kineto, read_plain])
def test_devices_beyond_all_numbers_wrap(tmp_path: Path, read: Callable[[Path], Trace]) -> None:
    memory = {"ph": "i", "name": "[memory]", "ts": 1, "args": {"Device Id": 2**40 + 3, "Device Type": 257, "Bytes": 8}}
    trace = read(write_trace(tmp_path / "trace.json", event(), memory))
    assert (trace.memory.device.tolist(), trace.memory.device_type.tolist()) == ([3], [1])


def test_what_stands_behind_the_events_counts(tmp_path: Path) -> None:
    told = ', "distributedInfo": {"rank": 3, "world_size": 8}, "deviceProperties": [{"id": 0, "numSms": 132}]}'
    trace = read_kineto(write_raw(tmp_path / "trace.json", WHOLE, end="]" + told))
    assert (trace.rank, trace.world_size) == (3, 8)
    assert trace.devices[0].multiprocessors == 132


def test_multiprocessors_in_the_place_of_threads_are_told(tmp_path: Path) -> None:
    device = {"id": 0, "name": "NVIDIA H100", "maxThreadsPerMultiprocessor": 132}
    trace = read_kineto(write_trace(tmp_path / "trace.json", event(), deviceProperties=[device]))
    assert trace.devices[0].multiprocessors == 132
    assert trace.devices[0].threads_per_multiprocessor == 0
    assert remark(trace, "maxThreadsPerMultiprocessor")[0] == 1


def test_properties_of_devices_that_cannot_be_are_unknown_and_told(tmp_path: Path) -> None:
    wrong = {"id": 0, "numSms": 0, "warpSize": -1, "totalGlobalMem": "N/A", "maxThreadsPerMultiprocessor": 132}
    right = {"id": 1, "numSms": 80, "regsPerMultiprocessor": 0, "maxThreadsPerMultiprocessor": 2048}
    trace = read_kineto(write_trace(tmp_path / "trace.json", event(), deviceProperties=[wrong, right, None]))
    device, other = trace.devices
    assert (device.multiprocessors, device.warp_size, device.memory, device.threads_per_multiprocessor) == (0, 32, 0, 0)
    assert (other.multiprocessors, other.threads_per_multiprocessor) == (80, 2048)
    for name in ("numSms, 0", "warpSize, -1", 'totalGlobalMem, "N/A"', "maxThreadsPerMultiprocessor, 132"):
        assert remark(trace, f"impossible {name}") == (1, -1)
    assert remark(trace, "descriptions of devices")[0] == 1


def test_descriptions_of_devices_may_be_no_list(tmp_path: Path) -> None:
    trace = read_kineto(write_trace(tmp_path / "trace.json", event(), deviceProperties="what"))
    assert trace.devices == []
    assert remark(trace, "descriptions of devices")[0] == 1


@pytest.mark.parametrize(("beside", "offset"), [('"a": "x"y", ', 9), ('"a": [{"b": "]}, ', 1), ("noise, ", 1)])
def test_damage_before_the_events_costs_no_event(tmp_path: Path, beside: str, offset: int) -> None:
    path = tmp_path / "trace.json"
    path.write_text(f'{{{beside}"traceEvents": [{WHOLE}], "traceName": "kept"}}')
    trace = read_kineto(path)
    assert names(trace) == ["whole"]
    assert trace.metadata["traceName"] == "kept"
    assert remark(trace, "beside the events") == (1, offset)


@pytest.mark.parametrize(("end", "noise"), [("]}", "}"), ("]}", " and more"), ('], "a": 1}', '{"traceEvents": []}')])
def test_what_stands_behind_the_end_is_told(tmp_path: Path, end: str, noise: str) -> None:
    path = write_raw(tmp_path / "trace.json", WHOLE, end=end + noise)
    trace = read_kineto(path)
    assert names(trace) == ["whole"]
    assert remark(trace, "behind the end") == (1, len(path.read_text()) - len(noise.lstrip()))
    path.write_text(f"[{WHOLE}] ]")
    assert remark(read_kineto(path), "behind the end") == (1, len(WHOLE) + 3)


@pytest.mark.parametrize(("rest", "told"), [(b"", False), (b"\0" * 100, False), (b"noise", True)])
def test_what_stands_behind_compressed_data_is_told_unless_it_fills_up(tmp_path: Path, rest: bytes, told: bool) -> None:
    path = tmp_path / "trace.json.gz"
    path.write_bytes(gzip.compress(f"[{WHOLE}]\n".encode()) + rest)
    assert any("behind the compressed data" in remark.text for remark in read_kineto(path).remarks) == told


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_files_in_utf16_are_traces_whatever_they_are_called(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "any.json"
    path.write_bytes(f"\ufeff{json.dumps({'traceEvents': [event('née')]}, ensure_ascii=False)}".encode(encoding))
    assert names(read_trace(path)) == ["née"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "the file is empty"),
        (gzip.compress(b"", mtime=0), "there is no list 'traceEvents'"),
        (gzip.compress(b"[1]", mtime=0)[:5], "cut off"),
        (b'{"traceEvents": []}', "holds none that has a time"),
        (b'{"schemaVersion": 1}', "there is no list 'traceEvents'"),
        (b'{"traceEvents": [{"ph": "X", "na', "cut off"),
        (b"\x00\x01 noise", "there is no list 'traceEvents'"),
    ],
)
def test_a_file_without_events_gets_a_sentence(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "rank0.1.pt.trace.json"
    path.write_bytes(data)
    with pytest.raises(ValueError, match=words) as problem:
        read_trace(path)
    assert str(path) in str(problem.value)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (gzip.compress(b"", mtime=0), "nothing can be unpacked from its 20 bytes"),
        (gzip.compress(b"[1]", mtime=0)[:5], "nothing can be unpacked from its 5 bytes"),
        (b" \n ", "nothing but blanks"),
        (b'{"schemaVers', "cut off, or no JSON, at byte 1"),
        (b"\x00\x01 noise", "neither a trace nor another file"),
    ],
)
def test_a_file_that_could_be_anything_gets_a_sentence(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "any.json"
    path.write_bytes(data)
    with pytest.raises(ValueError, match=words) as problem:
        read_trace(path)
    assert str(path) in str(problem.value)

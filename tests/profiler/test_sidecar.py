"""The columns that are kept: what is loaded is what was saved, and never another file's or another reader's."""

from __future__ import annotations

import dataclasses
import json
import os
import threading
from pathlib import Path

import numpy as np
import pytest
from kineto_files import event, write_trace
from same_trace import assert_same_trace

from stepscope.profiler.profile import open_profile
from stepscope.profiler.reading import sidecar
from stepscope.profiler.reading.kineto import read_kineto
from stepscope.profiler.trace import Trace


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_trace(
        tmp_path / "rank3.trace.json",
        event("op", args={"External id": 7, "Input Dims": [[1, 2], []], "share": 0.5}),
        event("kernel", cat="kernel", pid=0, tid=7, args={"device": 0, "stream": 7, "correlation": 5}),
        {"ph": "s", "cat": "ac2g", "id": 5, "pid": 1, "tid": 2, "ts": 10},
        {"ph": "i", "name": "[memory]", "pid": 1, "tid": 2, "ts": 11, "args": {"Bytes": -512, "Device Type": 1}},
        {"ph": "i", "name": "mark", "pid": 1, "tid": 2, "ts": 12},
        {"ph": "C", "name": "queue", "pid": 1, "ts": 12, "args": {"length": 3}},
        event("late", ts="never"),
        deviceProperties=[{"id": 0, "name": "H100", "computeMajor": 9, "computeMinor": 0, "numSms": 132}],
        distributedInfo={"rank": 3, "world_size": 8},
        baseTimeNanoseconds=10**18,
    )


def test_a_trace_comes_back_as_it_was(path: Path, tmp_path: Path) -> None:
    trace = read_kineto(path)
    assert sidecar.save(trace, tmp_path / "cache")
    again = sidecar.load(path, tmp_path / "cache")
    assert again is not None
    assert_same_trace(trace, again)
    assert again.remarks == trace.remarks != []


def test_every_field_of_a_trace_is_kept(path: Path, tmp_path: Path) -> None:
    trace = read_kineto(path)
    sidecar.save(trace, tmp_path / "cache")
    again = sidecar.load(path, tmp_path / "cache")
    for field in dataclasses.fields(Trace):
        empty = field.default_factory() if callable(field.default_factory) else field.default
        assert getattr(again, field.name) != empty or getattr(trace, field.name) == empty, field.name


def test_a_file_that_changed_is_read_again(path: Path, tmp_path: Path) -> None:
    sidecar.save(read_kineto(path), tmp_path / "cache")
    write_trace(path, event("changed"))
    assert sidecar.load(path, tmp_path / "cache") is None
    assert open_profile(path, index_dir=tmp_path / "cache").trace().names == ["changed"]


@pytest.mark.parametrize("damage", [lambda data: data[:100], lambda data: data[:60] + b"!" + data[61:], lambda _: b""])
def test_what_is_damaged_counts_as_not_there(path: Path, tmp_path: Path, damage: object) -> None:
    sidecar.save(read_kineto(path), tmp_path / "cache")
    (kept,) = (tmp_path / "cache" / "traces").iterdir()
    kept.write_bytes(damage(kept.read_bytes()))  # type: ignore[operator]
    assert sidecar.load(path, tmp_path / "cache") is None


def test_a_trace_stays_while_its_columns_are_replaced_and_deleted(path: Path, tmp_path: Path) -> None:
    trace = read_kineto(path)
    sidecar.save(trace, tmp_path / "cache")
    mapped = sidecar.load(path, tmp_path / "cache")
    assert mapped is not None
    sidecar.save(trace, tmp_path / "cache")
    for kept in (tmp_path / "cache" / "traces").iterdir():
        kept.unlink()
    assert_same_trace(mapped, trace)


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(path: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    assert not sidecar.save(read_kineto(path), tmp_path / "file")
    assert open_profile(path, index_dir=tmp_path / "file").trace().names
    assert sorted(os.listdir(tmp_path)) == ["file", "rank3.trace.json"]


def test_without_a_cache_nothing_is_written(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    open_profile(path, cache=False).trace()
    assert not (tmp_path / "home" / "stepscope" / "index").exists()


def test_the_longest_unused_give_way(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = tmp_path / "cache"
    for number in range(4):
        copy = path.with_name(f"copy{number}.trace.json")
        copy.write_bytes(path.read_bytes())
        sidecar.save(read_kineto(copy), cache)
    kept = sorted((cache / "traces").iterdir(), key=lambda place: place.stat().st_mtime_ns)
    for age, place in enumerate(reversed(kept)):
        os.utime(place, (age_of(place, age), age_of(place, age)))
    monkeypatch.setattr(sidecar, "_MAX_BYTES", int(2.5 * kept[0].stat().st_size))
    sidecar.save(read_kineto(path), cache)
    left = [sidecar.load(path.with_name(f"copy{number}.trace.json"), cache) is not None for number in range(4)]
    assert sidecar.load(path, cache) is not None
    assert left == [False, False, False, True]


def age_of(place: Path, age: int) -> float:
    return place.stat().st_mtime - 60 * age


def test_many_threads_open_one_trace_at_once(path: Path, tmp_path: Path) -> None:
    found: list[Trace] = []
    threads = [
        threading.Thread(target=lambda: found.append(open_profile(path, index_dir=tmp_path / "cache").trace()))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for trace in found:
        assert_same_trace(trace, found[0])
    assert len(os.listdir(tmp_path / "cache" / "traces")) == 1


def test_columns_are_mapped_not_copied(path: Path, tmp_path: Path) -> None:
    trace = open_profile(path, index_dir=tmp_path / "cache").trace()
    assert not trace.slices.start.flags.owndata
    with pytest.raises(ValueError, match="read-only"):
        trace.slices.start[0] = 1
    assert trace.slices.start.dtype == np.int64
    assert json.dumps(trace.metadata)

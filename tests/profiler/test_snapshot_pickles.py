"""Pickles are read as tables: everything Python's own pickler writes for a snapshot, and nothing that executes."""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stepscope.profiler.snapshots.unpickling import PickleRefused, read_pickle

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.text()
    | st.binary(max_size=0).map(lambda _: "active_allocated"),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=3), inner, max_size=5),
    max_leaves=30,
)


def read(path: Path, content: bytes) -> Any:
    path.write_bytes(content)
    pickled = read_pickle(path)
    return pickled.plain(pickled.root, depth=40)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(protocol=st.integers(0, 5), value=PLAIN)
def test_what_python_pickles_comes_back(tmp_path: Path, protocol: int, value: Any) -> None:
    assert read(tmp_path / "value.pickle", pickle.dumps(value, protocol)) == value


@pytest.mark.parametrize("protocol", range(6))
def test_many_values_and_values_that_are_shared(tmp_path: Path, protocol: int) -> None:
    frames = [{"filename": "train.py", "line": 7, "name": "step"}] * 3
    value = [[{"addr": 2**47 + row, "frames": frames, "pool": (0, 1)} for row in range(3000)], 1.5]
    got = read(tmp_path / "value.pickle", pickle.dumps(value, protocol))
    assert got[0] == [{**each, "pool": [0, 1]} for each in value[0]]
    assert got[1] == (1.5 if protocol else None)  # the text of a float is of no use in a snapshot


def test_whole_numbers_of_more_than_eight_bytes_keep_the_lower_64_bits(tmp_path: Path) -> None:
    assert read(tmp_path / "value.pickle", pickle.dumps([2**63 + 5], 4)) == [5 - 2**63]


class Attack:
    def __reduce__(self) -> Any:
        return os.system, ("touch /tmp/owned",)


@pytest.mark.parametrize("protocol", range(6))
def test_a_pickle_that_would_call_something_is_refused_by_name_and_place(tmp_path: Path, protocol: int) -> None:
    path = tmp_path / "snapshot.pickle"
    content = pickle.dumps({"segments": [Attack()]}, protocol)
    with pytest.raises(
        PickleRefused, match=rf"snapshot\.pickle: at byte \d+ .* import {os.name}\.system\b.*nothing was"
    ):
        read(path, content)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"c__builtin__\neval\n.", "import __builtin__.eval"),
        (b"(S'ls'\nios\nsystem\n.", "import os.system"),
        (b"Pid\n.", "persistent id"),
        (b"}Q.", "persistent id"),
        (b"\x80\x02\x82\x01.", "execute EXT1"),
        (b"]R.", "execute REDUCE"),
        (b"\x80\x05\x97.", "execute NEXT_BUFFER"),
        (b"", "empty"),
        (b"\x80\x04", "before it holds anything"),
        (b"hello", "no operation|damaged"),
        (b"\x80\x04\x8f.", "EMPTY_SET"),
        (b"ee.", "missing"),
        (b"](t", "ends in the middle"),
        (b"h\x05.", "not kept"),
        (b"I12x\n.", "no number"),
        (b"r\xff\xff\xff\x7f.", "not kept"),
        (b"]" * 20_000_000, "MiB of memory"),
    ],
)
def test_what_is_no_snapshot_is_told_in_a_sentence(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(PickleRefused, match=words):
        path = tmp_path / "snapshot.pickle"
        path.write_bytes(content)
        if problem := read_pickle(path).problem:
            raise PickleRefused(problem)


@pytest.mark.parametrize("protocol", range(6))
def test_a_truncated_file_keeps_what_stands_before_its_end(tmp_path: Path, protocol: int) -> None:
    whole = {
        "segments": [{"address": 1}],
        "device_traces": [[{"addr": row, "size": 1} for row in range(3500)]],
        "more": 1,
    }
    content = pickle.dumps(whole, protocol)
    path = tmp_path / "snapshot.pickle"
    counts = []
    for end in range(100, len(content), 4001):
        path.write_bytes(content[:end])
        pickled = read_pickle(path)
        assert f"ends in the middle, at byte {end:,}" in pickled.problem
        got = pickled.plain(pickled.root)
        events = (got.get("device_traces") or [[]])[0]
        assert events[:-1] == whole["device_traces"][0][: max(len(events) - 1, 0)]
        counts.append(len(events))
    assert counts == sorted(counts)
    assert counts[-1] > 3000

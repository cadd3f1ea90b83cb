"""What a snapshot tells: segments, lifetimes, the peak, fragmentation, failures, leaks, and what changed."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from snapshot_files import MIB, block, event, frame, segment, write_snapshot

from stepscope.profiler.discovery import find_profiles
from stepscope.profiler.snapshots.address_map import address_map
from stepscope.profiler.snapshots.lifetimes import AlwaysThere, lifetimes, snapshot_curve
from stepscope.profiler.snapshots.pickle_bytes import pickle_bytes
from stepscope.profiler.snapshots.polygons import polygons
from stepscope.profiler.snapshots.reading import read_snapshot
from stepscope.profiler.snapshots.regions import snapshot_regions
from stepscope.profiler.snapshots.snapshot import Snapshot
from stepscope.profiler.snapshots.tables import (
    snapshot_allocations,
    snapshot_by_stack,
    snapshot_diff,
    snapshot_fragmentation,
    snapshot_leaks,
    snapshot_ooms,
    snapshot_peak,
)

MODEL = [frame("empty", 0, "??"), frame("linear", 5, "/x/site-packages/torch/nn/linear.py"), frame("build", 12)]
STEP = [frame("matmul", 0, "??"), frame("forward", 40)]
BASE = 0x7F00_0000_0000


def sample(folder: Path, **more: Any) -> Snapshot:
    """A model from before the first event; 6 MiB for a while, 2 MiB that stay; a request that fails."""
    blocks = [block(BASE, 4 * MIB, stack=MODEL), block(BASE + 4 * MIB, 6 * MIB, "inactive")]
    blocks += [block(BASE + 10 * MIB, 2 * MIB, stack=STEP), block(BASE + 12 * MIB, 8 * MIB, "inactive")]
    events = [
        event("segment_alloc", BASE, 20 * MIB, 100),
        event("alloc", BASE + 4 * MIB, 6 * MIB, 200, STEP),
        event("alloc", BASE + 10 * MIB, 2 * MIB, 300, STEP),
        event("free_requested", BASE + 4 * MIB, 6 * MIB, 400, STEP),
        event("free_completed", BASE + 4 * MIB, 6 * MIB, 500, STEP),
        event("oom", 0, 64 * MIB, 600, STEP, device_free=3 * MIB),
    ]
    return read_snapshot(write_snapshot(folder / "snapshot.pickle", [segment(BASE, blocks)], [events], **more))


def test_segments_blocks_and_stacks_are_read(tmp_path: Path) -> None:
    found = sample(tmp_path)
    assert found.devices == [0]
    assert found.segments.total.tolist() == [20 * MIB]
    assert found.blocks.requested.tolist()[0] == 4 * MIB - 24
    assert found.settings == {"max_split_size": -1}
    assert found.stacks.label(int(found.blocks.stack[0])) == "build (/home/me/train.py:12)"
    assert "linear (/x/site-packages/torch/nn/linear.py:5)" in found.stacks.text(int(found.blocks.stack[0]))


@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 5])
def test_every_protocol_says_the_same(tmp_path: Path, protocol: int) -> None:
    tables = [snapshot_peak(*_studied(sample(tmp_path, protocol=each))).to_csv() for each in (protocol, 4)]
    assert tables[0] == tables[1]


def test_curves_end_at_what_the_segments_say_and_peak_where_most_was_allocated(tmp_path: Path) -> None:
    _, _, curve = _studied(sample(tmp_path))
    assert [value // MIB for value in curve.allocated] == [4, 10, 12, 6]
    assert [value // MIB for value in curve.reserved] == [20, 20, 20, 20]
    assert curve.peak == 2


def test_lifetimes_know_what_was_there_before_and_what_stays(tmp_path: Path) -> None:
    _, found, _ = _studied(sample(tmp_path))
    told = {
        int(size) // MIB: (int(begin), int(end))
        for size, begin, end in zip(found.size, found.begin, found.end, strict=True)
    }
    assert told == {
        4: (AlwaysThere.min, AlwaysThere.max),
        6: (200_000, 500_000),
        2: (300_000, AlwaysThere.max),
    }


def test_the_peak_is_explained_to_the_last_byte(tmp_path: Path) -> None:
    snapshot, found, curve = _studied(sample(tmp_path))
    table = snapshot_peak(snapshot, found, curve)
    assert sum(table["bytes"]) == 12 * MIB
    assert list(table["where"]) == ["forward (/home/me/train.py:40)", "build (/home/me/train.py:12)"]


def test_what_is_allocated_now_by_stack(tmp_path: Path) -> None:
    told = list(snapshot_by_stack(sample(tmp_path), 0).rows())
    assert [(row["bytes"] // MIB, row["rounding"]) for row in told] == [(4, 24), (2, 24)]


def test_fragmentation_is_what_a_large_request_misses_of_the_free_memory(tmp_path: Path) -> None:
    row = next(snapshot_fragmentation(sample(tmp_path), 0).rows())
    assert row["free"] == 14 * MIB
    assert row["largest_free"] == 8 * MIB
    assert row["fragmentation"] == pytest.approx(6 / 14)


def test_a_failed_request_is_told_with_what_was_free(tmp_path: Path) -> None:
    snapshot, _, curve = _studied(sample(tmp_path))
    row = next(snapshot_ooms(snapshot, 0, curve, 100_000).rows())
    assert (row["asked"], row["free"], row["allocated"]) == (64 * MIB, 3 * MIB, 6 * MIB)
    assert row["where"] == "forward (/home/me/train.py:40)"


def test_polygons_lie_on_one_another(tmp_path: Path) -> None:
    _, found, _ = _studied(sample(tmp_path))
    shapes = polygons(found, (100_000, 600_000))
    sizes = found.size[shapes.row] // MIB
    assert sizes.tolist() == [4, 6, 2]
    below = [
        [
            (int(shapes.times[place]), int(low) // MIB)
            for place, low in zip(shapes.place[a:b], shapes.below[a:b], strict=True)
        ][:-1]
        for a, b in zip(shapes.first[:-1], shapes.first[1:], strict=True)
    ]
    assert below == [[(100_000, 0)], [(200_000, 4)], [(300_000, 10), (500_000, 4)]]
    fewer = polygons(found, (100_000, 600_000), most=1)
    assert fewer.hidden == 2
    assert fewer.row.tolist() == [0]


def test_many_allocations_stay_few_shapes(tmp_path: Path) -> None:
    events = [event("alloc", BASE + 512 * row, 512, row + 1, STEP) for row in range(5000)]
    events += [event("free_completed", BASE + 512 * row, 512, 6000 + row) for row in range(5000)]
    snapshot = read_snapshot(write_snapshot(tmp_path / "s.pickle", [], [events]))
    _, found, _ = _studied(snapshot)
    shapes = polygons(found, (0, 11_000_000), most=200)
    assert len(shapes.row) == 200
    assert shapes.hidden == 4800
    assert len(shapes.place) < 100_000
    assert shapes.below.max() == 199 * 512


def test_the_address_map_of_many_blocks_is_cut_into_cells_that_keep_the_share(tmp_path: Path) -> None:
    blocks = [block(BASE + 512 * row, 512, "active_allocated" if row % 4 == 0 else "inactive") for row in range(4000)]
    snapshot = read_snapshot(write_snapshot(tmp_path / "s.pickle", [segment(BASE, blocks)], [[]]))
    cells = address_map(snapshot, 0)
    assert len(cells.start) == 600
    assert float((cells.used * cells.size).sum()) == pytest.approx(1000 * 512, rel=1e-5)


def test_a_stack_that_keeps_memory_all_the_time_is_a_suspect(tmp_path: Path) -> None:
    events: list[dict[str, Any]] = []
    for row in range(100):
        events.append(event("alloc", BASE + row * MIB, 1 * MIB, 10 * row + 1, STEP))
        if row < 30:
            events.append(event("alloc", BASE + (1000 + row) * MIB, MIB, 10 * row + 2, MODEL))  # at the beginning only
        events.append(event("alloc", 0x10, MIB, 10 * row + 3, MODEL))
        events.append(event("free_completed", 0x10, MIB, 10 * row + 4, MODEL))
    snapshot = read_snapshot(write_snapshot(tmp_path / "s.pickle", [], [events]))
    told = list(snapshot_leaks(snapshot, lifetimes(snapshot, 0)).rows())
    assert [(row["where"], row["bytes"] // MIB) for row in told] == [("forward (/home/me/train.py:40)", 100)]
    assert told[0]["parts"] == 10


def test_two_snapshots_differ_by_what_a_stack_has_more(tmp_path: Path) -> None:
    blocks = [block(BASE, 4 * MIB, stack=MODEL), block(BASE + 4 * MIB, MIB, stack=STEP)]
    later = sample(tmp_path)
    earlier = read_snapshot(write_snapshot(tmp_path / "earlier.pickle", [segment(BASE, blocks)], [[]]))
    told = list(snapshot_diff(earlier, later, 0).rows())
    assert [(row["where"], row["change"], row["relative"]) for row in told] == [
        ("forward (/home/me/train.py:40)", MIB, 1.0)
    ]


def test_snapshots_of_torch_before_2_1_have_histories_and_no_times(tmp_path: Path) -> None:
    blocks = [{"size": 512, "state": "active_allocated", "history": [{"addr": BASE, "real_size": 100, "frames": STEP}]}]
    blocks.append({"size": 1536, "state": "inactive"})
    events = [{"action": "alloc", "addr": BASE, "size": 512, "stream": 0, "frames": STEP}]
    old = segment(BASE, []) | {"blocks": blocks, "total_size": 2048}
    snapshot = read_snapshot(write_snapshot(tmp_path / "s.pickle", [old], [events]))
    assert snapshot.blocks.address.tolist() == [BASE, BASE + 512]
    assert snapshot.blocks.requested.tolist() == [100, 1536]
    assert not lifetimes(snapshot, 0).timed
    assert next(snapshot_allocations(snapshot, lifetimes(snapshot, 0)).rows())["allocated"] == 0


def test_several_devices_are_told_apart(tmp_path: Path) -> None:
    segments = [segment(BASE, [block(BASE, 512)], device=1), segment(BASE, [block(BASE, 1024)], device=0)]
    snapshot = read_snapshot(write_snapshot(tmp_path / "s.pickle", segments, [[], [event("alloc", 1, 2, 3)]]))
    assert snapshot.devices == [0, 1]
    assert [int(lifetimes(snapshot, device).size.sum()) for device in (0, 1)] == [1024, 514]


def test_other_pickles_are_told_to_be_no_snapshot(tmp_path: Path) -> None:
    path = tmp_path / "weights.pickle"
    path.write_bytes(b"\x80\x04}\x94\x8c\x01a\x94K\x01s.")
    with pytest.raises(ValueError, match=r"weights\.pickle: no memory snapshot: .* only a"):
        read_snapshot(path)


def test_entries_that_are_none_are_left_out_and_counted(tmp_path: Path) -> None:
    blocks: list[Any] = [block(BASE, MIB), None, "noise"]
    whole = segment(BASE, blocks[:1]) | {"blocks": blocks}
    events: list[Any] = [[event("alloc", BASE, MIB, 1), 7, None]]
    found = read_snapshot(write_snapshot(tmp_path / "snapshot.pickle", [whole, 5], events))  # type: ignore[list-item]
    assert (len(found.segments), len(found.blocks), len(found.events)) == (1, 1, 1)
    told = {remark.text.split()[0]: remark.count for remark in found.remarks}
    assert told == {"segments": 1, "blocks": 2, "events": 2}


def test_compressed_snapshots_are_found_and_read(tmp_path: Path) -> None:
    sample(tmp_path)
    plain = (tmp_path / "snapshot.pickle").read_bytes()
    path = tmp_path / "other.pkl.gz"
    path.write_bytes(gzip.compress(plain))
    assert {Path(found.paths[0]).name: found.kind for found in find_profiles(tmp_path)}["other.pkl.gz"] == "snapshot"
    assert read_snapshot(path).segments.total.tolist() == [20 * MIB]
    path.write_bytes(gzip.compress(plain[:300]) + gzip.compress(plain[300:]) + bytes(9))
    assert read_snapshot(path).segments.total.tolist() == [20 * MIB]
    path.write_bytes(gzip.compress(plain)[:-200])
    (remark,) = read_snapshot(path).remarks
    assert "the compressed file is cut off" in remark.text
    path.write_bytes(gzip.compress(bytes(2 << 20)))
    with pytest.raises(ValueError, match="unpacks to more than"):
        pickle_bytes(path, most=1 << 20)


def _mark(name: str, stage: str, time_us: int, device: int = 0) -> dict[str, Any]:
    return {"name": name, "stage": stage, "time_us": time_us, "device": device}


def test_marks_of_the_program_tell_what_memory_did_in_them(tmp_path: Path) -> None:
    marks = [_mark("step", "START", 150), _mark("load", "START", 250), _mark("load", "END", 350)]
    marks += [_mark("step", "END", 550), _mark("late", "START", 450), _mark("other", "START", 1, 1)]
    found, _, curve = _studied(sample(tmp_path, external_annotations=marks))
    rows = list(snapshot_regions(found, 0, curve, 100_000).rows())
    told = [(row["name"], row["start"] // 1000, row["peak"] // MIB, row["grown"] // MIB) for row in rows]
    assert told == [("step", 50, 12, 2), ("load", 150, 12, 2), ("late", 350, 12, -6)]
    assert rows[0]["rise"] == 8 * MIB


def test_a_truncated_snapshot_says_so_and_shows_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "snapshot.pickle"
    sample(tmp_path)
    path.write_bytes(path.read_bytes()[:-400])
    found = read_snapshot(path)
    assert len(found.segments) == 1
    assert "ends in the middle" in found.remarks[0].text


def _studied(snapshot: Snapshot) -> Any:
    found = lifetimes(snapshot, 0)
    return snapshot, found, snapshot_curve(snapshot, 0, found)

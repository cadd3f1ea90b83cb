"""Damaged and unfinished event files: what can be read is read, what cannot is counted, nobody else is hurt."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import numpy as np
import pytest
from reader_logs import append, event, points, read, scalar, steps, tensor_value, version, write

from stepscope.logger import plugins
from stepscope.logger.crc32c import masked_crc32c
from stepscope.logger.proto import event_pb2 as pb
from stepscope.logger.reader import Damage, LogDir
from stepscope.logger.records import frame

RECORDS = [scalar("x", step, float(step)) for step in range(10)]


def damage_of(log: LogDir, run: str = ".") -> tuple[Damage, ...]:
    [file] = log.files(run)
    return file.damage


def test_a_flipped_byte_in_the_data_drops_that_record_alone(tmp_path: Path) -> None:
    broken = bytearray(RECORDS[5])
    broken[20] ^= 0x40
    write(tmp_path, *RECORDS[:5], bytes(broken), *RECORDS[6:])
    log = read(tmp_path)
    assert steps(log, "x") == [0, 1, 2, 3, 4, 6, 7, 8, 9]
    offset = sum(map(len, RECORDS[:5]))
    assert damage_of(log) == (Damage(offset, len(broken), "checksum of the data is wrong"),)
    [file] = log.files(".")
    assert (file.state, file.events) == ("damaged", 9)
    assert log.status().damaged == 1


def test_a_wrong_checksum_of_the_data(tmp_path: Path) -> None:
    write(tmp_path, *RECORDS[:5], RECORDS[5][:-4] + b"abcd", *RECORDS[6:])
    assert steps(read(tmp_path), "x") == [0, 1, 2, 3, 4, 6, 7, 8, 9]


def test_a_wrong_checksum_of_the_length(tmp_path: Path) -> None:
    write(tmp_path, *RECORDS[:5], RECORDS[5][:8] + b"abcd" + RECORDS[5][12:], *RECORDS[6:])
    log = read(tmp_path)
    assert steps(log, "x") == [0, 1, 2, 3, 4, 6, 7, 8, 9]
    [damage] = damage_of(log)
    assert (damage.offset, damage.length) == (sum(map(len, RECORDS[:5])), len(RECORDS[5]))


@pytest.mark.parametrize(
    "noise", [bytes(4096), os.urandom(5000), b"\xff" * 100, b"x"], ids=["zeros", "random", "ff", "x"]
)
def test_noise_between_records_is_stepped_over(tmp_path: Path, noise: bytes) -> None:
    write(tmp_path, *RECORDS[:5], noise, *RECORDS[5:])
    log = read(tmp_path)
    assert steps(log, "x") == list(range(10))
    [damage] = damage_of(log)
    assert (damage.offset, damage.length) == (sum(map(len, RECORDS[:5])), len(noise))


def test_bytes_missing_from_the_middle_of_a_record(tmp_path: Path) -> None:
    write(tmp_path, *RECORDS[:5], RECORDS[5][:20] + RECORDS[5][25:], *RECORDS[6:])
    log = read(tmp_path)
    assert steps(log, "x") == [0, 1, 2, 3, 4, 6, 7, 8, 9]
    assert len(damage_of(log)) == 1


def test_a_torn_record_that_another_writer_appended_to(tmp_path: Path) -> None:
    write(tmp_path, *RECORDS[:5], RECORDS[5][:30], *RECORDS[6:])
    assert steps(read(tmp_path), "x") == [0, 1, 2, 3, 4, 6, 7, 8, 9]


@pytest.mark.parametrize(
    "message",
    [
        b"\x09abc",  # a double cut short
        b"\x2a\xff\xff\xff\xff\x0f",  # a summary longer than its event
        b"\x2a\x04\x0a\x7f\x0a\x01",  # a value longer than its summary
        b"\x2a\x07\x0a\x05\x0a\x01x\x15\x00",  # a float cut short
        b"\x10" + b"\xff" * 11,  # a varint without end
        b"\x03\x04",  # a group
        b"\x00",
    ],
    ids=["double", "summary", "value", "float", "varint", "group", "zero"],
)
def test_a_malformed_message_in_a_valid_record(tmp_path: Path, message: bytes) -> None:
    write(tmp_path, *RECORDS[:5], frame(message), *RECORDS[5:])
    log = read(tmp_path)
    assert steps(log, "x") == list(range(10))
    assert [damage.reason for damage in damage_of(log)] == ["malformed message"]


def test_a_record_half_of_which_is_malformed_leaves_nothing(tmp_path: Path) -> None:
    good = pb.Summary.Value(tag="x", simple_value=99.0).SerializeToString()
    summary = b"\x0a" + bytes([len(good)]) + good + b"\x0a\x7f"
    write(tmp_path, *RECORDS, frame(b"\x10\x63\x2a" + bytes([len(summary)]) + summary))
    assert steps(read(tmp_path), "x") == list(range(10))


def test_a_length_of_a_terabyte_with_a_valid_checksum_is_noise(tmp_path: Path) -> None:
    length = struct.pack("<Q", 1 << 62)
    write(tmp_path, *RECORDS[:5], length + struct.pack("<I", masked_crc32c(length)), *RECORDS[5:])
    assert steps(read(tmp_path), "x") == list(range(10))


def test_nothing_but_noise(tmp_path: Path) -> None:
    write(tmp_path / "bad", bytes(np.random.default_rng(0).integers(0, 256, 100_000, np.uint8)))
    write(tmp_path / "good", *RECORDS)
    log = read(tmp_path)
    assert log.tags("bad") == {}
    assert log.files("bad")[0].state == "damaged"
    assert steps(log, "x", "good") == list(range(10))


# --- every byte -------------------------------------------------------------------------------------------------------


def small_file() -> tuple[list[bytes], bytes]:
    """Records of every shape, few bytes each."""
    records = [
        version(),
        scalar("x", 0, 0.5),
        event(tensor_value("t", np.float64(2.5), plugins.SCALARS), step=1),
        event(pb.Summary.Value(tag="x", simple_value=1.0), pb.Summary.Value(tag="y", simple_value=2.0), step=2),
        event(tensor_value("note", np.array("hello"), plugins.TEXT), step=3),
        scalar("x", 4, 4.0),
    ]
    return records, b"".join(records)


def points_of(log: LogDir) -> set[tuple[str, int, float]]:
    """Every scalar point of the only run."""
    found = set()
    for tag in log.tags(".").get("scalars", []):
        series = log.scalars(".", tag)
        found |= {(tag, int(step), float(value)) for step, value in zip(series.step, series.value, strict=True)}
    return found


ALL_POINTS = [set(), {("x", 0, 0.5)}, {("t", 1, 2.5)}, {("x", 2, 1.0), ("y", 2, 2.0)}, set(), {("x", 4, 4.0)}]


def test_cut_off_at_every_byte_then_completed(tmp_path: Path) -> None:
    records, data = small_file()
    ends = np.cumsum([len(record) for record in records])
    everything = set().union(*ALL_POINTS)
    for cut in range(len(data)):
        path = write(tmp_path, data[:cut])
        with read(tmp_path) as log:
            whole = int(np.searchsorted(ends, cut, side="right"))
            assert points_of(log) == set().union(*ALL_POINTS[:whole]), cut
            [file] = log.files(".")
            assert (file.state, file.damage) == ("ok" if cut == 0 or cut in ends else "truncated", ()), cut
            append(path, data[cut:])
            log.refresh()
            assert points_of(log) == everything, cut
            assert log.files(".")[0].state == "ok", cut


def test_every_byte_wrong_in_turn(tmp_path: Path) -> None:
    records, data = small_file()
    ends = np.cumsum([len(record) for record in records])
    for position in range(len(data)):
        broken = bytearray(data)
        broken[position] ^= 0xFF
        write(tmp_path, bytes(broken))
        with read(tmp_path) as log:
            hit = int(np.searchsorted(ends, position, side="right"))
            assert points_of(log) == set().union(*ALL_POINTS[:hit], *ALL_POINTS[hit + 1 :]), position
            [file] = log.files(".")
            assert (file.state, file.events) == ("damaged", len(records) - 1), position


def test_every_byte_missing_in_turn(tmp_path: Path) -> None:
    records, data = small_file()
    ends = np.cumsum([len(record) for record in records])
    for position in range(len(data) - len(records[-1])):
        write(tmp_path, data[:position] + data[position + 1 :])
        with read(tmp_path) as log:
            hit = int(np.searchsorted(ends, position, side="right"))
            assert points_of(log) == set().union(*ALL_POINTS[:hit], *ALL_POINTS[hit + 1 :]), position


# --- unreadable things ------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_does_not_hurt_others(tmp_path: Path) -> None:
    locked = write(tmp_path / "locked", *RECORDS)
    write(tmp_path / "open", *RECORDS)
    locked.chmod(0)
    log = read(tmp_path)
    assert steps(log, "x", "open") == list(range(10))
    assert log.files("locked")[0].state == "unreadable"
    locked.chmod(0o644)
    log.refresh()
    assert steps(log, "x", "locked") == list(range(10))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_named_pipe_does_not_block(tmp_path: Path) -> None:
    write(tmp_path, *RECORDS)
    os.mkfifo(tmp_path / "events.out.tfevents.1.pipe")
    assert steps(read(tmp_path), "x") == list(range(10))


def test_a_folder_named_like_an_event_file(tmp_path: Path) -> None:
    write(tmp_path, *RECORDS)
    write(tmp_path / "events.out.tfevents.1.folder", points("y", range(2)))
    log = read(tmp_path)
    assert log.runs == [".", "events.out.tfevents.1.folder"]
    assert steps(log, "x") == list(range(10))


def test_a_read_error_is_reported_and_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from stepscope.logger.reader.storage import FileHandle

    write(tmp_path / "bad", *RECORDS)
    write(tmp_path / "good", *RECORDS)
    intact = FileHandle.read_into

    def failing(self: FileHandle, offset: int, target: memoryview) -> int:
        if "bad" in self.path:
            raise OSError(5, "Input/output error")
        return intact(self, offset, target)

    monkeypatch.setattr(FileHandle, "read_into", failing)
    log = read(tmp_path)
    [file] = log.files("bad")
    assert (file.state, file.detail) == ("unreadable", "Input/output error")
    assert steps(log, "x", "good") == list(range(10))
    assert log.status().unreadable == 1
    monkeypatch.undo()
    log.refresh()
    assert steps(log, "x", "bad") == list(range(10))
    assert log.status().unreadable == 0

"""The framing of event files and the fast encoding of scalars."""

from __future__ import annotations

import io
import math
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepscope.logger.crc32c import crc32c, masked_crc32c
from stepscope.logger.errors import CorruptRecord
from stepscope.logger.event_files import RecordWriter
from stepscope.logger.proto.event_pb2 import Event
from stepscope.logger.records import frame, read_records
from stepscope.logger.scalar_records import ScalarEncoder

INT64 = st.integers(-(2**63), 2**63 - 1)
SCALARS = st.lists(st.tuples(st.text(max_size=40), st.floats(), INT64, st.floats(0, 4e9)), min_size=1, max_size=30)


def test_crc32c_of_the_vectors_in_rfc_3720() -> None:
    assert crc32c(b"123456789") == 0xE3069283
    assert crc32c(bytes(32)) == 0x8A9136AA
    assert crc32c(bytearray(b"\xff" * 32)) == 0x62A8AB43
    assert crc32c(memoryview(bytes(range(32)))) == 0x46DD794E


@given(st.lists(st.binary(max_size=300)))
def test_framed_records_come_back(contents: list[bytes]) -> None:
    stream = io.BytesIO(b"".join(map(frame, contents)))
    assert list(read_records(stream)) == contents


@given(st.lists(st.binary(max_size=50), min_size=1), st.data())
def test_a_file_cut_anywhere_gives_its_whole_records(contents: list[bytes], data: st.DataObject) -> None:
    whole = b"".join(map(frame, contents))
    cut = data.draw(st.integers(0, len(whole)))
    found = list(read_records(io.BytesIO(whole[:cut])))
    assert found == contents[: len(found)]
    assert sum(len(frame(content)) for content in contents[: len(found) + 1]) > cut or found == contents


@given(st.binary(min_size=1, max_size=50), st.data())
def test_a_changed_byte_is_noticed(content: bytes, data: st.DataObject) -> None:
    record = bytearray(frame(content))
    record[data.draw(st.integers(0, len(record) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(CorruptRecord, match="got checksum"):
        list(read_records(io.BytesIO(bytes(record))))


def test_the_framing_is_tensorboards(tmp_path) -> None:
    from tensorboard.summary.writer.record_writer import RecordWriter as Theirs

    with (tmp_path / "theirs").open("wb") as file:
        theirs = Theirs(file)
        theirs.write(b"one")
        theirs.write(b"")
        theirs.flush()
    with RecordWriter(tmp_path / "ours") as ours:
        ours.write(b"one")
        ours.write(b"")
        ours.flush()
    assert (tmp_path / "ours").read_bytes() == (tmp_path / "theirs").read_bytes()


@given(SCALARS)
def test_encoded_scalars_parse_as_the_events_they_stand_for(scalars: list[tuple[str, float, int, float]]) -> None:
    parsed = [Event.FromString(record) for record in read_records(io.BytesIO(ScalarEncoder().encode(scalars)))]
    assert len(parsed) == len(scalars)
    for event, (tag, value, step, wall_time) in zip(parsed, scalars, strict=True):
        with np.errstate(over="ignore"):
            single = float(np.float32(value))
        (stored,) = event.summary.value
        assert (stored.tag, event.step, event.wall_time) == (tag, step, wall_time)
        assert stored.simple_value == single or (math.isnan(stored.simple_value) and math.isnan(single))


def test_a_tag_that_is_no_unicode_text_is_kept_readable() -> None:
    data = ScalarEncoder().encode([("broken \udc80 name", 1.0, 0, 0.0)])
    (record,) = read_records(io.BytesIO(data))
    assert Event.FromString(record).summary.value[0].tag == "broken ? name"


def test_records_hold_their_length_and_masked_checksums() -> None:
    length = struct.pack("<Q", 3)
    head = length + struct.pack("<I", masked_crc32c(length))
    assert frame(b"abc") == head + b"abc" + struct.pack("<I", masked_crc32c(b"abc"))

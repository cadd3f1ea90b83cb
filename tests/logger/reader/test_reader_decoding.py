"""The compiled decoder agrees with protobuf on whatever can be written."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit
from reader_logs import many_points, read, scalar, steps, tensor_value, write

from stepscope.logger import open_logdir, plugins
from stepscope.logger.proto import event_pb2 as pb
from stepscope.logger.reader import scan
from stepscope.logger.reader.decoder import Decoder
from stepscope.logger.reader.memory import table_step8, table_step64
from stepscope.logger.records import frame
from stepscope.logger.tensors import tensor_array

INT64 = st.integers(-(2**63), 2**63 - 1)
NAMES = st.text(st.characters(codec="utf-8"), max_size=12)
DTYPES = st.sampled_from(
    ["float32", "float64", "float16", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "bool"]
)


@st.composite
def tensors(draw: st.DrawFn) -> pb.TensorProto:
    """Numeric tensors of few elements, stored in either way."""
    dtype = np.dtype(draw(DTYPES))
    shape = draw(st.sampled_from([(), (1,), (1, 1), (2,), (0,)]))
    count = int(np.prod(shape))
    size = count * dtype.itemsize
    array = np.frombuffer(draw(st.binary(min_size=size, max_size=size)), np.uint8)
    array = (array & 1 if dtype.kind == "b" else array).view(dtype).reshape(shape)
    proto = tensor_value("", array).tensor
    if draw(st.booleans()) and count:
        fields = {"f4": "float_val", "f8": "double_val", "i8": "int64_val", "u4": "uint32_val", "u8": "uint64_val"}
        field = {"b": "bool_val", "f": "half_val"}.get(dtype.kind, "int_val")
        field = fields.get(dtype.str[1:], field)
        proto.tensor_content = b""
        values = array.ravel().view(np.uint16) if field == "half_val" else array.ravel()
        getattr(proto, field).extend(values.tolist())
    return proto


@st.composite
def values(draw: st.DrawFn) -> pb.Summary.Value:
    value = pb.Summary.Value(tag=draw(NAMES), node_name=draw(st.sampled_from(["", "node"])))
    kind = draw(st.sampled_from(["simple", "simple", "tensor", "tensor", "text", "histogram", "nothing"]))
    if kind == "simple":
        value.simple_value = draw(st.floats(width=32))
    elif kind == "tensor":
        value.tensor.CopyFrom(draw(tensors()))
        value.metadata.CopyFrom(plugins.metadata(plugins.SCALARS))
    elif kind == "text":
        value.tensor.CopyFrom(tensor_value("", np.array(draw(NAMES)), None).tensor)
        value.metadata.CopyFrom(plugins.metadata(plugins.TEXT, description=draw(NAMES)))
    elif kind == "histogram":
        value.histo.CopyFrom(pb.HistogramProto(min=0.0, max=1.0, bucket_limit=[1.0], bucket=[draw(st.floats(0, 1))]))
    return value


EVENTS = st.lists(st.tuples(INT64, st.floats(), st.lists(values(), max_size=4)), max_size=12)


def expected_scalars(events: list[pb.Event]) -> list[tuple[str, int, float, float]]:
    """(tag, step, wall time, value) of every scalar, by the reference implementation."""
    found = []
    for event in events:
        for value in event.summary.value:
            tag = value.tag or value.node_name
            if value.HasField("simple_value"):
                found.append((tag, event.step, event.wall_time, value.simple_value))
            elif value.HasField("tensor") and value.tensor.dtype != pb.DT_STRING:
                array = tensor_array(value.tensor)
                if array.size == 1:
                    found.append((tag, event.step, event.wall_time, float(array.item())))
    return found


def decoded_scalars(data: bytes) -> list[tuple[str, int, float, float]]:
    decoder = Decoder(rows=2)  # tables that must grow
    buffer = np.frombuffer(data, np.uint8)
    decoder.run(buffer, len(buffer), 0, final=True)
    batch = decoder.take()
    found = []
    for part in batch.parts:
        block = part.block
        for number, tag in enumerate(batch.tags):
            rows = slice(int(block.offsets[number]), int(block.offsets[number + 1]))
            columns = block.step[rows].tolist(), block.wall[rows].tolist(), block.value[rows].tolist()
            found += [(tag.name, *row) for row in zip(*columns, strict=True)]
    return found


def comparable(rows: list[tuple[str, int, float, float]]) -> list[str]:
    return sorted(repr(row) for row in rows)


@settings(max_examples=100, deadline=None)
@given(EVENTS)
def test_scalars_are_what_protobuf_says(drawn: list[tuple[int, float, list[pb.Summary.Value]]]) -> None:
    events = [pb.Event(step=step, wall_time=wall, summary=pb.Summary(value=vs)) for step, wall, vs in drawn]
    data = b"".join(frame(event.SerializeToString()) for event in events)
    assert comparable(decoded_scalars(data)) == comparable(expected_scalars(events))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.binary(max_size=60), max_size=8))
def test_random_messages_never_disturb_their_neighbours(messages: list[bytes]) -> None:
    records = [frame(message) for message in messages]
    guard = frame(pb.Event(step=7, summary=pb.Summary(value=[pb.Summary.Value(tag="\0guard", simple_value=1.0)]))
                  .SerializeToString())  # fmt: skip
    rows = [row for row in decoded_scalars(b"".join([guard, *records, guard])) if row[0] == "\0guard"]
    assert rows == [("\0guard", 7, 0.0, 1.0)] * 2


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_random_bytes_are_survived(data: bytes) -> None:
    assert decoded_scalars(data) == []


@pytest.mark.parametrize("bits", [0x0001, 0x03FF, 0x0400, 0x3C00, 0x7BFF, 0x7C00, 0xFC00, 0x7E00, 0x8000, 0xB555])
def test_half_precision_bit_by_bit(bits: int, tmp_path: Path) -> None:
    tensor = pb.TensorProto(dtype=pb.DT_HALF, half_val=[bits])
    value = pb.Summary.Value(tag="x", tensor=tensor, metadata=plugins.metadata(plugins.SCALARS))
    [(_, _, _, decoded)] = decoded_scalars(frame(pb.Event(summary=pb.Summary(value=[value])).SerializeToString()))
    expected = float(np.uint16(bits).view(np.float16))
    assert decoded == expected or (math.isnan(decoded) and math.isnan(expected))


def test_a_large_file_in_parallel_chunks_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of a few kilobytes, with damage in the middle and records larger than a chunk."""
    monkeypatch.setattr(scan, "_CHUNK", 4096)
    monkeypatch.setattr(scan, "_PARALLEL_FROM", 8192)
    scan.release_buffers()
    data = many_points(tags=5, count=400)
    big = frame(pb.Event(step=401, graph_def=bytes(20_000)).SerializeToString())
    tail = b"".join(scalar("tag_000", step, 1.0) for step in range(402, 500))
    write(tmp_path, data, big, tail)
    log = read(tmp_path)
    assert steps(log, "tag_004") == list(range(400))
    assert steps(log, "tag_000") == [*range(400), *range(402, 500)]
    assert log.status().events == 1 + 2000 + 1 + 98
    for position in (len(data) // 2, len(data) - 10, 4090):
        broken = bytearray(data + big + tail)
        broken[position] ^= 0xFF
        write(tmp_path, bytes(broken))
        log.refresh()
        assert log.status().events == 2099
        assert log.files(".")[0].state == "damaged"
    scan.release_buffers()


def test_a_file_beyond_the_limit_of_one_pass_is_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "_CHUNK", 1024)
    monkeypatch.setattr(scan, "READ_LIMIT", 8192)
    scan.release_buffers()
    for run in ("a", "b"):
        write(tmp_path / run, many_points(tags=5, count=400))
    log = read(tmp_path)
    assert [steps(log, "tag_003", run) for run in ("a", "b")] == [list(range(400))] * 2
    scan.release_buffers()


def test_a_process_pool_reads_files(tmp_path: Path) -> None:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    for run in ("a", "b"):
        write(tmp_path / run, many_points(tags=2, count=50))
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        log = open_logdir(tmp_path, index_dir=False, executor=pool)
        assert [steps(log, "tag_001", run) for run in ("a", "b")] == [list(range(50))] * 2


def test_checksums_without_the_processors_instruction() -> None:
    """The table look-ups, which other processors use, against the check value of RFC 3720."""

    @njit
    def crc_of_nine_bytes(word: int, last: int) -> int:
        return table_step8(table_step64(0xFFFFFFFF, word), last) ^ 0xFFFFFFFF

    assert crc_of_nine_bytes(int.from_bytes(b"12345678", "little"), ord("9")) == 0xE3069283

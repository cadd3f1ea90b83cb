"""Event files for the reader's tests, record by record."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from stepscope.logger import LogDir, open_logdir, plugins
from stepscope.logger.proto import event_pb2 as pb
from stepscope.logger.records import frame
from stepscope.logger.tensors import tensor_proto

NAME = "events.out.tfevents.1700000000.host"


def version(wall: float = 1.0) -> bytes:
    """The record that event files begin with."""
    return frame(pb.Event(wall_time=wall, file_version="brain.Event:2").SerializeToString())


def event(*values: pb.Summary.Value, step: int = 0, wall: float | None = None) -> bytes:
    """A record with these values; without `wall` the wall time is 1000 + step."""
    time = 1000.0 + step if wall is None else wall
    return frame(pb.Event(wall_time=time, step=step, summary=pb.Summary(value=values)).SerializeToString())


def scalar(tag: str, step: int, value: float, wall: float | None = None) -> bytes:
    return event(pb.Summary.Value(tag=tag, simple_value=value), step=step, wall=wall)


def points(tag: str, steps: Iterable[int], wall: float = 1000.0, offset: float = 0.0) -> bytes:
    """One record per step, a second apart from `wall` on, with the value step + offset."""
    return b"".join(scalar(tag, step, step + offset, wall + second) for second, step in enumerate(steps))


def tensor_value(tag: str, array: object, plugin: str | None = None, data_class: int | None = None) -> pb.Summary.Value:
    value = pb.Summary.Value(tag=tag, tensor=tensor_proto(np.asarray(array)))
    if plugin is not None:
        value.metadata.CopyFrom(plugins.metadata(plugin))
        if data_class is not None:
            value.metadata.data_class = data_class
    return value


def session_start(step: int, wall: float) -> bytes:
    log = pb.SessionLog(status=pb.SessionLog.START)
    return frame(pb.Event(wall_time=wall, step=step, session_log=log).SerializeToString())


def write(folder: Path, *records: bytes, name: str = NAME) -> Path:
    """An event file of these records."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(b"".join(records))
    return path


def append(path: Path, *records: bytes) -> None:
    with open(path, "ab") as file:
        file.write(b"".join(records))


def read(folder: Path) -> LogDir:
    """The log as it is now, without an index."""
    return open_logdir(folder, index_dir=False)


def steps(log: LogDir, tag: str, run: str = ".") -> list[int]:
    return log.scalars(run, tag).step.tolist()


def latest(log: LogDir, tag: str, run: str = ".") -> list[tuple[int, float]]:
    """(step, value) without superseded points."""
    series = log.scalars(run, tag).latest()
    return list(zip(series.step.tolist(), series.value.tolist(), strict=True))


def many_points(tags: int, count: int, seed: int = 0) -> bytes:
    """`count` steps of `tags` scalars, framed by numpy: as torch would write them, much faster."""
    import google_crc32c

    from stepscope.logger.crc32c import mask

    values = np.random.default_rng(seed).normal(size=(count, tags)).astype("<f4")
    parts = [version()]
    for step in range(count):
        for tag in range(tags):
            name = b"tag_%03d" % tag
            value = b"\x0a\x07" + name + b"\x15" + values[step, tag].tobytes()
            data = b"\x09" + struct.pack("<d", 1000.0 + step) + b"\x10" + _varint(step)
            data += b"\x2a" + bytes([len(value) + 2]) + b"\x0a" + bytes([len(value)]) + value
            head = struct.pack("<Q", len(data))
            parts.append(
                head + struct.pack("<I", mask(google_crc32c.value(head))) + data
                + struct.pack("<I", mask(google_crc32c.value(data)))
            )  # fmt: skip
    return b"".join(parts)


def _varint(number: int) -> bytes:
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def backdate(path: Path, like: os.stat_result) -> None:
    """Put a file's times back, as copying tools do."""
    os.utime(path, ns=(like.st_atime_ns, like.st_mtime_ns))

"""What the web app's tests share: event files written by hand, frames decoded as a browser does, a running server."""

from __future__ import annotations

import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from stepscope.logger.proto.event_pb2 import Event
from stepscope.logger.records import frame

START = 1_700_000_000.0
REAL_RUNS = Path(__file__).parents[3] / "shared" / "real_runs"  # what users have; not on every machine
Points = Sequence[tuple[int, float]]  # (step, value)


def event_bytes(step: int, wall_time: float, tag: str, value: float) -> bytes:
    """One framed scalar event."""
    event = Event(step=step, wall_time=wall_time)
    event.summary.value.add(tag=tag, simple_value=value)
    return frame(event.SerializeToString())


def write_run(folder: Path, series: Mapping[str, Points], start: float = START, name: str = "0") -> Path:
    """Write one event file with these scalars, half a second between steps; returns the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"events.out.tfevents.{int(start)}.host.{name}"
    head = frame(Event(wall_time=start, file_version="brain.Event:2").SerializeToString())
    rows = [(step, tag, value) for tag, points in series.items() for step, value in points]
    body = [event_bytes(step, start + step / 2, tag, value) for step, tag, value in sorted(rows, key=lambda r: r[0])]
    path.write_bytes(head + b"".join(body))
    return path


@dataclass(frozen=True)
class Drawn:
    """One series of a decoded frame."""

    header: dict[str, Any]
    arrays: dict[str, np.ndarray[Any, Any]]

    def __getattr__(self, name: str) -> Any:
        if name in self.arrays:
            return self.arrays[name]
        try:
            return self.header[name]
        except KeyError:
            raise AttributeError(name) from None


def decode(data: bytes) -> tuple[dict[str, Any], list[Drawn]]:
    """The header of a frame, and its series."""
    assert data[:4] == b"SSB1"
    (length,) = struct.unpack("<I", data[4:8])
    assert (8 + length) % 8 == 0
    header = json.loads(data[8 : 8 + length])
    series = []
    for entry in header["series"]:
        arrays = {}
        for name, place in entry["arrays"].items():
            assert place["at"] % 8 == 0
            arrays[name] = np.frombuffer(data, "<" + place["dtype"], entry["drawn"], 8 + length + place["at"])
        series.append(Drawn(entry, arrays))
    return header, series


def wait_for(condition: Callable[[], Any], seconds: float = 20.0) -> Any:
    """The first true value of a condition."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)
    return found


@contextmanager
def running(
    *arguments: str, environment: Mapping[str, str] | None = None
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A `dashboard` in a process of its own: (address it printed, process)."""
    command = [sys.executable, "-m", "stepscope.webapp", *arguments]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})}
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert "http://" in line, (
            f"expected the address, got {line!r} {process.stderr.read() if process.stderr else ''}"
        )
        yield line.split("at ")[1].split(" (")[0], process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)


@contextmanager
def running_tensorboard(folder: Path, *options: str) -> Iterator[str]:
    """Address of a TensorBoard that has read the folder."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tensorboard.main", "--logdir", str(folder), "--port", str(port), *options]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        url = f"http://localhost:{port}"
        _wait_until_loaded(url, folder)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def _wait_until_loaded(url: str, folder: Path) -> None:
    """Return once TensorBoard lists the folder's runs, twice the same tags."""
    runs = {path.parent for path in folder.rglob("*tfevents*")}
    before, deadline = None, time.monotonic() + 40
    while time.monotonic() < deadline:
        try:
            tags = get_json(f"{url}/data/plugin/timeseries/tags")
            if len(get_json(f"{url}/data/runs")) == len(runs) and tags == before:
                return
            before = tags
        except (urllib.error.URLError, ConnectionError):
            pass
        time.sleep(0.2)  # nothing to wait on: it is another program
    raise TimeoutError("TensorBoard did not load")


def get(url: str, headers: Mapping[str, str] | None = None, data: bytes | None = None) -> bytes:
    """The body of an answer; raises urllib.error.HTTPError on 4xx."""
    request = urllib.request.Request(url, headers=dict(headers or {}), data=data)
    with urllib.request.urlopen(request, timeout=30) as answer:
        body: bytes = answer.read()
    return body


def get_json(url: str) -> Any:
    """The JSON of an answer."""
    return json.loads(get(url))

"""The planes and lines of an XSpace file, and the events of a line as columns."""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from numpy.typing import NDArray

from ...logger import native
from ...logger.graphs.wire import fields
from . import event_layout as at

__all__ = ["Line", "LineEvents", "Plane", "XSpaceFile", "events_of", "kernels", "open_xspace", "planes_of"]

_HERE = Path(__file__).parent
_WIRE = Path(native.__file__).parent / "reader"
_SOURCES = [_HERE / "event_kernels.py", _HERE / "event_layout.py", _WIRE / "memory.py", _WIRE / "wire.py"]
_INT64 = 1 << 63


@dataclass
class XSpaceFile:
    """The bytes of a file; problems: what is wrong with them, found while reading; cut_off: it ends within a plane."""

    path: str
    bytes: mmap.mmap
    array: NDArray[np.uint8]
    problems: list[str] = field(default_factory=list)
    cut_off: bool = False

    def text(self, begin: int, end: int) -> str:
        return self.bytes[begin:end].decode("utf-8", "replace")


@dataclass(frozen=True)
class Line:
    """A thread or a stream. begin, end: its bytes in the file; zero ns: what its events count from."""

    id: int
    name: str
    zero: int
    begin: int
    end: int


@dataclass(frozen=True)
class Plane:
    """A device, or the host. events: id → (name, display name). stats: id → name; values: its own, by name."""

    name: str
    lines: list[Line]
    events: dict[int, tuple[str, str]]
    stats: dict[int, str]
    values: dict[str, int | float | str]


@dataclass(frozen=True)
class LineEvents:
    """events (n, 4) int64 and stats (m, 5) int64, columns as in event_layout.py."""

    events: NDArray[np.int64]
    stats: NDArray[np.int64]


def kernels() -> SimpleNamespace:
    """The compiled reader of events: loaded from what an earlier process compiled; compiled the first time."""
    return native.load(f"{__package__}.event_kernels", _SOURCES)


def open_xspace(path: str | Path) -> XSpaceFile:
    """Raises OSError, and ValueError for an empty file."""
    with open(path, "rb") as file:
        if not os.fstat(file.fileno()).st_size:
            raise ValueError(f"{path}: no profile: the file is empty")
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return XSpaceFile(str(path), data, np.frombuffer(data, np.uint8))


def planes_of(file: XSpaceFile) -> Iterator[Plane]:
    """The planes; of a file that is cut off those before its end, and the last as far as it goes."""
    wrong: list[str] = []
    for number, kind, a, b in fields(file.bytes, 0, None, wrong):
        if number == 1 and kind == 2:
            yield _plane(file, a, b)
    file.problems.extend(wrong)
    file.cut_off = bool(wrong)


def events_of(file: XSpaceFile, line: Line) -> LineEvents:
    """Counted first, then read."""
    kernel = kernels().events
    state = np.zeros(at.STATES, np.int64)
    kernel(state.ctypes.data, file.array.ctypes.data, line.begin, line.end)
    if state[at.DAMAGED]:
        file.problems.append(f"line {line.name}: {state[at.DAMAGED]:,} events are damaged and left out")
    events = np.zeros((int(state[at.EVENTS]), at.EVENT_COLUMNS), np.int64)
    stats = np.zeros((int(state[at.STATS]), at.STAT_COLUMNS), np.int64)
    state[:] = 0, 0, events.ctypes.data, stats.ctypes.data, len(stats), 0
    kernel(state.ctypes.data, file.array.ctypes.data, line.begin, line.end)
    return LineEvents(events, stats)


def _plane(file: XSpaceFile, begin: int, end: int) -> Plane:
    name, lines = "", []
    events: dict[int, tuple[str, str]] = {}
    stats: dict[int, str] = {}
    values: list[tuple[int, int]] = []
    for number, kind, a, b in fields(file.bytes, begin, end, file.problems):
        if kind != 2:
            continue
        if number == 2:
            name = file.text(a, b)
        elif number == 3:
            lines.append(_line(file, a, b))
        elif number == 4:
            key, told = _metadata(file, a, b)
            events[key] = told
        elif number == 5:
            key, told = _metadata(file, a, b)
            stats[key] = told[0]
        elif number == 6:
            values.append((a, b))
    return Plane(name, lines, events, stats, dict(_value(file, stats, a, b) for a, b in values))


def _line(file: XSpaceFile, begin: int, end: int) -> Line:
    identity, name, zero = 0, "", 0
    for number, kind, a, b in fields(file.bytes, begin, end, []):
        if number == 1 and kind == 0:
            identity = _signed(a)
        elif number == 3 and kind == 0:
            zero = _signed(a)
        elif number == 2 and kind == 2:
            name = file.text(a, b)
        elif number == 4:
            break  # events may be millions, and come behind what describes the line
    return Line(identity, name, zero, begin, end)


def _metadata(file: XSpaceFile, begin: int, end: int) -> tuple[int, tuple[str, str]]:
    """(id, (name, display name)) of an entry of a map."""
    key, name, display = 0, "", ""
    for number, kind, a, b in fields(file.bytes, begin, end, file.problems):
        if number == 1 and kind == 0:
            key = _signed(a)
        elif number == 2 and kind == 2:
            for inner, inner_kind, c, d in fields(file.bytes, a, b, file.problems):
                if inner == 2 and inner_kind == 2:
                    name = file.text(c, d)
                elif inner == 4 and inner_kind == 2:
                    display = file.text(c, d)
    return key, (name, display)


def _value(file: XSpaceFile, names: dict[int, str], begin: int, end: int) -> tuple[str, int | float | str]:
    name = ""
    found: int | float | str = 0
    for number, kind, a, b in fields(file.bytes, begin, end, file.problems):
        if number == 1:
            name = names.get(_signed(a), "")
        elif number in (at.TEXT, at.BYTES) and kind == 2:
            found = file.text(a, b)
        elif number == at.DOUBLE:
            found = float(np.uint64(a).view(np.float64))
        elif number == at.REFERENCE:
            found = names.get(a, "")
        else:
            found = _signed(a)
    return name, found


def _signed(number: int) -> int:
    return number - 2 * _INT64 if number >= _INT64 else number

"""`read_xspace`: a profile of JAX or TensorFlow as a Trace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..reading.made_trace import no_flows, no_memory
from ..reading.read import Progress
from ..trace import Category, Device, Instants, Remark, Slices, Trace, Track
from . import event_layout as at
from .arguments import ArgumentColumns
from .kinds import PlaneKind, category_of_name, device_category, plane_kind
from .messages import Line, LineEvents, Plane, XSpaceFile, events_of, open_xspace, planes_of

__all__ = ["read_xspace"]

# Line times below this are no times of day: they count from the start of the profile.
_EPOCH_NS = 1 << 58
_PS = 1000
_FARTHEST_NS = 30 * 86_400 * 10**9  # between lines: in ps, twice as much fits into 64 bits


@dataclass
class _Columns:
    """Slices and instants of all lines, one array a line each; times in ps from the trace's zero."""

    name: list[NDArray[np.int32]] = field(default_factory=list)
    category: list[NDArray[np.int8]] = field(default_factory=list)
    track: list[NDArray[np.int32]] = field(default_factory=list)
    start: list[NDArray[np.int64]] = field(default_factory=list)
    duration: list[NDArray[np.int64]] = field(default_factory=list)
    timed: list[NDArray[np.bool_]] = field(default_factory=list)


def read_xspace(path: str | Path, progress: Progress | None = None) -> Trace:
    """The trace of an `.xplane.pb`. Picoseconds become ns by rounding starts and ends down: what nests still does.

    Threads' names of Python frames lose their "$". Marks of steps get their number: "train 3". Raises OSError, and
    ValueError with a sentence for what is no XSpace; of a truncated file what stands before its end is read.
    """
    file = open_xspace(path)
    planes = list(planes_of(file))
    if not any(plane.name for plane in planes):
        told = f": {file.problems[0]}" if file.problems else ""
        raise ValueError(f"{path}: no XSpace: no plane with a name is in it{told}")
    zeros = np.sort([line.zero for plane in planes for line in plane.lines] or [0])
    usual = int(zeros[len(zeros) // 2])
    reader = _Reader(file, min(zero for zero in zeros.tolist() if abs(zero - usual) < _FARTHEST_NS))
    for plane in planes:
        kind = plane_kind(plane.name)
        if kind != PlaneKind.OTHER:
            for line in plane.lines:
                if abs(line.zero - usual) < _FARTHEST_NS:
                    reader.add(plane, kind, line)
                else:
                    file.problems.append(f"line {line.name}: its clock is weeks away from that of others: left out")
                if progress is not None:
                    progress(line.end, len(file.bytes))
    return reader.trace(planes)


class _Reader:
    def __init__(self, file: XSpaceFile, zero: int) -> None:
        self.file, self.zero = file, zero
        self.names: list[str] = []
        self.codes: dict[str, int] = {}
        self.tracks: list[Track] = []
        self.columns = _Columns()
        self.arguments = ArgumentColumns(file)
        self.count = 0

    def add(self, plane: Plane, kind: PlaneKind, line: Line) -> None:
        """All events of a line."""
        found = events_of(self.file, line)
        if not len(found.events):
            return
        on_device = kind in (PlaneKind.GPU, PlaneKind.TPU)
        device = _number_behind(plane.name) if on_device else -1
        self.tracks.append(
            Track(
                plane.name,
                line.id,
                plane.name,
                line.name or str(line.id),
                sort_index=len(self.tracks),
                device=device,
                stream=line.id if on_device else -1,
            )
        )
        self._add_columns(plane, found, line, self._categorizer(kind, line))
        self.count += len(found.events)

    def _categorizer(self, kind: PlaneKind, line: Line) -> Callable[[str], Category]:
        if kind in (PlaneKind.GPU, PlaneKind.TPU):
            return lambda name: device_category(name, line.name, kind)
        return lambda name: category_of_name(name, kind)

    def _add_columns(self, plane: Plane, found: LineEvents, line: Line, categorize: Callable[[str], Category]) -> None:
        events = found.events
        distinct, inverse = np.unique(events[:, at.METADATA], return_inverse=True)
        told = [plane.events.get(int(key), ("", "")) for key in distinct]
        names = [display or name or f"event {key}" for (name, display), key in zip(told, distinct, strict=True)]
        category = np.array([categorize(name) for name, _ in told], np.int8)[inverse.ravel()]
        # Names of Python's frames begin with "$".
        codes = np.array([self._code(name.removeprefix("$")) for name in names], np.int32)[inverse.ravel()]
        self.arguments.add(plane, found, self.count)
        self.arguments.add_names([name if display else "" for name, display in told], inverse.ravel(), self.count)
        marks = self.arguments.refine(found, self.count, category)
        for row, number in marks.items():
            codes[row] = self._code(f"{self.names[codes[row]]} {number}")
        columns = self.columns
        columns.name.append(codes)
        columns.category.append(category)
        columns.track.append(np.full(len(events), len(self.tracks) - 1, np.int32))
        columns.start.append(events[:, at.OFFSET] + (line.zero - self.zero) * _PS)
        columns.duration.append(events[:, at.DURATION])
        columns.timed.append(events[:, at.TIMED] > 0)

    def _code(self, name: str) -> int:
        code = self.codes.get(name)
        if code is None:
            code = self.codes[name] = len(self.names)
            self.names.append(name)
        return code

    def trace(self, planes: list[Plane]) -> Trace:
        columns, empty = self.columns, np.empty(0, np.int64)
        start = np.concatenate([empty, *columns.start])
        duration = np.concatenate([empty, *columns.duration])
        timed = np.concatenate([empty.astype(np.bool_), *columns.timed])
        name, category, track = (
            np.concatenate([empty.astype(dtype), *parts])
            for parts, dtype in ((columns.name, np.int32), (columns.category, np.int8), (columns.track, np.int32))
        )
        first = int(start.min()) // _PS if len(start) else 0
        begin, end = start // _PS - first, (start + duration) // _PS - first
        rows = np.flatnonzero(timed)
        # By ps where two begin and end in one ns: the outer one first.
        rows = rows[np.lexsort((rows, -duration[rows], start[rows], -(end - begin)[rows], begin[rows]))]
        marks = np.flatnonzero(~timed)
        marks = marks[np.argsort(begin[marks], kind="stable")]
        correlation, arguments = self.arguments.columns(rows, self.count)
        return Trace(
            path=self.file.path,
            names=self.names,
            slices=Slices(name[rows], category[rows], track[rows], begin[rows], (end - begin)[rows], correlation),
            tracks=self.tracks,
            arguments=arguments,
            flows=no_flows(),
            memory=no_memory(),
            instants=Instants(name[marks], begin[marks], track[marks]),
            counters=[],
            devices=_devices(planes),
            metadata={plane.name: plane.values for plane in planes if plane.values},
            zero_ns=self._zero_of_day(planes, first),
            remarks=[Remark(problem) for problem in dict.fromkeys(self.file.problems)],
            cut_off=self.file.cut_off,
        )

    def _zero_of_day(self, planes: list[Plane], first: int) -> int | None:
        if self.zero >= _EPOCH_NS:
            return self.zero + first
        for plane in planes:
            begun = plane.values.get("profile_start_time")
            if isinstance(begun, int) and begun >= _EPOCH_NS:
                return begun + self.zero + first
        return None


def _number_behind(name: str) -> int:
    digits = name.rpartition(":")[2].partition(" ")[0]
    return int(digits) if digits.isdigit() else 0


def _devices(planes: list[Plane]) -> list[Device]:
    found = []
    for plane in planes:
        if plane_kind(plane.name) in (PlaneKind.GPU, PlaneKind.TPU):
            value = plane.values.get
            found.append(
                Device(
                    _number_behind(plane.name),
                    str(value("device_type_string", value("device_vendor", plane.name))),
                    (_whole(value("compute_cap_major")), _whole(value("compute_cap_minor"))),
                    _whole(value("core_count")),
                    _whole(value("memory_size")),
                )
            )
    return found


def _whole(value: Any) -> int:
    return value if isinstance(value, int) else 0

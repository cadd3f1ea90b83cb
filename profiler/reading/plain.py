"""Kineto and Chrome traces by Python's own JSON reader: slow, exact, and what quicker readers are checked against."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..trace import (
    Category,
    Counter,
    Flows,
    Instants,
    MemoryEvents,
    Remark,
    Slices,
    SparseColumn,
    Trace,
)
from .categories import DEVICE_CATEGORIES, category_of
from .top_level import top_level, whole, whole_letters
from .track_table import TrackTable

__all__ = ["read_plain", "trace_of_events"]

_INSTANT = ("i", "I", "R")
_NUMBER = re.compile(r"-?[0-9.]+(?:[eE][-+]?[0-9]+)?")
_INT64 = 1 << 63


def read_plain(path: str | Path) -> Trace:
    """The trace of a `.json` or `.json.gz` file. Raises OSError, and ValueError for what is no trace."""
    data = Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    file = json.loads(data, parse_float=Decimal, parse_constant=lambda name: None, strict=False)
    if isinstance(file, list):
        file = {"traceEvents": file}
    if not isinstance(file, dict) or not isinstance(file.get("traceEvents"), list):
        raise ValueError(f"{path}: no trace: there is no list 'traceEvents' in it")
    return trace_of_events(str(path), file)


def trace_of_events(path: str, file: dict[str, Any]) -> Trace:
    """The columns of a file that is parsed already, its numbers with a point as Decimal."""
    events = _paired([event for event in file["traceEvents"] if isinstance(event, dict)])
    timed = [event for event in events if event.get("ph") != "M" and _time(event, "ts") is not None]
    if not timed:
        raise ValueError(f"{path}: no events: the list 'traceEvents' holds none that has a time")
    zero = min(_start(event) for event in timed)
    names, tracks = _Codes(), TrackTable(_names(events))
    slices, arguments = _slices(timed, zero, names, tracks)
    top = top_level(path, file, zero)
    return Trace(
        path=path,
        slices=slices,
        arguments=arguments,
        flows=_flows(timed, zero, names, tracks),
        memory=_memory(timed, zero, tracks),
        instants=_instants(timed, zero, names, tracks),
        counters=_counters(timed, zero),
        names=names.texts,
        tracks=tracks.found,
        devices=top.devices,
        metadata=top.metadata,
        zero_ns=top.zero_ns,
        rank=top.rank,
        world_size=top.world_size,
        remarks=[*top.remarks, *_remarks(slices, events)],
    )


class _Codes:
    def __init__(self) -> None:
        self.texts: list[str] = []
        self._codes: dict[str, int] = {}

    def __call__(self, text: Any) -> int:
        text = whole_letters(str(text))
        code = self._codes.get(text)
        if code is None:
            code = self._codes[text] = len(self.texts)
            self.texts.append(text)
        return code


def _names(events: Iterable[dict[str, Any]]) -> Iterator[tuple[str, Any, Any, dict[str, Any]]]:
    for event in events:
        if event.get("ph") == "M":
            yield str(event.get("name")), event.get("pid"), event.get("tid"), _args(event)


def _row(tracks: TrackTable, event: dict[str, Any], *place: int) -> int:
    return tracks.row(event.get("pid", ""), event.get("tid", ""), *place)


def _args(event: dict[str, Any]) -> dict[str, Any]:
    args = event.get("args")
    return args if isinstance(args, dict) else {}


def _time(event: dict[str, Any], name: str) -> int | None:
    """`ts` or `dur` in ns, cut off below; None for what is no number, or beyond int64."""
    value = event.get(name)
    if value is None or isinstance(value, bool) or (isinstance(value, str) and not _NUMBER.fullmatch(value.strip())):
        return None
    try:
        ns = int(Decimal(str(value).strip()) * 1000)
    except (ArithmeticError, ValueError):
        return None
    return ns if abs(ns) < _INT64 else None


def _start(event: dict[str, Any]) -> int:
    """Of an event that is known to have a time."""
    return _time(event, "ts") or 0


def _paired(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Events that begin (B) and end (E) a slice as one that has a duration; the last begun ends first."""
    if not any(event.get("ph") == "B" for event in events):
        return events
    open_events: dict[tuple[Any, Any], list[dict[str, Any]]] = {}
    paired = []
    for event in events:
        phase, thread = event.get("ph"), (str(event.get("pid")), str(event.get("tid")))
        if phase == "B" and _time(event, "ts") is not None:
            begun = {**event, "ph": "X"}
            open_events.setdefault(thread, []).append(begun)
            paired.append(begun)
        elif phase == "E" and _time(event, "ts") is not None:
            if open_events.get(thread):
                begun = open_events[thread].pop()
                begun["dur"] = Decimal(_start(event) - _start(begun)) / 1000
                begun["args"] = {**_args(begun), **_args(event)}
        else:
            paired.append(event)
    return paired


def _slices(
    events: list[dict[str, Any]], zero: int, names: _Codes, tracks: TrackTable
) -> tuple[Slices, dict[str, SparseColumn]]:
    found = [event for event in events if event.get("ph") == "X" and _time(event, "dur") is not None]
    categories = [category_of(str(event.get("cat", ""))) for event in found]
    # Tracks of devices first: annotations may come before the first kernel.
    for event, category in zip(found, categories, strict=True):
        if category in DEVICE_CATEGORIES:
            _row(tracks, event, *_place_of(event))
    start = np.array([_start(event) - zero for event in found], np.int64)
    duration = np.array([_time(event, "dur") for event in found], np.int64)
    order = np.lexsort((np.arange(len(found)), -duration, start))
    args = [_args(event) for event in found]
    slices = Slices(
        np.array([names(event.get("name", "")) for event in found], np.int32)[order],
        np.array(categories, np.int8)[order],
        np.array([_row(tracks, event) for event in found], np.int32)[order],
        start[order],
        duration[order],
        np.array([whole(arg.get("correlation"), -1) for arg in args], np.int64)[order],
    )
    others = [
        {**arg, "cat": event["cat"]} if category == Category.OTHER and "cat" in event else arg
        for event, category, arg in zip(found, categories, args, strict=True)
    ]
    return slices, _arguments([others[row] for row in order])


def _place_of(event: dict[str, Any]) -> tuple[int, int]:
    args = _args(event)
    return whole(args.get("device", event.get("pid")), 0), whole(args.get("stream", event.get("tid")), 0)


def _arguments(args: list[dict[str, Any]]) -> dict[str, SparseColumn]:
    rows: dict[str, list[int]] = {}
    values: dict[str, list[Any]] = {}
    for row, of_slice in enumerate(args):
        for name, value in of_slice.items():
            if name != "correlation" and value is not None:
                rows.setdefault(name, []).append(row)
                values.setdefault(name, []).append(value)
    return {name: _column(np.array(rows[name], np.int32), values[name]) for name in rows}


def _column(rows: NDArray[np.int32], values: list[Any]) -> SparseColumn:
    if all(type(value) is int and abs(value) < 1 << 63 for value in values):
        return SparseColumn(rows, np.array(values, np.int64))
    if all(isinstance(value, int | Decimal) and not isinstance(value, bool) for value in values):
        return SparseColumn(rows, np.array(values, np.float64))
    codes = _Codes()
    texts = [value if isinstance(value, str) else json.dumps(value, default=float) for value in values]
    return SparseColumn(rows, np.array([codes(text) for text in texts], np.int32), codes.texts)


def _flows(events: list[dict[str, Any]], zero: int, names: _Codes, tracks: TrackTable) -> Flows:
    found = [event for event in events if event.get("ph") in ("s", "f", "t")]
    return Flows(
        np.array([names(event.get("cat", event.get("name", ""))) for event in found], np.int32),
        np.array([whole(event.get("id"), -1) for event in found], np.int64),
        np.array([event["ph"] == "s" for event in found], np.bool_),
        np.array([_start(event) - zero for event in found], np.int64),
        np.array([_row(tracks, event) for event in found], np.int32),
    )


def _memory(events: list[dict[str, Any]], zero: int, tracks: TrackTable) -> MemoryEvents:
    found = [event for event in events if event.get("ph") in _INSTANT and event.get("name") == "[memory]"]
    rows = {id(event): _row(tracks, event) for event in found}  # tracks are numbered in the file's order
    found.sort(key=_start)
    args = [_args(event) for event in found]
    return MemoryEvents(
        np.array([_start(event) - zero for event in found], np.int64),
        np.array([whole(arg.get("Bytes"), 0) for arg in args], np.int64),
        np.array([whole(arg.get("Addr"), 0) for arg in args], np.int64),
        np.array([whole(arg.get("Total Allocated"), -1) for arg in args], np.int64),
        np.array([whole(arg.get("Total Reserved"), -1) for arg in args], np.int64),
        np.array([whole(arg.get("Device Type"), 0) for arg in args], np.int64).astype(np.int8),
        np.array([whole(arg.get("Device Id"), -1) for arg in args], np.int64).astype(np.int16),
        np.array([rows[id(event)] for event in found], np.int32),
    )


def _instants(events: list[dict[str, Any]], zero: int, names: _Codes, tracks: TrackTable) -> Instants:
    found = [event for event in events if event.get("ph") in _INSTANT and event.get("name") != "[memory]"]
    return Instants(
        np.array([names(event.get("name", "")) for event in found], np.int32),
        np.array([_start(event) - zero for event in found], np.int64),
        np.array([_row(tracks, event) for event in found], np.int32),
    )


def _counters(events: list[dict[str, Any]], zero: int) -> list[Counter]:
    found: dict[str, list[tuple[int, float]]] = {}
    for event in events:
        if event.get("ph") == "C":
            for key, value in (_args(event)).items():
                if isinstance(value, int | Decimal) and not isinstance(value, bool):
                    name = whole_letters(f"{event.get('name', '')} {key}".strip())
                    found.setdefault(name, []).append((_start(event) - zero, float(value)))
    return [
        Counter(name, np.array([time for time, _ in points], np.int64), np.array([value for _, value in points]))
        for name, points in ((name, sorted(points)) for name, points in found.items())
    ]


def _remarks(slices: Slices, events: list[dict[str, Any]]) -> list[Remark]:
    negative = int((slices.duration < 0).sum())
    timeless = [
        event.get("ph") != "M"
        and any(
            name in event and _time(event, name) is None
            for name in (("ts", "dur") if event.get("ph") == "X" else ("ts",))
        )
        for event in events
    ]
    missing = sum(
        event.get("ph") == "X" and not wrong and not {"ts", "dur"} <= event.keys()
        for event, wrong in zip(events, timeless, strict=True)
    )
    counted = {
        "durations below zero": negative,
        "events left out, their time or duration is no number": sum(timeless),
        "slices left out, they have no time or no duration": missing,
    }
    return [Remark(text, count) for text, count in counted.items() if count]

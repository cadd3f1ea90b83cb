"""Kineto and Chrome traces by Python's own JSON reader: slow, exact, and what quicker readers are checked against."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..trace import (
    Category,
    Counter,
    Device,
    Flows,
    Instants,
    MemoryEvents,
    Remark,
    Slices,
    SparseColumn,
    Trace,
    Track,
)
from .categories import category_of

__all__ = ["read_plain", "trace_of_events"]

_RANK = re.compile(r"(?:rank|worker)[-_]?(\d+)", re.IGNORECASE)
_DEVICE_CATEGORIES = {Category.KERNEL, Category.MEMCPY, Category.MEMSET, Category.GPU_ANNOTATION, Category.SYNC}


def read_plain(path: str | Path) -> Trace:
    """The trace of a `.json` or `.json.gz` file. Raises OSError, and ValueError for what is no trace."""
    data = Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    file = json.loads(data, parse_float=Decimal, strict=False)
    if isinstance(file, list):
        file = {"traceEvents": file}
    if not isinstance(file, dict) or not isinstance(file.get("traceEvents"), list):
        raise ValueError(f"{path}: no trace: there is no list 'traceEvents' in it")
    return trace_of_events(str(path), file)


def trace_of_events(path: str, file: dict[str, Any]) -> Trace:
    """The columns of a file that is parsed already, its numbers with a point as Decimal."""
    events = [event for event in file["traceEvents"] if isinstance(event, dict)]
    metadata = {key: value for key, value in file.items() if key not in ("traceEvents", "deviceProperties")}
    timed = [event for event in events if event.get("ph") != "M" and "ts" in event]
    zero = min((_ns(event["ts"]) for event in timed), default=0)
    names, tracks = _Codes(), _Tracks(events)
    slices, arguments = _slices(timed, zero, names, tracks)
    distributed = metadata.get("distributedInfo") or {}
    named = _RANK.search(Path(path).name)
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
        devices=[_device(device) for device in file.get("deviceProperties") or []],
        metadata=metadata,
        zero_ns=int(metadata.get("baseTimeNanoseconds", 0)) + zero,
        rank=distributed.get("rank", int(named[1]) if named else None),
        world_size=distributed.get("world_size"),
        remarks=_remarks(slices),
    )


class _Codes:
    def __init__(self) -> None:
        self.texts: list[str] = []
        self._codes: dict[str, int] = {}

    def __call__(self, text: Any) -> int:
        text = str(text)
        code = self._codes.get(text)
        if code is None:
            code = self._codes[text] = len(self.texts)
            self.texts.append(text)
        return code


class _Tracks:
    """(pid, tid) → row; names and order from the file's metadata events."""

    def __init__(self, events: Iterable[dict[str, Any]]) -> None:
        self.found: list[Track] = []
        self._rows: dict[tuple[Any, Any], int] = {}
        self._told: dict[tuple[str, Any, Any], Any] = {}
        for event in events:
            if event.get("ph") == "M":
                args = event.get("args") or {}
                value = args.get("sort_index", args.get("name"))
                tid = event.get("tid") if str(event.get("name")).startswith("thread") else None
                self._told[str(event.get("name")), event.get("pid"), tid] = value

    def __call__(self, event: dict[str, Any], device: int = -1, stream: int = -1) -> int:
        pid, tid = event.get("pid", ""), event.get("tid", "")
        row = self._rows.get((pid, tid))
        if row is None:
            row = self._rows[pid, tid] = len(self.found)
            self.found.append(
                Track(
                    pid,
                    tid,
                    str(self._told.get(("process_name", pid, None), "")),
                    str(self._told.get(("thread_name", pid, tid), "")),
                    int(self._told.get(("thread_sort_index", pid, tid)) or 0),
                    device,
                    stream,
                )
            )
        return row


def _ns(value: Any) -> int:
    return value * 1000 if isinstance(value, int) else int(Decimal(str(value)) * 1000)


def _slices(
    events: list[dict[str, Any]], zero: int, names: _Codes, tracks: _Tracks
) -> tuple[Slices, dict[str, SparseColumn]]:
    found = [event for event in events if event.get("ph") == "X" and "dur" in event]
    categories = [category_of(str(event.get("cat", ""))) for event in found]
    # Tracks of devices first: annotations may come before the first kernel.
    for event, category in zip(found, categories, strict=True):
        if category in _DEVICE_CATEGORIES:
            tracks(event, *_place_of(event))
    start = np.array([_ns(event["ts"]) - zero for event in found], np.int64)
    duration = np.array([_ns(event["dur"]) for event in found], np.int64)
    order = np.lexsort((np.arange(len(found)), -duration, start))
    args = [event.get("args") or {} for event in found]
    slices = Slices(
        np.array([names(event.get("name", "")) for event in found], np.int32)[order],
        np.array(categories, np.int8)[order],
        np.array([tracks(event) for event in found], np.int32)[order],
        start[order],
        duration[order],
        np.array([_whole(arg.get("correlation"), -1) for arg in args], np.int64)[order],
    )
    others = [
        {**arg, "cat": event["cat"]} if category == Category.OTHER and "cat" in event else arg
        for event, category, arg in zip(found, categories, args, strict=True)
    ]
    return slices, _arguments([others[row] for row in order])


def _place_of(event: dict[str, Any]) -> tuple[int, int]:
    args = event.get("args") or {}
    return _whole(args.get("device", event.get("pid")), 0), _whole(args.get("stream", event.get("tid")), 0)


def _whole(value: Any, otherwise: int) -> int:
    if isinstance(value, str):
        digits = re.search(r"-?\d+", value)
        return int(digits[0]) if digits else otherwise
    return int(value) if isinstance(value, int | float | Decimal) else otherwise


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


def _flows(events: list[dict[str, Any]], zero: int, names: _Codes, tracks: _Tracks) -> Flows:
    found = [event for event in events if event.get("ph") in ("s", "f", "t")]
    return Flows(
        np.array([names(event.get("cat", event.get("name", ""))) for event in found], np.int32),
        np.array([_whole(event.get("id"), -1) for event in found], np.int64),
        np.array([event["ph"] == "s" for event in found], np.bool_),
        np.array([_ns(event["ts"]) - zero for event in found], np.int64),
        np.array([tracks(event) for event in found], np.int32),
    )


def _memory(events: list[dict[str, Any]], zero: int, tracks: _Tracks) -> MemoryEvents:
    found = sorted((event for event in events if event.get("name") == "[memory]"), key=lambda event: _ns(event["ts"]))
    args = [event.get("args") or {} for event in found]
    return MemoryEvents(
        np.array([_ns(event["ts"]) - zero for event in found], np.int64),
        np.array([_whole(arg.get("Bytes"), 0) for arg in args], np.int64),
        np.array([_whole(arg.get("Addr"), 0) for arg in args], np.int64),
        np.array([_whole(arg.get("Total Allocated"), -1) for arg in args], np.int64),
        np.array([_whole(arg.get("Total Reserved"), -1) for arg in args], np.int64),
        np.array([_whole(arg.get("Device Type"), 0) for arg in args], np.int8),
        np.array([_whole(arg.get("Device Id"), -1) for arg in args], np.int16),
        np.array([tracks(event) for event in found], np.int32),
    )


def _instants(events: list[dict[str, Any]], zero: int, names: _Codes, tracks: _Tracks) -> Instants:
    found = [event for event in events if event.get("ph") in ("i", "I", "R") and event.get("name") != "[memory]"]
    return Instants(
        np.array([names(event.get("name", "")) for event in found], np.int32),
        np.array([_ns(event["ts"]) - zero for event in found], np.int64),
        np.array([tracks(event) for event in found], np.int32),
    )


def _counters(events: list[dict[str, Any]], zero: int) -> list[Counter]:
    found: dict[str, list[tuple[int, float]]] = {}
    for event in events:
        if event.get("ph") == "C":
            for key, value in (event.get("args") or {}).items():
                if isinstance(value, int | float | Decimal):
                    name = f"{event.get('name', '')} {key}".strip()
                    found.setdefault(name, []).append((_ns(event["ts"]) - zero, float(value)))
    return [
        Counter(name, np.array([time for time, _ in points], np.int64), np.array([value for _, value in points]))
        for name, points in ((name, sorted(points)) for name, points in found.items())
    ]


def _device(told: dict[str, Any]) -> Device:
    return Device(
        id=_whole(told.get("id"), 0),
        name=str(told.get("name", "")),
        compute_capability=(_whole(told.get("computeMajor"), 0), _whole(told.get("computeMinor"), 0)),
        multiprocessors=_whole(told.get("numSms"), 0),
        memory=_whole(told.get("totalGlobalMem"), 0),
        threads_per_multiprocessor=_whole(told.get("maxThreadsPerMultiprocessor"), 0),
        registers_per_multiprocessor=_whole(told.get("regsPerMultiprocessor"), 0),
        shared_memory_per_multiprocessor=_whole(told.get("sharedMemPerMultiprocessor"), 0),
        shared_memory_per_block_optin=_whole(told.get("sharedMemPerBlockOptin"), 0),
        warp_size=_whole(told.get("warpSize"), 32),
    )


def _remarks(slices: Slices) -> list[Remark]:
    negative = int((slices.duration < 0).sum())
    return [Remark("durations below zero", negative)] if negative else []

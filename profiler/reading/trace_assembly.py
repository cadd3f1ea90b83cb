"""A trace from what the scanner of events left: names, tracks, slices in their order, memory, counters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..trace import Counter, Flows, Instants, MemoryEvents, Remark, Slices, Trace
from . import scan_layout as L
from .arguments import Arguments, first_seen, number_values, whole_numbers
from .categories import DEVICE_CATEGORIES, category_of
from .event_parts import EventColumns, Family, RawColumn
from .event_scan import EventScan
from .top_level import top_level, whole
from .track_table import TrackTable

__all__ = ["Assembly"]

Array = NDArray[Any]

_MEMORY = "[memory]"


class Assembly:
    """The columns of one trace. What was scanned is let go as it is used: use it once."""

    def __init__(self, path: str, scan: EventScan) -> None:
        self._path = path
        self._scan = scan
        self._parts = scan.parts
        self._texts = scan.tables.texts()
        self._zero = scan.parts.zero
        self._names: dict[str, int] = {}

    def trace(self) -> Trace:
        flows = self._parts.events(Family.FLOWS)
        instants = self._parts.events(Family.INSTANTS)
        is_memory = self._is_memory(instants)
        arguments = Arguments(self._parts, Family.SLICES, self._texts)
        slice_tracks = self._parts.column(Family.SLICES, L.TRACK)
        categories, others = self._categories()
        tracks, rows = self._tracks(slice_tracks, categories, flows, instants, is_memory, arguments)
        place, slices = self._slices(categories, rows[slice_tracks], arguments)
        del slice_tracks, categories  # columns of all rows are what memory goes to
        flow_columns = self._flows(flows, rows)
        marks = self._instants(instants, ~is_memory, rows)
        memory = self._memory(instants, is_memory, rows)
        top = top_level(self._path, self._scan.members, self._zero)
        return Trace(
            path=self._path,
            names=list(self._names),
            slices=slices,
            tracks=tracks.found,
            arguments=arguments.sparse(place, *others),
            flows=flow_columns,
            memory=memory,
            instants=marks,
            counters=self._counters(),
            devices=top.devices,
            metadata=top.metadata,
            zero_ns=top.zero_ns,
            rank=top.rank,
            world_size=top.world_size,
            remarks=[*top.remarks, *self._remarks(slices)],
            cut_off=self._scan.cut_off,
        )

    # --- names, categories, tracks ---

    def _text(self, code: int) -> str:
        """Of a name or category that may be missing, or no text."""
        return "" if code < 0 else str(self._texts.value(code))

    def _name_codes(self, codes: Array) -> Array:
        """Codes of the file → codes into the trace's names, which grow."""
        table = np.zeros(len(self._texts) + 1, np.int32)
        for code in first_seen(codes + 1, len(table)).tolist():
            table[code] = self._names.setdefault(self._text(code - 1), len(self._names))
        named: Array = table[codes + 1]
        return named

    def _categories(self) -> tuple[Array, tuple[Array, Array]]:
        """Of each slice of the file; and (rows, codes) of those that nobody knows: they become an argument."""
        codes = self._parts.column(Family.SLICES, L.CATEGORY)
        table = np.zeros(len(self._texts) + 1, np.int8)
        for code in first_seen(codes + 1, len(table)).tolist():
            table[code] = category_of(self._text(code - 1))
        categories = table[codes + 1]
        rows = np.flatnonzero((categories == 0) & (codes >= 0)).astype(np.int32)
        return categories, (rows, codes[rows])

    def _is_memory(self, instants: EventColumns) -> Array:
        codes = first_seen(instants.name + 1, len(self._texts) + 1) - 1
        return np.isin(instants.name, [code for code in codes.tolist() if self._text(code) == _MEMORY])

    def _tracks(
        self,
        slice_tracks: Array,
        categories: Array,
        flows: EventColumns,
        instants: EventColumns,
        is_memory: Array,
        arguments: Arguments,
    ) -> tuple[TrackTable, Array]:
        """The tracks, and (tracks of the file,) → their rows. Those of devices come first, as annotations may come
        before the first kernel.
        """
        known = len(self._scan.tables.tracks)
        table = TrackTable(self._told())
        rows = np.full(known, -1, np.int32)
        on_device = np.flatnonzero(np.isin(categories, list(DEVICE_CATEGORIES)))
        of_devices = slice_tracks[on_device]
        first = np.zeros(known, np.int64)
        first[of_devices[::-1]] = on_device[::-1]
        for track in first_seen(of_devices, known).tolist():
            at = int(first[track])
            pid, tid = self._thread(track)
            device, stream = arguments.value("device", at, pid), arguments.value("stream", at, tid)
            rows[track] = table.row(pid, tid, whole(device, 0), whole(stream, 0))
        for column in (slice_tracks, flows.track, instants.track[is_memory], instants.track[~is_memory]):
            for track in first_seen(column, known).tolist():
                if rows[track] < 0:
                    rows[track] = table.row(*self._thread(track))
        return table, rows

    def _thread(self, track: int, missing: Any = "") -> tuple[Any, Any]:
        pid, tid = self._scan.tables.tracks[track].tolist()
        return (
            missing if pid < 0 else self._texts.value(pid),
            missing if tid < 0 else self._texts.value(tid),
        )

    def _told(self) -> Iterator[tuple[str, Any, Any, dict[str, Any]]]:
        events = self._parts.events(Family.NAMES)
        arguments = Arguments(self._parts, Family.NAMES, self._texts)
        for row in range(len(events)):
            pid, tid = self._thread(int(events.track[row]), None)
            yield self._text(int(events.name[row])), pid, tid, arguments.of_row(row)

    # --- events ---

    def _slices(self, categories: Array, tracks: Array, arguments: Arguments) -> tuple[Array, Slices]:
        """(the row of each slice of the file in the trace, the slices). One column at a time."""
        names = self._name_codes(self._parts.column(Family.SLICES, L.NAME))
        start = self._parts.column(Family.SLICES, L.START)
        duration = self._parts.column(Family.SLICES, L.DURATION)
        order = _order(start, duration)
        start = start[order]
        start -= self._zero
        duration = duration[order]
        names, categories, tracks = names[order], categories[order], tracks[order]
        correlation = whole_numbers(arguments.take("correlation"), len(order), -1, self._texts)[order]
        place = np.empty(len(order), np.int32)
        place[order] = np.arange(len(order), dtype=np.int32)
        return place, Slices(names, categories, tracks, start, duration, correlation)

    def _flows(self, flows: EventColumns, rows: Array) -> Flows:
        phases, kinds, values = (self._parts.column(Family.FLOWS, name) for name in (L.PHASE, L.ID_KIND, L.ID))
        ids = RawColumn(np.arange(len(flows), dtype=np.int32), kinds, values)
        return Flows(
            self._name_codes(np.where(flows.category >= 0, flows.category, flows.name)),
            whole_numbers(ids, len(flows), -1, self._texts),
            phases == ord("s"),
            flows.start - self._zero,
            rows[flows.track],
        )

    def _instants(self, instants: EventColumns, is_mark: Array, rows: Array) -> Instants:
        return Instants(
            self._name_codes(instants.name[is_mark]),
            instants.start[is_mark] - self._zero,
            rows[instants.track[is_mark]],
        )

    def _memory(self, instants: EventColumns, is_memory: Array, rows: Array) -> MemoryEvents:
        at = np.flatnonzero(is_memory)
        at = at[np.argsort(instants.start[at], kind="stable")]
        arguments = Arguments(self._parts, Family.INSTANTS, self._texts)

        def figures(name: str, otherwise: int) -> Array:
            return whole_numbers(arguments.take(name), len(instants), otherwise, self._texts)[at]

        return MemoryEvents(
            instants.start[at] - self._zero,
            figures("Bytes", 0),
            figures("Addr", 0),
            figures("Total Allocated", -1),
            figures("Total Reserved", -1),
            figures("Device Type", 0).astype(np.int8),
            figures("Device Id", -1).astype(np.int16),
            rows[instants.track[at]],
        )

    def _counters(self) -> list[Counter]:
        events = self._parts.events(Family.COUNTERS)
        arguments = Arguments(self._parts, Family.COUNTERS, self._texts)
        found: dict[str, list[tuple[Array, Array]]] = {}
        for key in arguments.names:
            rows, values = number_values(arguments.take(key), self._texts)
            codes = events.name[rows]
            for code in first_seen(codes + 1, len(self._texts) + 1).tolist():
                of_name = codes == code - 1
                points = events.start[rows[of_name]] - self._zero, values[of_name]
                found.setdefault(f"{self._text(code - 1)} {key}".strip(), []).append(points)
        return [_counter(name, pieces) for name, pieces in found.items()]

    def _remarks(self, slices: Slices) -> list[Remark]:
        negative = int((slices.duration < 0).sum())
        counted = {
            "durations below zero": negative,
            "texts that are no UTF-8, read with marks where that fails": len(self._texts.undecodable),
            "lists and objects that are no JSON, kept as their text": len(self._texts.not_json),
        }
        return [Remark(text, count) for text, count in counted.items() if count] + self._scan.remarks


def _order(start: Array, duration: Array) -> Array:
    """By (start, -duration), then as in the file. Only where starts are equal do durations need sorting."""
    order = np.argsort(start, kind="stable").astype(np.int32)
    equal = np.diff(start[order]) == 0
    tied = np.zeros(len(order), np.bool_)
    tied[1:] |= equal
    tied[:-1] |= equal
    at = np.flatnonzero(tied)
    rows = order[at]
    order[at] = rows[np.lexsort((-duration[rows], start[rows]))]
    return order


def _counter(name: str, pieces: list[tuple[Array, Array]]) -> Counter:
    times, values = (np.concatenate(part) for part in zip(*pieces, strict=True))
    order = np.lexsort((values, times))
    return Counter(name, times[order], values[order])

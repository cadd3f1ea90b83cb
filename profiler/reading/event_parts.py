"""What the scanner leaves after each stretch of a file, kept as narrow columns until the file is through."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import scan_layout as L
from .event_tables import EventTables

__all__ = ["EventColumns", "EventParts", "Family", "RawColumn"]

Array = NDArray[Any]


class Family(IntEnum):
    """What becomes of an event, by its phase."""

    SLICES = 0
    INSTANTS = 1
    COUNTERS = 2
    NAMES = 3  # of processes and threads
    FLOWS = 4


_FAMILY_OF_PHASE = np.full(256, -1, np.int64)
for _family, _phases in (
    (Family.SLICES, b"X"),
    (Family.INSTANTS, b"iIR"),
    (Family.COUNTERS, b"C"),
    (Family.NAMES, b"M"),
    (Family.FLOWS, b"sft"),
):
    _FAMILY_OF_PHASE[list(_phases)] = _family
_BEGIN_OR_END = (ord("B"), ord("E"))
_KEPT = ((L.CATEGORY, np.int32), (L.NAME, np.int32), (L.TRACK, np.int32), (L.START, np.int64))
_MORE = {
    Family.SLICES: ((L.DURATION, np.int64),),
    Family.FLOWS: ((L.PHASE, np.int8), (L.ID_KIND, np.int8), (L.ID, np.int64)),
}


@dataclass(frozen=True)
class EventColumns:
    """The events of one family, in the file's order: codes of texts, rows of tracks, ns. Each (n,)."""

    category: Array
    name: Array
    track: Array
    start: Array
    duration: Array | None = None
    phase: Array | None = None
    id_kind: Array | None = None
    id: Array | None = None

    def __len__(self) -> int:
        return len(self.start)


@dataclass(frozen=True)
class RawColumn:
    """One argument of one family: `rows` ascending, but one may come again; `kinds`, `values` as in scan_layout.py."""

    rows: Array
    kinds: Array
    values: Array


@dataclass
class _Pieces:
    rows: list[Array] = field(default_factory=list)
    kinds: list[Array] = field(default_factory=list)
    values: list[Array] = field(default_factory=list)

    def joined(self) -> RawColumn:
        wide = any(values.dtype == np.int64 for values in self.values)
        values = np.concatenate(self.values, dtype=np.int64 if wide else np.int32)
        return RawColumn(np.concatenate(self.rows), np.concatenate(self.kinds), values)


class EventParts:
    """Takes what is in the tables after each scan, and gives whole columns at the end.

    zero      ns of the earliest event; NO_TIME when there is none
    timeless  (how many events have a time that is no number, the offset of the first)
    unpaired  how many events begin or end a slice that another event ends
    """

    def __init__(self) -> None:
        self.zero = np.iinfo(np.int64).max
        self.timeless, self.timeless_at = 0, -1
        self.unpaired = 0
        self.last_offset = 0
        self._counts = dict.fromkeys(Family, 0)
        self._events: dict[tuple[Family, int], list[Array]] = {}
        self._arguments: dict[tuple[Family, int], _Pieces] = {}

    def take(self, tables: EventTables) -> None:
        """Copy the events and arguments of the tables, which may be cleared then."""
        events = tables.events
        if not len(events):
            return
        self.last_offset = int(events[-1, L.SEEN_AT])
        phases = events[:, L.PHASE]
        families = _FAMILY_OF_PHASE[phases]
        self.unpaired += int(np.isin(phases, _BEGIN_OR_END).sum())
        timed = self._timed(events, families)
        families[~timed & (families != Family.NAMES)] = -1
        families[(families == Family.SLICES) & (events[:, L.DURATION] <= L.BAD_TIME)] = -1
        local = np.zeros(len(events), np.int64)
        for family in Family:
            rows = np.flatnonzero(families == family)
            local[rows] = np.arange(self._counts[family], self._counts[family] + len(rows))
            self._counts[family] += len(rows)
            for column, dtype in (*_KEPT, *_MORE.get(family, ())):
                self._events.setdefault((family, column), []).append(events[rows, column].astype(dtype))
        self._take_arguments(tables, families, local)

    def events(self, family: Family) -> EventColumns:
        """All events of a family; the pieces are let go."""
        columns = [
            np.concatenate(self._events.pop((family, column), [np.zeros(0, dtype)]))
            for column, dtype in (*_KEPT, *_MORE.get(family, ()))
        ]
        category, name, track, start, *more = columns
        if family == Family.SLICES:
            return EventColumns(category, name, track, start, duration=more[0])
        if family == Family.FLOWS:
            return EventColumns(category, name, track, start, phase=more[0], id_kind=more[1], id=more[2])
        return EventColumns(category, name, track, start)

    def columns(self, family: Family) -> list[int]:
        """The numbers of the arguments that events of a family have, in order of appearance."""
        return sorted(column for of, column in self._arguments if of == family)

    def argument(self, family: Family, column: int) -> RawColumn | None:
        """An argument of a family; its pieces are let go."""
        pieces = self._arguments.pop((family, column), None)
        return None if pieces is None else pieces.joined()

    def _timed(self, events: Array, families: Array) -> Array:
        starts, durations = events[:, L.START], events[:, L.DURATION]
        timed = starts > L.BAD_TIME
        bad = (starts == L.BAD_TIME) & (families != Family.NAMES)
        bad |= (families == Family.SLICES) & (durations == L.BAD_TIME)
        if bad.any():
            if not self.timeless:
                self.timeless_at = int(events[np.argmax(bad), L.SEEN_AT])
            self.timeless += int(bad.sum())
        counted = timed & (families != Family.NAMES)
        if counted.any():
            self.zero = min(self.zero, int(starts[counted].min()))
        return timed

    def _take_arguments(self, tables: EventTables, families: Array, local: Array) -> None:
        arguments = tables.arguments
        width = int(tables.state[L.COLUMN_COUNT])
        if not len(arguments) or not width:
            return
        owners = families[arguments[:, L.ARGUMENT_EVENT]]
        groups = np.where((owners >= 0) & (owners < Family.FLOWS), owners * width + arguments[:, L.ARGUMENT_COLUMN], -1)
        counts = np.bincount(groups[groups >= 0], minlength=Family.FLOWS * width)
        rows, kinds, values = tables.sorted_arguments(groups, counts)
        rows = local[rows].astype(np.int32)
        kinds = kinds.astype(np.int8)
        at = 0
        for group in np.flatnonzero(counts).tolist():
            end = at + int(counts[group])
            pieces = self._arguments.setdefault((Family(group // width), group % width), _Pieces())
            pieces.rows.append(rows[at:end])
            pieces.kinds.append(kinds[at:end])
            pieces.values.append(_narrow(values[at:end]))
            at = end


def _narrow(values: Array) -> Array:
    """In half the space where that holds them; always a copy."""
    fits = int(values.min()) >= -(1 << 31) and int(values.max()) < 1 << 31
    return values.astype(np.int32 if fits else np.int64)

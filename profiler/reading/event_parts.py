"""What the scanner leaves after each stretch of a file, kept as narrow columns until the file is through."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...logger.reader.decoder import fresh_pages
from . import scan_layout as L
from .event_tables import EventTables

__all__ = ["EventColumns", "EventParts", "Family", "RawColumn"]

Array = NDArray[Any]

_BLOCK_BYTES = 1 << 18
_FIRST_VALUES = 64  # of a column: files may have thousands of columns with a value or two
_SMALL_BYTES = 1 << 15


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

    def __len__(self) -> int:
        return len(self.start)


@dataclass(frozen=True)
class RawColumn:
    """One argument of one family: `rows` ascending, but one may come again; `kinds`, `values` as in scan_layout.py."""

    rows: Array
    kinds: Array
    values: Array


def _room(count: int, dtype: np.dtype[Any]) -> Array:
    return fresh_pages(count, dtype) if count * dtype.itemsize > _SMALL_BYTES else np.empty(count, dtype)


class _Growing:
    """A column that grows in blocks, whose pages go back to the system when they are let go; the heap keeps them."""

    def __init__(self, dtype: Any) -> None:
        self._dtype = np.dtype(dtype)
        self._blocks: list[Array] = []
        self._count = 0  # of all values
        self._free = 0  # of the last block

    def add(self, values: Array) -> None:
        while len(values):
            if not self._free:
                self._free = min(_BLOCK_BYTES // self._dtype.itemsize, max(_FIRST_VALUES, self._count))
                self._blocks.append(_room(self._free, self._dtype))
            block = self._blocks[-1]
            start, count = len(block) - self._free, min(self._free, len(values))
            block[start : start + count] = values[:count]
            values = values[count:]
            self._free -= count
            self._count += count

    def taken(self) -> Array:
        """All values; the blocks are let go."""
        whole = _room(self._count, self._dtype)
        at = 0
        for number, block in enumerate(self._blocks):
            count = min(len(block), self._count - at)
            whole[at : at + count] = block[:count]
            self._blocks[number] = block[:0].copy()
            at += count
        return whole

    def widened(self, dtype: Any) -> _Growing:
        """The same with wider values."""
        wide = _Growing(dtype)
        for at, block in enumerate(self._blocks):
            is_last = at == len(self._blocks) - 1
            wide.add(block[: len(block) - self._free] if is_last else block)
        return wide


class _Argument:
    """One argument of one family as it grows: four bytes a value until one needs eight."""

    def __init__(self) -> None:
        self._rows, self._kinds, self._values = _Growing(np.int32), _Growing(np.int8), _Growing(np.int32)
        self._is_wide = False

    def add(self, rows: Array, kinds: Array, values: Array) -> None:
        if not self._is_wide and not (int(values.min()) >= -(1 << 31) and int(values.max()) < 1 << 31):
            self._values, self._is_wide = self._values.widened(np.int64), True
        self._rows.add(rows)
        self._kinds.add(kinds)
        self._values.add(values)

    def taken(self) -> RawColumn:
        return RawColumn(self._rows.taken(), self._kinds.taken(), self._values.taken())


@dataclass
class LeftOut:
    """How many events are left out for a reason, and the offset of the first."""

    count: int = 0
    first: int = -1

    def add(self, events: Array, bad: Array) -> None:
        if not bad.any():
            return
        if not self.count:
            self.first = int(events[np.argmax(bad), L.SEEN_AT])
        self.count += int(bad.sum())


class EventParts:
    """Takes what is in the tables after each scan, and gives whole columns at the end.

    zero      ns of the earliest event; NO_TIME when there is none
    timeless  events with a time that is no number
    endless   slices without a time or a duration
    unpaired  how many events begin or end a slice that another event ends
    """

    def __init__(self) -> None:
        self.zero = np.iinfo(np.int64).max
        self.timeless, self.endless = LeftOut(), LeftOut()
        self.unpaired = 0
        self._counts = dict.fromkeys(Family, 0)
        self._events: dict[tuple[Family, int], _Growing] = {}
        self._arguments: dict[tuple[Family, int], _Argument] = {}

    def take(self, tables: EventTables) -> None:
        """Copy the events and arguments of the tables, which may be cleared then."""
        events = tables.events
        if not len(events):
            return
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
                self._events.setdefault((family, column), _Growing(dtype)).add(events[rows, column])
        self._take_arguments(tables, families, local)

    def count(self, family: Family) -> int:
        """How many events of a family there are."""
        return self._counts[family]

    def column(self, family: Family, column: int) -> Array:
        """A column of scan_layout.py of all events of a family; its pieces are let go, so ask once."""
        dtypes = dict((*_KEPT, *_MORE.get(family, ())))
        return self._events.pop((family, column), _Growing(dtypes[column])).taken()

    def events(self, family: Family) -> EventColumns:
        """The columns that all families have."""
        return EventColumns(*(self.column(family, column) for column, _ in _KEPT))

    def columns(self, family: Family) -> list[int]:
        """The numbers of the arguments that events of a family have, in order of appearance."""
        return sorted(column for of, column in self._arguments if of == family)

    def argument(self, family: Family, column: int) -> RawColumn | None:
        """An argument of a family; its pieces are let go."""
        argument = self._arguments.pop((family, column), None)
        return None if argument is None else argument.taken()

    def _timed(self, events: Array, families: Array) -> Array:
        starts, durations = events[:, L.START], events[:, L.DURATION]
        timed = starts > L.BAD_TIME
        bad = (starts == L.BAD_TIME) & (families != Family.NAMES)
        bad |= (families == Family.SLICES) & (durations == L.BAD_TIME)
        self.timeless.add(events, bad)
        missing = (families == Family.SLICES) & ((starts == L.NO_TIME) | (durations == L.NO_TIME))
        self.endless.add(events, missing & ~bad)
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
        rows = local[rows]
        at = 0
        for group in np.flatnonzero(counts).tolist():
            end = at + int(counts[group])
            argument = self._arguments.setdefault((Family(group // width), group % width), _Argument())
            argument.add(rows[at:end], kinds[at:end], values[at:end])
            at = end

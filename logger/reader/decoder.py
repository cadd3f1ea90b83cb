"""Event file bytes into batches of columns: the kernels' memory, and what they leave in it."""

from __future__ import annotations

import mmap
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from . import layout as L
from .blocks import Block, narrow_steps, narrow_values
from .compiled import kernels

__all__ = ["Batch", "Damage", "Decoder", "LocalTag", "Part", "fresh_pages"]

Array = npt.NDArray[Any]

_MAX_DAMAGES = 1000
_NO_STEP = np.iinfo(np.int64).min
_NAN_BITS = int(np.array(np.nan).view(np.int64))


@dataclass(frozen=True)
class Damage:
    """A stretch of an event file that could not be read."""

    offset: int
    length: int
    reason: str


@dataclass(frozen=True)
class LocalTag:
    """A tag as one batch knows it."""

    name: str
    metadata: bytes | None  # the first SummaryMetadata in the batch
    plugin: str
    klass: int  # CLASS_… of layout.py


@dataclass(frozen=True)
class Part:
    """Rows between two session starts. Tags are numbered as in the batch."""

    start: tuple[int, float] | None  # (step, wall time) of the session start before these rows
    block: Block
    blobs: Array  # rows of BLOB_COLUMNS


@dataclass
class Batch:
    """Everything decoded from one stretch of a file."""

    tags: list[LocalTag]
    parts: list[Part]
    events: int = 0
    first_event: float = float("nan")
    min_wall: float = float("nan")
    max_wall: float = float("nan")
    max_step: int | None = None
    damage: list[Damage] = field(default_factory=list)
    unsure: bool = False  # some single numbers came without metadata and are in both tables


def fresh_pages(count: int, kind: npt.DTypeLike) -> Array:
    """An array in pages of its own, which go back to the system when it is freed; the heap would keep them."""
    size = count * np.dtype(kind).itemsize
    return np.frombuffer(mmap.mmap(-1, max(size, 1)), kind, count)


class Decoder:
    """Runs the kernel over buffers. Holds the tables, which are used again for each batch; one thread at a time."""

    def __init__(self, rows: int = 4096) -> None:
        self._kernels = kernels()
        self.state = np.zeros(L.STATE_SLOTS, np.int64)
        self.state[L.SCAN_FROM] = -1
        self._address = self.state.ctypes.data
        self._damages = self._use(np.empty((_MAX_DAMAGES, L.DAMAGE_COLUMNS), np.int64), L.DAMAGE_ROWS, L.DAMAGE_ROOM)
        self._blobs = self._use(np.empty((256, L.BLOB_COLUMNS), np.int64), L.BLOB_ROWS, L.BLOB_ROOM)
        self._arena = self._use(np.empty(1 << 15, np.uint8), L.ARENA, L.ARENA_ROOM)
        self._use_rows(rows)
        self._use_tags(np.empty((256, L.TAG_COLUMNS), np.int64))
        self._reset()

    def _use(self, table: Array, address: int, room: int | None = None) -> Array:
        """Make `table` one of the kernel's."""
        self.state[address] = table.ctypes.data
        if room is not None:
            self.state[room] = len(table)
        return table

    def _use_rows(self, rows: int) -> None:
        self._columns = (
            self._use(fresh_pages(rows, np.int32), L.SCALAR_TAGS, L.SCALAR_ROOM),
            self._use(fresh_pages(rows, np.int64), L.STEPS),
            self._use(fresh_pages(rows, np.float64), L.WALLS),
            self._use(fresh_pages(rows, np.float64), L.VALUES),
        )
        self._sorted = tuple(fresh_pages(rows, kind) for kind in (np.int64, np.float64, np.float64))

    def _use_tags(self, tags: Array) -> None:
        self._tags = self._use(tags, L.TAG_ROWS, L.TAG_ROOM)
        self._slots = self._use(np.full(4 * len(tags), -1, np.int32), L.SLOTS)
        self.state[L.SLOT_MASK] = len(self._slots) - 1

    def _reset(self) -> None:
        """Empty the tables."""
        state = self.state
        for counter in (L.SCALARS, L.BLOBS, L.TAGS, L.ARENA_USED, L.DAMAGES, L.EVENTS, L.INEXACT, L.LAST_TAG):
            state[counter] = 0
        state[L.MIN_STEP], state[L.MAX_STEP] = np.iinfo(np.int64).max, _NO_STEP
        state[L.FIRST_EVENT] = state[L.MIN_WALL] = state[L.MAX_WALL] = _NAN_BITS
        self._slots[:] = -1

    def run(self, buffer: Array, length: int, offset: int, final: bool) -> int:
        """Decode buffer[:length], whose first byte is byte `offset` of the file. The kernel's answer, MORE or BAD_TAIL.

        `state[POSITION]` says how far it came, `state[NEED]` what it wants from there. Tables grow as needed.
        """
        state = self.state
        state[L.BUFFER], state[L.POSITION] = buffer.ctypes.data, 0
        state[L.BASE], state[L.FINAL] = offset, int(final)
        while True:
            answer: int = self._kernels.decode(self._address, length)
            if answer == L.FULL:
                self._grow_rows()
            elif answer == L.FULL_BLOBS:
                table = _doubled(self._blobs, int(self.state[L.BLOBS]))
                self._blobs = self._use(table, L.BLOB_ROWS, L.BLOB_ROOM)
            elif answer == L.GROW:
                self._grow_tags()
            else:
                return answer

    @property
    def bytes_held(self) -> int:
        """Size of the rows waiting for `take`."""
        return int(self.state[L.SCALARS]) * 28 + int(self.state[L.BLOBS]) * 8 * L.BLOB_COLUMNS

    def _grow_rows(self) -> None:
        used, before = int(self.state[L.SCALARS]), self._columns
        self._use_rows(2 * len(before[0]))
        for column, old in zip(self._columns, before, strict=True):
            column[:used] = old[:used]

    def _grow_tags(self) -> None:
        tags, used = int(self.state[L.TAGS]), int(self.state[L.ARENA_USED])
        self._arena = self._use(_doubled(self._arena, used), L.ARENA, L.ARENA_ROOM)
        if 2 * tags >= len(self._tags):
            self._use_tags(_doubled(self._tags, tags))
            self._kernels.rebuild_slots(self._address)

    def take(self) -> Batch:
        """What was decoded since the last `take`, copied out of the tables, which are empty then."""
        state = self.state
        tags = self._take_tags()
        blobs = self._blobs[: state[L.BLOBS]]
        batch = Batch(tags, self._take_parts(len(tags), blobs), int(state[L.EVENTS]))
        batch.first_event, batch.min_wall, batch.max_wall = state[L.FIRST_EVENT : L.MAX_WALL + 1].view(float).tolist()
        batch.max_step = int(state[L.MAX_STEP]) if state[L.MAX_STEP] != _NO_STEP else None
        batch.damage = [
            Damage(at, length, L.REASONS[reason]) for at, length, reason in self._damages[: state[L.DAMAGES]].tolist()
        ]
        batch.unsure = bool((blobs[:, L.BLOB_CODE] == L.CODE_MAYBE_SCALAR).any())
        self._reset()
        return batch

    def _take_tags(self) -> list[LocalTag]:
        arena = self._arena[: self.state[L.ARENA_USED]].tobytes()
        tags = []
        for row in self._tags[: self.state[L.TAGS]].tolist():
            at, length = row[L.TAG_NAME_AT], row[L.TAG_NAME_LENGTH]
            name = arena[at : at + length].decode("utf-8", "backslashreplace")
            metadata, plugin = None, ""
            if row[L.TAG_PLUGIN_LENGTH] >= 0:
                at, length = row[L.TAG_METADATA_AT], row[L.TAG_METADATA_LENGTH]
                metadata = arena[at : at + length]
                at, length = row[L.TAG_PLUGIN_AT], row[L.TAG_PLUGIN_LENGTH]
                plugin = arena[at : at + length].decode("utf-8", "backslashreplace")
            tags.append(LocalTag(name, metadata, plugin, row[L.TAG_CLASS]))
        return tags

    def _take_parts(self, tag_count: int, blobs: Array) -> list[Part]:
        markers = np.flatnonzero(blobs[:, L.BLOB_CODE] == L.CODE_SESSION_START)
        parts = []
        row = blob = 0
        start = None
        for marker in [*markers.tolist(), None]:
            last_row = int(self.state[L.SCALARS]) if marker is None else int(blobs[marker, L.BLOB_LENGTH])
            last_blob = len(blobs) if marker is None else marker
            parts.append(Part(start, self._take_block(row, last_row, tag_count), blobs[blob:last_blob].copy()))
            if marker is not None:
                wall = float(blobs[marker, L.BLOB_WALL : L.BLOB_WALL + 1].view(np.float64)[0])
                start = int(blobs[marker, L.BLOB_STEP]), wall
                row, blob = last_row, marker + 1
        return parts

    def _take_block(self, first: int, last: int, tag_count: int) -> Block:
        """Rows first…last as a block over all tags of the batch."""
        state, count = self.state, last - first
        counts = np.bincount(self._columns[0][first:last], minlength=tag_count)
        offsets = np.concatenate([[0], np.cumsum(counts)])
        free = offsets.copy()
        self._kernels.sort_by_tag(
            self._address, first, last, free.ctypes.data, *(column.ctypes.data for column in self._sorted)
        )
        steps, walls, values = (column[:count] for column in self._sorted)
        return Block(
            tags=np.arange(tag_count, dtype=np.int32),
            offsets=offsets,
            step=narrow_steps(steps, int(state[L.MIN_STEP]), int(state[L.MAX_STEP])),
            wall=walls.copy(),
            value=narrow_values(values, not state[L.INEXACT]),
        )


def _doubled(table: Array, used: int) -> Array:
    larger = np.empty((2 * len(table), *table.shape[1:]), table.dtype)
    larger[:used] = table[:used]
    return larger

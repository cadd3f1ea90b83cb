"""Event file bytes into batches of columns: buffers for the kernels, and what they leave in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from . import layout as L
from .blocks import Block, narrow_steps, narrow_values

__all__ = ["Batch", "Damage", "Decoder", "LocalTag", "Part"]

Array = npt.NDArray[Any]

_MAX_DAMAGES = 1000


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


class Decoder:
    """Runs the kernel over buffers. Holds the tables, which are used again for each batch; one thread at a time."""

    def __init__(self, rows: int = 4096) -> None:
        from . import kernels

        self._kernels = kernels
        self._make_rows(rows)
        self._blobs = np.empty((256, L.BLOB_COLUMNS), np.int64)
        self._damages = np.empty((_MAX_DAMAGES, L.DAMAGE_COLUMNS), np.int64)
        self._tags = np.empty((256, L.TAG_COLUMNS), np.int64)
        self._slots = np.full(1024, -1, np.int32)
        self._arena = np.empty(1 << 15, np.uint8)
        self._parts = np.empty(kernels.PARTS, np.int64)
        self.state = np.zeros(L.STATE_SLOTS, np.int64)
        self._clock = np.empty(L.CLOCK_SLOTS, np.float64)
        self.state[L.SCAN_FROM] = -1
        self._reset()

    def _make_rows(self, rows: int) -> None:
        self._scalar_tags = np.empty(rows, np.int32)
        self._steps, self._walls, self._values = np.empty(rows, np.int64), np.empty(rows), np.empty(rows)
        self._sorted = np.empty(rows, np.int64), np.empty(rows), np.empty(rows)

    def _reset(self) -> None:
        """Empty the tables."""
        state = self.state
        state[[L.SCALARS, L.BLOBS, L.TAGS, L.ARENA, L.DAMAGES, L.EVENTS, L.INEXACT, L.LAST_TAG]] = 0
        state[L.MIN_STEP], state[L.MAX_STEP] = np.iinfo(np.int64).max, np.iinfo(np.int64).min
        self._clock[:] = np.nan
        self._slots[:] = -1

    def run(self, buffer: Array, position: int, end: int, base: int, final: bool) -> int:
        """Decode buffer[position:end], whose first byte is byte `base` of the file. The kernel's answer, MORE or BAD_TAIL.

        `state[POSITION]` says how far it came, `state[NEED]` what it wants from there. Tables grow as needed.
        """
        state = self.state
        state[L.POSITION], state[L.BASE], state[L.FINAL] = position, base, int(final)
        while True:
            answer: int = self._kernels.decode(
                buffer, end, self._parts, self._scalar_tags, self._steps, self._walls, self._values,
                self._blobs, self._damages, self._tags, self._arena, self._slots, state, self._clock,
            )  # fmt: skip
            if answer == L.FULL:
                self._grow_rows()
            elif answer == L.GROW:
                self._grow_tags()
            else:
                return answer

    @property
    def bytes_held(self) -> int:
        """Size of the rows waiting for `take`."""
        return int(self.state[L.SCALARS]) * 28 + int(self.state[L.BLOBS]) * 8 * L.BLOB_COLUMNS

    def _grow_rows(self) -> None:
        used, blobs = int(self.state[L.SCALARS]), int(self.state[L.BLOBS])
        if blobs >= len(self._blobs) // 2:
            self._blobs = _grown(self._blobs, blobs)
        if used >= len(self._steps) // 2:
            old = self._scalar_tags, self._steps, self._walls, self._values
            self._make_rows(2 * len(self._steps))
            for column, before in zip((self._scalar_tags, self._steps, self._walls, self._values), old, strict=True):
                column[:used] = before[:used]

    def _grow_tags(self) -> None:
        state = self.state
        if state[L.TAGS] >= len(self._tags) // 2:
            self._tags = _grown(self._tags, int(state[L.TAGS]))
            # The kernel would need every name's hash again; keeping the old table's order costs a rebuild here.
            self._slots = np.full(4 * len(self._tags), -1, np.int32)
            self._kernels.rebuild_slots(self._tags, self._arena, self._slots, state)
        self._arena = _grown(self._arena, int(state[L.ARENA]))

    def take(self) -> Batch:
        """What was decoded since the last `take`, copied out of the tables, which are empty then."""
        state = self.state
        tags = self._take_tags()
        blobs = self._blobs[: state[L.BLOBS]]
        batch = Batch(tags, self._take_parts(len(tags), blobs), int(state[L.EVENTS]))
        batch.first_event, batch.min_wall, batch.max_wall = (float(wall) for wall in self._clock)
        batch.max_step = int(state[L.MAX_STEP]) if state[L.SCALARS] or state[L.BLOBS] else None
        batch.damage = [
            Damage(int(row[L.DAMAGE_AT]), int(row[L.DAMAGE_LENGTH]), L.REASONS[int(row[L.DAMAGE_REASON])])
            for row in self._damages[: state[L.DAMAGES]]
        ]
        batch.unsure = bool((blobs[:, L.BLOB_CODE] == L.CODE_MAYBE_SCALAR).any())
        self._reset()
        return batch

    def _take_tags(self) -> list[LocalTag]:
        arena = self._arena[: self.state[L.ARENA]].tobytes()
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
            block = self._take_block(row, last_row, tag_count)
            parts.append(Part(start, block, blobs[blob:last_blob].copy()))
            if marker is not None:
                wall = float(blobs[marker, L.BLOB_WALL : L.BLOB_WALL + 1].view(np.float64)[0])
                start = int(blobs[marker, L.BLOB_STEP]), wall
                row, blob = last_row, marker + 1
        return parts

    def _take_block(self, first: int, last: int, tag_count: int) -> Block:
        """Rows first…last as a block over all tags of the batch."""
        count, state = last - first, self.state
        steps, walls, values = (column[:count] for column in self._sorted)
        rows = slice(first, last)
        offsets = self._kernels.sort_by_tag(
            count, tag_count, self._scalar_tags[rows], self._steps[rows], self._walls[rows], self._values[rows],
            steps, walls, values,
        )  # fmt: skip
        return Block(
            tags=np.arange(tag_count, dtype=np.int32),
            offsets=offsets,
            step=narrow_steps(steps, int(state[L.MIN_STEP]), int(state[L.MAX_STEP])),
            wall=walls.copy(),
            value=narrow_values(values, not state[L.INEXACT]),
        )


def _grown(table: Array, used: int) -> Array:
    larger = np.empty((2 * len(table), *table.shape[1:]), table.dtype)
    larger[:used] = table[:used]
    return larger

"""One event file as far as it was read: an immutable state, and the step from one state to the next."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np

from .blocks import Block, merge_blocks
from .decoder import Damage
from .run_tags import BlobBlock, RunTags, SessionRows
from .scan import Fingerprint, ScanResult
from .storage import FileStamp

__all__ = ["EventFile", "Session", "advance"]

Rows = TypeVar("Rows", bound=Block | BlobBlock)

_generations = itertools.count(1)
_SMALL = 1 << 15  # blocks below this many rows are merged as more arrive
_MAX_DAMAGE = 1000  # stretches kept per file


@dataclass(frozen=True)
class Session:
    """The rows between two session starts of a file."""

    start: tuple[int, float] | None = None  # (step, wall time) of the session start before them
    blocks: tuple[Block, ...] = ()
    blobs: tuple[BlobBlock, ...] = ()

    def with_rows(self, rows: SessionRows) -> Session:
        blocks = _appended(self.blocks, rows.block, merge_blocks) if len(rows.block) else self.blocks
        blobs = _appended(self.blobs, rows.blobs, _merge_blobs) if len(rows.blobs) else self.blobs
        return Session(self.start, blocks, blobs)


@dataclass(frozen=True)
class EventFile:
    """A file as far as it was read. Never changed: growing gives a new one."""

    path: str
    stamp: FileStamp
    fingerprint: Fingerprint
    sessions: tuple[Session, ...] = (Session(),)
    events: int = 0
    damage: tuple[Damage, ...] = ()
    tail_damage: Damage | None = None
    first_event: float = float("nan")
    min_wall: float = float("nan")
    max_wall: float = float("nan")
    max_step: int | None = None
    complete: bool = True
    damage_print: int = 0  # checksum of damaged bytes
    is_ours: bool = False  # written by our writer, which marks the end of a run
    grew_at: float = float("-inf")  # when it last changed, seconds since the epoch, if this process saw it grow
    generation: int = field(default_factory=lambda: next(_generations))  # another one where the file was read anew

    @property
    def offset(self) -> int:
        return self.fingerprint.offset

    @property
    def scalars(self) -> int:
        return sum(len(block) for session in self.sessions for block in session.blocks)

    @property
    def blobs(self) -> int:
        return sum(len(blobs) for session in self.sessions for blobs in session.blobs)

    @property
    def is_damaged(self) -> bool:
        return bool(self.damage) or self.tail_damage is not None

    @property
    def is_truncated(self) -> bool:
        return self.complete and self.tail_damage is None and self.offset < self.stamp.size


def advance(file: EventFile | None, path: str, result: ScanResult, tags: RunTags) -> EventFile:
    """The file's next state: `result` read on from where `file` ended, or from the start (`file` is None)."""
    before = file or EventFile(path, result.stamp, result.fingerprint)
    sessions = list(before.sessions)
    events, damage, max_step = before.events, list(before.damage), before.max_step
    first, low, high = before.first_event, before.min_wall, before.max_wall
    for batch in result.batches:
        for part_number, rows in enumerate(tags.merge(batch)):
            if part_number:
                sessions.append(Session(rows.start))
            sessions[-1] = sessions[-1].with_rows(rows)
        events += batch.events
        damage += batch.damage
        first = batch.first_event if np.isnan(first) else first
        low, high = float(np.fmin(low, batch.min_wall)), float(np.fmax(high, batch.max_wall))
        if batch.max_step is not None:
            max_step = batch.max_step if max_step is None else max(max_step, batch.max_step)
    grew = before.complete and result.stamp.size > before.stamp.size
    return replace(
        before, stamp=result.stamp, fingerprint=result.fingerprint, sessions=tuple(sessions), events=events,
        damage=tuple(damage[:_MAX_DAMAGE]), tail_damage=result.tail_damage, first_event=first, min_wall=low,
        max_wall=high, max_step=max_step, complete=result.complete,
        is_ours=before.is_ours or result.is_ours, grew_at=result.stamp.mtime_ns / 1e9 if grew else before.grew_at,
    )  # fmt: skip


def _appended(blocks: tuple[Rows, ...], block: Rows, merge: Callable[[list[Rows]], Rows]) -> tuple[Rows, ...]:
    """Append; small blocks are merged with their like, so that their number grows with the logarithm of the rows."""
    merged = [block]
    rest = list(blocks)
    size = len(block)
    while rest and len(rest[-1]) < _SMALL and len(rest[-1]) <= 2 * size:
        merged.insert(0, rest.pop())
        size += len(merged[0])
    return (*rest, merge(merged))


def _merge_blobs(blocks: list[BlobBlock]) -> BlobBlock:
    if len(blocks) == 1:
        return blocks[0]
    columns = [np.concatenate([getattr(block, name) for block in blocks]) for name in BlobBlock.COLUMNS]
    return BlobBlock(*columns)

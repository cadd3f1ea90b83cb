"""The tags of one run: small numbers for names, and the merging of a batch's own numbering into them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ..plugins import RUN_GRAPH_TAG
from . import layout as L
from .blocks import Block, merge_blocks
from .decoder import Batch, LocalTag, Part
from .kinds import SCALARS, kind_of

__all__ = ["BlobBlock", "RunTags", "SessionRows"]

Array = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class BlobBlock:
    """Where blobs lie in their file, one row each, in file order."""

    series: Array  # int32, number in RunTags
    code: Array  # int8, CODE_… of layout.py
    step: Array  # int64
    wall: Array  # float64
    at: Array  # int64
    length: Array  # int64
    crc: Array  # uint32

    def __len__(self) -> int:
        return len(self.series)

    COLUMNS = ("series", "code", "step", "wall", "at", "length", "crc")


@dataclass(frozen=True)
class SessionRows:
    """What a batch adds to one session of a file, numbered as the run numbers tags."""

    start: tuple[int, float] | None
    block: Block
    blobs: BlobBlock


class RunTags:
    """Numbers for the series of a run. Grows only: a number, once given, keeps its meaning for good.

    One thread at a time adds; any number may look up meanwhile.
    """

    def __init__(
        self, series: Iterable[tuple[str, str]] = (), number: Mapping[tuple[str, str], int] | None = None
    ) -> None:
        self.series = list(series)  # number → (kind, tag)
        self.number = dict(number or {})
        self.metadata: dict[int, bytes] = {}  # number → first SummaryMetadata, serialised
        self._classes: dict[str, tuple[int, str]] = {}  # tag → class and plugin of its first metadata

    def add(self, kind: str, tag: str, metadata: bytes | None = None) -> int:
        number = self.number.get((kind, tag))
        if number is None:
            number = len(self.series)
            self.series.append((kind, tag))
            self.number[kind, tag] = number
        if metadata is not None:
            self.metadata.setdefault(number, metadata)
        return number

    def note_class(self, tag: str, klass: int, plugin: str) -> None:
        if klass != L.CLASS_UNKNOWN:
            self._classes.setdefault(tag, (klass, plugin))

    @property
    def classes(self) -> dict[str, tuple[int, str]]:
        return self._classes

    def merge(self, batch: Batch) -> list[SessionRows]:
        """The batch's parts in the run's numbering."""
        local = [self._known(tag) for tag in batch.tags]
        parts = [self._settle(part, local) for part in batch.parts] if batch.unsure else batch.parts
        return [self._merge_part(part, local) for part in parts]

    def _known(self, tag: LocalTag) -> LocalTag:
        """The tag with what the run knows of it: metadata may have come in an earlier batch only."""
        self.note_class(tag.name, tag.klass, tag.plugin)
        if tag.klass != L.CLASS_UNKNOWN:
            return tag
        klass, plugin = self._classes.get(tag.name, (tag.klass, tag.plugin))
        return replace(tag, klass=klass, plugin=plugin)

    @staticmethod
    def _settle(part: Part, local: list[LocalTag]) -> Part:
        """Numbers that came without metadata stay scalars, or tensors where the tag is known to hold these."""
        others = np.array([tag.klass == L.CLASS_OTHER for tag in local], bool)
        maybe = part.blobs[:, L.BLOB_CODE] == L.CODE_MAYBE_SCALAR
        is_tensor = maybe & others[part.blobs[:, L.BLOB_TAG]]
        dropped = np.zeros(len(local), bool)
        dropped[part.blobs[is_tensor, L.BLOB_TAG]] = True
        blobs = part.blobs[~maybe | is_tensor]
        blobs[blobs[:, L.BLOB_CODE] == L.CODE_MAYBE_SCALAR, L.BLOB_CODE] = L.CODE_TENSOR
        return Part(part.start, _without(part.block, dropped), blobs)

    def _merge_part(self, part: Part, local: list[LocalTag]) -> SessionRows:
        block = part.block
        used = np.flatnonzero(np.diff(block.offsets))
        numbers = np.array([self.add(SCALARS, local[i].name, local[i].metadata) for i in used], np.int32)
        starts, ends = block.offsets[used], block.offsets[used + 1]
        offsets = np.append(starts, ends[-1:] if len(used) else 0).astype(np.int64)
        block = replace(block, tags=numbers, offsets=offsets)
        if (numbers[1:] <= numbers[:-1]).any():
            block = _in_order(block)
        return SessionRows(part.start, block, self._merge_blobs(part.blobs, local))

    def _merge_blobs(self, rows: Array, local: list[LocalTag]) -> BlobBlock:
        series = np.empty(len(rows), np.int32)
        pairs = rows[:, L.BLOB_TAG] * 256 + rows[:, L.BLOB_CODE]
        for pair in np.unique(pairs).tolist():
            tag, code = pair >> 8, pair & 255
            known = local[tag] if tag >= 0 else LocalTag(RUN_GRAPH_TAG, None, "", L.CLASS_UNKNOWN)
            series[pairs == pair] = self.add(kind_of(code, known.plugin), known.name, known.metadata)
        return BlobBlock(
            series=series,
            code=rows[:, L.BLOB_CODE].astype(np.int8),
            step=rows[:, L.BLOB_STEP].copy(),
            wall=np.ascontiguousarray(rows[:, L.BLOB_WALL]).view(np.float64),
            at=rows[:, L.BLOB_AT].copy(),
            length=rows[:, L.BLOB_LENGTH].copy(),
            crc=rows[:, L.BLOB_CRC].astype(np.uint32),
        )


def _without(block: Block, dropped: Array) -> Block:
    """The block without the rows of some of its tags (which stay, empty)."""
    lengths = np.diff(block.offsets)
    keep = np.repeat(~dropped, lengths)
    offsets = np.concatenate([[0], np.cumsum(np.where(dropped, 0, lengths))])
    return Block(block.tags, offsets, block.step[keep], block.wall[keep], block.value[keep])


def _in_order(block: Block) -> Block:
    """The block with its tags ascending, each once."""
    slices = [
        Block(
            block.tags[i : i + 1],
            np.array([0, last - first]),
            block.step[first:last],
            block.wall[first:last],
            block.value[first:last],
        )
        for i, (first, last) in enumerate(zip(block.offsets[:-1].tolist(), block.offsets[1:].tolist(), strict=True))
    ]
    return merge_blocks(slices)

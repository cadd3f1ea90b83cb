"""The index's manifest: which runs, files and tags there are, and where their columns lie. One small file.

8 bytes   "SSINDEX" and the version of the format
4 bytes   CRC-32C of all that follows
4 bytes   length of the header
header    JSON, lists rather than objects where there are many
directory the tags, offsets and checksums of every block, int32/int64/uint32, each array at a multiple of 8
"""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..crc32c import crc32c
from .blocks import Block, ColumnsDamaged
from .decoder import Damage
from .event_file import EventFile, Session
from .index_columns import BlobPlace, BlockPlace, ColumnFile
from .run_tags import BlobBlock, RunTags
from .scan import Fingerprint
from .storage import FileStamp

__all__ = ["Places", "StoredRun", "read_manifest", "write_manifest"]

Array = npt.NDArray[Any]

_MAGIC = b"SSINDEX\x03"  # 1 had no session stops and checkpoints, 2 did not know our own files
_HEAD = struct.Struct("<8sII")


@dataclass
class StoredRun:
    """A run as the index has it."""

    tags: RunTags
    files: dict[str, EventFile]  # by path; the manifest holds paths relative to the log directory


@dataclass
class Places:
    """Where blocks that are in the index lie."""

    blocks: dict[Block, BlockPlace] = field(default_factory=dict)
    blobs: dict[BlobBlock, BlobPlace] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)  # column file → size

    def used_files(self) -> set[str]:
        return {place.file for place in self.blocks.values()} | {place.file for place in self.blobs.values()}


# --- writing ----------------------------------------------------------------------------------------------------------


class _Writer:
    """Collects the header and the directory."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._directory = bytearray()
        self._tag_sets: dict[tuple[tuple[str, str], ...], int] = {}

    def bytes(self, root: str, runs: Mapping[str, StoredRun]) -> bytes:
        stored = {name: self._run(root, run) for name, run in runs.items()}
        header = {
            "root": root,
            "columns": {name: self._places.sizes[name] for name in sorted(self._places.used_files())},
            "tag_sets": list(self._tag_sets),
            "runs": stored,
        }
        text = json.dumps(header, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 8)
        body = struct.pack("<I", len(text)) + text + self._directory
        return _MAGIC + struct.pack("<I", crc32c(body)) + body

    def _run(self, root: str, run: StoredRun) -> list[Any]:
        series = tuple(run.tags.series)
        tag_set = self._tag_sets.setdefault(series, len(self._tag_sets))
        metadata = [[number, data.decode("latin-1")] for number, data in run.tags.metadata.items()]
        classes = [[tag, klass, plugin] for tag, (klass, plugin) in run.tags.classes.items()]
        files = [[os.path.relpath(path, root), *self._file(file)] for path, file in run.files.items()]
        return [tag_set, metadata, classes, files]

    def _file(self, file: EventFile) -> list[Any]:
        tail = _damage_list(file.tail_damage) if file.tail_damage else None
        mark = file.fingerprint
        return [
            list(file.stamp), [mark.head_length, mark.head, mark.offset, mark.tail], file.events,
            [_damage_list(damage) for damage in file.damage], tail, [file.first_event, file.min_wall, file.max_wall],
            file.max_step, file.complete, file.damage_print, file.is_ours,
            [self._session(session) for session in file.sessions],
        ]  # fmt: skip

    def _session(self, session: Session) -> list[Any]:
        blocks = [[*self._places.blocks[block], *self._enter(block)] for block in session.blocks]
        return [session.start, blocks, [list(self._places.blobs[blobs]) for blobs in session.blobs]]

    def _enter(self, block: Block) -> tuple[int, int]:
        """Write the block's tags into the directory: (number of tags, where)."""
        at = len(self._directory)
        for column in (block.offsets.astype("<i8"), block.tags.astype("<i4"), block.checksums()):
            self._directory += column.tobytes() + bytes(-column.nbytes % 8)
        return len(block.tags), at


def _damage_list(damage: Damage) -> list[Any]:
    return [damage.offset, damage.length, damage.reason]


def write_manifest(root: str, runs: Mapping[str, StoredRun], places: Places) -> bytes:
    """The manifest's bytes; every block of the runs has its place."""
    return _Writer(places).bytes(root, runs)


# --- reading ----------------------------------------------------------------------------------------------------------


def read_manifest(data: bytes, folder: Path, root: str) -> tuple[dict[str, StoredRun], Places]:
    """The runs of a manifest whose column files lie in `folder`. Runs whose columns are gone are left out.

    Raises ValueError for anything but a whole manifest of this version about `root`.
    """
    if len(data) < _HEAD.size:
        raise ValueError("the manifest is cut short")
    magic, crc, length = _HEAD.unpack_from(data)
    if magic != _MAGIC or crc32c(data[12:]) != crc:
        raise ValueError("the manifest is damaged or of another version")
    header = json.loads(data[_HEAD.size : _HEAD.size + length])
    if header["root"] != root:
        raise ValueError("the manifest is about another directory")
    return _Reader(header, data[_HEAD.size + length :], folder).runs()


_TagSet = tuple[list[tuple[str, str]], dict[tuple[str, str], int]]  # what RunTags begins with


class _Reader:
    """Builds runs from a header and a directory."""

    def __init__(self, header: dict[str, Any], directory: bytes, folder: Path) -> None:
        self._header = header
        self._directory = directory
        self._files = {name: ColumnFile(folder / name, size) for name, size in header["columns"].items()}
        self._whole = {name for name, file in self._files.items() if file.is_whole()}
        self._places = Places(sizes={name: self._files[name].size for name in self._whole})

    def runs(self) -> tuple[dict[str, StoredRun], Places]:
        tag_sets = []
        for stored_series in self._header["tag_sets"]:
            series = [(kind, tag) for kind, tag in stored_series]
            tag_sets.append((series, {pair: number for number, pair in enumerate(series)}))
        found = {}
        for name, stored in self._header["runs"].items():
            try:
                found[name] = self._run(tag_sets, *stored)
            except ColumnsDamaged:
                continue
        return found, self._places

    def _run(self, tag_sets: list[_TagSet], tag_set: int, metadata: Any, classes: Any, files: Any) -> StoredRun:
        tags = RunTags(*tag_sets[tag_set])
        tags.metadata.update((number, data.encode("latin-1")) for number, data in metadata)
        for tag, klass, plugin in classes:
            tags.note_class(tag, klass, plugin)
        root = self._header["root"]
        paths = ((os.path.join(root, path), stored) for path, *stored in files)
        return StoredRun(tags, {path: self._file(path, *stored) for path, stored in paths})

    def _file(
        self, path: str, stamp: Any, mark: Any, events: int, damage: Any, tail: Any, times: Any, max_step: int | None,
        complete: bool, damage_print: int, is_ours: bool, sessions: Any,
    ) -> EventFile:  # fmt: skip
        return EventFile(
            path, FileStamp(*stamp), Fingerprint(*mark), tuple(self._session(*session) for session in sessions),
            events, tuple(Damage(*stretch) for stretch in damage), Damage(*tail) if tail else None, times[0], times[1],
            times[2], max_step, complete, damage_print, is_ours,
        )  # fmt: skip

    def _session(self, start: Any, blocks: Any, blobs: Any) -> Session:
        return Session(
            (start[0], start[1]) if start else None,
            tuple(self._block(BlockPlace(*place), count, at) for *place, count, at in blocks),
            tuple(self._blobs(BlobPlace(*place)) for place in blobs),
        )

    def _column_file(self, name: str) -> ColumnFile:
        if name not in self._whole:
            raise ColumnsDamaged(f"{name} is missing or cut short")
        return self._files[name]

    def _block(self, place: BlockPlace, count: int, at: int) -> Block:
        tags_at = at + 8 * (count + 1)
        crcs_at = tags_at + 4 * count + 4 * count % 8
        block = self._column_file(place.file).block(
            place,
            np.frombuffer(self._directory, "<i4", count, tags_at),
            np.frombuffer(self._directory, "<i8", count + 1, at),
            np.frombuffer(self._directory, "<u4", count, crcs_at),
        )
        self._places.blocks[block] = place
        return block

    def _blobs(self, place: BlobPlace) -> BlobBlock:
        blobs = self._column_file(place.file).blobs(place)
        self._places.blobs[blobs] = place
        return blobs

"""The index's column files: blocks written one behind the other, mapped back into memory.

A file is written under a name of its own, is never changed and can be deleted while it is mapped.
"""

from __future__ import annotations

import mmap
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
import numpy.typing as npt

from ..crc32c import crc32c
from .blocks import Block, ColumnsDamaged
from .run_tags import BlobBlock

__all__ = ["BlobPlace", "BlockPlace", "ColumnFile", "ColumnWriter"]

Array = npt.NDArray[Any]

_TOKEN_BYTES = 16  # at the head of the file: its own name
_BLOB_TYPES = {"step": "<i8", "wall": "<f8", "at": "<i8", "length": "<i8", "series": "<i4", "crc": "<u4", "code": "i1"}
_BLOB_ROW = sum(np.dtype(kind).itemsize for kind in _BLOB_TYPES.values())


class BlockPlace(NamedTuple):
    """Where the columns of a block lie."""

    file: str
    offset: int
    rows: int
    step_size: int  # bytes: 4 or 8
    value_size: int


class BlobPlace(NamedTuple):
    """Where the columns of a block of blobs lie."""

    file: str
    offset: int
    rows: int
    crc: int


@dataclass(frozen=True, eq=False)
class StoredBlock(Block):
    """A block in a column file; each tag's rows are checked when they are first asked for."""

    crcs: Array  # uint32 per tag
    checked: Array  # bool per tag

    def checksums(self) -> Array:
        return self.crcs  # as written: computing them again would make damage look right

    def check(self, at: int | None = None) -> None:
        for position in range(len(self.tags)) if at is None else (at,):
            if not self.checked[position]:
                if self.checksum(position) != self.crcs[position]:
                    raise ColumnsDamaged("a column of the index is damaged")
                self.checked[position] = True


class ColumnWriter:
    """Writes one column file. `close` makes it visible under its name."""

    def __init__(self, folder: Path) -> None:
        token = secrets.token_hex(_TOKEN_BYTES // 2)
        self.name = f"columns-{token}.bin"
        self._folder = folder
        self._temporary = folder / f"{self.name}.tmp"
        self._file: BinaryIO = open(self._temporary, "wb")  # noqa: SIM115  closed by close or discard
        self._size = self._file.write(token.encode())

    def add_block(self, block: Block) -> BlockPlace:
        offset = self._size
        for column in (block.wall, block.step, block.value):
            self._write(column)
        return BlockPlace(self.name, offset, len(block), block.step.itemsize, block.value.itemsize)

    def add_blobs(self, blobs: BlobBlock) -> BlobPlace:
        offset = self._size
        data = b"".join(
            np.ascontiguousarray(getattr(blobs, name), kind).tobytes() for name, kind in _BLOB_TYPES.items()
        )
        self._write(np.frombuffer(data, np.uint8))
        return BlobPlace(self.name, offset, len(blobs), crc32c(data))

    def _write(self, column: Array) -> None:
        data = np.ascontiguousarray(column).data
        self._file.write(data)
        # Every block begins at a multiple of 8.
        self._file.write(bytes(-data.nbytes % 8))
        self._size += data.nbytes + -data.nbytes % 8

    def close(self, sizes: dict[str, int]) -> None:
        """Finish the file and enter its size; a file without columns is not kept."""
        self._file.close()
        if self._size == _TOKEN_BYTES:
            self._temporary.unlink()
            return
        os.replace(self._temporary, self._folder / self.name)
        sizes[self.name] = self._size

    def discard(self) -> None:
        self._file.close()
        self._temporary.unlink(missing_ok=True)


@dataclass
class ColumnFile:
    """A column file, mapped when something in it is asked for."""

    path: Path
    size: int
    _map: mmap.mmap | None = field(default=None, repr=False)

    def is_whole(self) -> bool:
        """Whether the file is there, has its size and carries its name."""
        try:
            if os.stat(self.path).st_size != self.size:
                return False
            with open(self.path, "rb") as file:
                return file.read(_TOKEN_BYTES) == self.path.name[len("columns-") : -len(".bin")].encode()
        except OSError:
            return False

    def _column(self, offset: int, rows: int, kind: str) -> Array:
        if self._map is None:
            with open(self.path, "rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return np.frombuffer(self._map, kind, rows, offset)

    def block(self, place: BlockPlace, tags: Array, offsets: Array, crcs: Array) -> Block:
        wall_at, rows = place.offset, place.rows
        step_at = wall_at + 8 * rows
        value_at = step_at + _padded(place.step_size * rows)
        return StoredBlock(
            tags=tags,
            offsets=offsets,
            step=self._column(step_at, rows, f"<i{place.step_size}"),
            wall=self._column(wall_at, rows, "<f8"),
            value=self._column(value_at, rows, f"<f{place.value_size}"),
            crcs=crcs,
            checked=np.zeros(len(tags), np.bool_),
        )

    def blobs(self, place: BlobPlace) -> BlobBlock:
        """Raises ColumnsDamaged."""
        data = self._column(place.offset, place.rows * _BLOB_ROW, "u1").tobytes()
        if crc32c(data) != place.crc:
            raise ColumnsDamaged("a table of the index is damaged")
        columns, at = {}, 0
        for name, kind in _BLOB_TYPES.items():
            columns[name] = np.frombuffer(data, kind, place.rows, at)
            at += columns[name].nbytes
        return BlobBlock(**columns)


def _padded(size: int) -> int:
    return size + -size % 8

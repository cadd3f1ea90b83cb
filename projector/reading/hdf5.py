"""The part of HDF5 that Keras writes weights in: groups by name, and arrays that lie in one piece.

https://docs.hdfgroup.org/archive/support/HDF5/doc/H5.format.html, version 0 of the superblock. Arrays in chunks or
compressed and the newer layout of groups are not read.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from .stored_numbers import stored_numbers

__all__ = ["Dataset", "Hdf5"]

_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_DATASPACE, _DATATYPE, _LAYOUT, _FILTERS, _ATTRIBUTE, _CONTINUED, _GROUP = 0x01, 0x03, 0x08, 0x0B, 0x0C, 0x10, 0x11
_DEEPEST, _MOST_OBJECTS = 32, 100_000
_NOWHERE = (1 << 64) - 1


@dataclass(frozen=True)
class Dataset:
    """An array: where its numbers lie."""

    shape: tuple[int, ...]
    dtype: str
    offset: int  # in the file; -1 where nothing was written
    owner: str = ""  # the attribute "name" of the group that holds it


@dataclass
class _Object:
    """What the header of a group or an array says."""

    shape: tuple[int, ...] | None = None
    dtype: str | None = None
    offset: int | None = None
    tree: tuple[int, int] | None = None  # of a group: its B-tree, its names
    attributes: dict[str, str] = field(default_factory=dict)


class Hdf5:
    """The arrays of a file by path. Raises ValueError where it is none, or one that is written otherwise."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.datasets: dict[str, Dataset] = {}
        self.left_out: list[str] = []  # arrays in chunks, which may be compressed
        with path.open("rb") as file:
            self._file: IO[bytes] = file
            head = self._at(0, 96)
            if not head.startswith(_SIGNATURE):
                raise ValueError(f"{path.name} is no HDF5 file")
            if head[8] != 0 or head[13:15] != b"\x08\x08":
                raise ValueError(
                    f"{path.name} is written in a newer layout of HDF5, which is not read; save the numbers: "
                    'numpy.save("points.npy", h5py.File(…)[…][:])'
                )
            try:
                self._walk(struct.unpack_from("<Q", head, 64)[0], "", "", 0)
            except (struct.error, IndexError, UnicodeDecodeError, RecursionError) as error:
                raise ValueError(f"{path.name} is damaged ({error}); copy it again") from None

    def read(self, name: str) -> NDArray[Any]:
        """Raises ValueError where the file ends before the numbers do."""
        found = self.datasets[name]
        dtype = np.dtype(found.dtype)
        size = int(np.prod(found.shape, dtype=np.int64)) * dtype.itemsize
        if found.offset < 0 or not size:
            return np.zeros(found.shape, dtype)
        if found.offset + size > self._path.stat().st_size:
            raise ValueError(f"{self._path.name} ends before the numbers of {name!r}; copy it again")
        return stored_numbers(self._path, dtype, found.offset, found.shape)

    def _at(self, offset: int, size: int) -> bytes:
        self._file.seek(offset)
        return self._file.read(size)

    def _walk(self, header: int, path: str, owner: str, depth: int) -> None:
        found = self._object(header)
        if found.tree is not None and depth < _DEEPEST:
            heap = self._heap(found.tree[1])
            for name, address in self._links(found.tree[0], heap, 0):
                self._walk(address, f"{path}/{name}" if path else name, found.attributes.get("name", ""), depth + 1)
        elif found.shape is not None and found.dtype is not None:
            if len(self.datasets) + len(self.left_out) >= _MOST_OBJECTS:
                raise ValueError(f"{self._path.name} has more than {_MOST_OBJECTS:,} arrays")
            if found.offset is None:
                self.left_out.append(path)
                return
            self.datasets[path] = Dataset(found.shape, found.dtype, found.offset, owner)

    def _object(self, address: int) -> _Object:
        found = _Object()
        for kind, data in self._messages(address):
            if kind == _DATASPACE:
                found.shape = _shape(data)
            elif kind == _DATATYPE:
                found.dtype = _dtype(data)
            elif kind == _LAYOUT:
                found.offset = _contiguous(data)
            elif kind == _FILTERS:
                found.offset = None
            elif kind == _GROUP:
                found.tree = struct.unpack_from("<QQ", data)
            elif kind == _ATTRIBUTE and data[0] == 1:
                found.attributes.update(self._attribute(data))
        return found

    def _messages(self, address: int) -> Iterator[tuple[int, bytes]]:
        """(kind, content) of the header at `address`, and of where it goes on."""
        version, count, size = struct.unpack_from("<BxH4xI", self._at(address, 12))
        if version != 1:
            return
        pieces = [(address + 16, size)]
        while pieces and count:
            offset, size = pieces.pop(0)
            data, at = self._at(offset, min(size, 1 << 20)), 0
            while at + 8 <= len(data) and count:
                kind, length = struct.unpack_from("<HH", data, at)
                content = data[at + 8 : at + 8 + length]
                at += 8 + length
                count -= 1
                if kind == _CONTINUED:
                    pieces.append(struct.unpack_from("<QQ", content))
                else:
                    yield kind, content

    def _heap(self, address: int) -> bytes:
        size, where = struct.unpack_from("<8xQ8xQ", self._at(address, 32))
        return self._at(where, min(size, 1 << 26))

    def _links(self, node: int, names: bytes, depth: int) -> Iterator[tuple[str, int]]:
        """(name, header) of what a group holds."""
        head = self._at(node, 24)
        if head[:4] != b"TREE" or depth > _DEEPEST:
            return
        level, used = struct.unpack_from("<xBH", head, 4)
        children = struct.unpack(f"<{2 * used}Q", self._at(node + 32, 16 * used))[::2]
        for child in children:
            if level:
                yield from self._links(child, names, depth + 1)
                continue
            (count,) = struct.unpack_from("<6xH", self._at(child, 8))
            entries = self._at(child + 8, 40 * count)
            for place in range(count):
                name, header = struct.unpack_from("<QQ", entries, 40 * place)
                yield names[name : names.index(b"\0", name)].decode(), header

    def _attribute(self, data: bytes) -> dict[str, str]:
        """{name: text} of an attribute that holds one text, else nothing."""
        name_size, type_size, space_size = struct.unpack_from("<xxHHH", data)
        name = data[8 : 8 + name_size].rstrip(b"\0").decode()
        type_at = 8 + -(-name_size // 8) * 8
        value = data[type_at + -(-type_size // 8) * 8 + -(-space_size // 8) * 8 :]
        if data[type_at] & 15 != 9 or len(value) < 16:  # a text of any length, kept in a heap
            return {}
        length, heap, index = struct.unpack_from("<IQI", value)
        return {name: self._heap_object(heap, index)[:length].decode()}

    def _heap_object(self, address: int, wanted: int) -> bytes:
        (size,) = struct.unpack_from("<8xQ", self._at(address, 16))
        data, at = self._at(address, min(size, 1 << 20)), 16
        while at + 16 <= len(data):
            index, length = struct.unpack_from("<H6xQ", data, at)
            if index == wanted:
                return data[at + 16 : at + 16 + length]
            if not index:
                break
            at += 16 + -(-length // 8) * 8
        return b""


def _shape(data: bytes) -> tuple[int, ...]:
    version, rank = data[0], data[1]
    return struct.unpack_from(f"<{rank}Q", data, 8 if version == 1 else 4)


def _dtype(data: bytes) -> str | None:
    """None for what holds no numbers."""
    kind, order, size = data[0] & 15, ">" if data[1] & 1 else "<", struct.unpack_from("<I", data, 4)[0]
    if kind == 1 and size in (2, 4, 8):
        return f"{order}f{size}"
    if kind == 0 and size in (1, 2, 4, 8):
        return f"{order}{'i' if data[1] & 8 else 'u'}{size}"
    return None


def _contiguous(data: bytes) -> int | None:
    """Where the numbers lie, when they lie in one piece; -1 where none were written."""
    if data[0] != 3 or data[1] != 1:
        return None
    offset = int(struct.unpack_from("<Q", data, 2)[0])
    return -1 if offset == _NOWHERE else offset

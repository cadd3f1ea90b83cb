"""Many values of a series in one pass through their files: reading one after the other opens a file each time."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..crc32c import crc32c
from ..errors import BlobUnavailable
from .storage import Storage

__all__ = ["BlobPlaces", "read_head", "read_many", "read_one"]

Array = npt.NDArray[Any]

_GAP = 8 << 10  # bytes between two values that are read rather than sought over
_AT_ONCE = 4 << 20  # bytes; a longer value is read alone


@dataclass(frozen=True, eq=False)
class BlobPlaces:
    """Where the values of a series are. The arrays have one entry a value."""

    storage: Storage
    paths: Sequence[str]
    path_of: Array  # index into `paths`
    at: Array
    length: Array
    crc: Array

    def take(self, rows: Array) -> BlobPlaces:
        """The places of some of the values."""
        return BlobPlaces(
            self.storage, self.paths, self.path_of[rows], self.at[rows], self.length[rows], self.crc[rows]
        )


def read_one(places: BlobPlaces, index: int) -> bytes:
    """The bytes that were indexed. Raises BlobUnavailable when they are not there any more."""
    return next(read_many(places, [index]))[1]


def read_head(places: BlobPlaces, index: int, length: int) -> bytes:
    """At most the first `length` bytes of a value, unchecked. Raises BlobUnavailable where the file cannot be read."""
    path = places.paths[int(places.path_of[index])]
    return _bytes_of(places.storage, path, int(places.at[index]), min(length, int(places.length[index])))


def read_many(places: BlobPlaces, indices: Sequence[int] | Array) -> Iterator[tuple[int, bytes]]:
    """(index, bytes) of the values at `indices`, in the order of the files. Raises BlobUnavailable, as `read_one`."""
    wanted = np.asarray(indices, np.int64)
    wanted = wanted[np.lexsort((places.at[wanted], places.path_of[wanted]))]
    with contextlib.ExitStack() as opened:
        path, file = "", None
        for stretch in _stretches(places, wanted):
            if path != (path := places.paths[int(places.path_of[stretch[0]])]):
                opened.close()
                file = None
            with _unavailable(path):
                file = file or opened.enter_context(places.storage.open(path))
                starts, lengths = places.at[stretch].tolist(), places.length[stretch].tolist()
                first = starts[0]
                data = file.read(first, starts[-1] + lengths[-1] - first)
            crcs = places.crc[stretch].tolist()
            for index, start, length, crc in zip(stretch.tolist(), starts, lengths, crcs, strict=True):
                value = data[start - first : start - first + length]
                if len(value) != length or crc32c(value) != crc:
                    what = f"bytes {start} to {start + length} are not what they were"
                    raise BlobUnavailable(f"{path} was changed: {what}")
                yield index, value


def _stretches(places: BlobPlaces, wanted: Array) -> Iterator[Array]:
    """Parts of `wanted` that one read gets: neighbours in a file."""
    if not len(wanted):
        return
    starts, path_of = places.at[wanted].tolist(), places.path_of[wanted].tolist()
    ends = (places.at[wanted] + places.length[wanted]).tolist()
    begin = 0
    for position in range(1, len(starts)):
        near = path_of[position] == path_of[begin] and starts[position] - ends[position - 1] <= _GAP
        if not near or ends[position] - starts[begin] > _AT_ONCE:
            yield wanted[begin:position]
            begin = position
    yield wanted[begin:]


def _bytes_of(storage: Storage, path: str, offset: int, length: int) -> bytes:
    with _unavailable(path), storage.open(path) as file:
        return file.read(offset, length)


@contextlib.contextmanager
def _unavailable(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BlobUnavailable(f"{path} cannot be read: {error.strerror or error}") from error

"""Single files out of zip archives that may be anything: nothing is unpacked to disk, sizes are limited both ways."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Any

from .wire import Buffer

__all__ = ["archive_names", "read_member"]

_LARGEST_DIRECTORY = 32 << 20  # bytes of the list of contents
_END = b"PK\x05\x06"
_END64 = b"PK\x06\x06"


class _Bytes(io.RawIOBase):
    """A buffer as a file."""

    def __init__(self, data: Buffer) -> None:
        self._data = data
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: len(self._data)}[whence]
        self._position = max(0, start + offset)
        return self._position

    def readinto(self, target: Any) -> int:
        part = self._data[self._position : self._position + len(target)]
        target[: len(part)] = part
        self._position += len(part)
        return len(part)


def archive_names(data: Buffer) -> list[str]:
    """The names of what is in the archive. Raises ValueError with a sentence where it is none."""
    with _opened(data) as archive:
        return archive.namelist()


def read_member(data: Buffer, name: str, limit: int) -> bytes:
    """The content of a file in the archive. Raises ValueError where it is larger than `limit` bytes or damaged."""
    with _opened(data) as archive:
        try:
            with archive.open(name) as member:  # what it says of its size is not believed
                content = member.read(limit + 1)
        except (
            KeyError,
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            RuntimeError,
            NotImplementedError,
        ) as error:
            raise ValueError(f"The file {name!r} in the archive cannot be read: {error}.") from None
    if len(content) > limit:
        raise ValueError(f"The file {name!r} in the archive has more than {limit:,} bytes; it is not read.")
    return content


def _opened(data: Buffer) -> zipfile.ZipFile:
    size = _directory_size(data)
    if size > _LARGEST_DIRECTORY:
        raise ValueError(f"The archive lists its contents in {size:,} bytes; at most {_LARGEST_DIRECTORY:,} are read.")
    try:
        return zipfile.ZipFile(io.BufferedReader(_Bytes(data)))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise ValueError(f"The archive is damaged: {error}.") from None


def _directory_size(data: Buffer) -> int:
    """Bytes between the beginning of the list of contents and the end of the file, at least."""
    tail = bytes(data[max(0, len(data) - (1 << 16) - 100) :])
    end = tail.rfind(_END)
    if end < 0 or end + 20 > len(tail):
        return 0
    size = int.from_bytes(tail[end + 12 : end + 16], "little")
    end64 = tail.rfind(_END64, 0, end)
    if size == 0xFFFFFFFF and end64 >= 0:
        size = int.from_bytes(tail[end64 + 40 : end64 + 48], "little")
    return size

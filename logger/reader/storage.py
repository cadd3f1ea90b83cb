"""The only place that opens files of a log directory: a small interface, here for the local file system.

Another backend (object stores by fsspec, say) implements `Storage`; nothing else in the reader knows what a path is.
Files are read in chunks, never mapped: a mapped file that somebody truncates kills the process.
"""

from __future__ import annotations

import os
import stat as stat_module
from collections.abc import Iterator
from typing import NamedTuple, Protocol

__all__ = ["LOCAL", "Entry", "FileHandle", "FileStamp", "LocalStorage", "Storage"]


class FileStamp(NamedTuple):
    """What `stat` says of a file: equal stamps mean that nobody has touched it since."""

    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int


class Entry(NamedTuple):
    """One name in a folder; links are followed."""

    name: str
    path: str
    is_folder: bool
    is_file: bool
    folder_id: tuple[int, int]  # (device, inode) of a folder, to notice loops of links


class FileHandle:
    """A local file being read. Not shared between threads."""

    def __init__(self, path: str, descriptor: int, status: os.stat_result) -> None:
        self.path = path
        self._descriptor = descriptor
        self._status = status

    def read_into(self, offset: int, target: memoryview) -> int:
        """Fill `target` with the bytes from `offset` on; how many there were."""
        filled = 0
        while filled < len(target):
            count = _read_at(self._descriptor, target[filled:], offset + filled)
            if not count:
                break
            filled += count
        return filled

    def read(self, offset: int, length: int) -> bytes:
        """At most `length` bytes from `offset` on."""
        buffer = bytearray(max(length, 0))
        count = self.read_into(offset, memoryview(buffer))
        return bytes(buffer if count == length else buffer[:count])

    def stamp(self) -> FileStamp:
        """The stamp of the file as it was opened, whatever its name now leads to."""
        return _stamp(self._status)

    def close(self) -> None:
        os.close(self._descriptor)

    def __enter__(self) -> FileHandle:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


def _read_at(descriptor: int, target: memoryview, offset: int) -> int:
    if hasattr(os, "preadv"):
        return os.preadv(descriptor, [target], offset)
    os.lseek(descriptor, offset, os.SEEK_SET)
    data = os.read(descriptor, len(target))
    target[: len(data)] = data
    return len(data)


class Storage(Protocol):
    """What the reader asks of a file system. All methods raise OSError."""

    def entries(self, folder: str) -> Iterator[Entry]: ...

    def folder_id(self, folder: str) -> tuple[int, int]: ...

    def changed_at(self, folder: str) -> int: ...

    def stamp(self, path: str) -> FileStamp: ...

    def open(self, path: str) -> FileHandle: ...


class LocalStorage:
    """Local files, network mounts included."""

    def entries(self, folder: str) -> Iterator[Entry]:
        """The names in `folder`; those that vanish or cannot be looked at meanwhile are left out."""
        with os.scandir(folder) as found:
            for entry in found:
                try:
                    is_folder = entry.is_dir()
                    is_file = not is_folder and entry.is_file()
                    identity = self.folder_id(entry.path) if is_folder and entry.is_symlink() else (0, 0)
                except OSError:
                    continue
                yield Entry(entry.name, entry.path, is_folder, is_file, identity)

    def folder_id(self, folder: str) -> tuple[int, int]:
        status = os.stat(folder)
        return status.st_dev, status.st_ino

    def changed_at(self, folder: str) -> int:
        """When a name was last added to the folder or removed, in nanoseconds."""
        return os.stat(folder).st_mtime_ns

    def stamp(self, path: str) -> FileStamp:
        status = os.stat(path)
        if not stat_module.S_ISREG(status.st_mode):
            raise OSError(f"{path} is no regular file")
        return _stamp(status)

    def open(self, path: str) -> FileHandle:
        descriptor = os.open(path, _FLAGS)
        status = os.fstat(descriptor)
        if not stat_module.S_ISREG(status.st_mode):
            os.close(descriptor)
            raise OSError(f"{path} is no regular file")
        return FileHandle(path, descriptor, status)


# A named pipe without a writer would block `open` for ever; Windows would translate line ends.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def _stamp(status: os.stat_result) -> FileStamp:
    return FileStamp(status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


LOCAL = LocalStorage()

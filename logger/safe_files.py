"""Files that several processes write: a lock that ends with its holder, contents that appear whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

__all__ = ["LockTimeout", "delete_left_overs", "locked", "replace_file"]

_LOOK = 0.005  # seconds between two tries for a lock
_LEFT_OVER_SECONDS = 600.0  # a temporary file this old belongs to a process that was killed


class LockTimeout(OSError):
    """Another process holds the lock, and goes on holding it."""


@contextlib.contextmanager
def locked(path: Path, timeout: float = 10.0) -> Iterator[None]:
    """Hold the lock file `path`, against threads and processes alike.

    The operating system frees it when its holder ends, however it ends; the empty file stays.
    Raises LockTimeout after `timeout` seconds, OSError where the file cannot be made.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o666)
    try:
        deadline = time.monotonic() + timeout
        while not _try_lock(handle):
            if time.monotonic() > deadline:
                raise LockTimeout(f"{path} has been locked by another process for {timeout:g} s")
            time.sleep(_LOOK)
        yield
    finally:
        os.close(handle)  # frees the lock


def replace_file(path: Path, data: bytes) -> None:
    """Write `path` so that readers see the old file or the new one, even if power fails. Raises OSError.

    A new file gets the permissions that the user's mask allows, an existing one keeps its own.
    """
    temporary = path.parent / f".{path.name}.{secrets.token_hex(6)}.tmp"
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with open(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(OSError):
            os.chmod(temporary, path.stat().st_mode & 0o777)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    _sync_folder(path.parent)
    delete_left_overs(path.parent.glob(f".{path.name}.*.tmp"))


def delete_left_overs(paths: Iterable[Path], age: float = _LEFT_OVER_SECONDS) -> None:
    """Delete those of these temporary files that nobody wrote to for `age` seconds: a killed process left them.

    Only files of this user go: a folder for temporary files is everybody's.
    """
    for path in paths:
        with contextlib.suppress(OSError):
            status = path.lstat()
            is_ours = stat.S_ISREG(status.st_mode) and (not hasattr(os, "getuid") or status.st_uid == os.getuid())
            if is_ours and time.time() - status.st_mtime > age:
                path.unlink()


def _sync_folder(folder: Path) -> None:
    """Make the new name last, where folders can be synchronised (not on Windows)."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


if os.name == "nt":
    import msvcrt

    def _try_lock(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

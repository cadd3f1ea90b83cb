"""What tells one content of a file from the next without reading it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress

__all__ = ["stamps_of"]


def stamps_of(paths: Iterable[str | os.PathLike[str]]) -> tuple[tuple[int, ...], ...]:
    """Inode, size and time of change of each file; what is missing is said when it is opened."""
    stamps = []
    for path in paths:
        with suppress(OSError):
            status = os.stat(path)
            stamps.append((status.st_ino, status.st_size, status.st_mtime_ns))
    return tuple(stamps)

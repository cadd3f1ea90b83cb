"""How this process gets memory from the system, where the C library lets itself be told (glibc).

Every picture that is looked at takes some blocks of about a megabyte, for a moment. glibc maps such a block and gives
it back at once, and the system clears each of its pages anew when it is next touched: up to four fifths of the time of
a thumbnail, measured on a virtual machine. And it keeps a heap for each thread, which holds what the thread once
needed. So blocks come out of one heap whose free end stays: up to 32 MB that are not given back.
"""

from __future__ import annotations

import contextlib
import ctypes

__all__ = ["keep_freed_memory"]

# Numbers of <malloc.h>.
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8


def keep_freed_memory(kept: int = 32 << 20, largest: int = 8 << 20) -> None:
    """Blocks of up to `largest` bytes come out of one heap that keeps up to `kept` free bytes at its end.

    To be called before other threads begin. Does nothing where the C library has no `mallopt`.
    """
    with contextlib.suppress(OSError, AttributeError, TypeError):  # TypeError: Windows has no library called None
        mallopt = ctypes.CDLL(None).mallopt
        for option, number in ((_ARENA_MAX, 1), (_MMAP_THRESHOLD, largest), (_TRIM_THRESHOLD, kept)):
            mallopt(option, number)

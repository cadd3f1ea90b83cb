"""Step counters by name that forked processes share: a table in memory they all map."""

from __future__ import annotations

import hashlib
import mmap
import multiprocessing
import struct

_SLOT = struct.Struct("<QQ")  # key (0: free), next step
_SLOTS = 1 << 14


class SharedSteps:
    """`take(name)` gives 0, 1, 2, … for each name, to every thread and every process forked from this one."""

    def __init__(self) -> None:
        self._table = mmap.mmap(-1, _SLOTS * _SLOT.size)  # anonymous and shared: forked processes see the same pages
        self._lock = multiprocessing.Lock()

    def take(self, name: str) -> int:
        """The name's next step. Raises OverflowError at the 16,385th name."""
        digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        key = int.from_bytes(digest, "little") or 1
        with self._lock:
            for probe in range(_SLOTS):
                place = (key + probe) % _SLOTS * _SLOT.size
                found, step = _SLOT.unpack_from(self._table, place)
                if found in (0, key):
                    _SLOT.pack_into(self._table, place, key, step + 1)
                    return int(step)
        raise OverflowError(f"more than {_SLOTS} tags count their steps here; {name!r} has no place")

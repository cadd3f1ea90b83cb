"""Snapshots of the CUDA allocator: what is allocated, by whom, what happened before. On request, or out of memory."""

from __future__ import annotations

import logging
import pickle
import sys
import weakref
from pathlib import Path
from typing import Any, Literal

from ...logger.event_files import warn_on_thread
from .trace_files import TraceFiles

__all__ = ["MemoryHistory", "SnapshotMode"]

SnapshotMode = Literal["oom"] | bool
_log = logging.getLogger("stepscope")
_MOST_ENTRIES = 100_000  # of the allocator's ring: a few hundred MB with their stacks
_MOST_OOM = 3  # snapshots: a training that goes on after each would fill the disk
_ENDING = "memory_snapshot.pickle"
_live: weakref.WeakSet[MemoryHistory] = weakref.WeakSet()
_attached: list[bool] = []  # an observer of the allocator cannot be taken back: there is one for all


class MemoryHistory:
    """mode: "oom" writes a snapshot when an allocation fails, True also with each trace, False never.

    Recording begins once CUDA is in use, and costs about 2 µs an allocation. Without CUDA there is nothing to record.
    """

    def __init__(self, mode: SnapshotMode, files: TraceFiles) -> None:
        self._mode, self._files = mode, files
        self._recording = False
        self._oom_left = _MOST_OOM
        self._waits = bool(mode)
        if mode is True and not _cuda().is_available():
            _log.warning("Profiler: no memory snapshots, there is no CUDA device")
            self._waits = False

    def step(self) -> None:
        """Begin as soon as CUDA is in use."""
        if self._waits and _cuda().is_initialized():
            self._waits = False
            self._begin()

    def with_trace(self) -> Path | None:
        """The snapshot that goes with a trace, where one is wanted."""
        return self.write() if self._mode is True else None

    def write(self, why: str = "") -> Path | None:
        """Write a snapshot now; None where there is none or it cannot be written."""
        return self._files.save(why + _ENDING, _dump) if self._recording else None

    def close(self) -> None:
        """Record no more."""
        self._waits = False
        _live.discard(self)
        if self._recording:
            self._recording = False
            _cuda().memory._record_memory_history(enabled=None)

    def _begin(self) -> None:
        try:
            _cuda().memory._record_memory_history(max_entries=_MOST_ENTRIES, stacks="python")
            _attach()
        except Exception as error:  # an older torch, another allocator
            warn_on_thread(f"Profiler: no memory snapshots: {error}")
            return
        self._recording = True
        _live.add(self)

    def _out_of_memory(self) -> None:
        if self._oom_left:
            self._oom_left -= 1
            self.write("oom.")


def _cuda() -> Any:
    return sys.modules["torch"].cuda


def _dump(path: str) -> None:
    snapshot = _cuda().memory._snapshot()
    with open(path, "wb") as file:
        pickle.dump(snapshot, file)


def _attach() -> None:
    if not _attached:
        sys.modules["torch"]._C._cuda_attachOutOfMemoryObserver(_observe)
        _attached.append(True)


def _observe(device: int, wanted: int, allocated: int, free: int) -> None:
    """Called by the allocator before it raises OutOfMemoryError. Whatever fails here must not hide that error."""
    for history in list(_live):
        try:
            history._out_of_memory()
        except Exception as error:
            _log.warning("Profiler: no memory snapshot of device %d out of memory: %r", device, error)

"""The end of the process, and its forks, for everything that writes in the background.

At exit, at SystemExit and after an uncaught exception every open writer is closed; a run that an exception ends has no
mark of its end. A forked child starts with an empty queue and opens a file of its own when it first writes, unless it
is one of ours that only finds something out.
"""

from __future__ import annotations

import atexit
import os
import sys
from typing import Protocol

__all__ = ["forget", "is_watched", "register_with_multiprocessing", "watch", "write_nothing", "writes_nothing"]


class _Open(Protocol):
    """A writer that has something to finish."""

    def note_end(self) -> None: ...
    def close(self) -> None: ...
    def start_over_in_child(self) -> None: ...


_open: set[_Open] = set()
_pid_with_finalizer: list[int] = []
_silent: list[int] = []  # this process, where it is to write nothing


def watch(writer: _Open) -> None:
    """Close it at the end, unless it is forgotten before."""
    _open.add(writer)


def forget(writer: _Open) -> None:
    """It was closed."""
    _open.discard(writer)


def is_watched(writer: _Open) -> bool:
    """Whether it is still to be closed."""
    return writer in _open


def register_with_multiprocessing() -> None:
    """Processes of `multiprocessing` that fork leave without running atexit; they do run these finalizers."""
    process = sys.modules.get("multiprocessing.process")
    if process is None or process.parent_process() is None or _pid_with_finalizer == [os.getpid()]:
        return
    from multiprocessing.util import Finalize

    _pid_with_finalizer[:] = [os.getpid()]
    Finalize(None, _close_all, exitpriority=0)


def write_nothing() -> None:
    """From now on this process writes no events: a copy of the training that runs a model again has the same hooks."""
    _silent[:] = [os.getpid()]


def writes_nothing() -> bool:
    """Whether events of this process are to be dropped."""
    return bool(_silent)


def _close_all() -> None:
    for writer in list(_open):
        if getattr(sys, "last_value", None) is None:  # no uncaught exception ends the process
            writer.note_end()
        writer.close()


def _start_over_in_child() -> None:
    for writer in list(_open):
        writer.start_over_in_child()


atexit.register(_close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_over_in_child)

"""Work that changes the state of a whole process, in a copy of it: forked, silent, ended after a time limit."""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable

__all__ = ["ForkedWork", "can_fork"]

_RESULT, _FAILURE = b"=", b"!"


def can_fork() -> bool:
    """Whether a copy of this process can work: elsewhere threads and system libraries do not survive it."""
    return sys.platform == "linux" and hasattr(os, "fork")


class ForkedWork:
    """Runs `work` in a child process, then `deliver(result, failure)` on a thread of this one; one of the two is empty.

    The child has the memory of the moment when it was made. It uses one thread, prints nothing and cannot use devices.
    """

    def __init__(self, work: Callable[[], bytes], limit: float, deliver: Callable[[bytes, str], None]) -> None:
        self._limit, self._deliver = limit, deliver
        reading, writing = os.pipe()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that other threads are not copied; the child uses none of theirs
            self._child = os.fork()
        if not self._child:
            _run_and_leave(work, writing, limit)
        os.close(writing)
        self._thread = threading.Thread(target=self._wait, args=(reading,), daemon=True)
        self._thread.start()

    def join(self) -> None:
        """Wait until the result is delivered, at most as long as the work may take."""
        self._thread.join(self._limit + 5)

    def _wait(self, reading: int) -> None:
        content = _read_all(reading, time.monotonic() + self._limit)
        os.close(reading)
        try:
            os.kill(self._child, signal.SIGKILL)
            os.waitpid(self._child, 0)
        except (ProcessLookupError, ChildProcessError):  # somebody else waited for it
            pass
        if content is None:
            self._deliver(b"", f"stopped after {self._limit:g} s")
        elif content[:1] == _RESULT:
            self._deliver(content[1:], "")
        else:
            self._deliver(b"", content[1:].decode("utf-8", "replace") or "its process ended without a result")


def _read_all(reading: int, deadline: float) -> bytes | None:
    """What comes until the other end is closed; None when that does not happen in time."""
    chunks: list[bytes] = []
    while (left := deadline - time.monotonic()) > 0:
        if select.select([reading], [], [], left)[0]:
            chunk = os.read(reading, 1 << 20)
            if not chunk:
                return b"".join(chunks)
            chunks.append(chunk)
    return None


def _run_and_leave(work: Callable[[], bytes], writing: int, limit: float) -> None:
    """The whole life of the child."""
    try:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(int(limit) + 2)  # should nobody be left to end it
        quiet = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(quiet, stream)
        warnings.simplefilter("ignore")
        content = _RESULT + work()
    except BaseException as error:
        lines = str(error).strip().splitlines() or [""]
        content = _FAILURE + f"{type(error).__name__}: {lines[0][:300]}".encode("utf-8", "replace")
    try:
        while content:
            content = content[os.write(writing, content) :]
    finally:
        os._exit(0)

"""Work that changes the state of a whole process, in a copy of it: forked, silent, ended after a time limit."""

from __future__ import annotations

import os
import select
import signal
import struct
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator

__all__ = ["ForkedWork", "can_fork"]

Send = Callable[[bytes], None]

_RESULT, _FAILURE, _DONE = range(3)
_HEAD = struct.Struct("<BQ")  # which of these, bytes that follow


def can_fork() -> bool:
    """Whether a copy of this process can work: elsewhere threads and system libraries do not survive it."""
    return sys.platform == "linux" and hasattr(os, "fork")


class ForkedWork:
    """Runs `work(send)` in a child process; what it sends comes to `deliver(result, "")` on a thread of this one.

    When it fails or takes longer than `limit` seconds, `deliver(b"", why)` comes last. The child has the memory of the
    moment when it was made. It has one thread, prints nothing and cannot use devices.
    """

    def __init__(self, work: Callable[[Send], None], limit: float, deliver: Callable[[bytes, str], None]) -> None:
        self._limit, self._deliver = limit, deliver
        self._came = threading.Event()
        reading, writing = os.pipe()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that other threads are not copied; the child uses none of theirs
            self._child = os.fork()
        if not self._child:
            _run_and_leave(work, writing, limit)
        os.close(writing)
        self._thread = threading.Thread(target=self._wait, args=(reading,), daemon=True)
        self._thread.start()

    def wait_for_first(self) -> None:
        """Wait until something was delivered."""
        self._came.wait(self._limit + 5)

    def join(self) -> None:
        """Wait until all is delivered, at most as long as the work may take."""
        self._thread.join(self._limit + 5)

    def _wait(self, reading: int) -> None:
        failure = "its process ended without a result"
        try:
            for kind, content in _messages(reading, time.monotonic() + self._limit):
                if kind == _RESULT:
                    self._deliver(content, "")
                    self._came.set()
                else:
                    failure = content.decode("utf-8", "replace")
        except TimeoutError:
            failure = f"stopped after {self._limit:g} s"
        os.close(reading)
        try:
            os.kill(self._child, signal.SIGKILL)
            os.waitpid(self._child, 0)
        except (ProcessLookupError, ChildProcessError):  # somebody else waited for it
            pass
        if failure:
            self._deliver(b"", failure)
        self._came.set()


def _messages(reading: int, deadline: float) -> Iterator[tuple[int, bytes]]:
    """(kind, content) until the other end is closed. Raises TimeoutError."""
    pending = b""
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([reading], [], [], left)[0]:
            raise TimeoutError
        chunk = os.read(reading, 1 << 20)
        if not chunk:
            return
        pending += chunk
        while len(pending) >= _HEAD.size:
            kind, size = _HEAD.unpack_from(pending)
            if len(pending) < _HEAD.size + size:
                break
            yield kind, pending[_HEAD.size : _HEAD.size + size]
            pending = pending[_HEAD.size + size :]


def _run_and_leave(work: Callable[[Send], None], writing: int, limit: float) -> None:
    """The whole life of the child."""

    def send(content: bytes, kind: int = _RESULT) -> None:
        message = _HEAD.pack(kind, len(content)) + content
        while message:
            message = message[os.write(writing, message) :]

    try:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(int(limit) + 2)  # should nobody be left to end it
        quiet = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(quiet, stream)
        warnings.simplefilter("ignore")
        work(send)
        send(b"", _DONE)
    except BaseException as error:
        lines = str(error).strip().splitlines() or [""]
        send(f"{type(error).__name__}: {lines[0][:300]}".encode("utf-8", "replace"), _FAILURE)
    finally:
        os._exit(0)

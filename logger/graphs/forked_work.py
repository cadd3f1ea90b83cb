"""Work that changes the state of a whole process, in a copy of it: forked, silent, ended after a time limit."""

from __future__ import annotations

import contextlib
import gc
import os
import select
import signal
import struct
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any

from ..event_files import warn_on_thread
from ..process_end import write_nothing

__all__ = ["ForkedWork", "can_fork"]

Send = Callable[[bytes], None]

_RESULT, _FAILURE, _DONE = range(3)
_HEAD = struct.Struct("<BQ")  # which of these, bytes that follow


def can_fork() -> bool:
    """Whether a copy of this process can work: elsewhere threads and system libraries do not survive it."""
    return sys.platform == "linux" and hasattr(os, "fork")


class ForkedWork:
    """Runs `work(send)` in a child process; what it sends comes to `deliver(result, "")` on a thread of this one.

    When it fails, takes longer than `limit` seconds or cannot be begun, `deliver(b"", why)` comes last. The child has
    the memory of the moment when it was made. It ends with its parent, hears none of the program's signal handlers,
    prints and logs nothing, and cannot use devices. The interpreter waits for the thread before it ends.
    """

    def __init__(self, work: Callable[[Send], None], limit: float, deliver: Callable[[bytes, str], None]) -> None:
        self._limit, self._deliver = limit, deliver
        self._came = threading.Event()
        self._maker = os.getpid()
        self._thread: threading.Thread | None = None
        try:
            child, reading = _fork(work, limit)
        except (OSError, RuntimeError) as error:  # no more processes or memory; the interpreter is ending
            self._hand_over(b"", f"no process could be made for it ({error})")
            return
        thread = threading.Thread(target=self._wait, args=(child, reading), name="stepscope graph")
        try:
            thread.start()
            self._thread = thread
        except RuntimeError as error:  # no more threads
            _end(child, reading)
            self._hand_over(b"", str(error))

    @property
    def is_done(self) -> bool:
        """Whether nothing will be delivered any more. In a process forked since, nothing is."""
        return self._thread is None or self._maker != os.getpid() or not self._thread.is_alive()

    def wait_for_first(self) -> None:
        """Wait until something was delivered, at most as long as the work may take."""
        if not self.is_done:
            self._came.wait(self._limit + 5)

    def join(self) -> None:
        """Wait until all is delivered, at most as long as the work may take."""
        if self._thread is not None:
            self._thread.join(self._limit + 5)

    def _wait(self, child: int, reading: int) -> None:
        failure = "its process ended without a result"
        try:
            for kind, content in _messages(reading, time.monotonic() + self._limit):
                if kind == _RESULT:
                    self._hand_over(content, "")
                else:
                    failure = content.decode("utf-8", "replace")
        except TimeoutError:
            failure = f"stopped after {self._limit:g} s"
        _end(child, reading)
        if failure:
            self._hand_over(b"", failure)
        self._came.set()

    def _hand_over(self, result: bytes, failure: str) -> None:
        try:
            self._deliver(result, failure)
        except Exception as error:  # the training must not hear of it
            warn_on_thread(f"lost what another process found out: {error!r}")
        self._came.set()


def _messages(reading: int, deadline: float) -> Iterator[tuple[int, bytes]]:
    """(kind, content) until the other end is closed. Raises TimeoutError."""
    pending = bytearray()
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
            yield kind, bytes(pending[_HEAD.size : _HEAD.size + size])
            del pending[: _HEAD.size + size]


def _fork(work: Callable[[Send], None], limit: float) -> tuple[int, int]:
    """(child, descriptor to read from). Raises OSError, or RuntimeError when the interpreter is ending."""
    parent = os.getpid()
    reading, writing = os.pipe()
    # A checkpoint that SIGTERM asks for is not the child's to write: no signal reaches it before it has dropped these.
    signals = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that other threads are not copied; the child uses none of theirs
            child = os.fork()
        if not child:
            _run_and_leave(work, writing, limit, parent, signals)
    except BaseException:
        os.close(reading)
        raise
    finally:
        os.close(writing)
        signal.pthread_sigmask(signal.SIG_SETMASK, signals)
    return child, reading


def _end(child: int, reading: int) -> None:
    os.close(reading)
    with contextlib.suppress(ProcessLookupError, ChildProcessError):
        # Asked before it is killed: where somebody else has waited for it, its number may be another process by now.
        if os.waitpid(child, os.WNOHANG) == (0, 0):
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def _run_and_leave(work: Callable[[Send], None], writing: int, limit: float, parent: int, signals: set[Any]) -> None:
    """The whole life of the child."""

    def send(content: bytes, kind: int = _RESULT) -> None:
        message = memoryview(_HEAD.pack(kind, len(content)) + content)
        while message:
            message = message[os.write(writing, message) :]

    try:
        _be_a_quiet_child(limit, parent, signals)
        work(send)
        send(b"", _DONE)
    except BaseException as error:
        lines = str(error).strip().splitlines() or [""]
        send(f"{type(error).__name__}: {lines[0][:300]}".encode("utf-8", "replace"), _FAILURE)
    finally:
        os._exit(0)


def _be_a_quiet_child(limit: float, parent: int, signals: set[Any]) -> None:
    gc.freeze()  # garbage of the parent is the parent's: its finalizers may delete files
    for number in signal.valid_signals():
        if callable(signal.getsignal(number)):
            signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(int(limit) + 2)  # should nobody be left to end it
    signal.pthread_sigmask(signal.SIG_SETMASK, signals - {signal.SIGALRM})
    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(quiet, stream)
    warnings.simplefilter("ignore")
    write_nothing()
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:
        score.write("1000")  # where memory runs out, this process goes, not the training
    threading.Thread(target=_leave_after, args=(parent,), daemon=True).start()


def _leave_after(parent: int) -> None:
    """End with the parent, however that ends: the devices it had open are free only when this process is gone."""
    while os.getppid() == parent:
        time.sleep(0.3)
    os._exit(0)

"""The queue and the thread between `add_…` and the event file, so that training never waits for the disk.

A call appends to a list and returns. The thread, one for each open file writer, sleeps until something comes, gathers
for a moment, then encodes and appends the lot. It is woken early by `flush`, `close` and a filling queue.

What happens at the end of the process, and in forked children, is in process_end.py.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from typing import Literal, SupportsFloat

from . import process_end
from .errors import QueueFull
from .event_files import EventFile, warn_on_thread
from .proto.event_pb2 import Event, SessionLog
from .records import frame
from .scalar_records import ScalarEncoder

QueueFullPolicy = Literal["wait", "drop", "raise"]

# tag, value (a float, or one still on its way from a device), step, wall time
Scalar = tuple[str, SupportsFloat, int, float]

_GATHER_SECONDS = 0.5  # how long values wait for company before they are written
_WAKE_AT = 4096  # pending entries that wake the thread at once
_SLICE = 4096  # scalars encoded in one go: bounds how long the interpreter is held
_STOP_SECONDS = 60.0
_MOST_WARNINGS = 20  # of one writer: a tag with a counter in it must not fill the terminal


class Work:
    """Something to do later: `build` makes an event (or does something else), `nbytes` is what it holds until then.

    `call` names it in a warning: "add_image('samples')".
    """

    __slots__ = ("build", "call", "nbytes")

    def __init__(self, build: Callable[[], Event | None], nbytes: int = 0, call: str = "a summary") -> None:
        self.build = build
        self.nbytes = nbytes
        self.call = call


class Background:
    """The pending entries of one event file, and the thread that writes them.

    `max_queue` bounds the entries and `queue_bytes` the memory they hold; `queue_full` says what a call does then:
    "wait" for the thread (at most as long as it needs), "drop" the value (counted, one warning) or "raise" QueueFull.
    """

    def __init__(
        self, file: EventFile, max_queue: int, flush_secs: float, queue_full: QueueFullPolicy, queue_bytes: int
    ) -> None:
        self.file = file
        self.dropped = 0
        self.last_step = 0  # of the scalar written last
        self._max_queue = max_queue
        self._queue_bytes = queue_bytes
        self._queue_full = queue_full
        self._gather = min(max(flush_secs, 0.0), _GATHER_SECONDS)
        self._alert_at = min(_WAKE_AT, max(1, max_queue // 2))
        self._encoder = ScalarEncoder()
        self._warned: set[str] = set()
        self._start_over()
        process_end.watch(self)

    def _start_over(self) -> None:
        self._pending: list[Scalar | Work] = []
        self._pending_bytes = 0
        self._changed = threading.Condition()  # guards all below
        self._thread: threading.Thread | None = None
        self._asleep = True
        self._hurry = False
        self._stopping = False
        self._asked = self._answered = 0  # flush tickets

    # On the calling thread.

    def note(self, scalar: Scalar) -> None:
        """Take a scalar. Append first, look second: the sleeping thread looks in the opposite order."""
        pending = self._pending
        if len(pending) >= self._alert_at and not self._has_room(0):
            return
        pending.append(scalar)
        if self._asleep:
            self._rouse()

    def take(self, work: Work) -> None:
        """Take something larger."""
        if not self._has_room(work.nbytes):
            return
        with self._changed:
            self._pending_bytes += work.nbytes
        self._pending.append(work)
        if self._asleep:
            self._rouse()

    def flush(self) -> None:
        """Returns when all that was taken before is in the file (or in the backlog of a failing disk)."""
        with self._changed:
            if not self._alive():
                self._write_pending(last_try=True)
                return
            self._asked = ticket = self._asked + 1
            self._changed.notify_all()
            self._wait_until(lambda: self._answered >= ticket)

    def note_end(self) -> None:
        """Mark that the run ends here as it was meant to, before `close`. To TensorBoard the mark means nothing."""
        if not self.file.paths:
            return  # a forked child that wrote nothing
        now = time.time()
        stop = SessionLog(status=SessionLog.STOP)
        # Past the bound of the queue: the last entry neither waits nor is dropped.
        self._pending.append(Work(lambda: Event(wall_time=now, step=self.last_step, session_log=stop)))

    def close(self) -> None:
        """Write what is pending, end the thread and close the file."""
        self.stop()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(_STOP_SECONDS)

    def stop(self) -> None:
        """As `close`, but does not wait for the thread."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
            if not self._alive() and process_end.is_watched(self):
                self._write_pending(last_try=True)
                self._finish()

    def _has_room(self, nbytes: int) -> bool:
        """Wake the thread if need be; apply the policy when the queue is full. False: drop the value."""
        if self._fits(nbytes):
            if not self._hurry and len(self._pending) >= self._alert_at:
                self._wake_now()
            return True
        if self._queue_full == "raise":
            raise QueueFull(f"{self.file.logdir}: {len(self._pending)} summaries wait to be written already")
        self._wake_now()
        if self._queue_full == "drop":
            self.dropped += 1
            self._warn_once("drop", f"{self.file.logdir}: the queue is full, summaries are dropped")
            return False
        with self._changed:
            self._wait_until(lambda: self._fits(nbytes))
        return True

    def _fits(self, nbytes: int) -> bool:
        """One thing larger than the whole bound is let in when nothing else waits."""
        if len(self._pending) >= self._max_queue:
            return False
        return not nbytes or not self._pending_bytes or self._pending_bytes + nbytes <= self._queue_bytes

    def _wait_until(self, done: Callable[[], bool]) -> None:
        """Wait, with the lock held; not for a thread that is gone."""
        while not self._changed.wait_for(done, timeout=0.2):
            if not self._alive():
                self._write_pending()
                return

    def _rouse(self) -> None:
        with self._changed:
            if self._thread is None and not sys.is_finalizing():
                self._start_thread()
            self._changed.notify_all()

    def _wake_now(self) -> None:
        self._hurry = True
        self._rouse()

    def _alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def _start_thread(self) -> None:
        process_end.register_with_multiprocessing()
        thread = threading.Thread(target=self._run, name=f"stepscope {self.file.logdir}", daemon=True)
        try:
            thread.start()
        except RuntimeError:
            return  # the interpreter is ending: close() will write in its own thread
        self._thread = thread

    # On the background thread.

    def _run(self) -> None:
        stopping = False
        while not stopping:
            with self._changed:
                self._sleep()
                asked, stopping = self._asked, self._stopping
            self._write_pending(last_try=stopping)
            with self._changed:
                self._answered = asked
                self._changed.notify_all()
        self._finish()

    def _sleep(self) -> None:
        """Until something is pending, then until more would not gain by waiting. The lock is held."""
        self._asleep = True
        self._changed.wait_for(lambda: self._pending or self._urgent(), timeout=self.file.retry_in)
        self._asleep = False
        if self._pending:
            self._changed.wait_for(self._urgent, timeout=self._gather)
        self._hurry = False

    def _urgent(self) -> bool:
        return self._stopping or self._hurry or self._asked > self._answered

    def _write_pending(self, last_try: bool = False) -> None:
        pending = self._pending
        todo = len(pending)
        while todo > 0:
            batch = pending[: min(todo, _SLICE)]
            self.file.append(self._encode(batch), last_try=last_try)
            # Removed only now: what is being written still counts against the bound.
            del pending[: len(batch)]
            todo -= len(batch)
            freed = sum(entry.nbytes for entry in batch if isinstance(entry, Work))
            with self._changed:
                self._pending_bytes -= freed
                self._changed.notify_all()
        self.file.append(b"", last_try=last_try)

    def _encode(self, batch: list[Scalar | Work]) -> bytes:
        """The batch's records in its order: runs of scalars at once, the rest one by one."""
        chunks = []
        scalars: list[tuple[str, float, int, float]] = []
        for entry in batch:
            if isinstance(entry, Work):
                if scalars:
                    chunks.append(self._encode_scalars(scalars))
                    scalars = []
                chunks.append(self._record(entry))
            else:
                tag, value, step, wall_time = entry
                try:
                    scalars.append((tag, float(value), step, wall_time))
                except Exception as error:  # a device value that never came
                    self._warn_once(f"{tag} {type(error)}", f"{self.file.logdir}: lost a value of {tag!r}: {error}")
        if scalars:
            chunks.append(self._encode_scalars(scalars))
        return b"".join(chunks)

    def _encode_scalars(self, scalars: list[tuple[str, float, int, float]]) -> bytes:
        self.last_step = scalars[-1][2]
        return self._encoder.encode(scalars)

    def _record(self, work: Work) -> bytes:
        try:
            event = work.build()
            return b"" if event is None else frame(event.SerializeToString())
        except Exception as error:
            # Nobody is there to catch it, and one picture that cannot be drawn must not stop the log.
            self._warn_once(f"{work.call} {type(error)}", f"{self.file.logdir}: lost {work.call}: {error!r}")
            return b""

    def _finish(self) -> None:
        self.file.close()
        process_end.forget(self)

    def _warn_once(self, key: str, sentence: str) -> None:
        if key not in self._warned and len(self._warned) < _MOST_WARNINGS:
            self._warned.add(key)
            warn_on_thread(sentence)

    def start_over_in_child(self) -> None:
        """After fork: pending entries, thread and file are the parent's."""
        self._start_over()
        self.file.forget()

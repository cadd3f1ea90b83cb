"""The thread that makes scalars of measured steps, so that training pays for its marks alone."""

from __future__ import annotations

import sys
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Any

from ...logger.event_files import warn_on_thread

if TYPE_CHECKING:
    from .step_points import StepPoints
    from .step_record import StepRecord

__all__ = ["Publisher", "is_closed"]

_PAUSE = 0.2  # seconds between two looks
_MOST_WAITING = 10_000


class Publisher:
    """Hands the figures of steps to a writer, in the steps' order.

    After the writer was closed, or when it raises, the rest is dropped with one warning.
    """

    def __init__(self, writer: Any, points: StepPoints) -> None:
        self._writer, self._points = writer, points
        self._warned: set[str] = set()
        self._start_over()

    def _start_over(self) -> None:
        self._waiting: deque[StepRecord] = deque(maxlen=_MOST_WAITING)
        self._turn = threading.Lock()  # one thread writes at a time
        self._wake = threading.Event()
        self._stopping = False
        self._thread: threading.Thread | None = None
        self._broken = False

    def put(self, record: StepRecord) -> None:
        """Take a step that is complete."""
        self._waiting.append(record)
        if self._thread is None and not self._stopping:
            self._start()

    def _start(self) -> None:
        thread = threading.Thread(target=self._run, name="stepscope step timer", daemon=True)
        try:
            thread.start()
        except RuntimeError:
            return  # the interpreter ends: flush() writes
        self._thread = thread

    def flush(self) -> None:
        """Returns when all that was taken was handed over."""
        self._write()

    def close(self) -> None:
        """Hand over the rest and end the thread."""
        self._write()
        self.stop()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(5)

    def stop(self) -> None:
        """As `close`, but the thread hands over the rest and nobody waits."""
        self._stopping = True
        self._wake.set()

    def start_over_in_child(self) -> None:
        """After fork: what waits is the parent's."""
        self._start_over()

    def warn(self, sentence: str) -> None:
        """Say it once."""
        if sentence not in self._warned:
            self._warned.add(sentence)
            warn_on_thread(f"StepTimer: {sentence}")

    def _run(self) -> None:
        while not self._stopping and not sys.is_finalizing():
            self._wake.wait(_PAUSE)
            self._write()

    def _write(self) -> None:
        with self._turn:
            wall_less_host = _wall_less_host()
            if len(self._waiting) == _MOST_WAITING:
                self.warn("the figures of steps come faster than they can be written, some are lost")
            while self._waiting:
                record = self._waiting.popleft()
                if not self._broken:
                    self._write_one(record, wall_less_host)
                time.sleep(0)  # lets the training have the interpreter between two steps

    def _write_one(self, record: StepRecord, wall_less_host: float) -> None:
        if is_closed(self._writer):
            self._broken = True
            self.warn(f"the writer was closed before the timer: steps from {record.step} on are not logged")
            return
        wall_time = record.end_ns / 1e9 + wall_less_host
        try:
            for tag, value in self._points.of(record):
                self._writer.add_scalar(tag, value, record.step, wall_time)
        except Exception as error:
            self._broken = True
            self.warn(f"steps from {record.step} on are not logged: {error!r}")


def _wall_less_host() -> float:
    """Seconds from the clock of `perf_counter_ns` to that of `time.time`: of three looks the one taken fastest."""
    looks = [(time.perf_counter_ns(), time.time(), time.perf_counter_ns()) for _ in range(3)]
    before, wall, after = min(looks, key=lambda look: look[2] - look[0])
    return wall - (before + after) / 2e9


def is_closed(writer: Any) -> bool:
    """Whether another value would open a new file: so it is with the writers of torch, tensorboardX and our own."""
    return getattr(writer, "file_writer", writer) is None

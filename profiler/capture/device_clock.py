"""Times on the device's own clock: CUDA events from a pool, read when they are ready. Nothing here waits for a device.

An event is a mark in a stream: recording it costs about a microsecond, and the device writes the time when it gets
there. `query()` tells whether it has, `elapsed_time()` the milliseconds between two that it has passed.
"""

from __future__ import annotations

import sys
import threading
from collections import deque
from time import perf_counter_ns
from typing import Any

from .step_record import DeviceTimes, StepRecord

__all__ = ["ClockSearch", "CudaClock"]

_REUSE_NS = 3_000  # a launch takes longer: since a mark less than this ago its thread has launched nothing
_BATCH, _BATCH_NS = 8, 50_000_000  # steps that wait, or time that passes, before it is worth while to ask for them


class ClockSearch:
    """Looks for the CUDA device to time, at each step until it is `over`: then it was found, or never will be.

    Without a `device` only a CUDA that the training has set up itself counts: asking for more would take its memory.
    Imports torch only when a device is named.
    """

    def __init__(self, device: Any, max_pending: int) -> None:
        self.max_pending = max_pending
        self._device = device
        self._in_use: Any = None
        self.over = False

    def look(self) -> CudaClock | None:
        """The clock; None while there is none. Raises what torch does for a device that cannot be."""
        if self._in_use is not None and not self._in_use():
            return None
        if self._device is None and "torch" not in sys.modules:
            return None
        import torch

        if self._device is None and not torch.cuda.is_initialized():
            self._in_use = torch.cuda.is_initialized
            self.over = not torch.backends.cuda.is_built()
            return None
        self.over = True
        chosen = torch.device("cuda" if self._device is None else self._device)
        if chosen.type != "cuda" or not torch.cuda.is_available():
            return None
        index = torch.cuda.current_device() if chosen.index is None else chosen.index
        return CudaClock(torch.cuda, index, self.max_pending)


class CudaClock:
    """Marks of steps that the device has not reached yet, oldest first, and the events that are free to be used again.

    cuda         torch.cuda, or what behaves like it
    max_pending  steps that may wait; a step begun while as many wait has no times of the device
    """

    def __init__(self, cuda: Any, device: int, max_pending: int) -> None:
        self.device = device
        self.device_name = str(cuda.get_device_name(device))
        self.failure: Exception | None = None
        self._cuda = cuda
        self._max_pending = max_pending
        self._pending: deque[StepRecord] = deque()
        self._pool: list[Any] = []
        self._looked_ns = 0
        self._key: Any = None  # of the stream that was current last
        self._stream: Any = None
        self._reading = threading.Lock()  # flush() may be called on any thread
        raw = getattr(getattr(sys.modules.get("torch"), "_C", None), "_cuda_getCurrentStream", None)
        self._stream_key = raw if getattr(cuda, "__name__", "") == "torch.cuda" else None
        self._capturing = cuda.is_current_stream_capturing
        self._last_end: Any = None  # the event at the end of the step that was read last

    # --- marking ------------------------------------------------------------------------------------------------------

    def has_room(self) -> bool:
        """Whether another step may wait."""
        return len(self._pending) < self._max_pending

    def mark(self, record: StepRecord, now_ns: int) -> int:
        """Record an event; its place in `record.events`, and the time in `record.marked_ns`.

        -1 where none could be: then the step has no times of the device, and no clock any more. A mark straight after
        another one of the same stream is the same mark.
        """
        try:
            stream = self._current_stream()
            if now_ns - record.marked_ns < _REUSE_NS and stream is record.stream:
                record.marked_ns = now_ns
                return len(record.events) - 1
            if self._capturing():
                return _unmarked(record, now_ns)
            event = self._pool.pop() if self._pool else self._cuda.Event(enable_timing=True)
            event.record(stream)
        except RuntimeError as error:
            self._fail(error)
            return _unmarked(record, now_ns)
        if record.stream is not stream:
            record.several_streams = record.stream is not None
            record.stream = stream
        record.events.append(event)
        record.marked_ns = perf_counter_ns()
        return len(record.events) - 1

    def _current_stream(self) -> Any:
        if self._stream_key is None:
            return self._cuda.current_stream(self.device)
        key = self._stream_key(self.device)
        if key != self._key:
            self._key, self._stream = key, self._cuda.current_stream(self.device)
        return self._stream

    def wait_for(self, record: StepRecord) -> None:
        """The step is over: its times come when the device has passed its last mark."""
        self._pending.append(record)

    def give_up(self, record: StepRecord) -> None:
        """The step will have no times of the device: its events are free again once they are passed, in order."""
        record.abandoned = True
        if record.events:
            self._pending.append(record)

    # --- reading ------------------------------------------------------------------------------------------------------

    def is_due(self, now_ns: int) -> bool:
        """Whether to read, in batches: asking for one step at a time costs more than timing it."""
        waiting = len(self._pending)
        due = waiting >= _BATCH or waiting * 2 >= self._max_pending or now_ns - self._looked_ns >= _BATCH_NS
        if due:
            self._looked_ns = now_ns
        return due

    def read(self, wait: bool = False) -> list[StepRecord]:
        """The steps whose marks the device has passed, with their times. `wait` waits for all, else for nothing.

        Asks nothing while a graph is being captured: a query would break the capture.
        """
        done: list[StepRecord] = []
        if not self._pending or not self._reading.acquire(blocking=wait):
            return done
        try:
            if self._capturing():
                return done
            if wait:
                for record in list(self._pending):
                    record.events[-1].synchronize()
            while self._pending and _is_passed(self._pending[0], wait):
                record = self._pending.popleft()
                if not record.abandoned:
                    self._read(record)
                    done.append(record)
                self._pool.extend(record.events)
                record.events = None
        except RuntimeError as error:
            self._fail(error)
        finally:
            self._reading.release()
        return done

    def _read(self, record: StepRecord) -> None:
        first, *others = record.events
        since = self._last_end.elapsed_time(first) if self._last_end is not None else None
        record.device = DeviceTimes([0.0, *map(first.elapsed_time, others)], since)
        if self._last_end is not None:
            self._pool.append(self._last_end)
        self._last_end = record.events.pop()

    def lost(self) -> list[StepRecord]:
        """After a failure: the steps that still wait, without times."""
        waiting = [record for record in self._pending if not record.abandoned]
        self._pending.clear()
        return waiting

    def _fail(self, error: RuntimeError) -> None:
        if self.failure is None:
            self.failure = error


def _unmarked(record: StepRecord, now_ns: int) -> int:
    record.clock, record.marked_ns = None, now_ns
    return -1


def _is_passed(record: StepRecord, waited: bool) -> bool:
    """The last event of one stream says it for all; of several streams each must be asked."""
    if not record.several_streams:
        return waited or record.events[-1].query()
    if waited:
        for event in record.events:
            event.synchronize()
    return all(event.query() for event in record.events)

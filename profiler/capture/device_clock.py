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
_OFFSETS = 256  # marks that say how far the device's clock lies from the host's
_STREAMS = 64


class ClockSearch:
    """Looks for the CUDA device to time, at each step until it is `over`: then it was found, or never will be.

    Without a `device` only a CUDA that the training has set up itself counts: asking for more would take its memory.
    Imports torch only when a device is named.
    """

    def __init__(self, device: Any, max_pending: int) -> None:
        self.max_pending = max_pending
        self._device = device
        self._in_use: Any = None
        self.over = str(device) == "cpu"

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
        self._streams: dict[Any, Any] = {}
        self._reading = threading.Lock()  # flush() may be called on any thread
        raw = getattr(getattr(sys.modules.get("torch"), "_C", None), "_cuda_getCurrentStream", None)
        self._stream_key = raw if getattr(cuda, "__name__", "") == "torch.cuda" else None
        self._capturing = cuda.is_current_stream_capturing
        self._last_end: Any = None  # the event at the end of the step that was read last
        self._last_end_ns = 0.0  # when that was, on a clock of the device with an origin of its own
        self._offsets: deque[float] = deque(maxlen=_OFFSETS)

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
            if self._capturing():
                return _unmarked(record, now_ns)
            stream = self._current_stream()
            if now_ns - record.marked_ns < _REUSE_NS and stream is record.stream:
                record.marked_ns = now_ns
                return len(record.events) - 1
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
        stream = self._streams.get(key)
        if stream is None:
            if len(self._streams) >= _STREAMS:
                self._streams.clear()
            stream = self._streams[key] = self._cuda.current_stream(self.device)
        return stream

    def wait_for(self, record: StepRecord) -> None:
        """The step is over: its times come when the device has passed its last mark."""
        self._pending.append(record)

    def give_up(self, record: StepRecord) -> None:
        """The step will have no times of the device: its events are free again once they are passed, in order."""
        record.abandoned = True
        if record.events:
            self._pending.append(record)

    # --- reading ------------------------------------------------------------------------------------------------------

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
                for record in self._pending:
                    record.events[-1].synchronize()
            while self._pending and _is_passed(self._pending[0], wait):
                record = self._pending.popleft()
                self._read(record)
                done.append(record)
        except RuntimeError as error:
            self._fail(error)
        finally:
            self._reading.release()
        return [record for record in done if not record.abandoned]

    def _read(self, record: StepRecord) -> None:
        events = record.events
        if record.abandoned:
            self._pool.extend(events)
            events.clear()
            return
        first = events[0]
        at = [0.0, *(first.elapsed_time(event) for event in events[1:])]
        idle = self._last_end.elapsed_time(first) if self._last_end is not None else None
        # Without an unbroken chain of marks the clock begins anew; its origin is found again from the offsets.
        start_ns = self._last_end_ns + idle * 1e6 if idle is not None else float(record.start_ns)
        end_ns = start_ns + at[-1] * 1e6
        # No mark is passed before it is made. Those that found the device idle were passed at once: they give the
        # distance of the two clocks.
        self._offsets.append(record.start_ns - start_ns)
        self._offsets.append(record.end_ns - end_ns)
        lag = (end_ns + max(self._offsets) - record.end_ns) / 1e6
        follows = idle is not None and record.follows_measured
        record.device = DeviceTimes(at, idle if follows else None, lag)
        if self._last_end is not None:
            self._pool.append(self._last_end)
        self._last_end, self._last_end_ns = events.pop(), end_ns
        self._pool.extend(events)
        events.clear()

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
    if waited and not record.several_streams:
        return True
    asked = record.events if record.several_streams else record.events[-1:]
    if waited:
        for event in asked:
            event.synchronize()
    return all(event.query() for event in asked)

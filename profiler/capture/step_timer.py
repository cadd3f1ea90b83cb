"""StepTimer: how long steps and their parts take, on the host and on the GPU, without ever waiting for the GPU."""

from __future__ import annotations

import atexit
import os
import weakref
from collections.abc import Iterable
from contextlib import AbstractContextManager
from threading import get_ident
from time import perf_counter_ns
from typing import Any, TypeVar

from ..peak_rates import peak_rates
from .between_steps import BetweenSteps
from .device_clock import ClockSearch, CudaClock
from .nvtx import NvtxRanges
from .own_time import OWN_TIME
from .phase_blocks import OpenStep, PhaseBlock, ShownPhaseBlock
from .publisher import Publisher
from .step_points import StepPoints
from .step_record import StepRecord
from .telemetry import Telemetry
from .timed_loader import TimedLoader

__all__ = ["StepTimer"]

T = TypeVar("T")
_NAMES = 1000  # of phases, whose blocks are kept
_timers: weakref.WeakSet[StepTimer] = weakref.WeakSet()


class StepTimer:
    """Times steps and named phases of a training loop and logs them as scalars, with what the machine did meanwhile.

    writer: whatever has `add_scalar(tag, value, step, walltime)`: ours, torch's or tensorboardX's.
    device: the CUDA device to time; None is the current one, once the training uses CUDA; "cpu" the host alone.
    every: measure every n-th step.
    max_pending: steps whose GPU times may be outstanding; beyond it they go without, counted in `dropped`.
    samples_per_step, tokens_per_step, flops_per_step: of this process; attributes that may be changed at any time.
    peak_flops: FLOP/s that MFU is a share of; by default known for common GPUs (dense 16-bit products).
    telemetry_hz: how often GPU and host figures are taken, 0.1 to 10 a second; 0 for never.
    prefix: what the tags begin with. nvtx: name steps and phases for Nsight Systems too.

    GPU times come from events that are read when the GPU has passed them; only `close()` and `flush(wait=True)` wait.
    Without CUDA all times are of the host's clock: tags with "gpu" in them are absent, and `clock` is "host".
    Phases within phases are logged under both names ("forward/attention"). A step that raises is not logged.

    >>> with StepTimer(writer, samples_per_step=64) as t:
    ...     for images, labels in t.wrap_loader(loader):
    ...         with t.step():
    ...             with t("forward"):
    ...                 loss = model(images, labels)
    ...             with t("backward"):
    ...                 loss.backward()
    """

    def __init__(
        self,
        writer: Any,
        *,
        device: Any = None,
        every: int = 1,
        max_pending: int = 64,
        samples_per_step: float | None = None,
        tokens_per_step: float | None = None,
        flops_per_step: float | None = None,
        peak_flops: float | None = None,
        telemetry_hz: float = 1.0,
        prefix: str = "perf",
        nvtx: bool = False,
        percentiles_every: int = 50,
    ) -> None:
        if every < 1 or max_pending < 1 or percentiles_every < 1:
            raise ValueError(
                f"StepTimer: every, max_pending and percentiles_every must be at least 1, "
                f"got {every}, {max_pending} and {percentiles_every}"
            )
        if telemetry_hz and not 0.1 <= telemetry_hz <= 10:
            raise ValueError(f"StepTimer: telemetry_hz must be 0 (never) or 0.1 to 10 a second, got {telemetry_hz}")
        self.samples_per_step = samples_per_step
        self.tokens_per_step = tokens_per_step
        self.flops_per_step = flops_per_step
        self.step_num = 0  # of the step that runs, or comes next
        self.dropped = 0  # steps without GPU times, because too many were outstanding
        self.failed = 0  # steps that an exception ended
        self._every, self._max_pending = every, max_pending
        self._nvtx = NvtxRanges("StepTimer") if nvtx else None
        self._search: ClockSearch | None = None if str(device) == "cpu" else ClockSearch(device, max_pending)
        self._clock: CudaClock | None = None
        self._now = OpenStep()
        self._blocks: dict[str, PhaseBlock] = {}
        self._inner: list[int] = []  # threads of the steps within the one that is timed
        self._between = BetweenSteps(self._now)
        self._closed = False
        self._plain = self._is_plain()
        self._points = StepPoints(prefix, percentiles_every, peak_flops)
        self._publisher = Publisher(writer, self._points)
        self._telemetry = Telemetry(writer, hz=telemetry_hz) if telemetry_hz else None
        weakref.finalize(self, _end_threads, self._publisher, self._telemetry).atexit = False
        _timers.add(self)

    @property
    def clock(self) -> str:
        """ "cuda" when phases are timed on the GPU as well, "host" when they are not (yet)."""
        return "host" if self._clock is None else "cuda"

    def step(self, step: int | None = None, *, samples: float | None = None, tokens: float | None = None) -> _StepBlock:
        """Times the block. `step` is the step its scalars have, by default one more than the last, from 0.

        samples, tokens: of this step, where they differ from step to step.
        """
        return _StepBlock(self, step, samples, tokens)

    def __call__(self, name: str) -> PhaseBlock:
        """Times the block as a part of the step: `with t("forward"): …`. Outside of steps it does nothing."""
        block = self._blocks.get(name)
        return self._new_block(name) if block is None else block

    def wrap_loader(self, loader: Iterable[T]) -> TimedLoader[T]:
        """The loader, the time in its `next()` counted as waiting for data. All else it has is still there.

        From the end of one pass to the begin of the next one, no time is counted: neither validation nor saving.
        """
        return TimedLoader(loader, self._between.waited, self._between.loader_ended)

    def pause(self) -> AbstractContextManager[None]:
        """Leaves the block out of the step's time: validation or saving between two steps."""
        return self._between.pause()

    def flush(self, wait: bool = False) -> None:
        """Hand over what is known to the writer. `wait` waits for the GPU to finish all steps so far."""
        self._read(wait)
        self._publisher.flush()

    def close(self) -> None:
        """Wait for the GPU, log the rest, end the threads. The writer stays open."""
        if self._closed:
            return
        self._closed, self._plain = True, False
        self.flush(wait=True)
        self._publisher.close()
        if self._telemetry is not None:
            self._telemetry.close()
        _timers.discard(self)

    def __enter__(self) -> StepTimer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- for the blocks -----------------------------------------------------------------------------------------------

    def _prepare(self, step: int) -> bool:
        """What a step that is not of the plainest kind needs. False for one that is not measured."""
        if self._nvtx is not None:
            self._nvtx.push(f"step {step}")
        if self._closed or step % self._every:
            return False
        if self._clock is not None:
            if self._clock.is_due(self._between.before_ns):
                self._read()
        elif self._search is not None:
            self._find_clock(self._search)
        return True

    def _is_plain(self) -> bool:
        """Whether steps need no preparing."""
        searching = self._clock is not None or self._search is not None
        return not (searching or self._closed or self._every > 1 or self._nvtx is not None)

    def _mark_first(self, record: StepRecord, clock: CudaClock) -> None:
        if clock.has_room():
            record.clock, record.events, record.marks = clock, [], []
            clock.mark(record, record.start_ns)
        else:
            self.dropped += 1

    def _begin_within(self) -> None:
        self._inner.append(get_ident())
        self._publisher.warn("a step began within another one, or on another thread: only the first is timed")

    def _ended_within(self) -> bool:
        """Whether it is one of those that began within another one."""
        thread = get_ident()
        if thread not in self._inner:
            return False
        self._inner.remove(thread)
        return True

    def _settle(self, record: StepRecord, failed: bool) -> None:
        """A step with marks, or one that failed."""
        if failed:
            self.failed += 1
        if record.clock is not None and not failed:
            record.clock.wait_for(record)
            return
        if record.events and self._clock is not None:
            self._clock.give_up(record)
        if not failed:
            self._publisher.put(record)

    def _new_block(self, name: str) -> PhaseBlock:
        name = str(name)
        if len(self._blocks) >= _NAMES:
            self._blocks.clear()
        nvtx = self._nvtx
        block = PhaseBlock(name, self._now) if nvtx is None else ShownPhaseBlock(name, self._now, nvtx)
        self._blocks[name] = block
        return block

    # --- the device ---------------------------------------------------------------------------------------------------

    def _find_clock(self, search: ClockSearch) -> None:
        try:
            self._clock = search.look()
        except Exception as error:
            self._publisher.warn(f"the GPU cannot be timed, only the host is: {error}")
            search.over = True
        if search.over:
            self._search = None
            self._plain = self._is_plain()
        if self._clock is not None:
            self._found(self._clock)

    def _found(self, clock: CudaClock) -> None:
        rates = peak_rates(clock.device_name)
        if self._points.peak_flops is None and rates is not None:
            self._points.peak_flops = rates.flops
        if self._telemetry is not None:
            self._telemetry.device = clock.device

    def _read(self, wait: bool = False) -> None:
        clock = self._clock
        if clock is None:
            return
        for record in clock.read(wait):
            self._publisher.put(record)
        if clock.failure is not None:
            self._publisher.warn(f"the GPU can no longer be timed, only the host is: {clock.failure}")
            for record in clock.lost():
                self._publisher.put(record)
            self._clock, self._search = None, None
            self._plain = self._is_plain()

    def _start_over_in_child(self) -> None:
        """After fork: CUDA and the threads are the parent's, and so is what was measured."""
        self._clock, self._search, self._now.record = None, None, None
        self._plain = self._is_plain()
        self._between.start_over()
        self._inner.clear()
        self._publisher.start_over_in_child()
        self._telemetry = None


class _StepBlock:
    """Each function that is called costs its share of cold caches, so the plainest steps call next to none."""

    __slots__ = ("_samples", "_step", "_timer", "_tokens")

    def __init__(self, timer: StepTimer, step: int | None, samples: float | None, tokens: float | None) -> None:
        self._timer, self._step, self._samples, self._tokens = timer, step, samples, tokens

    def __enter__(self) -> None:
        timer, step = self._timer, self._step
        if timer._now.record is not None:
            timer._begin_within()
            return
        if step is None:
            step = timer.step_num
        else:
            timer.step_num = step
        if not timer._plain and not timer._prepare(step):
            return
        start, between = perf_counter_ns(), timer._between
        if not between.before_ns:
            between.begin(start)
        samples = timer.samples_per_step if self._samples is None else self._samples
        tokens = timer.tokens_per_step if self._tokens is None else self._tokens
        amounts = samples, tokens, timer.flops_per_step
        record = StepRecord(step, get_ident(), between.before_ns, start, between.follows, amounts, [])
        if timer._clock is not None:
            timer._mark_first(record, timer._clock)
        timer._now.record = record

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        end, timer, own = perf_counter_ns(), self._timer, OWN_TIME.ns
        if timer._inner and timer._ended_within():
            return
        record, between, timed = timer._now.record, timer._between, False
        if record is not None:
            if record.thread != get_ident():
                return  # a step that was not measured, and another thread's that is
            if record.clock is not None:
                record.clock.mark(record, end)
                timed = record.clock is not None and kind is None
            record.end_ns, record.left_out_ns, record.wait_ns = end, own - between.out_ns, between.wait_ns
            record.follows_measured = between.follows
        timer._now.record = None
        if timer._nvtx is not None:
            timer._nvtx.pop()
        if timer._telemetry is not None:
            timer._telemetry.step = timer.step_num
        timer.step_num += 1
        between.before_ns, between.wait_ns, between.follows, between.out_ns = end, 0, timed, own
        if record is not None:
            if record.events or kind is not None:
                timer._settle(record, kind is not None)
            else:
                timer._publisher.put(record)


def _end_threads(publisher: Publisher, telemetry: Telemetry | None) -> None:
    """The timer is gone and was not closed."""
    publisher.stop()
    if telemetry is not None:
        telemetry.stop()


def _close_all() -> None:
    for timer in list(_timers):
        timer.close()


def _start_over_in_children() -> None:
    for timer in list(_timers):
        timer._start_over_in_child()


# The writers' own end was registered before, when `stepscope.logger` was imported, so it comes after this one.
atexit.register(_close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_over_in_children)

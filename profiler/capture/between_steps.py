"""The time from one step's end to the next one's: waiting for data, and what is no part of the training."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from time import perf_counter_ns

from .own_time import OWN_TIME
from .phase_blocks import OpenStep

__all__ = ["BetweenSteps"]


class BetweenSteps:
    """Times are perf_counter_ns. Left out are pauses, what lies between two passes over a loader, and OWN_TIME.

    before_ns  the end of the last step, or the first wait for data; 0 before both
    wait_ns    waited for data since then
    out_ns     OWN_TIME then, less what else was left out since
    follows    whether the last step has times of the device, and nothing was left out since
    """

    __slots__ = ("_gap_open", "_gap_wait_ns", "_now", "_out", "_pauses", "before_ns", "follows", "out_ns", "wait_ns")

    def __init__(self, now: OpenStep) -> None:
        self._now = now
        self.start_over()

    def start_over(self) -> None:
        """As before all steps."""
        self.before_ns = self.wait_ns = self.out_ns = 0
        self.follows = self._gap_open = False
        self._pauses = self._gap_wait_ns = 0
        self._out = (0, 0)  # where the last gap between two passes began, and what was left out until then

    def begin(self, now: int) -> None:
        """There was nothing before `now`."""
        self.before_ns, self.out_ns = now, OWN_TIME.ns

    def waited(self, begin: int, end: int) -> None:
        """A wait in `next()` of a loader."""
        if self._pauses:
            return
        if not self.before_ns and self._now.record is None:
            self.begin(begin)
        elif self._gap_open:
            self._leave_out(*self._out, begin)
            self.wait_ns = self._gap_wait_ns
        self._gap_open = False
        self.wait_ns += end - begin

    def loader_ended(self, now: int) -> None:
        """A pass over a loader is through; one without steps, as in validation, is itself a part of the gap."""
        if self._pauses or self._now.record is not None:
            return
        if self._out[0] <= self.before_ns:
            self._out, self._gap_wait_ns = (now, OWN_TIME.ns - self.out_ns), self.wait_ns
        self._gap_open = True

    @contextlib.contextmanager
    def pause(self) -> Iterator[None]:
        """Leaves the block out."""
        began, out, waited, before = perf_counter_ns(), OWN_TIME.ns - self.out_ns, self.wait_ns, self.before_ns
        self._pauses += 1
        try:
            yield
        finally:
            self._pauses -= 1
            self._leave_out(began, out, perf_counter_ns())
            self.wait_ns = waited if self.before_ns == before else 0

    def _leave_out(self, since: int, out: int, until: int) -> None:
        """`out`: what was left out until `since`. What was left out within counts no second time."""
        if since < self.before_ns:
            since, out = self.before_ns, 0
        self.out_ns, self.follows = OWN_TIME.ns - out - (until - since), False

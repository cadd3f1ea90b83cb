"""Wall time that passes only when a script says so: the same script writes the same times on every machine."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

START = 1_760_000_000.0  # 9 October 2025, s


class Clock:
    """What `time.time()` returns while `stopped_clock` is in force."""

    def __init__(self, now: float = START):
        self.now = now

    def tick(self, seconds: float) -> None:
        """Let `seconds` pass."""
        self.now += seconds


@contextmanager
def stopped_clock(start: float = START) -> Iterator[Clock]:
    """Replace `time.time` by a clock that stands still until it is ticked."""
    clock = Clock(start)
    with mock.patch.object(time, "time", lambda: clock.now):
        yield clock

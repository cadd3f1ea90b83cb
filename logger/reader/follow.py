"""Following a log directory in the background.

Files that changed lately are looked at every interval; everything, as often as it costs little: a look at 10,000 idle
files takes some tens of milliseconds, so it comes round every second or two.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Protocol

__all__ = ["Followed", "Follower"]

_SHARE = 0.04  # of one core that looking around may cost
_BUSY_SECONDS = 120.0  # a file counts as busy for so long after it changed
_SAVE_AFTER = 20.0  # seconds without change after which the index is saved


_PAUSE = 1.0  # seconds after a failure

_logger = logging.getLogger(__name__)


class Followed(Protocol):
    """What a follower needs of a log."""

    @property
    def version(self) -> int: ...

    def refresh(self) -> int: ...

    def refresh_busy(self, seconds: float) -> int: ...

    def save_index(self) -> None: ...


class Follower:
    """A daemon thread that refreshes a log."""

    def __init__(self, log: Followed, interval: float) -> None:
        self._log = log
        self._interval = interval
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="stepscope-follow", daemon=True)

    @property
    def goes_on(self) -> bool:
        """Whether it keeps looking after the first load."""
        return self._interval > 0

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread is not threading.current_thread():
            self._thread.join()

    def _run(self) -> None:
        self._look(self._log.refresh)
        self._look(self._log.save_index)
        if self._interval <= 0:
            return
        next_full = 0.0
        saved = version = self._log.version
        changed_at = time.monotonic()
        while not self._stop.wait(self._interval):
            begin = time.monotonic()
            if begin >= next_full:
                self._look(self._log.refresh)
                cost = time.monotonic() - begin
                next_full = time.monotonic() + max(self._interval / 2, cost / _SHARE)
            else:
                self._look(self._log.refresh_busy, _BUSY_SECONDS)
            if self._log.version != version:
                version, changed_at = self._log.version, time.monotonic()
            elif saved != version and begin - changed_at > _SAVE_AFTER:
                self._look(self._log.save_index)
                saved = version

    def _look(self, look: Callable[..., object], *arguments: float) -> None:
        """Call it; following goes on whatever happens, and says so."""
        try:
            look(*arguments)
        except Exception:
            _logger.exception("looking at the log directory failed; it will be tried again")
            self._stop.wait(_PAUSE)

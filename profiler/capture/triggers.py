"""Asking a running training for a profile: a file in its folder, a signal. There is no port to the network."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .listening import REQUEST, Announcement

__all__ = ["Triggers"]

_log = logging.getLogger("stepscope")
_LOOK = 0.5  # seconds between two looks for the file
# Ranks see the file at different moments. All begin at their first step this long after it was made, and the first
# rank removes it only later.
_TOGETHER = 1.5
_KEEP = 5.0


class Triggers:
    """kinds: "file" and "signal", any of them. `take()` is asked at each step and costs next to nothing.

    alone: whether this is the only process of the training; first: whether it is the one that removes the file.
    """

    def __init__(self, folder: Path, kinds: Iterable[str], *, alone: bool, first: bool) -> None:
        self._path = folder / REQUEST
        self._announcement = Announcement(folder) if first else None
        self._alone, self._first = alone, first
        self._request: tuple[int, float] | None = None  # steps to capture, and not before this wall time
        self._seen = 0  # modification time of the file that was obeyed last
        self._remove_at = 0.0
        self._stopping = threading.Event()
        self._before: Any = None
        self._thread: threading.Thread | None = None
        if "signal" in kinds:
            self._listen()
        if "file" in kinds:
            self._thread = threading.Thread(target=self._watch, name="stepscope profile trigger", daemon=True)
            self._thread.start()

    def ask(self, active: int = 0) -> None:
        """Ask for a capture of so many steps, 0 for the usual number."""
        self._request = (active, 0.0)

    def take(self) -> int | None:
        """The number of steps somebody asks for; None for nobody."""
        request = self._request
        if request is None or request[1] > time.time():
            return None
        self._request = None
        return request[0]

    def close(self) -> None:
        """Listen no more; the former handler of the signal is back."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(2)
        if self._before is not None:
            with contextlib.suppress(ValueError):
                signal.signal(signal.SIGUSR2, self._before)
            self._before = None

    # --- the signal ---------------------------------------------------------------------------------------------------

    def _listen(self) -> None:
        number = getattr(signal, "SIGUSR2", None)
        if number is None or threading.current_thread() is not threading.main_thread():
            _log.info("Profiler: no capture by signal, only by the file %s", self._path)
        elif signal.getsignal(number) is not signal.SIG_DFL:
            _log.info("Profiler: SIGUSR2 is in use, captures are asked for by the file %s", self._path)
        else:
            self._before = signal.signal(number, lambda *_: self.ask())

    # --- the file -----------------------------------------------------------------------------------------------------

    def _watch(self) -> None:
        while not self._stopping.is_set():
            if self._announcement is not None:
                with contextlib.suppress(OSError):  # the file of another user's training may be in the way
                    self._announcement.renew()
            with contextlib.suppress(OSError):
                self._look()
            self._stopping.wait(_LOOK)
        if self._announcement is not None:
            self._announcement.close()
        if self._remove_at:
            with contextlib.suppress(OSError):
                os.unlink(self._path)

    def _look(self) -> None:
        if self._remove_at:
            if time.time() >= self._remove_at:
                self._remove_at = 0.0
                os.unlink(self._path)
            return
        made = self._path.stat().st_mtime_ns
        if made == self._seen:
            return
        self._seen = made
        self._request = (self._steps(), 0.0 if self._alone else made / 1e9 + _TOGETHER)
        if self._alone:
            os.unlink(self._path)
        elif self._first:
            self._remove_at = time.time() + _KEEP

    def _steps(self) -> int:
        """The file may hold the number of steps to capture."""
        text = self._path.read_bytes()[:20].strip()
        return min(int(text), 1000) if text.isdigit() else 0

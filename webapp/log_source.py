"""The log directory, opened behind the page's back.

Opening it loads the reader and its kernels, a quarter of a second, and compiles them the very first time. The page and
its status must not wait for that, so a background thread does it; requests for data wait for the thread.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..logger import LogDir

__all__ = ["LogNotOpen", "LogSource"]

_SHORT = 0.4  # s from the opening; a log that is read by then is shown whole at once

_logger = logging.getLogger(__name__)


class LogNotOpen(Exception):
    """The log directory is not open yet, or could not be opened; the text says which."""


class LogSource:
    """Hands out the log once it is open.

    opener      opens the log; runs on a thread of its own
    roots       name → path, shown in the status until the log can tell more
    afterwards  what the thread does then, while others use the log already
    """

    def __init__(
        self,
        opener: Callable[[], LogDir],
        roots: dict[str, str] | None = None,
        afterwards: Callable[[LogSource], None] | None = None,
    ) -> None:
        self._opener = opener
        self._afterwards = afterwards
        self.roots = roots or {}  # name → path of the log directories, as far as they are known here
        self._opened = threading.Event()
        self._log: LogDir | None = None
        self._opened_at = -_SHORT  # on the monotonic clock
        self._base = 0  # versions of the log begin here: those of another log came before
        self._failure: str = ""
        self.closing = threading.Event()  # set once: streams end

    @classmethod
    def of(cls, log: LogDir) -> LogSource:
        """A source whose log is open already."""
        source = cls(lambda: log)
        source._open()
        return source

    def start(self) -> None:
        """Begin opening; returns at once."""
        threading.Thread(target=self._open, name="open-log", daemon=True).start()

    def _open(self) -> None:
        try:
            self._log = self._opener()
            self._opened_at = time.monotonic()
        except Exception as error:  # whatever went wrong, the page must be able to say it
            _logger.exception("the log directory could not be opened")
            self._failure = f"{type(error).__name__}: {error}"
        finally:
            self._opened.set()
        if self._log is not None and self._afterwards is not None:
            self._afterwards(self)

    def get(self, timeout: float = 60.0) -> LogDir:
        """The log; waits up to `timeout` seconds for it.

        Raises LogNotOpen.
        """
        self._opened.wait(timeout)
        if self._log is None:
            raise LogNotOpen(self._failure or f"the log directory is still being opened after {timeout:g} s")
        return self._log

    def wait_for_short(self) -> None:
        """Wait until the log is open and, if it is short, read: who asked earlier would see nothing and ask again.

        Raises LogNotOpen.
        """
        log = self.get()
        while (left := self._opened_at + _SHORT - time.monotonic()) > 0 and not log.status().ready:
            log.wait(log.version, min(left, 0.05))  # it may have become ready between the two calls

    def replace(self, log: LogDir, roots: dict[str, str]) -> None:
        """Go on with another log; pages take everything anew, versions go on growing."""
        before = self.get()
        self._base += before.version + 1
        self._log, self.roots = log, roots
        before.close()

    @property
    def version(self) -> int:
        """Grows with every visible change; 0 while the log is not open."""
        return self._base + self._log.version if self._log is not None else 0

    def wait(self, version: int, timeout: float) -> None:
        """Block until something past `version` may be visible, at most `timeout` seconds."""
        if self._log is not None:
            self._log.wait(version - self._base, timeout)
        elif self._opened.is_set():
            self.closing.wait(timeout)
        else:
            self._opened.wait(timeout)

    def changes(self, since: int) -> tuple[int, list[str] | None]:
        """(version, names of the runs that changed after `since`, None for all)."""
        if self._log is None:
            return 0, None
        version, runs = self._log.changes(since - self._base)
        return self._base + version, None if runs is None else sorted(runs)

    def status(self) -> dict[str, Any]:
        """The part of GET /api/status that is about the log."""
        if self._log is not None:
            return {**_describe(self._log), "version": self.version}
        phase = "failed" if self._failure else "starting"
        state = "unreadable" if self._failure else "unread"
        logdirs = [
            {"name": name, "path": path, "state": state, "detail": self._failure} for name, path in self.roots.items()
        ]
        counts = dict.fromkeys(("version", "runs", "scalar_points", "events", "bytes_read", "bytes_total"), 0)
        files = dict.fromkeys(("count", "damaged", "truncated", "unreadable"), 0)
        return {"ready": False, "phase": phase, **counts, "files": files, "logdirs": logdirs}

    def close(self) -> None:
        """End the streams and the log."""
        self.closing.set()
        if self._log is not None:
            self._log.close()


def _describe(log: LogDir) -> dict[str, Any]:
    status = log.status()
    return {
        "ready": status.ready,
        "phase": status.phase,
        "runs": status.runs,
        "scalar_points": status.scalar_points,
        "events": status.events,
        "bytes_read": status.bytes_read,
        "bytes_total": status.bytes_total,
        "files": {
            "count": status.files,
            "damaged": status.damaged,
            "truncated": status.truncated,
            "unreadable": status.unreadable,
        },
        "logdirs": [
            {"name": root.name, "path": str(root.path), "state": root.state, "detail": root.detail}
            for root in status.roots
        ],
    }

"""How a training tells that it can be asked for a capture, and how somebody beside it asks.

Both through files in the run's folder: there is no port to the network, and jobs on other machines are reached, too.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from pathlib import Path

__all__ = ["LISTENS", "REQUEST", "Announcement", "is_listening", "request_capture"]

REQUEST = "PROFILE_NOW"  # may hold a number of steps
LISTENS = "PROFILE_LISTENS"
_BEAT = 10.0  # seconds between two renewals
_GONE = 60.0  # seconds without one after which the training was killed; clocks of file servers differ, too
_WORDS = f"A training watches this folder: a file {REQUEST} beside this one asks it for a profile of its next steps.\n"


class Announcement:
    """The file `PROFILE_LISTENS` of one training. Raises OSError as files do."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / LISTENS
        self._renew_at = 0.0

    def renew(self) -> None:
        """Make it, or tell that it holds still. Asked often; costs next to nothing."""
        if time.monotonic() < self._renew_at:
            return
        try:
            os.utime(self._path)
        except FileNotFoundError:
            if not self._renew_at:  # later on somebody has deleted it
                self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.write_text(_WORDS)
        self._renew_at = time.monotonic() + _BEAT

    def close(self) -> None:
        """Nobody listens any more."""
        if self._renew_at:
            with contextlib.suppress(OSError):
                os.unlink(self._path)


def is_listening(folder: str | os.PathLike[str]) -> bool:
    """Whether a training that still runs told so."""
    try:
        return time.time() - os.stat(os.path.join(folder, LISTENS)).st_mtime < _GONE
    except OSError:
        return False


def request_capture(folder: str | os.PathLike[str], steps: int = 0) -> None:
    """Ask for a capture of so many steps, 0 for as many as the schedule says.

    Raises FileExistsError where somebody asked and the training did not notice yet, OSError as files do.
    """
    target = os.path.join(folder, REQUEST)
    if os.path.lexists(target):
        raise FileExistsError(target)
    handle, path = tempfile.mkstemp(prefix=f".{REQUEST}.", dir=folder)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(f"{steps}\n" if steps else "")
        os.chmod(path, 0o644)  # the training may be another user's
        os.replace(path, target)  # complete, or not there
    except OSError:
        os.unlink(path)
        raise

"""A folder for the files of one process, which go with it."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import stat
import tempfile
import time
from pathlib import Path

from ...logger.safe_files import LockTimeout, locked

__all__ = ["Scratch"]

_PREFIX = "stepscope-scratch-"
_YOUNG = 60.0  # s; a folder this young may be somebody's who has not locked it yet


class Scratch:
    """A folder for this process alone, deleted at its end; those of processes that were killed are deleted here."""

    def __init__(self, parent: Path | None) -> None:
        """`parent`: where it is made; None: among the system's temporary files."""
        place = Path(tempfile.gettempdir()) if parent is None else parent
        place.mkdir(parents=True, exist_ok=True)
        _sweep(place)
        self.folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place))
        self._held = contextlib.ExitStack()
        self._held.enter_context(locked(self.folder / "lock"))

    def new(self, name: str) -> Path:
        """The path of a folder that is not there yet."""
        return self.folder / f"{name}.{secrets.token_hex(4)}"

    def close(self) -> None:
        """Delete all that is in it."""
        self._held.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def _sweep(parent: Path) -> None:
    """Delete the folders whose owners ended without doing so. In a folder for all users others may have put theirs."""
    for folder in parent.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            status = folder.lstat()
            is_ours = not hasattr(os, "getuid") or status.st_uid == os.getuid()
            if not is_ours or not stat.S_ISDIR(status.st_mode) or time.time() - status.st_mtime < _YOUNG:
                continue
            try:
                with locked(folder / "lock", timeout=0.0):
                    shutil.rmtree(folder, ignore_errors=True)
            except LockTimeout:
                continue

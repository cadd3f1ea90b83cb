"""Finished work on disk, by what names it, as far as it fits; and a folder for what is under way."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import tempfile
import time
from pathlib import Path

from ...logger.safe_files import LockTimeout, locked

__all__ = ["Results", "Scratch"]

_YOUNG = 60.0  # s; a folder this young may be somebody's who has not locked it yet


class Results:
    """Folders of finished jobs; several processes may share them. The ones longest unused go first.

    most: bytes that stay.
    """

    def __init__(self, folder: Path, most: int) -> None:
        self._folder, self._most = folder, most
        folder.mkdir(parents=True, exist_ok=True)

    def find(self, name: str) -> Path | None:
        """The folder of this name. It counts as used now."""
        folder = self._folder / name
        try:
            os.utime(folder)
        except OSError:
            return None
        return folder

    def take(self, name: str, folder: Path) -> Path:
        """Move a folder of finished work here; the one that has this name already stays. Where it is now."""
        place = self._folder / name
        try:
            os.rename(folder, place)
        except OSError:
            if not place.is_dir():
                return folder  # the disk does not take it: it lasts as long as this process
            shutil.rmtree(folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            os.utime(place)
        self._tidy(place)
        return place

    def forget(self, name: str) -> None:
        """Delete it if it is there."""
        shutil.rmtree(self._folder / name, ignore_errors=True)

    def _tidy(self, newest: Path) -> None:
        found = []
        with os.scandir(self._folder) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    found.append((entry.stat().st_mtime, Path(entry.path), _size(entry.path)))
        left = sum(size for _, _, size in found)
        for _, folder, size in sorted(found):
            if left <= self._most:
                return
            if folder != newest:
                shutil.rmtree(folder, ignore_errors=True)
                left -= size


class Scratch:
    """A folder for this process alone, deleted at its end; those of processes that were killed are deleted here."""

    def __init__(self, parent: Path | None) -> None:
        """`parent`: where it is made; None: among the system's temporary files."""
        if parent is not None:
            parent.mkdir(parents=True, exist_ok=True)
            _sweep(parent)
        self.folder = Path(tempfile.mkdtemp(prefix="stepscope-jobs-", dir=parent))
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
    """Delete the folders whose owners ended without doing so."""
    for folder in parent.glob("stepscope-jobs-*"):
        with contextlib.suppress(OSError):
            if time.time() - folder.stat().st_mtime < _YOUNG:
                continue
            try:
                with locked(folder / "lock", timeout=0.0):
                    shutil.rmtree(folder, ignore_errors=True)
            except LockTimeout:
                continue


def _size(folder: str) -> int:
    with os.scandir(folder) as entries:
        return sum(entry.stat().st_size for entry in entries if entry.is_file())

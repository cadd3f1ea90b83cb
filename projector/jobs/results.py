"""Finished work on disk, by what names it, as far as it fits."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

__all__ = ["Results"]


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


def _size(folder: str) -> int:
    with os.scandir(folder) as entries:
        return sum(entry.stat().st_size for entry in entries if entry.is_file())

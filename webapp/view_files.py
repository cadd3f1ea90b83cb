"""View files that lie beside the runs: `*.view.json` in a log directory or in its folder `views`. Only ever read."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .view_format import read_view

__all__ = ["SUFFIX", "ViewFile", "ViewFiles"]

SUFFIX = ".view.json"
_LARGEST = 5_000_000  # bytes of a file
_MOST_FILES = 500  # of one log directory
_LOOK_EVERY = 1.0  # seconds between two looks at the folders


@dataclass(frozen=True, slots=True)
class ViewFile:
    """One file: its view, or why there is none."""

    path: Path
    view: dict[str, Any] | None
    error: str


class ViewFiles:
    """The view files of the log directories there are when somebody looks. Used by any thread."""

    def __init__(self, roots: Callable[[], Iterable[str]]) -> None:
        self._roots = roots
        self._lock = threading.Lock()
        self._looked_at = 0.0
        self._stamps: dict[Path, tuple[int, ...]] = {}
        self._files: dict[Path, tuple[tuple[int, ...], ViewFile]] = {}

    def version(self) -> int:
        """Another number whenever a file comes, goes or changes; looks at most once a second."""
        with self._lock:
            if time.monotonic() - self._looked_at > _LOOK_EVERY:
                self._look()
            text = repr(sorted((str(path), stamp) for path, stamp in self._stamps.items()))
        return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest()[:6], "big")

    def read(self) -> list[ViewFile]:
        """The files as they are now, by path."""
        with self._lock:
            self._look()
            for path, stamp in self._stamps.items():
                if self._files.get(path, ((), None))[0] != stamp:
                    self._files[path] = (stamp, _read(path, stamp[1]))
            self._files = {path: self._files[path] for path in self._stamps}
            return [file for _, (_, file) in sorted(self._files.items())]

    def _look(self) -> None:
        self._stamps = {}
        for root in (Path(root).expanduser() for root in self._roots()):
            inside = Path(os.path.realpath(root))
            for folder in (root, root / "views"):
                for path in _candidates(folder)[:_MOST_FILES]:
                    # A link may not lead out of the log directory: the page must not show other files of the machine.
                    if (stamp := _stamp(path)) and Path(os.path.realpath(path)).is_relative_to(inside):
                        self._stamps[path] = stamp
        self._looked_at = time.monotonic()


def _candidates(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            return sorted(Path(entry.path) for entry in entries if entry.name.endswith(SUFFIX) and entry.is_file())
    except OSError:
        return []


def _stamp(path: Path) -> tuple[int, ...] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _read(path: Path, size: int) -> ViewFile:
    try:
        if size > _LARGEST:
            raise ValueError(f"it has {size:,} bytes, at most {_LARGEST:,} are read")
        return ViewFile(path, read_view(path.read_bytes()), "")
    except (OSError, ValueError) as error:
        return ViewFile(path, None, f"the view file {path} cannot be opened: {error}")

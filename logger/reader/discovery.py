"""Which folders are runs, and which event files they hold."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field

from .storage import Storage

__all__ = ["Found", "discover", "natural_key", "shown"]

_MARK = "tfevents"
_NOT_DATA = ".profile-empty"  # profilers leave such a file to mark a folder
_NUMBER = re.compile(r"(\d+)")


@dataclass
class Found:
    """What one look at a log directory found."""

    runs: dict[str, list[str]] = field(default_factory=dict)  # run name → paths of its event files, in reading order
    folders: list[str] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)  # (path, what the system said)


def discover(storage: Storage, root: str) -> Found:
    """Every folder at or below `root` with an event file is a run, named by its path from `root`.

    Links to folders are followed, each folder once along a path. A folder that cannot be read is a problem, not an
    error.
    """
    found = Found()
    pending: list[tuple[str, str, frozenset[tuple[int, int]]]] = [(root, ".", frozenset())]
    while pending:
        folder, name, above = pending.pop()
        files: list[tuple[str, str]] = []
        try:
            for entry in storage.entries(folder):
                if entry.is_folder:
                    inside = above
                    if entry.folder_id != (0, 0):  # a link: it may lead back up
                        inside = above | {entry.folder_id}
                        if entry.folder_id in above or _leads_up(storage, root, entry.path, entry.folder_id):
                            continue
                    below = shown(entry.name)
                    pending.append((entry.path, below if name == "." else f"{name}/{below}", inside))
                elif entry.is_file and _MARK in entry.name and not entry.name.endswith(_NOT_DATA):
                    files.append((entry.name, entry.path))
        except OSError as error:
            found.problems.append((folder, error.strerror or str(error)))
            continue
        found.folders.append(folder)
        if files:
            files.sort(key=lambda file: (_file_number(file[0]), file[0]))
            found.runs[name] = [path for _, path in files]
    return found


def _leads_up(storage: Storage, root: str, link: str, target: tuple[int, int]) -> bool:
    """Whether the link at `link` leads to one of the folders it lies in."""
    folder = os.path.dirname(link)
    while True:
        if storage.folder_id(folder) == target:
            return True
        if folder == root or folder == os.path.dirname(folder):
            return False
        folder = os.path.dirname(folder)


def _file_number(name: str) -> int:
    """The number behind the mark, seconds since the epoch: names alone would sort 999999999 after 1000000002."""
    match = _NUMBER.search(name, name.index(_MARK))
    return int(match.group()) if match else 0


def natural_key(text: str) -> tuple[tuple[int, int, str, str], ...]:
    """Sorts `run2` before `run10`. Numbers compare by length, then digits: they may have thousands of them."""
    key = []
    for piece in _NUMBER.split(text):
        digits = piece.lstrip("0")
        key.append((0, len(digits), digits, piece) if piece.isdecimal() else (1, 0, piece, ""))
    return tuple(key)


def shown(name: str) -> str:
    """A file name as valid text: bytes that are no UTF-8 appear as \\xNN."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return os.fsencode(name).decode("utf-8", "backslashreplace")
    return name

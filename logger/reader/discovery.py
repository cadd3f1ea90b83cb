"""Which folders are runs, and which event files they hold."""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from .storage import Entry, Storage

__all__ = ["Discovery", "Found", "natural_key", "shown"]

_MARK = "tfevents"
_NOT_DATA = ".profile-empty"  # profilers leave such a file to mark a folder
_NUMBER = re.compile(r"(\d+)")
# 12, or 0.5 where that is no part of 0.5.1
_DECIMAL = re.compile(r"((?<![0-9]\.)(?<![0-9])[0-9]+\.[0-9]+(?![0-9]|\.[0-9])|[0-9]+)")


_SETTLED_NS = 2_000_000_000  # some file systems tell times in steps of two seconds
_ANEW_EVERY = 20  # looks after which every folder is listed again, whatever its time of change says


@dataclass
class Found:
    """What one look at a log directory found."""

    runs: dict[str, list[str]] = field(default_factory=dict)  # run name → paths of its event files, in reading order
    problems: list[tuple[str, str]] = field(default_factory=list)  # (path, what the system said)


class _Listing(NamedTuple):
    """What of a folder matters here."""

    folders: list[Entry]
    files: list[str]  # paths of event files, in reading order


class Discovery:
    """Finds the runs below a root, again and again: a folder that was not changed is not listed again."""

    def __init__(self, storage: Storage, root: str) -> None:
        self._storage = storage
        self._root = root
        self._known: dict[str, tuple[int, _Listing]] = {}  # folder → (time of its last change, listing)
        self._looks = 0

    def look(self) -> Found:
        """Every folder at or below the root with an event file is a run, named by its path from the root.

        Links to folders are followed, each folder once along a path. A folder that cannot be read is a problem, not
        an error.
        """
        if self._looks % _ANEW_EVERY == 0:
            self._known.clear()
        self._looks += 1
        found = Found()
        pending: list[tuple[str, str, frozenset[tuple[int, int]]]] = [(self._root, ".", frozenset())]
        while pending:
            folder, name, above = pending.pop()
            try:
                listing = self._listing(folder)
                for entry in listing.folders:
                    inside = above
                    if entry.folder_id != (0, 0):  # a link: it may lead back up
                        inside = above | {entry.folder_id}
                        if entry.folder_id in above or self._leads_up(entry):
                            continue
                    below = shown(entry.name)
                    pending.append((entry.path, below if name == "." else f"{name}/{below}", inside))
            except OSError as error:
                if folder == self._root and isinstance(error, NotADirectoryError) and _MARK in os.path.basename(folder):
                    found.runs["."] = [folder]  # an event file itself
                    continue
                found.problems.append((folder, error.strerror or str(error)))
                continue
            if listing.files:
                found.runs[name] = listing.files
        return found

    def _listing(self, folder: str) -> _Listing:
        changed = self._storage.changed_at(folder)
        known = self._known.get(folder)
        if known is not None and known[0] == changed:
            return known[1]
        now = time.time_ns()
        folders, files = [], []
        for entry in self._storage.entries(folder):
            if entry.is_folder:
                folders.append(entry)
            elif entry.is_file and _MARK in entry.name and not entry.name.endswith(_NOT_DATA):
                files.append(entry)
        files.sort(key=lambda file: (_file_number(file.name), file.name))
        listing = _Listing(folders, [file.path for file in files])
        if changed < now - _SETTLED_NS:
            self._known[folder] = changed, listing
        else:
            self._known.pop(folder, None)
        return listing

    def _leads_up(self, link: Entry) -> bool:
        """Whether a link leads to one of the folders it lies in."""
        folder = os.path.dirname(link.path)
        while True:
            if self._storage.folder_id(folder) == link.folder_id:
                return True
            if folder == self._root or folder == os.path.dirname(folder):
                return False
            folder = os.path.dirname(folder)


def _file_number(name: str) -> int:
    """The number behind the mark, seconds since the epoch: names alone would sort 999999999 after 1000000002."""
    match = _NUMBER.search(name, name.index(_MARK))
    return int(match.group()) if match else 0


@lru_cache(maxsize=1 << 16)  # tags are the same in most runs
def natural_key(text: str) -> tuple[tuple[int, int, str, str], ...]:
    """Sorts `run2` before `run10` and `lr0.003` before `lr0.02`, but `v1.9.0` before `v1.10.0`.

    Numbers compare by length, then digits: they may have thousands of them. Digits behind a single point are a fraction
    and compare as text.
    """
    key = []
    for at, piece in enumerate(_DECIMAL.split(text)):
        if at % 2 == 0:  # between two numbers
            key.append((1, 0, piece, ""))
        else:
            whole, point, fraction = piece.partition(".")
            digits = whole.lstrip("0")
            key.append((0, len(digits), digits + point + fraction, piece))
    return tuple(key)


def shown(name: str) -> str:
    """A file name as valid text: bytes that are no UTF-8 appear as \\xNN."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return os.fsencode(name).decode("utf-8", "backslashreplace")
    return name

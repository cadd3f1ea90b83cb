"""Which profiles lie in a folder, and which files are the ranks of one."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from ..logger.reader.discovery import natural_key, shown
from .reading.formats import FileHead, Kind, head_of

__all__ = ["Folder", "FoundProfile", "find_profiles", "folders_below", "group_files", "profiles_of", "rank_in_name"]

_SUFFIXES = (
    *(".json", ".json.gz", ".raw.gz", ".xplane.pb", ".html", ".txt", ".stacks", ".folded"),
    *(".pickle", ".pkl", ".pickle.gz", ".pkl.gz"),
)
_MAX_DEPTH = 12
# Captures of ranks end together: what lies further apart is another capture.
_TOGETHER_S = 600.0

_RANK = re.compile(r"(?:rank|worker|profile)[-_]?(\d+)(?!\d)", re.IGNORECASE)
_TENSOR_PARALLEL = re.compile(r"(?<![a-z])tp[-_]?(\d+)", re.IGNORECASE)
_PARALLEL = re.compile(r"(?<![a-z])(?:rank|worker|profile|dp|pp|tp|ep|cp|dcp|sp|fsdp|node)[-_]?\d+", re.IGNORECASE)
_TIME = re.compile(r"(?<!\d)(\d{19}|\d{16}|\d{13})(?!\d)|(?<=[._-])(\d{10})(?=[._-])")
_CLOCK = re.compile(r"[A-Z][a-z]{2}_\d{2}_\d{2}_\d{2}_\d{2}(\.\d+)?")
_SCALES = {19: 1e9, 16: 1e6, 13: 1e3, 10: 1.0}


@dataclass(frozen=True)
class FoundProfile:
    """Files that are one profile.

    run        of the log: the folder by its path from the root, "." for the root itself
    name       what tells it from others of the run
    paths      one file a rank, in order of rank; ranks as their names or first bytes tell them, None where neither does
    wall_time  seconds since the epoch when it was captured, as names tell, otherwise when the files were changed
    """

    run: str
    name: str
    kind: Kind
    paths: tuple[str, ...]
    ranks: tuple[int | None, ...]
    wall_time: float
    size: int


class Folder(NamedTuple):
    """run: the nearest folder above with event files, otherwise the folder, as in FoundProfile. files: their names."""

    path: str
    run: str
    files: list[str]


@dataclass(frozen=True)
class _File:
    path: str
    kind: Kind | None  # None: empty, or cannot be read
    rank: int | None
    group: str  # the name without rank and time: equal for files of one capture
    time: float | None
    size: int
    changed: float


def find_profiles(root: str | os.PathLike[str]) -> list[FoundProfile]:
    """The profiles in a folder and all below it, or the one that a file is, oldest first within their runs.

    Files that cannot be read are left out: `open_profile` says what is wrong with them.
    """
    top = os.path.abspath(os.path.expanduser(os.fspath(root)))
    if os.path.isfile(top):
        return group_files([top])
    return profiles_of(folders_below(top))


def profiles_of(folders: Iterable[Folder]) -> list[FoundProfile]:
    """The profiles in folders, oldest first within their runs."""
    found: list[FoundProfile] = []
    for path, run, names in folders:
        paths = [os.path.join(path, name) for name in names if name.lower().endswith(_SUFFIXES)]
        found += group_files(paths, run)
    return sorted(found, key=lambda profile: (natural_key(profile.run), profile.wall_time, natural_key(profile.name)))


def group_files(paths: list[str], run: str = ".") -> list[FoundProfile]:
    """The profiles that files of one folder are: ranks of one capture are one.

    A file that is empty or cannot be read counts among them when its name makes it a rank of others.
    """
    groups: dict[tuple[Kind, str], list[_File]] = {}
    unknown: list[_File] = []
    for file in map(_file, paths):
        if file.kind is None:
            unknown.append(file)
        else:
            groups.setdefault((file.kind, file.group), []).append(file)
    for file in unknown:
        if file.rank is not None and ("kineto", file.group) in groups:
            groups["kineto", file.group].append(file)
    return [_profile(run, kind, capture) for (kind, _), group in groups.items() for capture in _captures(group)]


def rank_in_name(name: str) -> int | None:
    """`rank3…`, `worker_3…`, `profile_3.json`, `…-TP-3…` → 3."""
    match = _RANK.search(name) or _TENSOR_PARALLEL.search(name)
    return int(match[1]) if match else None


def folders_below(top: str) -> Iterator[Folder]:
    """A folder and all below it; those that cannot be read are left out."""
    pending: list[tuple[str, str, str | None]] = [(top, ".", None)]
    while pending:
        folder, name, above = pending.pop()
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError:
            continue
        files = [entry.name for entry in entries if entry.is_file()]
        run = name if any("tfevents" in file for file in files) else above
        yield Folder(folder, run if run is not None else name, files)
        if name.count("/") < _MAX_DEPTH:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    below = shown(entry.name)
                    pending.append((entry.path, below if name == "." else f"{name}/{below}", run))


def _file(path: str) -> _File:
    try:
        head, status = head_of(path), os.stat(path)
        size, changed = status.st_size, status.st_mtime
    except OSError:
        head, size, changed = FileHead(None), 0, 0.0
    name = os.path.basename(path)
    rank = rank_in_name(name)
    group = _PARALLEL.sub("#", _CLOCK.sub("#", _TIME.sub("#", name)))
    if rank is None and head.rank is not None and (head.world_size or 2) > 1:
        rank, group = head.rank, re.sub(r"\d+", "#", name)
        if name.endswith((".pt.trace.json", ".pt.trace.json.gz")):
            group = "*.pt.trace.json"  # host and process in front of it differ between ranks
    told = _TIME.search(name)
    time = float(told[0]) / _SCALES[len(told[0])] if told else None
    return _File(path, head.kind, rank, group if rank is not None else name, time, size, changed)


def _captures(files: list[_File]) -> Iterator[list[_File]]:
    """Files of one name but for rank and time, by capture: a rank that comes again begins the next."""
    capture: list[_File] = []
    for file in sorted(files, key=lambda file: (file.time or 0.0, natural_key(os.path.basename(file.path)))):
        late = bool(capture) and (file.time or 0.0) - (capture[-1].time or 0.0) > _TOGETHER_S
        if late or any(other.rank == file.rank for other in capture):
            yield capture
            capture = []
        capture.append(file)
    yield capture


def _profile(run: str, kind: Kind, files: list[_File]) -> FoundProfile:
    files = sorted(files, key=lambda file: (-1 if file.rank is None else file.rank, file.path))
    times = [file.time if file.time is not None else file.changed for file in files]
    first = shown(os.path.basename(files[0].path))
    name = first if len(files) == 1 else f"{_stem(first)} and {len(files) - 1} more"
    return FoundProfile(
        run=run,
        name=name,
        kind=kind,
        paths=tuple(file.path for file in files),
        ranks=tuple(file.rank for file in files),
        wall_time=min(times),
        size=sum(file.size for file in files),
    )


def _stem(name: str) -> str:
    return re.sub(r"(\.pt)?(\.trace)?\.json(\.gz)?$", "", name)

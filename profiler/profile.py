"""`open_profile`: one or many ranks' files as one profile, each read once and kept."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from ..logger.cache_folder import default_folder
from .discovery import FoundProfile, find_profiles, group_files, rank_in_name
from .reading import sidecar
from .reading.read import Progress, read_trace
from .trace import Trace

__all__ = ["PathLike", "Profile", "RankFile", "open_found", "open_profile", "open_profiles"]

PathLike: TypeAlias = "str | os.PathLike[str]"


@dataclass(frozen=True)
class RankFile:
    """One process's file. rank: as the name or the first bytes tell, otherwise its place among the files.

    worker  the part of the name in front of the time; size in bytes
    """

    rank: int
    path: str
    size: int
    worker: str


@dataclass
class Profile:
    """What was captured at one time, one file a rank. Traces are read when they are asked for, once.

    problems  a sentence for each file that could not be read; it grows as files are read
    others    the captures of the same folder that were not opened
    """

    name: str
    ranks: list[RankFile]
    cache: Path | None = None
    executor: Executor | None = None
    problems: list[str] = field(default_factory=list)
    others: list[FoundProfile] = field(default_factory=list)
    _traces: dict[int, Trace] = field(default_factory=dict, repr=False)
    _locks: dict[int, threading.Lock] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def trace(self, rank: int | None = None, progress: Progress | None = None) -> Trace:
        """The trace of a rank, of the first one without any.

        progress  is told (bytes read, size of the file) as reading goes on
        Raises KeyError for a rank that is not there, OSError and ValueError for a file that cannot be read.
        """
        file = self._file(rank)
        with self._lock:
            lock = self._locks.setdefault(file.rank, threading.Lock())
        with lock:
            if file.rank not in self._traces:
                self._traces[file.rank] = _read(file, self.cache, progress)
            return self._traces[file.rank]

    def traces(self, executor: Executor | None = None) -> Iterator[Trace]:
        """The traces of all ranks that can be read, in order of rank; the others are named in `problems`.

        executor  reads them beside each other: threads, processes, or a cluster's
        """
        executor = executor or self.executor
        return (trace for _, trace in self.by_rank(lambda _, error: self._note(str(error)), executor=executor))

    def by_rank(
        self,
        refused: Callable[[RankFile, Exception], object],
        ranks: Collection[int] | None = None,
        executor: Executor | None = None,
    ) -> Iterator[tuple[int, Trace]]:
        """(rank, trace) of the files that can be read, of `ranks` alone if they are given, in order of rank.

        refused   is told of each other file, and why
        executor  reads them beside each other
        """
        files = [file for file in self.ranks if ranks is None or file.rank in ranks]
        futures: dict[int, Future[Trace | None]] = {}
        if executor is not None and len(files) > 1:
            for file in files:
                if file.rank not in self._traces:
                    futures[file.rank] = executor.submit(_read_apart, file, self.cache)
        for file in files:
            try:
                trace = futures[file.rank].result() if file.rank in futures else None
                if trace is not None:
                    self._traces.setdefault(file.rank, trace)
                yield file.rank, self.trace(file.rank)
            except (OSError, ValueError) as error:
                refused(file, error)

    def loaded(self) -> list[Trace]:
        """The traces that are in memory."""
        return list(self._traces.values())

    def _file(self, rank: int | None) -> RankFile:
        for file in self.ranks:
            if rank is None or file.rank == rank:
                return file
        raise KeyError(f"{self.name} has no rank {rank}: there are {', '.join(str(file.rank) for file in self.ranks)}")

    def _note(self, problem: str) -> None:
        if problem not in self.problems:
            self.problems.append(problem)


def open_profile(
    what: PathLike | Sequence[PathLike],
    *,
    executor: Executor | None = None,
    cache: bool = True,
    index_dir: PathLike | None = None,
) -> Profile:
    """The profile of a file, of several ranks' files, or of a folder: the newest capture there.

    executor   reads ranks beside each other
    cache      keep the columns of traces beside the indexes, so that they open at once the next time
    index_dir  where those are, by default the user's cache folder
    Raises FileNotFoundError, and ValueError for a folder without a profile.
    """
    if isinstance(what, (str, os.PathLike)):
        found = open_profiles(what, executor=executor, cache=cache, index_dir=index_dir)
        newest = found[-1]
        newest.others = [_found_again(other) for other in found[:-1]]
        return newest
    paths = [_absolute(path) for path in what]
    if not paths:
        raise ValueError("open_profile: expected a file or several, got an empty list")
    return _of_files(_name(paths), paths, executor, _cache_folder(cache, index_dir))


def open_profiles(
    what: PathLike, *, executor: Executor | None = None, cache: bool = True, index_dir: PathLike | None = None
) -> list[Profile]:
    """All captures of a folder, oldest first, or the one that a file is. Raises as `open_profile` does."""
    path = _absolute(what)
    folder = _cache_folder(cache, index_dir)
    if not os.path.exists(path):
        raise FileNotFoundError(f"{path}: there is no such file or folder")
    if os.path.isfile(path):
        return [_of_files(os.path.basename(path), [path], executor, folder)]
    found = [profile for profile in find_profiles(path) if profile.kind in ("kineto", "xplane")]
    if not found:
        raise ValueError(
            f"{path}: there is no profile in this folder: no *.pt.trace.json, no other trace in JSON and no *.xplane.pb"
        )
    found.sort(key=lambda profile: profile.wall_time)
    return [_of_files(profile.name, list(profile.paths), executor, folder, profile.ranks) for profile in found]


def open_found(
    found: FoundProfile, *, executor: Executor | None = None, cache: bool = True, index_dir: PathLike | None = None
) -> Profile:
    """One of `find_profiles`. Nothing is read yet. For the parameters see `open_profile`."""
    return _of_files(found.name, list(found.paths), executor, _cache_folder(cache, index_dir), found.ranks)


def _of_files(
    name: str,
    paths: list[str],
    executor: Executor | None,
    cache: Path | None,
    told: Sequence[int | None] | None = None,
) -> Profile:
    told = told or [rank_in_name(os.path.basename(path)) for path in paths]
    files: list[RankFile] = []
    taken = {rank for rank in told if rank is not None}
    used: set[int] = set()
    for path, rank in zip(paths, told, strict=True):
        if rank is None or rank in used:
            rank = next(number for number in range(len(taken) + len(paths)) if number not in taken | used)
        used.add(rank)
        files.append(RankFile(rank, path, _size(path), _worker(path)))
    return Profile(name, sorted(files, key=lambda file: file.rank), cache, executor)


def _read(file: RankFile, cache: Path | None, progress: Progress | None = None) -> Trace:
    """From the cache, into which a trace goes when it is read: what is mapped from there takes no memory of its own."""
    trace = None if cache is None else sidecar.load(file.path, cache)
    if trace is None:
        trace = read_trace(file.path, progress)
        if cache is not None and sidecar.save(trace, cache):
            trace = sidecar.load(file.path, cache) or trace
    return trace if trace.rank is not None else replace(trace, rank=file.rank)


def _read_apart(file: RankFile, cache: Path | None) -> Trace | None:
    """In a worker, maybe another process: None when the trace is in the cache now, where everybody finds it."""
    trace = _read(file, cache)
    return None if cache is not None and sidecar.load(file.path, cache) is not None else trace


def _size(path: str) -> int:
    try:
        return os.path.getsize(path)
    except OSError:
        return 0


def _worker(path: str) -> str:
    name = os.path.basename(path)
    for suffix in (".gz", ".json", ".trace", ".pt"):
        name = name.removesuffix(suffix)
    return name.rpartition(".")[0] or name


def _name(paths: list[str]) -> str:
    first = os.path.basename(paths[0])
    return first if len(paths) == 1 else f"{first} and {len(paths) - 1} more"


def _found_again(profile: Profile) -> FoundProfile:
    return group_files([file.path for file in profile.ranks])[0]


def _cache_folder(cache: bool, index_dir: PathLike | None) -> Path | None:
    if not cache:
        return None
    return default_folder() if index_dir is None else Path(_absolute(index_dir))


def _absolute(path: PathLike) -> str:
    return os.path.abspath(os.path.expanduser(os.fspath(path)))

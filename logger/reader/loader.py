"""One pass over the log directory: find files, read what is new, publish views of the runs."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from pathlib import Path

from .blocks import ColumnsDamaged
from .discovery import Discovery
from .event_file import EventFile, advance
from .index import Index, prune
from .index_manifest import StoredRun
from .reading import Reading, holds_what_was_read, known, look_again
from .run import Epochs, RunView, Unreadable
from .run_tags import RunTags
from .scan import release_buffers
from .status import Root
from .storage import Storage

__all__ = ["Loader", "RootPath"]

_LARGE = 12 << 20  # files with more unread bytes are read one at a time, by all threads together


_MAX_BUSY = 256  # files looked at between full passes
_PUBLISH_SECONDS = 0.3  # how often a long pass shows what it has


@dataclass(frozen=True)
class RootPath:
    """A directory to look at; its runs are called name/run when it has a name."""

    name: str
    path: str

    def run_name(self, run: str) -> str:
        if not self.name:
            return run
        return self.name if run == "." else f"{self.name}/{run}"


@dataclass
class _Run:
    """A run while it is being read. Only the pass that holds the lock touches it."""

    name: str
    tags: RunTags = field(default_factory=RunTags)
    epochs: Epochs = field(default_factory=Epochs)
    order: list[str] = field(default_factory=list)  # paths of its files
    files: dict[str, EventFile] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)

    def view(self) -> RunView:
        files = tuple(self.files[path] for path in self.order if path in self.files)
        unreadable = tuple(Unreadable(path, detail) for path, detail in self.unreadable.items())
        return RunView(self.name, files, unreadable, self.tags, self.epochs)


@dataclass
class Progress:
    """Counters for the status; written by the pass, read by anyone."""

    bytes_read: int = 0
    bytes_total: int = 0


class Loader:
    """Keeps the runs up to date. One pass at a time; the caller holds the lock.

    `publish(views)` is called with the views that changed (None: the run is gone), often during a long pass;
    `phase(name)` when the work changes.
    """

    def __init__(
        self,
        roots: list[RootPath],
        storage: Storage,
        executor: Executor | None,
        index_parent: Path | None,
        publish: Callable[[dict[str, RunView | None]], None],
        phase: Callable[[str], None],
    ) -> None:
        self.roots = roots
        self.root_states: tuple[Root, ...] = tuple(Root(root.name, root.path, "empty") for root in roots)
        self.progress = Progress()
        self.runs: dict[str, _Run] = {}
        self._storage = storage
        self._executor = executor
        self._own_threads: ThreadPoolExecutor | None = None
        self._indexes = {root.path: Index(index_parent, root.path) for root in roots} if index_parent else {}
        self._discoveries = {root.path: Discovery(storage, root.path) for root in roots}
        self._problems: list[str] = []  # folders that could not be read in this pass
        self._runs_of: dict[str, list[str]] = {}  # root → its runs, as the root names them
        self._index_loaded = False
        self.index_note = str(index_parent) if index_parent else "not kept"
        self.unsaved = False  # something was read that the index does not have
        self._publish = publish
        self._phase = phase
        self._kernels_loaded = False
        self._busy: dict[tuple[str, str], float] = {}  # (run, path) → when it last changed

    # --- passes ---

    def full_pass(self) -> None:
        """Look at everything: new and vanished files, grown, replaced."""
        self._phase("scanning")
        self._problems = []
        found: dict[str, list[str]] = {}
        states = []
        for root in self.roots:
            state, runs = self._look_at(root)
            states.append(state)
            self._runs_of[root.path] = list(runs)
            for run, paths in runs.items():
                found.setdefault(root.run_name(run), []).extend(paths)
        self.root_states = tuple(states)
        self._drop_missing(found)
        if not self._index_loaded:
            self._load_index(found)
        for name, paths in found.items():
            if name not in self.runs:
                self.runs[name] = _Run(name)
            self.runs[name].order = paths
        self._read([(self.runs[name], path) for name, paths in found.items() for path in paths])

    def busy_pass(self, seconds: float) -> None:
        """Look only at files that changed within so many seconds, the latest ones where they are many."""
        since = time.time() - seconds
        busy = [(changed, *key) for key, changed in self._busy.items() if changed > since and key[0] in self.runs]
        busy.sort(reverse=True)
        self._busy = {(name, path): changed for changed, name, path in busy[:_MAX_BUSY]}
        self._read([(self.runs[name], path) for name, path in self._busy])

    def _look_at(self, root: RootPath) -> tuple[Root, dict[str, list[str]]]:
        try:
            self._storage.folder_id(root.path)
        except FileNotFoundError:
            return Root(root.name, root.path, "missing", "there is no such directory (yet)"), {}
        except OSError as error:
            self._problems.append(root.path)
            return Root(root.name, root.path, "unreadable", error.strerror or str(error)), {}
        found = self._discoveries[root.path].look()
        self._problems += [path for path, _ in found.problems]
        detail = "; ".join(f"{path}: {problem}" for path, problem in found.problems[:5])
        if found.problems and found.problems[0][0] == root.path:
            return Root(root.name, root.path, "unreadable", detail), {}
        state = "ok" if found.runs else "empty"
        return Root(root.name, root.path, state, detail), found.runs

    def _drop_missing(self, found: dict[str, list[str]]) -> None:
        """Forget files and runs that are gone; those in folders that cannot be read now stay as they are."""
        gone: dict[str, RunView | None] = {}
        for name, run in list(self.runs.items()):
            paths = set(found.get(name, ()))
            if any(run.order[0].startswith(folder) for folder in self._problems):
                continue
            if not paths:
                del self.runs[name]
                self.unsaved = True
                gone[name] = None
                continue
            missing = [path for path in (*run.files, *run.unreadable) if path not in paths]
            if missing:
                self.unsaved = True
                for path in missing:
                    run.files.pop(path, None)
                    run.unreadable.pop(path, None)
                run.order = [path for path in run.order if path in paths]
                gone[name] = run.view()
        if gone:
            self._publish(gone)

    # --- the index ---

    def _load_index(self, found: dict[str, list[str]]) -> None:
        """Take from the index what is still true of the runs that were found."""
        self._index_loaded = True
        restored: dict[str, RunView | None] = {}
        for root in self.roots:
            stored = self._indexes[root.path].load() if root.path in self._indexes else {}
            for run, kept in stored.items():
                name = root.run_name(run)
                paths = set(found.get(name, ()))
                files = {
                    path: file
                    for path, file in kept.files.items()
                    if path in paths and holds_what_was_read(self._storage, file)
                }
                self.unsaved |= len(files) < len(kept.files)
                if files:
                    self.runs[name] = _Run(name, kept.tags, order=found[name], files=files)
                    restored[name] = self.runs[name].view()
        self._publish(restored)

    def announce_save(self) -> None:
        """Let others in this process that open the same directory wait for the save to come."""
        for index in self._indexes.values():
            index.announce()

    def save_index(self) -> None:
        """Write what the indexes lack. Failing to is no error: the note says so."""
        self.unsaved = False
        for root in self.roots:
            index = self._indexes.get(root.path)
            if index is None:
                continue
            names = ((run, root.run_name(run)) for run in self._runs_of.get(root.path, ()))
            runs = {run: self.runs[name] for run, name in names if name in self.runs}
            try:
                index.save({run: StoredRun(kept.tags, kept.files) for run, kept in runs.items()})
                prune(index.path.parent)
            except ColumnsDamaged:
                for kept in runs.values():
                    self.read_anew(kept.name)
            except OSError as error:
                self.index_note = f"not kept: {error.strerror or error}"

    def read_anew(self, name: str) -> None:
        """Read a run's files again: its columns in the index turned out to be damaged."""
        run = self.runs.get(name)
        if run is not None:
            run.files.clear()
            self.unsaved = True
            self._read([(run, path) for path in run.order])

    # --- reading ---

    def _read(self, candidates: list[tuple[_Run, str]]) -> None:
        """Read what is new in these files."""
        self.progress = Progress()
        work = []
        changed: set[str] = set()
        for run, path in candidates:
            unread = self._unread(run, path, changed)
            if unread is not None:
                work.append((unread, run, path))
        if work:
            if not self._kernels_loaded:
                self._phase("compiling")
                from . import kernels  # noqa: F401  compiles, or loads what an earlier process compiled

                self._kernels_loaded = True
            self._phase("loading")
            self._read_files(work, changed)
            release_buffers()
        self._publish({name: self.runs[name].view() for name in changed if name in self.runs})

    def _unread(self, run: _Run, path: str, changed: set[str]) -> int | None:
        """Bytes of the file that are not read yet (at least 0 for a changed file), None for an unchanged one."""
        file = run.files.get(path)
        try:
            stamp = self._storage.stamp(path)
        except OSError as error:
            self._failed(run, path, error, changed)
            return None
        offset = file.offset if file else 0
        self.progress.bytes_total += stamp.size
        if file is not None and file.complete and file.stamp == stamp:
            self.progress.bytes_read += stamp.size
            if run.unreadable.pop(path, None) is not None:
                changed.add(run.name)
            return None
        self.progress.bytes_read += offset
        return max(stamp.size - offset, 0)

    def _read_files(self, work: list[tuple[int, _Run, str]], changed: set[str]) -> None:
        """Large files one by one in parallel chunks, the others side by side."""
        shared = self._executor is None
        large = [item for item in work if shared and item[0] >= _LARGE]
        small = [item for item in work if not (shared and item[0] >= _LARGE)]
        if len(small) == 1 and shared:
            self._read_one(*small[0][1:], changed)
        elif small:
            executor = self._executor or self._threads()
            pending: dict[Future[Reading | None], tuple[_Run, str]] = {}
            for _, run, path in small:
                before = known(run.files[path]) if path in run.files else None
                pending[executor.submit(look_again, self._storage, path, before)] = run, path
            shown_at = time.monotonic()
            for future in as_completed(pending):
                run, path = pending.pop(future)
                self._take(run, path, future, changed)
                if time.monotonic() - shown_at > _PUBLISH_SECONDS:
                    self._publish({name: self.runs[name].view() for name in changed})
                    changed.clear()
                    shown_at = time.monotonic()
                if path in run.files and not run.files[path].complete:
                    large.append((0, run, path))  # there is more than one pass reads
        for _, run, path in large:
            self._read_one(run, path, changed)

    def _read_one(self, run: _Run, path: str, changed: set[str]) -> None:
        """Read a file to its end, piece by piece."""
        while True:
            before = known(run.files[path]) if path in run.files else None
            future: Future[Reading | None] = Future()
            try:
                future.set_result(look_again(self._storage, path, before, self._threads()))
            except OSError as error:
                future.set_exception(error)
            self._take(run, path, future, changed)
            if path not in run.files or path in run.unreadable or run.files[path].complete:
                return
            self._publish({run.name: run.view()})

    def _take(self, run: _Run, path: str, future: Future[Reading | None], changed: set[str]) -> None:
        """Take a file's new rows into its run."""
        try:
            reading = future.result()
        except OSError as error:
            self._failed(run, path, error, changed)
            return
        if reading is None:
            return
        before = None if reading.anew else run.files.get(path)
        try:
            file = advance(before, path, reading.result, run.tags)
        except ColumnsDamaged:
            del run.files[path]
            self._read_one(run, path, changed)
            return
        self.unsaved = True
        run.files[path] = replace(file, damage_print=reading.damage_print)
        run.unreadable.pop(path, None)
        self._busy[run.name, path] = file.stamp.mtime_ns / 1e9 if before is None else time.time()
        self.progress.bytes_read += file.offset - (before.offset if before else 0)
        changed.add(run.name)
        self._phase("loading")

    def _failed(self, run: _Run, path: str, error: OSError, changed: set[str]) -> None:
        """A file that cannot be read: what was read of it stays, unless it is gone."""
        if isinstance(error, FileNotFoundError):
            if run.files.pop(path, None) is not None:
                changed.add(run.name)
        elif run.unreadable.get(path) != (detail := error.strerror or str(error)):
            run.unreadable[path] = detail
            changed.add(run.name)

    def _threads(self) -> ThreadPoolExecutor:
        if self._own_threads is None:
            workers = max(2, os.cpu_count() or 2)
            self._own_threads = ThreadPoolExecutor(workers, thread_name_prefix="stepscope-read")
        return self._own_threads

    def close(self) -> None:
        if self._own_threads is not None:
            self._own_threads.shutdown()
            self._own_threads = None

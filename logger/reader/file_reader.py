"""Reading what is new in many files: which need it, in which order, by which threads."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import Executor, Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace

from .blocks import ColumnsDamaged
from .compiled import kernels
from .event_file import advance
from .loaded_run import LoadedRun
from .reading import Reading, known, look_again
from .run import RunView
from .scan import release_buffers
from .storage import Storage

__all__ = ["FileReader", "Progress"]

_LARGE = 12 << 20  # files with more unread bytes are read one at a time, by all threads together
_TINY = 64 << 10  # files with less are read faster without handing them to a thread …
_SLOW_SECONDS = 0.005  # … unless the file system takes this long for each
_PUBLISH_SECONDS = 0.3  # how often a long pass shows what it has


@dataclass
class Progress:
    """Counters for the status; written by the pass, read by anyone."""

    bytes_read: int = 0
    bytes_total: int = 0


@dataclass(frozen=True)
class _Work:
    """A file with something to read."""

    unread: int  # bytes, about
    run: LoadedRun
    path: str


class FileReader:
    """Brings files up to date. One pass at a time.

    `publish(views)` is called with views of the runs that changed, `phase(name)` when the work changes.
    """

    def __init__(
        self,
        storage: Storage,
        executor: Executor | None,
        publish: Callable[[dict[str, RunView | None]], None],
        phase: Callable[[str], None],
    ) -> None:
        self.progress = Progress()
        self.unsaved = False  # something was read that the index does not have
        self.changed_at: dict[tuple[str, str], float] = {}  # (run, path) → when the file last changed
        self._storage = storage
        self._executor = executor
        self._own_threads: ThreadPoolExecutor | None = None
        self._publish = publish
        self._phase = phase
        self._kernels_loaded = False
        self._changed: dict[str, LoadedRun] = {}  # runs with changes that were not published yet
        self._shown_at = 0.0

    def read(self, candidates: Iterable[tuple[LoadedRun, str]], unchanged: Collection[str] = ()) -> None:
        """Read what is new in these files, and publish it; those in `unchanged` need no look."""
        self.progress = Progress()
        work = []
        for run, path in candidates:
            if path in unchanged:
                self.progress.bytes_total += run.files[path].stamp.size
                self.progress.bytes_read += run.files[path].stamp.size
            elif (item := self._look_at(run, path)) is not None:
                work.append(item)
        if work:
            if not self._kernels_loaded:
                self._phase("compiling")
                kernels()  # or loaded from what an earlier process compiled
                self._kernels_loaded = True
            self._phase("loading")
            self._shown_at = time.monotonic()
            before = self.progress.bytes_read
            self._read_all(work)
            release_buffers(self.progress.bytes_read - before)
        self._show()

    def close(self) -> None:
        if self._own_threads is not None:
            self._own_threads.shutdown()
            self._own_threads = None

    def _look_at(self, run: LoadedRun, path: str) -> _Work | None:
        """What there is to read of a file; None for an unchanged one."""
        file = run.files.get(path)
        try:
            stamp = self._storage.stamp(path)
        except OSError as error:
            if run.failed(path, error):
                self._changed[run.name] = run
            return None
        self.progress.bytes_total += stamp.size
        if file is not None and file.complete and file.stamp == stamp:
            self.progress.bytes_read += stamp.size
            if run.unreadable.pop(path, None) is not None:
                self._changed[run.name] = run
            return None
        offset = file.offset if file is not None else 0
        self.progress.bytes_read += offset
        return _Work(max(stamp.size - offset, 0), run, path)

    def _read_all(self, work: list[_Work]) -> None:
        """Tiny files one after the other, large ones one by one in parallel chunks, the others side by side."""
        if self._executor is not None:
            self._read_side_by_side(work, self._executor)
            return
        tiny = [item for item in work if item.unread < _TINY]
        others = [item for item in work if _TINY <= item.unread < _LARGE]
        begin = time.monotonic()
        for count, item in enumerate(tiny):
            if time.monotonic() - begin > 0.1 + _SLOW_SECONDS * count:
                others += tiny[count:]
                break
            self._read_one(item)
        if len(others) == 1:
            self._read_one(others[0])
        elif others:
            self._read_side_by_side(others, self._threads())
        for item in work:
            if item.unread >= _LARGE:
                self._read_one(item)

    def _read_side_by_side(self, work: list[_Work], executor: Executor) -> None:
        pending: dict[Future[Reading | None], _Work] = {}
        for item in work:
            file = item.run.files.get(item.path)
            before = known(file) if file is not None else None
            pending[executor.submit(look_again, self._storage, item.path, before)] = item
        for future in as_completed(pending):
            item = pending.pop(future)
            self._take(item, future)
            file = item.run.files.get(item.path)
            if file is not None and not file.complete:
                self._read_one(item)

    def _read_one(self, item: _Work) -> None:
        """Read a file to its end, piece by piece."""
        while True:
            file = item.run.files.get(item.path)
            future: Future[Reading | None] = Future()
            try:
                before = known(file) if file is not None else None
                future.set_result(look_again(self._storage, item.path, before, self._threads()))
            except Exception as error:
                future.set_exception(error)
            self._take(item, future)
            file = item.run.files.get(item.path)
            if file is None or file.complete or item.path in item.run.unreadable:
                return

    def _take(self, item: _Work, future: Future[Reading | None]) -> None:
        """Take a file's new rows into its run. Whatever goes wrong with one file stays with that file."""
        run, path = item.run, item.path
        try:
            reading = future.result()
            if reading is None:
                return
            before = None if reading.anew else run.files.get(path)
            file = replace(advance(before, path, reading.result, run.tags), damage_print=reading.damage_print)
        except ColumnsDamaged:  # what the index had of it
            run.forget(path)
            self._read_one(item)
            return
        except Exception as error:
            if run.failed(path, error):
                self._changed[run.name] = run
            return
        run.files[path] = file
        run.unreadable.pop(path, None)
        self.unsaved = True
        self.changed_at[run.name, path] = file.stamp.mtime_ns / 1e9 if before is None else time.time()
        self.progress.bytes_read += file.offset - (before.offset if before else 0)
        self._changed[run.name] = run
        if time.monotonic() - self._shown_at > _PUBLISH_SECONDS:
            self._show()

    def _show(self) -> None:
        """Publish the runs that changed."""
        self._publish({name: run.view() for name, run in self._changed.items()})
        self._changed = {}
        self._shown_at = time.monotonic()

    def _threads(self) -> ThreadPoolExecutor:
        if self._own_threads is None:
            workers = max(2, os.cpu_count() or 2)
            self._own_threads = ThreadPoolExecutor(workers, thread_name_prefix="stepscope-read")
        return self._own_threads

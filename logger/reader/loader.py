"""One pass over the log directories: find files, take what the index has, read what is new, publish views."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from .blocks import ColumnsDamaged
from .discovery import Discovery
from .file_reader import FileReader, Progress
from .index import Index, prune
from .index_manifest import StoredRun
from .loaded_run import LoadedRun
from .reading import Stored, look_at_stored
from .run import RunView
from .status import Root
from .storage import Storage

__all__ = ["Loader", "RootPath"]

_MAX_BUSY = 256  # files looked at between full passes


@dataclass(frozen=True)
class RootPath:
    """A directory to look at; its runs are called name/run when it has a name."""

    name: str
    path: str

    def run_name(self, run: str) -> str:
        if not self.name:
            return run
        return self.name if run == "." else f"{self.name}/{run}"


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
        self.runs: dict[str, LoadedRun] = {}
        self.index_note = str(index_parent) if index_parent else "not kept"
        self._storage = storage
        self._publish = publish
        self._phase = phase
        self._reader = FileReader(storage, executor, publish, phase)
        self._discoveries = {root.path: Discovery(storage, root.path) for root in roots}
        self._problems: list[str] = []  # folders that could not be read in this pass
        self._runs_of: dict[str, list[str]] = {}  # root → its runs, as the root names them
        self._indexes = {root.path: Index(index_parent, root.path) for root in roots} if index_parent else {}
        self._index_loaded = False
        self._just_seen: set[str] = set()  # files whose stamp was compared when the index was loaded

    @property
    def progress(self) -> Progress:
        return self._reader.progress

    @property
    def unsaved(self) -> bool:
        """Whether there is something that the index does not have."""
        return self._reader.unsaved

    def close(self) -> None:
        self._reader.close()

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
                self.runs[name] = LoadedRun(name)
            self.runs[name].order = paths
        candidates = ((self.runs[name], path) for name, paths in found.items() for path in paths)
        self._reader.read(candidates, self._just_seen)
        self._just_seen = set()

    def busy_pass(self, seconds: float) -> None:
        """Look only at files that changed within so many seconds, the latest ones where they are many."""
        since = time.time() - seconds
        times = self._reader.changed_at
        busy = [(changed, *key) for key, changed in times.items() if changed > since and key[0] in self.runs]
        busy.sort(reverse=True)
        self._reader.changed_at = {(name, path): changed for changed, name, path in busy[:_MAX_BUSY]}
        self._reader.read([(self.runs[name], path) for name, path in self._reader.changed_at])

    def read_anew(self, name: str) -> None:
        """Read a run's files again: its columns in the index turned out to be damaged."""
        run = self.runs.get(name)
        if run is not None:
            run.files.clear()
            self._reader.read([(run, path) for path in run.order])

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
                gone[name] = None
                continue
            missing = [path for path in (*run.files, *run.unreadable) if path not in paths]
            if missing:
                for path in missing:
                    run.forget(path)
                run.order = [path for path in run.order if path in paths]
                gone[name] = run.view()
        if gone:
            self._reader.unsaved = True
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
                files = {}
                for path, file in kept.files.items():
                    state = look_at_stored(self._storage, file) if path in paths else Stored.GONE
                    if state is not Stored.GONE:
                        files[path] = file
                    if state is Stored.SAME and file.complete:
                        self._just_seen.add(path)
                self._reader.unsaved |= len(files) < len(kept.files)
                if files:
                    self.runs[name] = LoadedRun(name, kept.tags, order=found[name], files=files)
                    restored[name] = self.runs[name].view()
        self._publish(restored)

    def announce_save(self) -> None:
        """Let others in this process that open the same directory wait for the save to come."""
        for index in self._indexes.values():
            index.announce()

    def save_index(self) -> None:
        """Write what the indexes lack. Failing to is no error: the note says so."""
        self._reader.unsaved = False
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

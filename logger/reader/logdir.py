"""`open_logdir`: the live, complete view of a log directory."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ..errors import RunNotFound
from ..user_state import default_state_file
from .blob_queries import BlobQueries
from .blocks import ColumnsDamaged
from .follow import Follower
from .index import default_folder
from .loader import Loader, RootPath
from .published import Published
from .roots import PathLike, Paths, absolute, root_paths
from .run import RunView
from .run_events import RunEvent, RunEvents
from .scalar_batch import scalar_columns
from .series import ScalarColumns, Scalars
from .status import FileStatus, RunInfo, Status
from .storage import LOCAL, Storage

if TYPE_CHECKING:
    from types import TracebackType

    from ..compare.table import RunTable

__all__ = ["LogDir", "open_logdir"]


def open_logdir(
    path: Paths,
    *,
    index_dir: PathLike | Literal[False] | None = None,
    executor: Executor | None = None,
    load: bool = True,
) -> LogDir:
    """Open a log directory, a list of them, or a mapping of names to directories.

    A run is a folder with event files, named by its path below the directory ("." for the directory itself); with
    several directories, by directory name and path. A directory that does not exist is no error: it may come.

    `index_dir`: where the index is kept, by default the user's cache folder; False keeps none.
    `executor` reads files, for instance in processes; the default is a thread per core.
    With `load=False` nothing is read before `refresh()` or `follow()` is called.
    """
    log = LogDir(root_paths(path), index_dir, executor)
    if load:
        log.refresh()
        log.save_index_soon()
    return log


class LogDir(BlobQueries):
    """Runs, tags and values of a log directory. Every method may be called from any thread at any time."""

    def __init__(
        self, roots: list[RootPath], index_dir: PathLike | Literal[False] | None, executor: Executor | None
    ) -> None:
        self._pass_lock = threading.RLock()  # one pass at a time
        self._published = Published()
        self._storage: Storage = LOCAL
        self._default_state = (
            None if index_dir is False else default_state_file(index_dir, [root.path for root in roots])
        )
        parent = None if index_dir is False else default_folder() if index_dir is None else Path(absolute(index_dir))
        self._saver: threading.Thread | None = None
        self._loader = Loader(
            roots, self._storage, executor, parent, self._published.publish, self._published.set_phase
        )
        self._follower: Follower | None = None
        self._run_events = RunEvents(self._storage)

    # --- runs, tags, scalars ---

    @property
    def runs(self) -> list[str]:
        """Names of the runs in natural order."""
        return self._published.names

    def tags(self, run: str) -> dict[str, list[str]]:
        """kind → tags in natural order; only kinds that the run has. Raises RunNotFound."""
        return {kind: list(tags) for kind, tags in self._view(run).by_kind.items()}

    def scalars(self, run: str, tag: str) -> Scalars:
        """Every point of a scalar. Raises RunNotFound, TagNotFound."""
        try:
            return self._view(run).scalars(tag)
        except ColumnsDamaged:
            self._read_anew([run])
            return self._view(run).scalars(tag)

    def scalar_columns(
        self, tag: str, runs: Sequence[str], segments: Literal["latest", "all", "separate"] = "latest"
    ) -> ScalarColumns:
        """One tag of many runs in one set of columns. Runs that are unknown or lack the tag have no series."""
        try:
            return scalar_columns(tag, [self._published.views.get(run) for run in runs], segments)
        except ColumnsDamaged:
            self._read_anew(runs)
            return scalar_columns(tag, [self._published.views.get(run) for run in runs], segments)

    def events(self, run: str) -> list[RunEvent]:
        """Starts, restarts, checkpoints, the end, and what `add_event` noted, in order of step. Raises RunNotFound."""
        try:
            return self._run_events.of(self._view(run))
        except ColumnsDamaged:
            self._read_anew([run])
            return self._run_events.of(self._view(run))

    def _read_anew(self, runs: Sequence[str]) -> None:
        """Read runs from their event files: what the index had is damaged."""
        with self._pass_lock:
            for run in runs:
                self._loader.read_anew(run)
            self._finish_pass()

    def snapshot(self) -> tuple[int, Mapping[str, RunView]]:
        """(version, the views of all runs), of one moment; for what looks at all runs at once."""
        return self._published.snapshot()

    @property
    def storage(self) -> Storage:
        """Opens the files that hold what is read on demand."""
        return self._storage

    def run_info(self, run: str) -> RunInfo:
        """The run at a glance. Raises RunNotFound."""
        return self._view(run).info

    def files(self, run: str) -> list[FileStatus]:
        """The run's event files, how far they were read and what was wrong with them. Raises RunNotFound."""
        return self._view(run).file_statuses()

    def _view(self, run: str) -> RunView:
        view = self._published.views.get(run)
        if view is not None:
            return view
        known = self.runs
        offer = f"it has {', '.join(map(repr, known[:5]))}" if known else "it has no runs"
        more = f" and {len(known) - 5} more" if len(known) > 5 else ""
        raise RunNotFound(f"no run {run!r} in the log directory; {offer}{more}")

    # --- all runs side by side ---

    def table(
        self,
        columns: str | Sequence[str] | None = None,
        *,
        where: str = "",
        sort: str | Sequence[str] = (),
        limit: int | None = None,
        baseline: str | None = None,
        state_file: PathLike | None = None,
    ) -> RunTable:
        """A row per run: `log.table(["name", "lr", "val/acc.max"], where="lr < 0.01", sort="-val/acc.max")`.

        Columns, filter and sort keys are named as in compare/columns.py, several in one text by commas; without
        `columns` all hyperparameters and the last value of every scalar. With `baseline` each column of scalars is
        followed by its difference from that run's and by the same in percent. `state_file`: names, tags and notes as
        the dashboard keeps them, by default those of the dashboard with the same index. Raises ValueError where an
        expression cannot be understood.
        """
        from ..compare.table import log_table

        place = self._default_state if state_file is None else state_file
        return log_table(self, place, columns, where=where, sort=sort, limit=limit, baseline=baseline)

    # --- changes ---

    @property
    def version(self) -> int:
        """Grows with every visible change."""
        return self._published.version

    def changes(self, since: int) -> tuple[int, set[str] | None]:
        """(version now, runs that changed after version `since`, vanished ones included); None: all may have."""
        return self._published.changes(since)

    def wait(self, version: int, timeout: float) -> int:
        """Wait until the version exceeds `version`, or phase or progress change, or `timeout` seconds; the version."""
        return self._published.wait(version, timeout)

    # --- keeping up ---

    def refresh(self) -> int:
        """Look at everything once: new, grown, replaced and deleted files; the version after it."""
        with self._pass_lock:
            self._loader.full_pass()
            self._finish_pass()
            return self._published.version

    def refresh_busy(self, seconds: float) -> int:
        """Look only at the files that changed in the last `seconds`; the version after it."""
        with self._pass_lock:
            self._loader.busy_pass(seconds)
            self._finish_pass()
            return self._published.version

    def _finish_pass(self) -> None:
        follows = self._follower is not None and self._follower.goes_on
        self._published.pass_done("following" if follows else "idle")

    def follow(self, interval: float = 0.25) -> None:
        """Keep up in the background, looking at busy files every `interval` seconds; 0: load once, then stop."""
        if self._follower is None:
            self._follower = Follower(self, interval)
            self._follower.start()

    def status(self) -> Status:
        """How far reading has come, and what is wrong."""
        version, views_now, phase, ready = self._published.state()
        views = list(views_now.values())
        progress, infos = self._loader.progress, [view.info for view in views]
        files = [file for view in views for file in view.files]
        unreadable = sum(len(view.unreadable) for view in views)
        return Status(
            phase=phase,
            ready=ready,
            version=version,
            runs=len(views),
            scalar_points=sum(info.scalar_points for info in infos),
            events=sum(file.events for file in files),
            bytes_read=progress.bytes_read if not ready else sum(file.offset for file in files),
            bytes_total=progress.bytes_total if not ready else sum(file.stamp.size for file in files),
            files=sum(view.file_count for view in views),
            damaged=sum(file.is_damaged for file in files),
            truncated=sum(file.is_truncated for file in files),
            unreadable=unreadable,
            roots=self._loader.root_states,
            index=self._loader.index_note,
        )

    # --- the index ---

    def save_index(self) -> None:
        """Write what was read to the index, so that the next process reads only what is new."""
        with self._pass_lock:
            if self._loader.unsaved:
                self._loader.save_index()

    def save_index_soon(self) -> None:
        """The same in a thread: whoever waits for the log need not wait for the disk too."""
        if self._loader.unsaved:
            self._loader.announce_save()
            # No daemon: a script that reads and ends leaves an index behind.
            self._saver = threading.Thread(target=self.save_index, name="stepscope-save")
            self._saver.start()

    def close(self) -> None:
        """Stop following, save the index, free the threads. Views taken before stay usable."""
        if self._follower is not None:
            self._follower.stop()
            self._follower = None
        if self._saver is not None:
            self._saver.join()
        self.save_index()
        with self._pass_lock:
            self._loader.close()
        self._published.set_phase("idle")

    def __enter__(self) -> LogDir:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

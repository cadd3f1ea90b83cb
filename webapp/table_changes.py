"""Which rows of the run table are not what a page has of them: data came, somebody renamed a run, time passed."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Collection, Mapping
from typing import Any
from weakref import WeakKeyDictionary

from ..logger.compare.columns import ColumnReader
from ..logger.compare.comparison import Snapshot, compare
from ..logger.compare.run_state import run_state, silent_from
from .log_source import LogSource

__all__ = ["changed_rows", "states_version"]

_SAID = ("name", "tags", "note")  # columns that people change
_WATCHED = ("state", *_SAID)  # columns that change without the log


class _Watch:
    """What one server's pages were told, and when (in versions of the log)."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.rows: tuple[str, ...] = ()
        self.hparams: object = None
        self.shape_version = 0  # when rows came or went, or hyperparameters changed
        self.user: Mapping[str, Mapping[str, Any]] = {}
        self.seen: Snapshot | None = None
        self.states: dict[str, str] = {}  # as they were when it was seen
        self.flips = 0  # how often states were found changed
        self.until = -math.inf  # when the next state changes if nothing comes, seconds since the epoch
        self.versions: dict[str, int] = {}  # row → when a watched column of it changed

    def look(self, reader: ColumnReader, version: int) -> None:
        snapshot = reader.snapshot
        if snapshot.rows != self.rows or snapshot.hparam_infos is not self.hparams:
            self.rows, self.hparams, self.shape_version = snapshot.rows, snapshot.hparam_infos, version
        if reader.user is not self.user:
            changed = [
                run
                for run in reader.user.keys() | self.user.keys()
                if any(reader.user.get(run, {}).get(name) != self.user.get(run, {}).get(name) for name in _SAID)
            ]
            self.versions.update(dict.fromkeys(changed, version))
            self.user = reader.user
        self.look_at_states(snapshot, reader.now, version)

    def look_at_states(self, snapshot: Snapshot, now: float, version: int) -> None:
        """Look at the runs that changed, and at all when a state is due to change."""
        rows: Collection[str] = snapshot.rows
        if self.seen is not None and self.seen.joins is snapshot.joins and now < self.until:
            before, parent = self.seen.views, snapshot.joins.parent
            changed = [run for run, view in snapshot.views.items() if before.get(run) is not view]
            rows = {parent.get(run, run) for run in changed}.intersection(snapshot.rows) if changed else ()
        else:
            self.until = math.inf
        self.seen = snapshot
        for row in rows:
            activity = snapshot.activity(row)
            state = run_state(activity, now)
            if state == "running":
                self.until = min(self.until, silent_from(activity, now))
            if self.states.setdefault(row, state) != state:
                self.states[row] = state
                self.versions[row] = version
                self.flips += 1


_watches: WeakKeyDictionary[LogSource, _Watch] = WeakKeyDictionary()
_lock = threading.Lock()


def changed_rows(
    source: LogSource, reader: ColumnReader, columns: Collection[str], version: int, since: int
) -> list[str] | None:
    """The rows that differ from an answer of version `since`, in order; None for all of them."""
    if not since and not set(columns) & set(_WATCHED):
        return None
    with _lock:
        watch = _watches.setdefault(source, _Watch())
    with watch.lock:
        watch.look(reader, version)
        _, runs = source.changes(since) if since else (version, None)
        if runs is None or since < watch.shape_version:
            return None
        parent = reader.snapshot.joins.parent
        changed = {parent.get(run, run) for run in runs}
        changed |= {row for row, at in watch.versions.items() if at >= since}
    return [row for row in watch.rows if row in changed]


def states_version(source: LogSource) -> int:
    """Another number whenever the state of a row has changed, be it that only time passed.

    0 while no page has asked for the table; looks at the runs only when a state is due to change.
    """
    watch = _watches.get(source)
    if watch is None:
        return 0
    with watch.lock:
        now = time.time()
        if now >= watch.until:
            version = source.version
            watch.look_at_states(compare(source.get()), now, version)
        return watch.flips

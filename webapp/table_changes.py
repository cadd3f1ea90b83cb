"""Which rows of the run table are not what a page has of them: data came, somebody renamed a run, time passed."""

from __future__ import annotations

import threading
from collections.abc import Collection
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from ..logger.compare.columns import ColumnReader
from .log_source import LogSource

__all__ = ["changed_rows"]

# Columns that change without the log: their values as they were when last looked at.
_WATCHED = ("state", "name", "tags", "note")


class _Watch:
    """What one server's pages were told, and when (in versions of the log)."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.rows: tuple[str, ...] = ()
        self.hparams: object = None
        self.shape_version = 0  # when rows came or went, or hyperparameters changed
        self.values: dict[str, tuple[object, ...]] = {}
        self.versions: dict[str, int] = {}  # row → when a watched column of it changed

    def look(self, reader: ColumnReader, version: int) -> None:
        snapshot = reader.snapshot
        if snapshot.rows != self.rows or snapshot.hparam_infos is not self.hparams:
            self.rows, self.hparams, self.shape_version = snapshot.rows, snapshot.hparam_infos, version
        columns = [reader.column(name)[1] for name in _WATCHED]
        for at, row in enumerate(self.rows):
            values = tuple(column.at(at) for column in columns)
            before = self.values.setdefault(row, values)
            if before != values:
                self.values[row] = values
                self.versions[row] = version


_watches: WeakKeyDictionary[LogSource, _Watch] = WeakKeyDictionary()
_lock = threading.Lock()


def changed_rows(
    source: LogSource, reader: ColumnReader, columns: Collection[str], version: int, since: int
) -> npt.NDArray[np.intp] | None:
    """Indices of the rows that differ from an answer of version `since`; None for all of them."""
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
    return np.array([at for at, row in enumerate(watch.rows) if row in changed], np.intp)

"""Graphs by what somebody says in a terminal: a file, the folder of a run, a run's name in a log directory."""

from __future__ import annotations

import os
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING

from ...logger.graphs.files import KNOWN_FILES, open_graph_file
from ...logger.reader.stored_graphs import newest_at
from ..logdirs import nothing_under, open_named
from ..media.series_lookup import SeriesLookup, tags_of
from ..queries import Refused
from .naming import FileGraph, LogGraph
from .opened import OpenedGraph
from .sources import GRAPHS, GraphStore, best_tag, value_id

if TYPE_CHECKING:
    from ...logger import LogDir

__all__ = ["FoundGraphs"]

_LISTED = 8  # names in a sentence


class FoundGraphs:
    """Opens graphs, and the logs they are in until it is left. `logdir`: where names of runs are looked up."""

    def __init__(self, logdir: str, index_dir: str | None) -> None:
        self._logdir, self._index_dir = logdir, index_dir
        self._open = ExitStack()
        self._logs: dict[str, LogDir] = {}
        self._store, self._series = GraphStore(), SeriesLookup()

    def __enter__(self) -> FoundGraphs:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def graph(self, what: str, tag: str | None, step: int | None) -> OpenedGraph:
        """Raises Refused, LogError, ValueError, OSError, each with a sentence."""
        path = _saved_model(os.path.expanduser(what))
        if self._logdir:
            log = self._log(self._logdir)
            if what in log.runs or not what or not os.path.isfile(path):
                return self._of_run(log, self._logdir, what, tag, step)
        if os.path.isfile(path) and "tfevents" not in os.path.basename(path):
            return self._of_file(path)
        folder = os.path.dirname(path) or "." if os.path.isfile(path) else path
        if not os.path.isdir(folder):
            raise Refused(f"{what[:500]} is neither a file nor a folder; a run's name needs --logdir DIR")
        return self._of_run(self._log(folder), folder, "", tag, step)

    def difference(self, a: OpenedGraph, b: OpenedGraph) -> OpenedGraph:
        """What changed from `a` to `b`."""
        return self._store.difference(a, b)

    def _log(self, folder: str) -> LogDir:
        if folder not in self._logs:
            self._logs[folder] = self._open.enter_context(open_named({"": os.path.expanduser(folder)}, self._index_dir))
        return self._logs[folder]

    def _of_file(self, path: str) -> OpenedGraph:
        return OpenedGraph(FileGraph(os.path.abspath(path)), open_graph_file(path), path)

    def _of_run(self, log: LogDir, where: str, run: str, tag: str | None, step: int | None) -> OpenedGraph:
        if not log.runs:
            raise Refused(nothing_under(log) + f"; what is drawn of a file: {KNOWN_FILES}")
        run = run or _only_run(log, where)
        name = LogGraph(run, tag or best_tag(log, run))
        if step is not None:
            values = self._series.find(log, run, GRAPHS, name.tag or "").latest()
            name = LogGraph(run, name.tag, value_id(values, newest_at(values, step)))
        return self._store.open(name, lambda: log, self._series)


def _saved_model(path: str) -> str:
    """The file that holds the graph in a folder that TensorFlow saved a model in; other paths as they are.

    A folder with a log in it or below it is that log.
    """
    inside = os.path.join(path, "saved_model.pb")
    if not os.path.isdir(path) or not os.path.isfile(inside):
        return path
    return path if any("tfevents" in name for _, _, names in os.walk(path) for name in names) else inside


def _only_run(log: LogDir, where: str) -> str:
    """The run that has graphs. Raises Refused where none or several have."""
    having = [run for run in log.runs if tags_of(log, run, GRAPHS)]
    if not having:
        raise Refused(f"no run of {where} has a graph; writer.add_graph(model, inputs) logs one")
    if len(having) > 1:
        listed = ", ".join(having[:_LISTED]) + (" …" if len(having) > _LISTED else "")
        raise Refused(
            f"{len(having)} runs of {where} have graphs: say which, as in --logdir {where} {having[0]}; {listed}"
        )
    return having[0]

"""Opens graphs by their names: out of the log, out of files opened by hand, or two as one with what changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from ...logger.errors import BlobUnavailable, CorruptRecord, LogError
from ..kept import Kept
from ..media.series_lookup import SeriesLookup, tags_of, value_index
from ..queries import Refused
from .measured import Measured, OpenedTables
from .naming import Difference, FileGraph, LogGraph, Name
from .uploads import OpenedFiles

if TYPE_CHECKING:
    from ...logger import LogDir
    from ...logger.graphs.model import GraphModel
    from ...logger.reader.series import BlobSeries
    from ..profile.store import ProfileStore
    from .catalog import GraphCatalog
    from .diffing import Comparison
    from .opened import OpenedGraph, Picture
    from .run_profiles import RunProfiles

__all__ = ["GRAPHS", "GraphStore", "best_tag", "value_id"]

GRAPHS = "graphs"  # kind of blobs
_MOST_NODES = 400_000  # in memory, of all graphs; about a kilobyte each


class GraphStore:
    """The graphs last asked for. For any thread. profiles: those that may lie beside them."""

    def __init__(self, profiles: ProfileStore | None = None) -> None:
        self._profiles = profiles
        self.tables = OpenedTables()
        self.files = OpenedFiles(self.tables)
        self._graphs: Kept[OpenedGraph] = Kept(_MOST_NODES, lambda graph: graph.weight)

    @cached_property
    def catalog(self) -> GraphCatalog:
        """Which graphs there are."""
        from .catalog import GraphCatalog

        return GraphCatalog()

    def open(self, name: Name, log: Callable[[], LogDir], series: SeriesLookup) -> OpenedGraph:
        """The graph of this name. Raises Refused, RunNotFound, TagNotFound."""
        if isinstance(name, FileGraph):
            return self.files.find(name.file)
        if isinstance(name, Difference):
            return self.difference(self.open(name.a, log, series), self.open(name.b, log, series))
        values = series.find(log(), name.run, GRAPHS, name.tag or best_tag(log(), name.run))
        index = value_index(values, _newest(values) if name.id is None else name.id)
        found = LogGraph(name.run, values.tag, value_id(values, index))

        def read() -> OpenedGraph:
            from ...logger import plugins
            from .run_histograms import RunHistograms

            try:
                of_run = series.find(log(), name.run, GRAPHS, plugins.RUN_GRAPH_TAG).latest()
            except LogError:  # has none
                of_run = None
            of_run_too = Measured(self.tables, RunHistograms(log, series, name.run), self._profiles_of(name.run))
            return self._opened(found, _read(values, index, of_run), measured=of_run_too)

        return self._graphs.get(found, read)

    def _opened(
        self,
        name: Name,
        model: GraphModel,
        comparison: Comparison | None = None,
        measured: Measured | None = None,
    ) -> OpenedGraph:
        from .opened import OpenedGraph

        version = hashlib.blake2b(repr(name).encode("utf-8", "replace"), digest_size=8).hexdigest()
        return OpenedGraph(name, model, version, comparison, self._pictures, measured or Measured(self.tables))

    def _profiles_of(self, run: str) -> RunProfiles | None:
        from .run_profiles import RunProfiles

        return None if self._profiles is None else RunProfiles(self._profiles, run)

    @cached_property
    def _pictures(self) -> Kept[Picture]:
        from .opened import kept_pictures

        return kept_pictures()

    def difference(self, a: OpenedGraph, b: OpenedGraph) -> OpenedGraph:
        """What became of one graph in the other."""
        name = Difference(a.name, b.name)  # type: ignore[arg-type]  # neither is a difference

        def merge() -> OpenedGraph:
            from .diffing import diff_models

            comparison = diff_models(a.model, b.model)
            return self._opened(name, comparison.model, comparison)

        return self._graphs.get((a.version, b.version), merge)


def best_tag(log: LogDir, run: str) -> str:
    """The tag of the run's graph that says most. Raises Refused, RunNotFound."""
    from ...logger.reader.stored_graphs import best_first

    tags = best_first(tags_of(log, run, GRAPHS))
    if not tags:
        log.tags(run)  # raises RunNotFound
        raise Refused(f"run {run[:200]!r} has no graph; writer.add_graph(model, inputs) logs one", 404)
    return tags[0]


def _newest(values: BlobSeries) -> str:
    """The id of the last value that no restart superseded."""
    latest = values.latest()
    if not len(latest):
        raise Refused(f"the tag {values.tag!r} has no graph (any more)", 404)
    return value_id(latest, len(latest) - 1)


def value_id(values: BlobSeries, index: int) -> str:
    """How requests name a value."""
    return f"{values.step[index]}-{values.crc[index]:08x}"


def _read(values: BlobSeries, index: int, run_graph: BlobSeries | None) -> GraphModel:
    """Raises Refused with a sentence where the graph cannot be read."""
    from ...logger.reader.stored_graphs import stored_graph

    try:
        return stored_graph(values, index, run_graph)
    except BlobUnavailable as error:
        raise Refused(str(error), 410) from error
    except (ValueError, CorruptRecord) as error:
        where = f"graph {values.tag[:200]!r} at step {values.step[index]}"
        raise Refused(f"{where}: {error}", 422) from error

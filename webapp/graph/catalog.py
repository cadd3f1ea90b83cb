"""Which graphs there are, without opening any."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...logger import plugins
from ...logger.reader.blob_queries import blob_series
from ...logger.reader.kinds import GRAPHS
from ...logger.reader.stored_graphs import best_first
from ..numbers import finite
from .naming import LogGraph

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ...logger import LogDir
    from ...logger.compare.comparison import Snapshot
    from ...logger.reader.run import RunView
    from ...logger.reader.series import BlobSeries

__all__ = ["GraphCatalog"]

_MOST_VALUES = 1_000  # of one tag, the newest ones
_WITHOUT_TIMES = 200  # bytes of notes of an execution that name devices and nothing else
_FORMATS = {
    "": "run_metadata",
    plugins.GRAPH_RUN_METADATA: "run_metadata",
    plugins.GRAPH_RUN_METADATA_WITH_GRAPH: "run_metadata",
    plugins.GRAPH_KERAS_MODEL: "keras",
}


class GraphCatalog:
    """What the runs of a log have, kept for as long as a run does not change. For any thread."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[RunView, BlobSeries]] = {}  # values by run and tag

    def listed(self, log: LogDir) -> list[dict[str, Any]]:
        """`[{run, graphs: [{tag, title, format, level, values: [{id, step, wall}]}]}]`, what says most first.

        `same_as` names the graph of the same call that says more.
        """
        from ...logger.compare.comparison import compare

        snapshot = compare(log)
        listed: list[dict[str, Any]] = []
        known: dict[tuple[str, str], tuple[RunView, BlobSeries]] = {}
        for run in _lines(snapshot):
            found = {}
            for name in reversed((run, *snapshot.joins.members.get(run, ()))):
                view = snapshot.views[name]
                for tag in view.by_kind.get(GRAPHS, ()):
                    found[tag] = known[name, tag] = self._values(log, view, tag)
            graphs = _entries({tag: found[tag][1] for tag in best_first(found)})
            if graphs:
                listed.append({"run": run, "graphs": graphs})
        self._known = known
        return listed

    def newest(self, log: LogDir) -> LogGraph | None:
        """The graph that says most of the run that logged one last: what a page shows where nobody chose another."""
        best = [(run["run"], run["graphs"][0]) for run in self.listed(log)]
        if not best:
            return None
        run, graph = max(best, key=lambda one: one[1]["values"][-1]["wall"] or 0.0)
        return LogGraph(run, graph["tag"], graph["values"][-1]["id"])

    def _values(self, log: LogDir, view: RunView, tag: str) -> tuple[RunView, BlobSeries]:
        kept = self._known.get((view.name, tag))
        if kept is not None and kept[0] is view:
            return kept
        return view, blob_series(log.storage, view, GRAPHS, tag).latest()


def _lines(snapshot: Snapshot) -> Iterator[str]:
    """The runs that are lines of the page."""
    for run in snapshot.rows:
        yield run
        yield from snapshot.joins.parts.get(run, {}).values()


def _entries(found: Mapping[str, BlobSeries]) -> list[dict[str, Any]]:
    with_values = {tag: values for tag, values in found.items() if len(values)}
    graphs = [_entry(tag, values) for tag, values in with_values.items()]
    for entry in graphs:
        entry["same_as"] = _same_as(entry, with_values[entry["tag"]], graphs)
    return sorted(graphs, key=lambda entry: entry["same_as"] is not None)


def _same_as(entry: dict[str, Any], values: BlobSeries, graphs: Sequence[dict[str, Any]]) -> str | None:
    """The tag that says all this one says: what is written for TensorBoard beside ours, an execution without times."""
    if values.metadata.plugin:
        return None
    by_format: dict[str, str] = {other["format"]: other["tag"] for other in reversed(graphs)}
    if "stepscope" in by_format:
        return by_format["stepscope"]
    is_empty = entry["format"] == "run_metadata" and int(values.nbytes.max()) < _WITHOUT_TIMES
    return by_format.get("graph_def") if is_empty else None


def _entry(tag: str, values: BlobSeries) -> dict[str, Any]:
    is_run_graph = tag == plugins.RUN_GRAPH_TAG
    format = "graph_def" if is_run_graph else _FORMATS.get(values.metadata.plugin, "stepscope")
    return {
        "tag": tag,
        "title": values.metadata.display_name or ("graph" if is_run_graph else tag),
        "format": format,
        "level": "layers" if format == "keras" else "",
        "values": _listed(values),
    }


def _listed(values: BlobSeries) -> list[dict[str, Any]]:
    last = slice(max(0, len(values) - _MOST_VALUES), None)
    rows = zip(values.step[last].tolist(), values.wall_time[last].tolist(), values.crc[last].tolist(), strict=True)
    return [{"id": f"{step}-{crc:08x}", "step": step, "wall": finite(wall)} for step, wall, crc in rows]

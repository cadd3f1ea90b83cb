"""Which graphs there are, without opening any."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...logger import plugins
from ...logger.errors import LogError
from ...logger.reader.stored_graphs import best_first
from ..numbers import finite
from .sources import GRAPHS

if TYPE_CHECKING:
    from ...logger import LogDir
    from ...logger.compare.comparison import Snapshot
    from ...logger.reader.series import BlobSeries
    from ..media.series_lookup import SeriesLookup

__all__ = ["graph_catalog"]

_MOST_VALUES = 1_000  # of one tag, the newest ones
_FORMATS = {
    "": "run_metadata",
    plugins.GRAPH_RUN_METADATA: "run_metadata",
    plugins.GRAPH_RUN_METADATA_WITH_GRAPH: "run_metadata",
    plugins.GRAPH_KERAS_MODEL: "keras",
}


def graph_catalog(log: LogDir, lookup: SeriesLookup) -> list[dict[str, Any]]:
    """`[{run, graphs: [{tag, title, format, level, values: [{id, step, wall}]}]}]`, the graph that says most first.

    `same_as` names the graph of the same call that says more.
    """
    from ...logger.compare.comparison import compare

    snapshot = compare(log)
    listed = []
    for run in snapshot.rows:
        graphs = [entry for tag in _tags(snapshot, run) if (entry := _entry(log, lookup, run, tag))]
        ours = next((entry["tag"] for entry in graphs if entry["format"] == "stepscope"), None)
        for entry in graphs:
            entry["same_as"] = ours if entry["tag"] == plugins.RUN_GRAPH_TAG else None
        if graphs:
            listed.append({"run": run, "graphs": graphs})
    return listed


def _tags(snapshot: Snapshot, run: str) -> list[str]:
    names = snapshot.runs_of(run)
    return best_first(
        list(dict.fromkeys(tag for name in names for tag in snapshot.views[name].by_kind.get(GRAPHS, ())))
    )


def _entry(log: LogDir, lookup: SeriesLookup, run: str, tag: str) -> dict[str, Any] | None:
    try:
        values = lookup.find(log, run, GRAPHS, tag).latest()
    except LogError:  # gone meanwhile
        return None
    if not len(values):
        return None
    is_run_graph = tag == plugins.RUN_GRAPH_TAG
    format = "graph_def" if is_run_graph else _FORMATS.get(values.metadata.plugin, "stepscope")
    return {
        "tag": tag,
        "title": values.metadata.display_name or ("graph" if is_run_graph else tag),
        "format": format,
        "level": "layers" if format == "keras" else "",
        "values": _values(values),
    }


def _values(values: BlobSeries) -> list[dict[str, Any]]:
    last = slice(max(0, len(values) - _MOST_VALUES), None)
    rows = zip(values.step[last].tolist(), values.wall_time[last].tolist(), values.crc[last].tolist(), strict=True)
    return [{"id": f"{step}-{crc:08x}", "step": step, "wall": finite(wall)} for step, wall, crc in rows]

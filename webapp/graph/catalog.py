"""Which graphs there are, without opening any."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...logger import plugins
from ...logger.errors import LogError
from ...logger.reader.stored_graphs import best_first
from ..numbers import finite
from .sources import GRAPHS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...logger import LogDir
    from ...logger.compare.comparison import Snapshot
    from ...logger.reader.series import BlobSeries
    from ..media.series_lookup import SeriesLookup

__all__ = ["graph_catalog"]

_MOST_VALUES = 1_000  # of one tag, the newest ones
_WITHOUT_TIMES = 200  # bytes of notes of an execution that name devices and nothing else
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
    listed: list[dict[str, Any]] = []
    for run in snapshot.rows:
        found = [(tag, values) for tag in _tags(snapshot, run) if (values := _values_of(log, lookup, run, tag))]
        graphs = [_entry(tag, values) for tag, values in found]
        for entry, (_, values) in zip(graphs, found, strict=True):
            entry["same_as"] = _same_as(entry, values, graphs)
        if graphs:
            listed.append({"run": run, "graphs": sorted(graphs, key=lambda entry: entry["same_as"] is not None)})
    return listed


def _same_as(entry: dict[str, Any], values: BlobSeries, graphs: Sequence[dict[str, Any]]) -> str | None:
    """The tag that says all this one says: what is written for TensorBoard beside ours, an execution without times."""
    if values.metadata.plugin:
        return None
    by_format: dict[str, str] = {other["format"]: other["tag"] for other in reversed(graphs)}
    if "stepscope" in by_format:
        return by_format["stepscope"]
    is_empty = entry["format"] == "run_metadata" and int(values.nbytes.max()) < _WITHOUT_TIMES
    return by_format.get("graph_def") if is_empty else None


def _tags(snapshot: Snapshot, run: str) -> list[str]:
    views = [snapshot.views[name] for name in snapshot.runs_of(run)]
    return best_first(dict.fromkeys(tag for view in views for tag in view.by_kind.get(GRAPHS, ())))


def _values_of(log: LogDir, lookup: SeriesLookup, run: str, tag: str) -> BlobSeries | None:
    """None for no values."""
    try:
        return lookup.find(log, run, GRAPHS, tag).latest() or None
    except LogError:  # gone meanwhile
        return None


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

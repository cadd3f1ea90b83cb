"""What was measured, as colours of a graph: tables that somebody opened, histograms and profiles of the run."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from ..queries import Refused
from .histogram_statistics import STATISTICS, pooled
from .laid_over import LaidOver
from .measured import TABLE
from .named_parts import Part
from .run_profiles import PROFILE

if TYPE_CHECKING:
    from .opened import OpenedGraph, Picture

__all__ = ["box_numbers", "is_overlay", "listed_overlays"]

_HISTOGRAM = "histogram:"
_COMBINE: dict[str, Callable[[Sequence[float]], float]] = {
    "sum": sum,
    "mean": lambda all: sum(all) / len(all),
    "max": max,
}

Value = TypeVar("Value")


def is_overlay(by: str) -> bool:
    """Whether `by` names an overlay."""
    return by.startswith((_HISTOGRAM, TABLE, PROFILE))


def listed_overlays(graph: OpenedGraph) -> list[dict[str, str]]:
    """`[{by, title, group}]`: tables that name any part of the graph, profiles, kinds of histograms of its parts."""
    tables = [
        {"by": by, "title": table.title, "group": "Tables"}
        for by, table in graph.measured.tables.listed()
        if graph.measured.placed(by, table, graph.names)
    ]
    source = graph.measured.histograms
    histograms = [
        {"by": f"{_HISTOGRAM}{family}:{key}", "title": f"{family} · {title}", "group": "Histograms"}
        for family in (source.families(lambda: graph.names) if source else ())
        for key, (title, _) in STATISTICS.items()
    ]
    profiles = graph.measured.profiles
    return [*tables, *(profiles.listed() if profiles else ()), *histograms]


def box_numbers(graph: OpenedGraph, by: str, ids: Sequence[str], picture: Picture) -> tuple[str, list[float | None]]:
    """The unit, and a number for each id, None where nothing is known. Raises Refused (404)."""
    if by.startswith(TABLE):
        table = graph.measured.tables.find(by)
        combine = _COMBINE[table.combine]
        return table.unit, _told(graph, graph.measured.placed(by, table, graph.names), ids, picture, combine)
    if by.startswith(PROFILE):
        if graph.measured.profiles is None:
            raise Refused("by: profiles are of a run's graph, this one is of no run", 404)
        times = graph.measured.profiles.times(by, graph.model, graph.tree, graph.names)
        return "s", _told(graph, times, ids, picture, _COMBINE["sum"])
    family, _, statistic = by.removeprefix(_HISTOGRAM).rpartition(":")
    histograms = graph.measured.histograms
    known = histograms.families(lambda: graph.names) if histograms else {}
    if histograms is None or family not in known or statistic not in STATISTICS:
        raise Refused(f"by: the run has no histograms of this kind (any more): {by[:80]!r}", 404)
    of, moments = STATISTICS[statistic][1], histograms.moments(known[family])
    return "", _told(graph, moments, ids, picture, lambda values: of(pooled(values)))


def _told(
    graph: OpenedGraph,
    parts: Mapping[Part, Value],
    ids: Iterable[str],
    picture: Picture,
    combine: Callable[[Sequence[Value]], float],
) -> list[float | None]:
    over = LaidOver(graph.model, graph.tree, parts)

    def number(name: str) -> float | None:
        values = _values(graph, over, name, picture)
        result = combine(values) if values else math.nan
        return result if math.isfinite(result) else None

    return [number(name) for name in ids]


def _values(graph: OpenedGraph, over: LaidOver[Value], name: str, picture: Picture) -> list[Value]:
    model, box = graph.model, picture.box_at.get(name)
    if name.endswith("/") and name[:-1] in model.group_at:
        is_open = box is not None and picture.shown["boxes"]["kind"][box] == "open"
        return (over.of_frame if is_open else over.of_group)(model.group_at[name[:-1]])
    if name in model.node_at:
        return over.of_node(model.node_at[name])
    if box is None:
        return []
    # A fold or a section: of some of what lies in a group.
    frame = picture.shown["boxes"]["parent"][box]
    while frame >= 0 and picture.ids[frame][:-1] not in model.group_at:  # folds hold sections
        frame = picture.shown["boxes"]["parent"][frame]
    holder = model.group_at[picture.ids[frame][:-1]] if frame >= 0 else 0
    return over.of_nodes(np.flatnonzero(picture.scene.box_of == box).tolist(), int(graph.tree.depth[holder]))

"""The timeline as the page asks for it: what rows there are, tiles of them, and what is where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from ..queries import Refused
from .asking import Asked
from .timeline_tiles import CELLS, KINDS

if TYPE_CHECKING:
    from ...profiler.timeline import Curve, Joined, Timeline

__all__ = ["OfRank", "bands_named", "critical_pieces", "info", "joined_of", "place", "timeline_of"]


_MOST_STEPS = 10_000
_MOST_PIECES = 1_000_000  # of a critical path, 16 bytes each


@dataclass(frozen=True)
class OfRank:
    """A rank's timeline, and its arrays for those who count bytes."""

    timeline: Timeline
    curves: list[Curve]
    arrays: list[NDArray[Any]]


def timeline_of(asked: Asked) -> OfRank:
    """Of the rank that is asked about. Raises Refused, Waiting."""
    trace = asked.trace

    def make() -> OfRank:
        from ...profiler.timeline import Timeline, curves_of

        made = Timeline(trace)
        kept = [column for level in made.levels for column in level.records.columns]
        return OfRank(made, curves_of(trace), [made.lane, made.rows.order, *kept])

    return _plain(asked).answer("the timeline", make)


def joined_of(asked: Asked) -> Joined:
    """What slices have to do with each other. Raises Refused, Waiting."""
    from ...profiler.timeline import Joined

    trace = asked.trace
    return _plain(asked).answer("what launched what", lambda: Joined(trace))


def _plain(asked: Asked) -> Asked:
    return replace(asked, more={}, window=None)


def info(asked: Asked) -> dict[str, Any]:
    """As GET /api/profile/timeline says."""
    of = timeline_of(asked)
    trace = of.timeline.trace
    return {
        "rank": asked.opened.file(asked.rank).rank,
        "end": of.timeline.end,
        "zero_ns": None if trace.zero_ns is None else str(trace.zero_ns),
        "slices": len(trace.slices),
        "cells": CELLS,
        "kinds": KINDS,
        "bands": [
            {
                "key": band.key,
                "kind": band.kind.name.lower(),
                "group": band.group,
                "title": band.title,
                "lanes": band.lanes,
                "count": band.count,
            }
            for band in of.timeline.bands
        ],
        "curves": [
            {"group": curve.group, "title": curve.counter.name, "unit": curve.unit, "most": curve.most}
            for curve in of.curves
        ],
        "steps": _steps(of.timeline),
    }


def _steps(timeline: Timeline) -> list[dict[str, Any]]:
    """The host's marks: where the page draws lines, the first ones of very many."""
    slices, names = timeline.trace.slices, timeline.trace.names
    number = next((i for i, band in enumerate(timeline.bands) if band.kind.name == "STEPS"), -1)
    if number < 0:
        return []
    lane = int(timeline.lane_base[number])
    rows = timeline.rows.order[timeline.rows.lane_from[lane] : timeline.rows.lane_from[lane + 1]][:_MOST_STEPS]
    return [
        {"name": names[slices.name[row]], "start": int(slices.start[row]), "duration": int(slices.duration[row])}
        for row in rows.tolist()
    ]


def place(timeline: Timeline, row: int) -> dict[str, Any]:
    """Where a slice is drawn, and what it is called."""
    slices, (band, lane) = timeline.trace.slices, timeline.place_of(row)
    return {
        "row": row,
        "band": band,
        "lane": lane,
        "start": int(slices.start[row]),
        "duration": int(slices.duration[row]),
        "name": timeline.trace.names[slices.name[row]],
    }


def critical_pieces(asked: Asked) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """As GET /api/profile/timeline/path says; the longest pieces where there are very many. Raises Refused, Waiting."""
    of, joined = timeline_of(asked).timeline, joined_of(asked)

    def make() -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        from ...profiler.analysis.critical_path import critical_path_of

        found = critical_path_of(of.trace, asked.window, joined.found)
        long = found.end_of - found.begin
        pieces = ((found.row >= 0) & (long > 0)).nonzero()[0]
        remarks = list(found.remarks)
        if len(pieces) > _MOST_PIECES:
            remarks.append(f"The {_MOST_PIECES:,} longest of {len(pieces):,} pieces of the critical path are marked.")
            longest = long[pieces].argpartition(-_MOST_PIECES)[-_MOST_PIECES:]
            longest.sort()
            pieces = pieces[longest]
        return {"total": found.total, "remarks": remarks}, {
            "begin": found.begin[pieces].astype("f8"),
            "duration": long[pieces].astype("f4"),
            "lane": of.lane[found.row[pieces]].astype("u4"),
        }

    told: tuple[dict[str, Any], dict[str, NDArray[Any]]] = asked.answer("the critical path", make)
    return told


def bands_named(text: str, count: int) -> Sequence[int]:
    """Of `count` bands or curves those by number, as in `0-4,7`. Raises Refused."""
    found: list[int] = []
    for part in filter(None, text.split(",")):
        low, dash, high = part.partition("-")
        if not low.isdecimal() or (dash and not high.isdecimal()) or len(part) > 16:
            raise Refused(f"rows: expected numbers such as 0-4,7, got {text[:80]!r}")
        if max(int(low), int(high or low)) >= count:
            raise Refused(f"rows: there are {count}, counted from 0, got {part}", 404)
        found.extend(range(int(low), int(high or low) + 1))
    return found

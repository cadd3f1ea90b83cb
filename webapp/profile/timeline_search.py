"""A search through the timelines of some ranks, on one clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .asking import Asked
from .timeline import place, timeline_of
from .timeline_tiles import LONGEST_NAME

if TYPE_CHECKING:
    from ...profiler.trace import Trace

__all__ = ["answer_search"]

_BINS = 400  # of the map of what was found
_MOST_NAMES = 1000  # of matches, which tell a picture what to leave bright


@dataclass(frozen=True)
class _Found:
    """Matches of all ranks in order of time.

    rank    (k,) int32, places among the ranks
    row     (k,) int64
    begun   (k,) int64 ns on the common clock
    totals  (ranks,) int64
    names   as tiles tell them; None where they are too many
    """

    rank: NDArray[np.int32]
    row: NDArray[np.int64]
    begun: NDArray[np.int64]
    totals: NDArray[np.int64]
    names: list[str] | None


def answer_search(
    asked: Asked, shifts: Mapping[int, int], query: str, pattern: bool, index: int | None, near: int | None
) -> dict[str, Any]:
    """As GET /api/profile/timeline/search says. shifts: rank → ns that are added to its times. Raises Refused, Waiting.

    index counts from 0 and goes round; without one it is the first match from `near` on. What cannot be searched for
    is told as `problem`: half of a condition or of a pattern is nothing wrong, it is being typed.
    """
    ranks = list(shifts)
    each = [replace(asked, rank=rank) for rank in ranks]
    timelines = [timeline_of(of).timeline for of in each]
    found = _found(asked, each, list(shifts.values()), query, pattern)
    if isinstance(found, str):
        return {"total": 0, "index": -1, "match": None, "bins": [], "names": None, "ranks": [], "problem": found}
    totals = [{"rank": rank, "total": total} for rank, total in zip(ranks, found.totals.tolist(), strict=True)]
    told: dict[str, Any] = {"ranks": totals, "names": found.names if index is None else None}
    if not len(found.row):
        return {"total": 0, "index": -1, "match": None, "bins": [], **told}
    if index is None:
        index = int(np.searchsorted(found.begun, near)) if near is not None else 0
    index %= len(found.row)
    which = int(found.rank[index])
    end = max(timeline.end + shifts[rank] for timeline, rank in zip(timelines, ranks, strict=True))
    bins = np.bincount(np.clip(found.begun * _BINS // (end + 1), 0, _BINS - 1), minlength=_BINS)
    match = {**place(timelines[which], int(found.row[index])), "rank": ranks[which]}
    return {"total": len(found.row), "index": index, "match": match, "bins": bins.tolist(), **told}


def _found(asked: Asked, ranks: list[Asked], shifts: list[int], query: str, pattern: bool) -> _Found | str:
    from ...profiler.timeline import search

    traces = [of.trace for of in ranks]
    more = {"q": query, "pattern": str(pattern), "ranks": str([of.rank for of in ranks]), "shifts": str(shifts)}

    def make() -> _Found | str:
        try:
            rows = [search(trace, query, asked.window, pattern=pattern) for trace in traces]
        except ValueError as error:
            return str(error)
        begun = [trace.slices.start[each] + shift for trace, each, shift in zip(traces, rows, shifts, strict=True)]
        totals = np.array([len(each) for each in rows], np.int64)
        rank = np.repeat(np.arange(len(rows), dtype=np.int32), totals)
        at = np.concatenate(begun)
        order = np.argsort(at, kind="stable")  # each rank's are in order: they are merged
        names = _names([trace.slices.name[each] for trace, each in zip(traces, rows, strict=True)], traces)
        return _Found(rank[order], np.concatenate(rows)[order], at[order], totals, names)

    found: _Found | str = replace(asked, more=more).answer("the search", make)
    return found


def _names(codes: list[NDArray[np.int32]], traces: list[Trace]) -> list[str] | None:
    found: set[str] = set()
    for code, trace in zip(codes, traces, strict=True):
        used = np.flatnonzero(np.bincount(code)).tolist()
        if len(used) > _MOST_NAMES:
            return None
        found |= {trace.names[each][:LONGEST_NAME] for each in used}
    return sorted(found) if len(found) <= _MOST_NAMES else None

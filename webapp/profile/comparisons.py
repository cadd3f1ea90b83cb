"""What needs more than one trace, or one path through a trace, as JSON: ranks, two profiles, the critical path."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ...profiler.reports.problem_text import sentence_of
from .asking import Asked

if TYPE_CHECKING:
    from ...profiler.analysis.critical_path import CriticalPath
    from ...profiler.analysis.diff import ProfileDiff
    from ...profiler.profile import RankFile

__all__ = ["difference", "difference_of_ranks", "path", "ranks"]


def ranks(asked: Asked) -> dict[str, Any]:
    """All ranks of a profile as GET /api/profile/ranks says. Raises Refused, Waiting."""
    profile = asked.profile

    def make() -> dict[str, Any]:
        from ...profiler.analysis.collectives import clock_offsets, collective_sizes, collectives, stragglers
        from ...profiler.analysis.ranks import distributed, overlap, rank_steps

        found = distributed(profile)
        tables = (overlap, rank_steps, stragglers, collectives, collective_sizes, clock_offsets)
        return {"notes": list(found.notes), "tables": {each.__name__: each(found).to_json() for each in tables}}

    return _of_all(asked).answer("what the ranks do", make)


def difference(asked: Asked, other: Asked) -> dict[str, Any]:
    """Two traces as GET /api/profile/diff says; `other` is the one before. Raises Refused, Waiting."""
    before, after = other.trace, asked.trace

    def make() -> dict[str, Any]:
        from ...profiler.analysis.diff import diff

        return _difference_json(diff(before, after))

    return _of_both(asked, other).answer("the comparison", make)


def difference_of_ranks(asked: Asked, other: Asked) -> dict[str, Any]:
    """All ranks that both have as GET /api/profile/diff?ranks=all says. Raises Refused, Waiting."""
    before, after = other.profile, asked.profile

    def make() -> dict[str, Any]:
        from ...profiler.analysis.diff import diff_ranks

        problems: list[str] = []

        def refused(file: RankFile, error: Exception) -> None:
            problems.append(sentence_of(error, os.path.basename(file.path)))

        found = diff_ranks(before.by_rank(refused), after.by_rank(refused))
        return _difference_json(found, problems)

    return _of_both(replace(asked, rank=None), replace(other, rank=None)).answer("the comparison of all ranks", make)


def _of_both(asked: Asked, other: Asked) -> Asked:
    both = {"other": other.opened.id, "content": str(other.opened.stamps), "other_rank": str(other.rank)}
    return replace(asked, window=None, more=both)


def _difference_json(found: ProfileDiff, problems: Sequence[str] = ()) -> dict[str, Any]:
    return {
        "steps": list(found.steps),
        "notes": [*problems, *found.notes],
        "tables": {name: table.to_json() for name, table in found.tables.items()},
    }


def path(asked: Asked) -> dict[str, Any]:
    """The critical path of a window as GET /api/profile/path says. Raises Refused, Waiting."""
    trace = asked.trace

    def make() -> dict[str, Any]:
        from ...profiler.analysis.critical_path import critical_path, critical_path_steps

        try:
            found = critical_path(trace, asked.window)
        except ValueError as error:
            return {"problem": str(error)}
        steps = critical_path_steps(trace, asked.window)
        return {**_path_json(found), "steps": steps.to_json()}

    return replace(asked, more={}).answer("the critical path's tables", make)


def _path_json(found: CriticalPath) -> dict[str, Any]:
    return {
        "start": found.start,
        "end": found.end,
        "total": found.total,
        "nodes": found.nodes,
        "categories": found.by_category().to_json(),
        "names": found.by_name().to_json(),
    }


def _of_all(asked: Asked) -> Asked:
    return replace(asked, rank=None, window=None, more={})

"""Flame graphs as columns of an arrays frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .asking import Asked
from .operator_tables import one_of

if TYPE_CHECKING:
    from ...profiler.analysis.flame import Flame

__all__ = ["difference_columns", "flame_columns"]

_MOST_NODES = 30_000
_WHAT = ("device", "host", "python")
_FRAMES = ("all", "modules", "none")


def flame_columns(asked: Asked) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """The header and the arrays as GET /api/profile/flame says. Raises Refused, Waiting."""
    found = _flame(asked)
    header = {"what": found.what, "names": found.names, "pruned": found.pruned}
    return header, {
        "name": found.name,
        "parent": found.parent,
        "category": found.category.astype(np.int32),
        "total": found.total.astype(np.float64),
        "own": found.own.astype(np.float64),
        "count": found.count.astype(np.int32),
        "row": found.row.astype(np.int32),
    }


def difference_columns(asked: Asked, other: Asked) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """The same of two profiles, joined by paths: `before` and `before_own` are of the other one."""
    from ...profiler.analysis.flame_diff import flame_diff

    after, before = _flame(asked), _flame(other)
    both = flame_diff(before, after)
    header = {"what": after.what, "names": both.names, "pruned": after.pruned + before.pruned}
    return header, {
        "name": both.name,
        "parent": both.parent,
        "category": both.category.astype(np.int32),
        "total": both.after.astype(np.float64),
        "own": both.after_own.astype(np.float64),
        "before": both.before.astype(np.float64),
        "before_own": both.before_own.astype(np.float64),
        "row": both.row.astype(np.int32),
    }


def _flame(asked: Asked) -> Flame:
    what = one_of(asked, "what", _WHAT)
    frames = one_of(asked, "frames", _FRAMES)
    trace = asked.trace

    def make() -> Flame:
        from ...profiler.analysis.flame import flame

        return flame(trace, what, asked.window, _MOST_NODES, frames)

    return asked.answer("the flame graph", make)

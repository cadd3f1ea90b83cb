"""Which values a restart superseded, by the rules of segments.py."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from .event_file import Session
from .run import RunView
from .segments import Rows, combine

__all__ = ["superseded_values"]

Array = npt.NDArray[Any]


def superseded_values(view: RunView, number: int) -> Array | None:
    """A bool for each value of series `number`, in the order of the run's files; None: none is superseded."""
    rows, count = {}, 0
    for session in (session for file in view.files for session in file.sessions):
        found = _rows(session, number, count)
        if found is not None:
            rows[id(session)] = found
            count += len(found.step)
    series = combine(view.phases, number, lambda session, _: rows.get(id(session)))
    if series is None or series.superseded is None:
        return None
    hidden = np.zeros(count, bool)
    hidden[series.rows.value[series.superseded]] = True
    return hidden


def _rows(session: Session, number: int, first: int) -> Rows | None:
    """The session's values with their numbers, which begin at `first`, as if these were points."""
    steps, walls = [], []
    for blobs in session.blobs:
        own = blobs.series == number
        steps.append(blobs.step[own])
        walls.append(blobs.wall[own])
    if not any(map(len, steps)):
        return None
    step = np.concatenate(steps)
    return Rows(step, np.concatenate(walls), np.arange(first, first + len(step)))

"""Whether a run goes on: finished, crashed, running or stale."""

from __future__ import annotations

import math

import numpy as np

from ..reader.kinds import SESSIONS
from ..reader.layout import CODE_SESSION_STOP
from ..reader.run import RunView
from .sessions import SessionFacts

__all__ = ["STATES", "run_state"]

STATES = ("running", "finished", "crashed", "stale")

_SLACK = 10.0  # times the usual interval between points
_RUNNING = 120.0  # seconds of silence that mean nothing
_CRASHED = 600.0  # seconds of silence after which half a record will not be completed


def run_state(view: RunView, facts: SessionFacts, now: float) -> str:
    """The state at time `now`, seconds since the epoch.

    finished  the run said that it ended, and logged nothing later
    crashed   it said so, or its file ends inside a record and has been silent for long
    running   an event or a change of its files lies less than two minutes, or ten usual intervals, back
    stale     none of these
    """
    info = view.info
    last_event = info.last_wall_time if math.isfinite(info.last_wall_time) else -math.inf
    if facts.status == "FAILURE":
        return "crashed"
    if _stopped(view) >= last_event or (facts.status == "SUCCESS" and _ended(facts, last_event)):
        return "finished"
    changed = max((file.stamp.mtime_ns / 1e9 for file in view.files), default=-math.inf)
    silence = now - max(last_event, changed)
    usual = _SLACK * _interval(view)
    if silence < max(_RUNNING, usual):
        return "running"
    truncated = any(file.is_truncated for file in view.files)
    return "crashed" if truncated and silence >= max(_CRASHED, usual) else "stale"


def _ended(facts: SessionFacts, last_event: float) -> bool:
    """Whether nothing came after the end that was written; where no time was written, it is the end."""
    return not facts.end < last_event - 1.0


def _stopped(view: RunView) -> float:
    """Wall time of the last session stop, NaN for none."""
    numbers = [number for (kind, _), number in view.tags.number.items() if kind == SESSIONS]
    if not numbers:
        return math.nan
    blocks = [blobs for file in view.files for session in file.sessions for blobs in session.blobs]
    stops = [blobs.wall[blobs.code == CODE_SESSION_STOP] for blobs in blocks]
    return max((float(walls.max()) for walls in stops if len(walls)), default=math.nan)


def _interval(view: RunView) -> float:
    """Usual seconds between points: the run's span over the points of its longest series."""
    longest = 0
    for file in view.files:
        for session in file.sessions:
            longest = max([longest, *(int(np.diff(block.offsets).max(initial=0)) for block in session.blocks)])
    span = view.info.last_wall_time - view.info.first_wall_time
    return span / (longest - 1) if longest > 1 and math.isfinite(span) else 0.0

"""Whether a run goes on: finished, crashed, running or stale."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..reader.kinds import SESSIONS
from ..reader.layout import CODE_SESSION_STOP
from ..reader.run import RunView
from .sessions import SessionFacts

__all__ = ["Activity", "activity", "run_state"]

_SLACK = 10.0  # times the usual interval between points
_RUNNING = 120.0  # seconds of silence that mean nothing
_CRASHED = 600.0  # seconds of silence after which half a record will not be completed


@dataclass(frozen=True)
class Activity:
    """What the state of a run depends on besides the time."""

    ended: str  # "finished", "crashed" or "" for neither
    last: float  # the last event or change of a file, seconds since the epoch; -inf for none
    patience: float  # seconds of silence that are usual
    is_truncated: bool  # a file ends inside a record


def activity(view: RunView, facts: SessionFacts) -> Activity:
    """When the run was last heard of; `facts` are of the session that ended last."""
    last_event = view.info.last_wall_time if math.isfinite(view.info.last_wall_time) else -math.inf
    ended = ""
    if facts.status == "FAILURE":
        ended = "crashed"
    elif _stopped(view) >= last_event or (facts.status == "SUCCESS" and _ended(facts, last_event)):
        ended = "finished"
    changed = max((file.stamp.mtime_ns / 1e9 for file in view.files), default=-math.inf)
    truncated = any(file.is_truncated for file in view.files)
    return Activity(ended, max(last_event, changed), _SLACK * _interval(view), truncated)


def run_state(run: Activity, now: float) -> str:
    """The state at time `now`, seconds since the epoch.

    finished  the run said that it ended, and logged nothing later
    crashed   it said so, or its file ends inside a record and has been silent for long
    running   an event or a change of its files lies less than two minutes, or ten usual intervals, back
    stale     none of these
    """
    if run.ended:
        return run.ended
    silence = now - run.last
    if silence < max(_RUNNING, run.patience):
        return "running"
    return "crashed" if run.is_truncated and silence >= max(_CRASHED, run.patience) else "stale"


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

"""Whether a run goes on: finished, crashed, running or stale.

A clock that goes wrong must not make a run eternal. So a wall time in the future proves nothing, and the time at which
a file was changed counts only where nothing better is known, or where the file was seen growing: copying a log makes
all of its files new.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ..reader.event_file import EventFile
from ..reader.kinds import HPARAMS
from ..reader.layout import CODE_SESSION_STOP
from ..reader.run import RunView
from .sessions import SessionFacts

__all__ = ["Activity", "activity", "run_state", "silent_from"]

_LEAST = 300.0  # seconds of silence that mean nothing
_SLACK = 10.0  # times the usual interval between points …
_SLACK_MOST = 3600.0  # … or this many seconds, where that is less …
_SLACK_LONG = 3.0  # … but so many intervals always
_MOST = 86400.0  # seconds after which a run is silent, however rarely it speaks
_AHEAD = 60.0  # seconds by which the clock of whoever writes may be ahead of ours
_ENDED = {"FAILURE": "crashed", "SUCCESS": "finished"}
_FOOTER = 4  # bytes of a record behind its data


@dataclass(frozen=True)
class Activity:
    """What the state of a run depends on besides the time. Times are seconds since the epoch, -inf for none."""

    ended: str  # "finished", "crashed" or "" for neither
    last: float  # the last event, by the clock of whoever wrote it
    changed: float  # the last change of a file
    grew: float  # the last change of a file that was seen growing
    patience: float  # seconds of silence that are usual
    silence: str  # what more of it means: "crashed" or "stale"


def activity(views: Sequence[RunView], facts: SessionFacts) -> Activity:
    """When a run, or the runs that are one row, were last heard of; `facts` are of the session that ended last."""
    files = [file for view in views for file in view.files if file.events or file.stamp.size]
    newest = max(files, key=_heard, default=None)  # decides: a run may have been resumed
    last = max(map(_last_event, files), default=-math.inf)
    # A session's end holds while nothing came after it; where no time was written, it is the end.
    ended = "" if facts.end < last - _metrics_after(views) else _ENDED.get(facts.status, "")
    if not ended and newest is not None and _stop(newest) is not None:
        ended = "finished"
    cut = newest is not None and (newest.is_ours or newest.is_truncated or newest.tail_damage is not None)
    return Activity(
        ended,
        last,
        changed=max((file.stamp.mtime_ns / 1e9 for file in files), default=-math.inf),
        grew=max((file.grew_at for file in files), default=-math.inf),
        patience=_patience(max(map(_interval, files), default=0.0)),
        silence="crashed" if cut else "stale",
    )


def run_state(run: Activity, now: float) -> str:
    """The state at time `now`, seconds since the epoch.

    finished  the run said that it ended, and logged nothing later
    running   it was last heard of less than five minutes, or ten usual intervals, ago
    crashed   it said so; or it is silent, and its last file ends inside a record or lacks the end of our writer
    stale     it is silent, and its writer marks no end
    """
    if run.ended:
        return run.ended
    return "running" if now < silent_from(run, now) else run.silence


def silent_from(run: Activity, now: float) -> float:
    """When a run that has not ended stops being "running" if nothing more comes."""
    known = [time for time in (run.last, run.grew) if time <= now + _AHEAD]
    if run.last > now + _AHEAD and run.changed <= now + _AHEAD:
        known.append(run.changed)
    return max(known, default=-math.inf) + run.patience


def _metrics_after(views: Sequence[RunView]) -> float:
    """Seconds for which a run may go on behind the end of its session: its metrics are logged a moment later.

    They are not where the session stands in a run beside it.
    """
    return 1.0 if any(HPARAMS in view.by_kind for view in views) else 0.0


def _heard(file: EventFile) -> float:
    """When the file last said anything."""
    stop = _stop(file)
    return _last_event(file) if stop is None else stop


def _last_event(file: EventFile) -> float:
    """Wall time of the last event with data, else of the first event, else of the file itself."""
    for time in (file.max_wall, file.first_event):
        if math.isfinite(time):
            return time
    return file.stamp.mtime_ns / 1e9


def _stop(file: EventFile) -> float | None:
    """Wall time of the session stop that is the last record of the file; None for any other record.

    Places in the file are compared, not times: scalars may be given any.
    """
    for blobs in file.sessions[-1].blobs[-1:]:
        if blobs.code[-1] == CODE_SESSION_STOP and blobs.at[-1] + blobs.length[-1] + _FOOTER >= file.offset:
            return float(blobs.wall[-1])
    return None


def _patience(interval: float) -> float:
    usual = max(min(_SLACK * interval, _SLACK_MOST), _SLACK_LONG * interval)
    return min(max(_LEAST, usual), _MOST)


def _interval(file: EventFile) -> float:
    """Usual seconds between points: the file's span over the points of its longest series."""
    longest = 0
    for session in file.sessions:
        for block in session.blocks:
            longest = max(longest, int((block.offsets[1:] - block.offsets[:-1]).max(initial=0)))
    span = file.max_wall - file.min_wall
    return span / (longest - 1) if longest > 1 and math.isfinite(span) else 0.0

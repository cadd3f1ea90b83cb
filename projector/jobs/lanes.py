"""Who may run now: a bounded number of jobs in each lane, the others in order."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping

from .job import Job

__all__ = ["UNWATCHED", "next_to_start", "to_make_room"]

UNWATCHED = 600.0  # s without a look, after which a job is nobody's


def next_to_start(jobs: Iterable[Job], places: Mapping[str, int]) -> list[Job]:
    """The waiting jobs that there is room for, in order. What pauses takes no place."""
    free = dict(places)
    waiting = []
    for job in jobs:
        if job.state == "running":
            free[job.task.lane] -= 1
        elif job.state == "waiting":
            waiting.append(job)
    chosen = []
    for job in waiting:
        if free[job.task.lane] > 0:
            free[job.task.lane] -= 1
            chosen.append(job)
    return chosen


def to_make_room(jobs: Iterable[Job]) -> list[Job]:
    """Jobs that are stopped because nobody looked at them for long.

    Those that pause keep memory for nobody. Those that run go on to their end, unless somebody waits for their place.
    """
    listed = list(jobs)
    waited_for = {job.task.lane for job in listed if job.state == "waiting" and not _is_unwatched(job)}
    return [
        job
        for job in listed
        if _is_unwatched(job)
        and not job.stop_by
        and (job.state == "paused" or (job.state == "running" and job.task.lane in waited_for))
    ]


def _is_unwatched(job: Job) -> bool:
    return time.monotonic() - job.looked_at > UNWATCHED

"""How the rows of several files and sessions become one series: merging, restarts, what a restart supersedes.

* Files whose wall times overlap were written side by side: their points are merged by step, then wall time.
* A later file that logs again a step already seen is a restart: a new *segment*. One that only fills gaps is not.
* So is a session start, for every tag of the run, whether the tag is logged again or not.
* Inside a file, a step that goes back is a restart if what follows logs again a step already seen, otherwise these are
  late arrivals, which are sorted in.

A later segment supersedes the earlier points at or above its first step (for a session start: above its step).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .event_file import EventFile, Session

__all__ = ["Phase", "Rows", "Series", "combine", "plan"]

Array = npt.NDArray[Any]
_MAX_RESTARTS = 256  # in one file; beyond that the steps are noise, not restarts


class Rows(NamedTuple):
    """Points of one tag, in the types they are stored in."""

    step: Array
    wall: Array
    value: Array

    def take(self, rows: Array | slice) -> Rows:
        return Rows(self.step[rows], self.wall[rows], self.value[rows])


@dataclass(frozen=True)
class Phase:
    """Sessions that ran side by side."""

    start: int | None  # the step of the session start that began it
    sessions: tuple[Session, ...]


@dataclass(frozen=True)
class Series:
    """The merged points of one tag."""

    rows: Rows
    segment: Array | None  # int32 per point; None: all in segment 0
    superseded: Array | None  # bool per point; None: none
    is_plain: bool = False  # in the order of one session of one file: it can only grow at its end

    @property
    def latest(self) -> Rows:
        """The points without those that a restart superseded."""
        return self.rows if self.superseded is None else self.rows.take(~self.superseded)


RowsOf = Callable[[Session, int], Rows | None]


# --- which sessions ran one after the other ---------------------------------------------------------------------------


def plan(files: Sequence[EventFile]) -> list[Phase]:
    """The phases of a run, first to last; `files` in reading order."""
    phases: list[Phase] = []
    for group in _side_by_side(files):
        depth = max(len(file.sessions) for file in group)
        for level in range(depth):
            # A file with fewer sessions than its neighbours ran beside their last ones.
            sessions = [
                file.sessions[level - depth + len(file.sessions)]
                for file in group
                if level >= depth - len(file.sessions)
            ]
            starts = [session.start[0] for session in sessions if session.start is not None]
            if starts or any(session.blocks or session.blobs for session in sessions):
                phases.append(Phase(min(starts) if starts else None, tuple(sessions)))
    return phases


def _side_by_side(files: Sequence[EventFile]) -> list[list[EventFile]]:
    """Files with overlapping wall times, together; groups in order of time."""
    with_data = [file for file in files if len(file.sessions) > 1 or file.max_step is not None]
    in_time = sorted(
        with_data, key=lambda file: np.inf if np.isnan(file.min_wall) else file.min_wall
    )  # stable: equal times keep the reading order
    groups: list[list[EventFile]] = []
    latest = -np.inf
    for file in in_time:
        if groups and file.min_wall <= latest and not _resumes(file, groups[-1]):
            groups[-1].append(file)
        else:
            groups.append([file])
            latest = -np.inf
        latest = float(np.fmax(latest, file.max_wall))
    return groups


def _resumes(file: EventFile, before: list[EventFile]) -> bool:
    """Whether the file opens with a session start that came after everything in the files before it."""
    if len(file.sessions) < 2 or file.sessions[0].blocks:
        return False
    start = file.sessions[1].start
    return start is not None and all(start[1] >= other.max_wall for other in before)


# --- one tag ----------------------------------------------------------------------------------------------------------


def combine(phases: Sequence[Phase], number: int, rows_of: RowsOf | None = None) -> Series | None:
    """The points of series `number` over all phases; None when there are none.

    `rows_of` gives what a session has of it, in file order: its scalars, unless said otherwise.
    """
    rows_of = rows_of or _session_rows
    if len(phases) == 1 and len(phases[0].sessions) == 1:  # nearly every run
        rows = rows_of(phases[0].sessions[0], number)
        if rows is None:
            return None
        if _ascending(rows.step):
            return Series(rows, None, None, is_plain=True)
    segments: list[Rows] = []
    cuts: list[int] = []  # per segment: the step from which it supersedes the earlier ones
    fresh = True  # the next points open a segment
    session_cuts: list[tuple[int, int]] = []  # (segments before it, step) of each session start
    for phase in phases:
        if phase.start is not None:
            session_cuts.append((len(segments), phase.start))
            fresh = True
        for rows in _phase_rows(phase, number, rows_of):
            if not fresh and not _logs_again(segments[-1].step, rows.step):
                _fill_gaps(segments, _bounds(cuts, session_cuts), rows)
                continue
            segments.append(rows)
            cuts.append(int(rows.step[0]))
            fresh = False
    if not segments:
        return None
    superseded = [np.zeros(len(rows.step), bool) for rows in segments]
    for index, rows in enumerate(segments):
        later = cuts[index + 1 :] + [step for before, step in session_cuts if before > index]
        if later:
            superseded[index] = rows.step >= min(later)
    hidden = np.concatenate(superseded)
    numbers = np.repeat(np.arange(len(segments), dtype=np.int32), [len(rows.step) for rows in segments])
    return Series(
        _joined(segments),
        numbers if len(segments) > 1 else None,
        hidden if hidden.any() else None,
    )


def _bounds(cuts: Sequence[int], session_cuts: Sequence[tuple[int, int]]) -> list[int]:
    """Per segment, the step from which nothing of the earlier ones is left."""
    return [
        min([cut, *(step for before, step in session_cuts if before == index)]) if index else cut
        for index, cut in enumerate(cuts)
    ]


def _fill_gaps(segments: list[Rows], bounds: Sequence[int], rows: Rows) -> None:
    """Sort late points in, each where what is left of the segments has its step: what is latest stays in order."""
    for index in reversed(range(len(segments))):
        own = rows.step >= bounds[index] if index else np.ones(len(rows.step), bool)
        if own.any():
            segments[index] = _sorted(_joined([segments[index], rows.take(own)]))
            rows = rows.take(~own)


def _session_rows(session: Session, number: int) -> Rows | None:
    """The session's points of one series, in file order."""
    parts = []
    for block in session.blocks:
        rows = block.rows(number)
        if rows is not None:
            parts.append(Rows(block.step[rows], block.wall[rows], block.value[rows]))
    return _joined(parts) if parts else None


def _joined(parts: list[Rows]) -> Rows:
    if len(parts) == 1:
        return parts[0]
    return Rows(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _phase_rows(phase: Phase, number: int, rows_of: RowsOf) -> list[Rows]:
    """The points of one phase, a list of segments, each in order of step."""
    found = [rows_of(session, number) for session in phase.sessions]
    pieces = [rows for rows in found if rows is not None]
    if not pieces:
        return []
    if len(pieces) > 1:
        return [_sorted(_joined(pieces))]
    rows = pieces[0]
    bounds = [0, *_restarts(rows.step), len(rows.step)]
    return [_sorted(rows.take(slice(a, b))) for a, b in pairwise(bounds)]


def _logs_again(before: Array, after: Array) -> bool:
    """Whether later points (both in order of step) have a step that was there before."""
    return bool(after[0] <= before[-1] and np.isin(after, before).any())


def _ascending(steps: Array) -> bool:
    return bool((steps[1:] >= steps[:-1]).all())


def _sorted(rows: Rows) -> Rows:
    """By step, then wall time, then order in the file."""
    return rows if _ascending(rows.step) else rows.take(np.lexsort((rows.wall, rows.step)))


def _restarts(steps: Array) -> list[int]:
    """Rows of one file at which logging began again from an earlier step."""
    if _ascending(steps):
        return []
    # For each row the last earlier row with the same step, -1 where there is none.
    order = np.argsort(steps, kind="stable")
    again = np.full(len(steps), -1)
    same = steps[order[1:]] == steps[order[:-1]]
    again[order[1:][same]] = order[:-1][same]
    found: list[int] = []
    begin = 0
    while len(found) < _MAX_RESTARTS:
        part = steps[begin:]
        reached = np.maximum.accumulate(part)
        # Logged again below the maximum: the last step back before it is where the restart began.
        repeated = np.flatnonzero((part < reached) & (again[begin:] >= begin))
        if not len(repeated):
            return found
        first = int(repeated[0])
        back = np.flatnonzero(part[1 : first + 1] < part[:first]) + 1
        begin += int(back[-1])
        found.append(begin)
    return found

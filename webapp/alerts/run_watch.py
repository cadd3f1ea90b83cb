"""The alerts of one run: its scalars through the detectors of the rules, its pace through the rules about stalls."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from .rules import Rule

if TYPE_CHECKING:  # the reader and numpy are loaded behind the page's back
    from ...logger.reader.run import RunView
    from ...logger.reader.segments import Rows
    from .detectors import Detector

__all__ = ["Alert", "Pace", "RunWatch", "stall"]

_MOST_OF_SERIES = 20  # alerts kept of one rule and scalar, the newest
_PACE_POINTS = 200  # points whose intervals say what is usual


@dataclass(frozen=True)
class Alert:
    """Something a rule found. `tag` is None where it is about the run itself; times in seconds since the epoch."""

    run: str
    tag: str | None
    rule: str
    kind: str
    step: int
    wall_time: float
    message: str
    active: bool = True

    @property
    def key(self) -> tuple[str, str | None, str, int]:
        return self.run, self.tag, self.rule, self.step


class Pace(NamedTuple):
    """How a run moves on: its last point, and the usual time between two (seconds, NaN: unknown)."""

    step: int
    wall_time: float
    interval: float


@dataclass
class _Watched:
    """One scalar and one rule."""

    rule: Rule
    detector: Detector
    alerts: list[Alert] = field(default_factory=list)


@dataclass
class _Series:
    """One scalar as far as it was looked at."""

    watched: list[_Watched]
    count: int = 0
    last: tuple[int, float] | None = None  # step and wall time of the last point


class RunWatch:
    """Looks at the new points of a run each time it is shown a view of it."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self._series: dict[str, _Series] = {}
        self.pace: Pace | None = None

    def look(self, view: RunView) -> list[Alert]:
        """All alerts about the run's scalars, those that are over included."""
        from ...logger.reader.kinds import SCALARS

        busiest = 0
        found: list[Alert] = []
        for tag in view.by_kind.get(SCALARS, ()):
            rows = _latest_rows(view, tag)
            if rows is None or not len(rows.step):
                continue
            if len(rows.step) > busiest:
                busiest = len(rows.step)
                self.pace = _pace(rows)
            found += self._look_at(view.name, tag, rows)
        return found

    def _look_at(self, run: str, tag: str, rows: Rows) -> list[Alert]:
        series = self._series.get(tag)
        if series is None or not _grew(series, rows):
            watched = [_Watched(rule, rule.detector()) for rule in self._rules if rule.takes_tag(tag)]
            series = self._series[tag] = _Series(watched)
        if series.watched and len(rows.step) > series.count:
            new = rows.take(slice(series.count, None))
            values = new.value.astype("f8")
            for one in series.watched:
                _take(one, run, tag, new, values)
            series.count, series.last = len(rows.step), (int(rows.step[-1]), float(rows.wall[-1]))
        return [alert for one in series.watched for alert in one.alerts]


def _latest_rows(view: RunView, tag: str) -> Rows | None:
    """The points of a scalar without those that a restart superseded."""
    series = view.find(tag)
    return None if series is None else series.latest


def _grew(series: _Series, rows: Rows) -> bool:
    """Whether the points looked at are still there, in front of the new ones."""
    at = series.count - 1
    return at < 0 or (at < len(rows.step) and series.last == (int(rows.step[at]), float(rows.wall[at])))


def _take(one: _Watched, run: str, tag: str, new: Rows, values: Any) -> None:
    for at, message in one.detector.feed(values):
        if message is None:
            one.alerts[-1] = replace(one.alerts[-1], active=False)
            continue
        step, wall = int(new.step[at]), float(new.wall[at])
        one.alerts.append(Alert(run, tag, one.rule.id, one.rule.kind, step, wall, message))
        del one.alerts[:-_MOST_OF_SERIES]


def _pace(rows: Rows) -> Pace:
    recent = rows.wall[-_PACE_POINTS:].tolist()
    gaps = [after - before for before, after in pairwise(recent) if after > before]
    return Pace(int(rows.step[-1]), recent[-1], median(gaps) if gaps else float("nan"))


def stall(rule: Rule, run: str, pace: Pace, silence: float) -> Alert | None:
    """The alert about a run that has been silent for so many seconds, if that is long for it."""
    if not silence > max(rule.option("times") * pace.interval, rule.option("seconds")):
        return None  # an unknown interval is not exceeded either
    usual = f"usually one every {_duration(pace.interval)}"
    # The moment is told as that of the last step: the message does not change as time goes by.
    began = time.strftime("%H:%M:%S", time.gmtime(pace.wall_time))
    return Alert(run, None, rule.id, rule.kind, pace.step, pace.wall_time, f"no new step since {began} UTC, {usual}")


def _duration(seconds: float) -> str:
    if seconds < 0.1:
        return f"{seconds * 1000:.0f} ms" if seconds >= 0.001 else "less than a millisecond"
    return f"{seconds:.2g} s" if seconds < 100 else f"{seconds / 60:.0f} min"

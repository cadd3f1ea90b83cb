"""Follows the log and keeps the list of alerts."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..log_source import LogNotOpen, LogSource
from ..numbers import finite
from .notify import Notifier
from .rule_runs import RuleRuns
from .rules import Rule, parse_rules
from .run_watch import Alert, RunWatch, stall

if TYPE_CHECKING:
    from ...logger.reader.run import RunView

__all__ = ["AlertList", "AlertMonitor", "as_json"]

_logger = logging.getLogger(__name__)

_SHORTEST_GAP = 1.0  # seconds between two looks
_SHARE = 0.2  # of one core, at most, over time
_SLICE = 0.02  # seconds of work after which others get a turn
_FRESH = 3600.0  # seconds: what is older is history, told to nobody
_MOST = 2_000  # alerts in the list
_MOST_STALLS = 20  # of one run, the newest
_RECENT = 86400.0  # seconds after a run's last point in which its alerts count as going on
_NEVER = object()
_LIVE = 1_000  # runs whose detectors are kept between looks; the others are looked at from the start


@dataclass(frozen=True)
class AlertList:
    """The alerts of one moment, active ones first, newest first."""

    version: int
    rules: tuple[Rule, ...]
    problems: tuple[str, ...]
    alerts: tuple[Alert, ...]
    left_out: int = 0


class AlertMonitor:
    """Looks at new points by the rules of the user state; what is new and fresh goes to the notifier.

    The first look is at what was there before: it tells nobody. `look` is called by one thread at a time.
    """

    def __init__(
        self,
        source: LogSource,
        stored_rules: Callable[[], Any],
        notifier: Notifier,
        people: Callable[[], Mapping[str, Any]] = dict,
    ) -> None:
        self._source = source
        self._stored_rules = stored_rules
        self._people = people  # run → what people added: filters may ask for it
        self.notifier = notifier
        self._stored: Any = _NEVER
        self._rules: list[Rule] = []
        self._problems: list[str] = []
        self._runs = RuleRuns(())
        self._looked: dict[str, tuple[Rule, ...]] = {}  # run → the rules by which it was looked at
        self._version = 0  # of the log, as far as it was looked at
        self._watches: dict[str, RunWatch] = {}  # live runs
        self._heard: dict[str, float] = {}  # live run → when it last moved on, monotonic seconds
        self._last: dict[str, float] = {}  # run → wall time of its last point
        self._alerts: dict[str, list[Alert]] = {}  # run → about its scalars
        self._stalls: dict[str, list[Alert]] = {}
        self._known: set[tuple[str, str | None, str, int]] = set()  # alerts that need not be told (again)
        self._first = True
        self._lock = threading.Lock()
        # Another number in each process, so that pages notice a new server.
        self.list = AlertList(int(time.time() * 1000), (), (), ())

    def start(self) -> None:
        """Follow the log on a thread of its own."""
        threading.Thread(target=self._follow, name="alerts", daemon=True).start()

    def _follow(self) -> None:
        closing = self._source.closing
        while not closing.is_set():
            begin = time.monotonic()
            try:
                if self._source.status()["ready"]:
                    self.look()
            except LogNotOpen:
                pass
            except Exception:  # alerts must not end because of one run
                _logger.exception("the alerts could not be brought up to date")
            took = time.monotonic() - begin
            closing.wait(max(_SHORTEST_GAP, took / _SHARE))
        self.notifier.close()

    def look(self, now: float | None = None) -> None:
        """Take what has changed since the last look; `now` in seconds since the epoch."""
        with self._lock:
            self._look(time.time() if now is None else now)

    def _look(self, now: float) -> None:
        log = self._source.get()
        anew = self._take_rules()
        version, changed = self._source.changes(0 if anew else self._version)
        _, views = log.snapshot()
        self._runs = RuleRuns(self._rules, log, self._people())
        names = views.keys() if changed is None else self._with_other_rules(changed)
        worked = time.monotonic()
        for run in [*names, *(self._alerts.keys() - views.keys())]:
            view = views.get(run)
            if view is None:
                self._forget(run)
            else:
                self._look_at(run, view, now)
            if time.monotonic() - worked > _SLICE:
                self._source.closing.wait(_SLICE / 4)
                worked = time.monotonic()
        self._version = version
        self._look_for_stalls(now)
        self._publish(now, quiet=self._first or anew)
        self._first = False

    def _with_other_rules(self, changed: Iterable[str]) -> set[str]:
        """The runs that changed, and those that the filter of a rule takes in, or leaves out, for the first time."""
        if not self._runs.are_filtered:  # other rules are told by _take_rules
            return set(changed)
        others = [run for run, rules in self._looked.items() if self._runs.of(run) != rules]
        return {*changed, *others}

    def _take_rules(self) -> bool:
        """Whether there are other rules now: then everything is looked at anew, and nobody is told."""
        stored = self._stored_rules()
        if stored == self._stored:
            return False
        self._stored = stored
        rules, self._problems = parse_rules(stored)
        before, self._rules = self._rules, rules
        if before == rules:
            return False
        self._watches, self._alerts, self._stalls, self._looked = {}, {}, {}, {}
        return True

    def _forget(self, run: str) -> None:
        for table in (self._watches, self._alerts, self._stalls, self._heard, self._last, self._looked):
            table.pop(run, None)

    def _look_at(self, run: str, view: RunView, now: float) -> None:
        from ...logger.reader.blocks import ColumnsDamaged

        moved = not self._first and self._alerts.get(run) is not None
        rules = self._runs.of(run)
        watch = self._watches.get(run)
        if watch is None or rules != self._looked.get(run):
            watch = RunWatch(rules)
        before = watch.pace
        try:
            self._alerts[run] = watch.look(view)
            self._looked[run] = rules
        except ColumnsDamaged:
            return  # the log reads the run anew and tells of it
        if watch.pace is None:
            return
        self._last[run] = watch.pace.wall_time
        self._watches.pop(run, None)
        silence = 0.0 if moved and watch.pace != before else max(0.0, now - watch.pace.wall_time)
        if silence < _FRESH and len(self._watches) < _LIVE and not self._has_ended(run):
            self._watches[run] = watch
            self._heard[run] = time.monotonic() - silence

    def _has_ended(self, run: str) -> bool:
        """Whether the run, or the session it is part of, said that it ended."""
        from ...logger.compare.comparison import compare

        snapshot = compare(self._source.get())
        row = snapshot.joins.parent.get(run, run)
        return row in snapshot.views and bool(snapshot.activity(row).ended)

    def _look_for_stalls(self, now: float) -> None:
        for run in self._watches.keys() | self._stalls.keys():
            watch = self._watches.get(run)
            going_on = []
            if watch is not None and watch.pace is not None:
                silence = time.monotonic() - self._heard[run]
                rules = (rule for rule in self._runs.of(run) if rule.kind == "stall")
                found = (stall(rule, run, watch.pace, silence) for rule in rules)
                going_on = [alert for alert in found if alert is not None]
            keys = {alert.key for alert in going_on}
            over = (replace(alert, active=False) for alert in self._stalls.get(run, ()) if alert.key not in keys)
            self._stalls[run] = [*over, *going_on][-_MOST_STALLS:]

    def _publish(self, now: float, quiet: bool) -> None:
        """Show the list if it is another one, and tell of what is new."""
        everything = []
        for run, found in self._alerts.items():
            recent = now - self._last.get(run, 0.0) < _RECENT
            alerts = [*found, *self._stalls.get(run, ())]
            everything += [alert if recent or not alert.active else replace(alert, active=False) for alert in alerts]
        for alert in everything:
            if alert.key in self._known:
                continue
            self._known.add(alert.key)
            if alert.active and not quiet and now - alert.wall_time < _FRESH:
                self.notifier.tell(as_json(alert))
        everything.sort(key=lambda alert: (not alert.active, -alert.wall_time))
        shown = AlertList(
            self.list.version, tuple(self._rules), (*self._problems, *self._runs.problems), tuple(everything[:_MOST]),
            max(0, len(everything) - _MOST),
        )  # fmt: skip
        if shown != self.list:
            self.list = replace(shown, version=self.list.version + 1)


def as_json(alert: Alert) -> dict[str, Any]:
    """An alert as pages, commands and web hooks get it."""
    return {
        "run": alert.run, "tag": alert.tag, "rule": alert.rule, "kind": alert.kind, "step": alert.step,
        "wall_time": finite(alert.wall_time), "message": alert.message, "active": alert.active,
    }  # fmt: skip

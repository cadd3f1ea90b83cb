"""All runs of a log as rows of a table: what there is of columns, kept up with the log as it grows."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from ..reader.discovery import natural_key
from ..reader.kinds import SCALARS, TEXT
from ..reader.run import RunView
from ..reader.series import BlobSeries
from ..reader.storage import Storage
from .column_values import Column
from .hyperparameters import HParam, HParamInfo, describe, hyperparameters
from .joins import Joins, join_runs
from .run_state import Activity, activity
from .sessions import SessionFacts, session_facts
from .statistics import StatisticsCache

__all__ = ["BUILTIN", "Comparison", "Log", "Snapshot", "compare"]

# column → (title, kind)
BUILTIN = {
    "run": ("Run", "text"),
    "name": ("Name", "text"),
    "state": ("State", "text"),
    "start": ("Started", "time"),
    "last": ("Last event", "time"),
    "duration": ("Duration", "duration"),
    "last_step": ("Last step", "number"),
    "points": ("Points", "number"),
    "tags": ("Tags", "text"),
    "note": ("Note", "text"),
    "damaged": ("Damaged files", "number"),
}


class Log(Protocol):
    """What is needed of a LogDir."""

    def snapshot(self) -> tuple[int, Mapping[str, RunView]]: ...
    @property
    def storage(self) -> Storage: ...
    def text(self, run: str, tag: str) -> BlobSeries: ...
    def scalar_columns(self, tag: str, runs: Sequence[str]) -> Any: ...


@dataclass(frozen=True)
class Snapshot:
    """The rows as they were at one moment."""

    log: Log
    version: int
    views: Mapping[str, RunView]
    joins: Joins
    facts: Mapping[str, SessionFacts]
    hparams: Mapping[str, Mapping[str, HParam]]  # row → name → value
    hparam_infos: Mapping[str, HParamInfo]
    statistics: StatisticsCache
    activities: dict[str, tuple[RunView, SessionFacts, Activity]]  # as last computed; shared by all snapshots
    columns: dict[str, Column] = field(default_factory=dict)  # computed so far; depend on nothing but the log

    @property
    def rows(self) -> tuple[str, ...]:
        """Names of the runs that are rows, in natural order."""
        return self.joins.rows

    def runs_of(self, row: str) -> tuple[str, ...]:
        """The row's own run, then those joined to it."""
        return (row, *self.joins.members.get(row, ()))

    def activity(self, row: str) -> Activity:
        """What the row's state depends on."""
        view = self.views[row]
        ends = (self.facts[run] for run in self.runs_of(row))
        facts = next((fact for fact in ends if fact.status), self.facts[row])
        known = self.activities.get(row)
        if known is None or known[0] is not view or known[1] is not facts:
            known = self.activities[row] = (view, facts, activity(view, facts))
        return known[2]

    def scalars_of(self, row: str) -> tuple[str, ...]:
        """Scalar tags of the row and of what is joined to it, in natural order."""
        own = self.views[row].by_kind.get(SCALARS, [])
        joined = [self.views[run].by_kind.get(SCALARS, []) for run in self.joins.members.get(row, ())]
        return tuple(sorted({*own, *(tag for tags in joined for tag in tags)}, key=natural_key) if joined else own)

    @cached_property
    def scalars(self) -> list[str]:
        """Every scalar tag of any run."""
        return self._tags(SCALARS)

    @cached_property
    def texts(self) -> list[str]:
        """Every text tag of any run."""
        return self._tags(TEXT)

    @cached_property
    def text_tags(self) -> dict[str, str]:
        """What a text may be called → its tag: writers put `/text_summary` behind what users say."""
        short = {tag.removesuffix("/text_summary"): tag for tag in self.texts}
        return short | {tag: tag for tag in self.texts}

    @cached_property
    def known(self) -> frozenset[str]:
        """Everything that an expression may name."""
        hparams, texts = self.hparam_infos, self.text_tags
        prefixed = [*(f"hparams.{name}" for name in hparams), *(f"text.{tag}" for tag in texts)]
        return frozenset([*BUILTIN, *hparams, *self.scalars, *texts, *prefixed])

    def _tags(self, kind: str) -> list[str]:
        found: set[str] = set()
        for tags in {tuple(view.by_kind.get(kind, ())) for view in self.views.values()}:
            found.update(tags)
        return sorted(found, key=natural_key)


class Comparison:
    """Makes snapshots of one log; what did not change between two of them is computed once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._facts: dict[str, tuple[RunView, SessionFacts]] = {}
        self._statistics = StatisticsCache()
        self._activities: dict[str, tuple[RunView, SessionFacts, Activity]] = {}
        self._snapshot: Snapshot | None = None

    def snapshot(self, log: Log) -> Snapshot:
        """The rows as they are now."""
        with self._lock:
            version, views = log.snapshot()
            before = self._snapshot
            if before is None or before.version != version:
                self._snapshot = before = self._look(log, version, views, before)
            return before

    def _look(self, log: Log, version: int, views: Mapping[str, RunView], before: Snapshot | None) -> Snapshot:
        facts = {run: self._facts_of(log, view) for run, view in views.items()}
        self._facts = {run: self._facts[run] for run in views}
        for run in self._activities.keys() - views.keys():
            del self._activities[run]
        joins = join_runs(views, facts.__getitem__)
        if before is not None and before.joins == joins and _same(before.facts, facts):
            hparams, infos = before.hparams, before.hparam_infos
        else:
            hparams = hyperparameters(joins, facts)
            infos = {info.name: info for info in describe(hparams)}
        return Snapshot(log, version, views, joins, facts, hparams, infos, self._statistics, self._activities)

    def _facts_of(self, log: Log, view: RunView) -> SessionFacts:
        known = self._facts.get(view.name)
        if known is not None and known[0] is view:
            return known[1]
        facts = session_facts(log.storage, view)
        if known is not None and known[1] == facts:
            facts = known[1]
        self._facts[view.name] = (view, facts)
        return facts


def _same(before: Mapping[str, SessionFacts], now: Mapping[str, SessionFacts]) -> bool:
    return before.keys() == now.keys() and all(before[run] is facts for run, facts in now.items())


_comparisons: WeakKeyDictionary[Log, Comparison] = WeakKeyDictionary()
_lock = threading.Lock()


def compare(log: Log) -> Snapshot:
    """The rows of the log as they are now."""
    with _lock:
        comparison = _comparisons.setdefault(log, Comparison())
    return comparison.snapshot(log)

"""All runs of a log as rows of a table: what there is of columns, kept up with the log as it grows."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol
from weakref import ReferenceType, WeakKeyDictionary, ref

from ..reader.discovery import natural_key
from ..reader.kinds import SCALARS, TEXT
from ..reader.run import RunView
from ..reader.series import BlobSeries
from ..reader.storage import Storage
from .column_values import Column
from .hyperparameters import HParam, HParamInfo, describe, hyperparameters
from .joins import Joins, join_runs, joining_traits
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
    """The rows as they were at one moment. Whoever asks it for values holds the log itself."""

    log_reference: ReferenceType[Log]  # weak: the log's comparison holds a snapshot and must not keep the log alive
    version: int
    views: Mapping[str, RunView]
    joins: Joins
    facts: Mapping[str, SessionFacts]
    hparams: Mapping[str, Mapping[str, HParam]]  # row → name → value
    hparam_infos: Mapping[str, HParamInfo]
    statistics: StatisticsCache
    activities: dict[str, Activity]  # computed so far
    columns: dict[str, Column] = field(default_factory=dict)  # computed so far; depend on nothing but the log
    wholes: dict[str, RunView] = field(default_factory=dict)  # made so far by `whole`

    @property
    def log(self) -> Log:
        """The log whose rows these are. Raises ReferenceError once nobody holds it any more."""
        log = self.log_reference()
        if log is None:
            raise ReferenceError("the log directory of this table is gone: keep what open_logdir() returned")
        return log

    @property
    def rows(self) -> tuple[str, ...]:
        """Names of the runs that are rows, in natural order."""
        return self.joins.rows

    def runs_of(self, row: str) -> tuple[str, ...]:
        """The row's own run, then those joined to it."""
        return (row, *self.joins.members.get(row, ()), *self.joins.parts.get(row, {}).values())

    def source(self, row: str, tag: str) -> tuple[str, str] | None:
        """(run, tag there) of a row's scalar; None where it has none of that name.

        `validation/loss` is the `loss` of the part `validation`; what only parts have is the first one's under its
        own name, too.
        """
        members = self.joins.members.get(row)
        for run in (row, *members) if members else (row,):
            if self._has(run, tag):
                return run, tag
        parts = self.joins.parts.get(row)
        for name, run in parts.items() if parts else ():
            rest = tag[len(name) + 1 :]
            if tag.startswith(f"{name}/") and self._has(run, rest):
                return run, rest
        return next(((run, tag) for run in parts.values() if self._has(run, tag)), None) if parts else None

    def _has(self, run: str, tag: str) -> bool:
        view = self.views[run]
        return (SCALARS, tag) in view.tags.number and tag in view.by_kind.get(SCALARS, ())

    def whole(self, row: str) -> RunView:
        """The row's run with the files of its parts: when it began, how far it is, whether it goes on."""
        view = self.views[row]
        parts = self.joins.parts.get(row)
        if not parts:
            return view
        if row not in self.wholes:
            files = (file for run in parts.values() for file in self.views[run].files)
            self.wholes[row] = replace(view, files=(*view.files, *files))
        return self.wholes[row]

    def activity(self, row: str) -> Activity:
        """What the row's state depends on."""
        known = self.activities.get(row)
        if known is None:
            ends = (self.facts[run] for run in self.runs_of(row))
            facts = next((fact for fact in ends if fact.status), self.facts[row])
            views = [self.views[run] for run in (row, *self.joins.parts.get(row, {}).values())]
            known = self.activities[row] = activity(views, facts)
        return known

    def lines_of(self, run: str) -> tuple[str, ...]:
        """Scalar tags of a run and of its members, in natural order."""
        own = self.views[run].by_kind.get(SCALARS, ())
        joined = [self.views[member].by_kind.get(SCALARS, ()) for member in self.joins.members.get(run, ())]
        return tuple(sorted({*own, *(tag for tags in joined for tag in tags)}, key=natural_key) if joined else own)

    def scalars_of(self, row: str) -> tuple[str, ...]:
        """Scalar tags of a row, those of its parts behind the part's name, in natural order."""
        lines, parts = self.lines_of(row), self.joins.parts.get(row)
        if not parts:
            return lines
        apart = {f"{name}/{tag}" for name, run in parts.items() for tag in self.lines_of(run)}
        return tuple(sorted({*lines, *apart}, key=natural_key))

    @cached_property
    def scalars(self) -> list[str]:
        """Every scalar tag of any row, those of parts behind the part's name."""
        if not self.joins.parts:
            return self._tags(SCALARS)
        apart = {run for parts in self.joins.parts.values() for run in parts.values()}
        found = {tag for row in self.joins.parts for tag in self.scalars_of(row)}
        return sorted({*self._tags(SCALARS, apart), *found}, key=natural_key)

    @cached_property
    def part_names(self) -> frozenset[str]:
        """What parts of any row are called."""
        return frozenset(name for parts in self.joins.parts.values() for name in parts)

    @cached_property
    def scalars_known(self) -> frozenset[str]:
        """What a scalar may be called: as in `scalars`, or as a part itself calls it."""
        return frozenset([*self.scalars, *(self._tags(SCALARS) if self.joins.parts else ())])

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
        return frozenset([*BUILTIN, *hparams, *self.scalars_known, *texts, *prefixed])

    def _tags(self, kind: str, without: Set[str] = frozenset()) -> list[str]:
        """Tags of any run but some."""
        unlike = {
            id(kinds): kinds for run, view in self.views.items() if (kinds := view.by_kind) and run not in without
        }
        return sorted({tag for kinds in unlike.values() for tag in kinds.get(kind, ())}, key=natural_key)


class Comparison:
    """Makes snapshots of one log; what did not change between two of them is computed once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._statistics = StatisticsCache()
        self._snapshot: Snapshot | None = None

    def snapshot(self, log: Log) -> Snapshot:
        """The rows as they are now."""
        with self._lock:
            version, views = log.snapshot()
            before = self._snapshot
            if before is None:
                self._snapshot = self._look(log, version, views)
            elif before.version != version:
                self._snapshot = _look_again(before, log, version, views)
            return self._snapshot  # type: ignore[return-value]  # set above

    def _look(self, log: Log, version: int, views: Mapping[str, RunView]) -> Snapshot:
        facts = {run: session_facts(log.storage, view) for run, view in views.items()}
        joins = join_runs(views, facts.__getitem__)
        hparams = hyperparameters(joins, facts)
        infos = {info.name: info for info in describe(hparams)}
        return Snapshot(ref(log), version, views, joins, facts, hparams, infos, self._statistics, {})


def _look_again(before: Snapshot, log: Log, version: int, views: Mapping[str, RunView]) -> Snapshot:
    """The rows after some runs have changed: what did not is taken over."""
    changed = [run for run, view in views.items() if before.views.get(run) is not view]
    facts = {run: fact for run, fact in before.facts.items() if run in views}
    alike = len(facts) == len(before.facts)  # whether rows and hyperparameters are as they were
    for run in changed:
        known, facts[run] = before.facts.get(run), session_facts(log.storage, views[run])
        if known is None:
            alike = False
        elif known == facts[run]:
            facts[run] = known
            alike = alike and joining_traits(before.views[run], known) == joining_traits(views[run], known)
        else:
            alike = False
    if alike:
        activities = dict(before.activities)
        for run in changed:
            activities.pop(before.joins.parent.get(run, run), None)
        return replace(before, version=version, views=views, facts=facts, activities=activities, columns={}, wholes={})
    joins = join_runs(views, facts.__getitem__)
    hparams, infos = before.hparams, before.hparam_infos
    if joins != before.joins or facts != before.facts:
        hparams = hyperparameters(joins, facts)
        infos = {info.name: info for info in describe(hparams)}
    return Snapshot(ref(log), version, views, joins, facts, hparams, infos, before.statistics, {})


_comparisons: WeakKeyDictionary[Log, Comparison] = WeakKeyDictionary()
_lock = threading.Lock()


def compare(log: Log) -> Snapshot:
    """The rows of the log as they are now."""
    with _lock:
        comparison = _comparisons.setdefault(log, Comparison())
    return comparison.snapshot(log)

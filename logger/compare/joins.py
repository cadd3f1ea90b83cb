"""Which runs are rows of the table: what `add_hparams` wrote beside a run belongs to that run, and so do the
train and validation runs below a session of TensorFlow's `hparams.api`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field

from ..reader.discovery import natural_key
from ..reader.kinds import HPARAMS, SCALARS
from ..reader.run import RunView
from .sessions import SessionFacts

__all__ = ["Joins", "join_runs", "joining_traits"]

_PART = re.compile(r"(?:train|training|val|valid|validation|dev|test|testing|eval|evaluation)(?:_\w+)?")


@dataclass(frozen=True)
class Joins:
    """Rows, and the runs that belong to one.

    A *member* is what `add_hparams` wrote: its scalars are the row's. A *part* is a run of its own below a session
    (`train`, `validation`): it is drawn as its own line, and the row has its scalars as `validation/epoch_loss`.
    """

    rows: tuple[str, ...]  # in natural order
    parent: dict[str, str] = field(default_factory=dict)  # member or part → its row
    members: dict[str, tuple[str, ...]] = field(default_factory=dict)  # row → its members, the latest first
    parts: dict[str, dict[str, str]] = field(default_factory=dict)  # row → name below the row → run, in natural order


def join_runs(views: Mapping[str, RunView], facts: Callable[[str], SessionFacts]) -> Joins:
    """Join runs that hold nothing but hyperparameters and single points, and the parts of sessions, to their rows.

    A run that holds an experiment and nothing else describes the others: it is no row.
    """
    sessions = {run for run in views if facts(run).is_session}
    members = _members(views, facts, sessions)
    parent = {run: row for row, joined in members.items() for run in joined}
    candidates = {run: view for run, view in views.items() if run not in sessions and run not in members}
    parts = _parts(candidates, views, facts, sessions - parent.keys())
    parent |= {run: row for row, found in parts.items() for run in found.values()}
    rows = (run for run, view in views.items() if run not in parent and (run in sessions or not _only_hparams(view)))
    return Joins(tuple(sorted(rows, key=natural_key)), parent, members, parts)


def joining_traits(view: RunView, facts: SessionFacts) -> tuple[object, ...]:
    """All of a run that `join_runs` looks at: while it stays as it is for every run, so do the joins."""
    is_small = _is_small(view)
    return facts, view.by_kind.keys(), is_small, _time(view) if is_small and facts.is_session else None


def _members(
    views: Mapping[str, RunView], facts: Callable[[str], SessionFacts], sessions: Set[str]
) -> dict[str, tuple[str, ...]]:
    """What `add_hparams` wrote belongs to the nearest run around it, if that has scalars.

    Around several sessions of different hyperparameters a run with other data only is no row they belong to: it is
    the folder of a sweep.
    """
    found: dict[str, list[str]] = {}
    for run in sessions:
        around = _around(run, views)
        if around is not None and _is_small(views[run]):
            found.setdefault(around, []).append(run)
    members = {}
    for row, joined in found.items():
        own = views[row].by_kind
        alike = len({repr(sorted(facts(run).values.items())) for run in joined}) == 1
        if SCALARS in own or (alike and own):
            members[row] = tuple(sorted(joined, key=lambda run: -_time(views[run])))
    return members


def _parts(
    candidates: Mapping[str, RunView],
    views: Mapping[str, RunView],
    facts: Callable[[str], SessionFacts],
    sessions: Set[str],
) -> dict[str, dict[str, str]]:
    """Runs below a session: those an experiment names as a group of metrics, those called train, validation and so
    on, and whatever lies below a session that has no scalars itself, unless that is the log directory."""
    if not sessions:
        return {}
    declared = frozenset().union(*(facts(run).metric_groups for run in views))
    found: dict[str, dict[str, str]] = {}
    for run, view in sorted(candidates.items(), key=lambda item: natural_key(item[0])):
        row = next((folder for folder in _folders(run) if folder in sessions), None)
        if row is None or _only_hparams(view):
            continue
        name = run if row == "." else run[len(row) + 1 :]
        empty = row != "." and SCALARS not in views[row].by_kind
        if empty or name in declared or _PART.fullmatch(name):
            found.setdefault(row, {})[name] = run
    return found


def _is_small(view: RunView) -> bool:
    """Nothing but hyperparameters and scalars of one point each."""
    kinds = view.by_kind
    return not kinds.keys() - {HPARAMS, SCALARS} and view.info.scalar_points <= len(kinds.get(SCALARS, ()))


def _only_hparams(view: RunView) -> bool:
    return view.by_kind.keys() == {HPARAMS}


def _around(run: str, views: Mapping[str, RunView]) -> str | None:
    """The nearest run whose folder holds this one, if it is one with data that is no such session itself."""
    for folder in _folders(run):
        view = views.get(folder)
        if view is not None and view.by_kind and not (HPARAMS in view.by_kind and _is_small(view)):
            return folder
    return None


def _folders(run: str) -> Iterator[str]:
    """The folders around a run, from the inside out, "." last."""
    while run != ".":
        run = run.rpartition("/")[0] or "."
        yield run


def _time(view: RunView) -> float:
    time = view.info.last_wall_time
    return time if time == time else 0.0

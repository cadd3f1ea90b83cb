"""Which runs are rows of the table: what `add_hparams` wrote beside a run belongs to that run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ..reader.discovery import natural_key
from ..reader.kinds import HPARAMS, SCALARS
from ..reader.run import RunView
from .sessions import SessionFacts

__all__ = ["Joins", "join_runs"]


@dataclass(frozen=True)
class Joins:
    """Rows, and the runs that are part of one."""

    rows: tuple[str, ...]  # in natural order
    parent: dict[str, str] = field(default_factory=dict)  # joined run → its row
    members: dict[str, tuple[str, ...]] = field(default_factory=dict)  # row → joined runs, the latest first


def join_runs(views: Mapping[str, RunView], facts: Callable[[str], SessionFacts]) -> Joins:
    """Join each run that holds nothing but hyperparameters and single points to the nearest run around it.

    The run around it must have scalars. Around several sessions of different hyperparameters a run with other data
    only is no row they belong to: it is the folder of a sweep.
    """
    found: dict[str, list[str]] = {}
    for run, view in views.items():
        if facts(run).is_session:
            around = _around(run, views)
            if around is not None and _is_small(view):
                found.setdefault(around, []).append(run)
    members = {}
    for row, joined in found.items():
        own = views[row].by_kind
        alike = len({repr(sorted(facts(run).values.items())) for run in joined}) == 1
        if SCALARS in own or (alike and own):
            members[row] = tuple(sorted(joined, key=lambda run: -_time(views[run])))
    parent = {run: row for row, joined in members.items() for run in joined}
    rows = sorted((run for run in views if run not in parent), key=natural_key)
    return Joins(tuple(rows), parent, members)


def _is_small(view: RunView) -> bool:
    """Nothing but hyperparameters and scalars of one point each."""
    kinds = view.by_kind
    return not kinds.keys() - {HPARAMS, SCALARS} and view.info.scalar_points <= len(kinds.get(SCALARS, ()))


def _around(run: str, views: Mapping[str, RunView]) -> str | None:
    """The nearest run whose folder holds this one, if it is one with data that is no such session itself."""
    folder = run
    while folder != ".":
        folder = folder.rpartition("/")[0] or "."
        view = views.get(folder)
        if view is not None and view.by_kind and not (HPARAMS in view.by_kind and _is_small(view)):
            return folder
    return None


def _time(view: RunView) -> float:
    time = view.info.last_wall_time
    return time if time == time else 0.0

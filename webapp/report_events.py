"""What happened to the runs of a report: what their files say, what people noted, alerts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..logger.compare.comparison import compare
from ..logger.errors import LogError
from .numbers import finite

if TYPE_CHECKING:
    from ..logger import LogDir

__all__ = ["report_events"]

_MOST = 5_000  # events of a report, the first ones
_MOST_OF_RUN = 200  # the last ones
_ENDS = ("start", "stop")  # every run has them, where its line begins and ends


def report_events(
    log: LogDir, rows: Sequence[str], annotations: Iterable[Mapping[str, Any]], alerts: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """[{run, step, wall_time, kind, text, tag?}]: of these rows of the run table, run being null for notes on all.

    alerts   as alerts.monitor.as_json gives them
    """
    snapshot = compare(log)
    row_of = {run: row for row in rows for run in snapshot.runs_of(row)}
    found: list[dict[str, Any]] = []
    for run, row in row_of.items():
        try:
            told = [event for event in log.events(run) if event.kind not in _ENDS]
        except LogError:  # it went away meanwhile
            continue
        for event in told[-_MOST_OF_RUN:]:
            found.append(_event(row, event.step, finite(event.wall_time), event.kind, event.text))
    for note in annotations:
        about = note.get("run")
        if about is None or about in row_of:
            place = None if about is None else row_of[about]
            found.append(_event(place, note["step"], note.get("wall_time"), "note", note["text"]))
    for alert in alerts:
        if alert["run"] in row_of:
            told_of = _event(row_of[alert["run"]], alert["step"], alert["wall_time"], "alert", alert["message"])
            found.append({**told_of, "tag": alert["tag"]})
    return found[:_MOST]


def _event(run: str | None, step: float, wall_time: float | None, kind: str, text: str) -> dict[str, Any]:
    return {"run": run, "step": step, "wall_time": wall_time, "kind": kind, "text": text}

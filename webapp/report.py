"""From a view's name to the HTML file of its report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ..logger.compare.columns import ColumnReader
from ..logger.compare.comparison import compare
from ..logger.compare.expressions import ExpressionError
from ..logger.compare.filter import matching
from .alerts.monitor import as_json
from .alerts.run_watch import Alert
from .assets import Assets
from .queries import Refused
from .report_data import ReportQuestion, TooMuch, report_data
from .report_events import report_events
from .report_page import report_page

if TYPE_CHECKING:
    from ..logger import LogDir

__all__ = ["make_report", "runs_to_show"]

_LARGE = 12_000_000  # bytes; a report that would be larger is reduced further
_FEWEST_COLUMNS = 250


def runs_to_show(log: LogDir, query: str, people: Mapping[str, Any]) -> list[str]:
    """Rows that the filter finds and that nobody hid. Raises Refused where the filter is wrong."""
    snapshot = compare(log)
    try:
        found = matching(ColumnReader(snapshot, people), query)
    except ExpressionError as error:
        raise Refused(f"the filter {query!r}: {error}") from None
    rows = list(snapshot.rows)
    chosen = rows if found is None else [rows[i] for i in np.asarray(found).tolist()]
    return [run for run in chosen if not people.get(run, {}).get("hidden")]


def make_report(
    log: LogDir,
    assets: Assets,
    view: dict[str, Any],
    runs: Sequence[str],
    state: Mapping[str, Any],
    source: str,
    alerts: Sequence[Alert] = (),
) -> bytes:
    """The HTML file of a view over some runs. Reduces the charts further while the file would be very large.

    Raises Refused where that does not help.
    """
    events = report_events(log, runs, state["annotations"].values(), map(as_json, alerts))
    question = ReportQuestion(view, runs, dict(state["runs"]), dict(state["groups"]), source, events)
    while True:
        is_least = question.columns // 2 < _FEWEST_COLUMNS
        try:
            page = report_page(assets, report_data(log, question), str(view.get("title") or "stepscope"))
        except TooMuch:
            if is_least:
                raise Refused("a report cannot hold so many points: show fewer runs or fewer charts") from None
        else:
            if len(page) <= _LARGE or is_least:
                return page
        question = replace(question, columns=question.columns // 2)

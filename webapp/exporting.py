"""`dashboard export`: a view as one HTML file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..logger.compare.comparison import compare
from .alerts.monitor import AlertMonitor
from .alerts.notify import Notifier
from .alerts.run_watch import Alert
from .app import STATIC_FOLDER
from .assets import Assets
from .log_source import LogSource
from .logdirs import nothing_under, open_named
from .output_files import write_output
from .queries import Refused
from .report import make_report, runs_to_show
from .report_data import whole_log_view
from .settings import Settings
from .state_place import open_state
from .view_files import ViewFiles
from .views import find_view

if TYPE_CHECKING:
    from ..logger import LogDir

__all__ = ["export"]


def export(asked: argparse.Namespace) -> int:
    """Write the report; the exit code."""
    settings = Settings(logdirs=asked.logdirs, index_dir=asked.index_dir, state_file=asked.state_file)
    kept = open_state(settings).read()
    if kept.where and kept.problem:
        print(f"dashboard export: {kept.problem}", file=sys.stderr)
    state = kept.document
    with open_named(asked.logdirs, asked.index_dir) as log:
        try:
            view = _view(log, asked, state, ViewFiles(asked.logdirs.values))
            query = view.get("settings", {}).get("runs", "") if asked.runs is None else asked.runs
            runs = runs_to_show(log, str(query or ""), state["runs"])
            if not log.runs:
                raise Refused(nothing_under(log))
            if not runs:
                raise Refused(f"no run of {', '.join(asked.logdirs.values())} is to be shown" + _why(query))
            source = ", ".join(asked.logdirs.values())
            page = make_report(log, Assets(STATIC_FOLDER), view, runs, state, source, _alerts(log, state))
            write_output(asked.output, page)
        except (Refused, ValueError, OSError) as error:
            print(f"dashboard export: {error}", file=sys.stderr)
            return 1
    print(f"{asked.output}: {len(page) / 1e6:.1f} MB, {len(runs):,} runs")
    return 0


def _alerts(log: LogDir, state: dict[str, Any]) -> tuple[Alert, ...]:
    """What the rules find in the log as it is."""
    monitor = AlertMonitor(LogSource.of(log), lambda: state["alerts"], Notifier(), lambda: state["runs"])
    monitor.look()
    return monitor.list.alerts


def _why(query: str) -> str:
    return f"; the filter is {query!r}" if query else ""


def _view(log: LogDir, asked: argparse.Namespace, state: dict[str, Any], files: ViewFiles) -> dict[str, Any]:
    """The view that was asked for, else all scalars; with the title that was asked for."""
    if asked.view:
        view = find_view(asked.view, state["views"], files, log)
    else:
        view = whole_log_view(compare(log).scalars, Path(next(iter(asked.logdirs.values()))).resolve().name)
    return {**view, "title": asked.title} if asked.title else view

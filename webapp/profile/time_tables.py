"""Tables of time, as the page asks for them: steps, GPUs, gaps, launches, queues, ranks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from .asking import Asked
from .operator_tables import one_of

if TYPE_CHECKING:
    from ...profiler.analysis.study import Study
    from ...profiler.table import Table

__all__ = ["TIME_TABLES", "study_of"]


def study_of(asked: Asked) -> Study:
    """Of the rank, within the window. Raises Refused, Waiting."""
    from ...profiler.analysis.study import Study

    return Study(asked.trace, asked.window)


def _steps(asked: Asked) -> Table:
    return study_of(asked).step_table


def _gpus(asked: Asked) -> Table:
    return study_of(asked).utilization


def _idle(asked: Asked) -> Table:
    from ...profiler.analysis.idle_tables import idle_table

    return idle_table(study_of(asked))


def _gaps(asked: Asked) -> Table:
    from ...profiler.analysis.idle_tables import longest_gaps

    return longest_gaps(study_of(asked))


def _launches(asked: Asked) -> Table:
    from ...profiler.analysis.launches import launch_statistics

    return launch_statistics(asked.trace, asked.window, one_of(asked, "by", ("work", "call")))


def _queue(asked: Asked) -> Table:
    from ...profiler.analysis.queue import queue_summary

    return queue_summary(asked.trace)


def _ranks(asked: Asked) -> Table:
    from ...profiler.analysis.time_of_ranks import time_of_ranks

    return time_of_ranks(asked.profile.traces())


TIME_TABLES: dict[str, Callable[[Asked], Table]] = {
    "steps": _steps,
    "gpus": _gpus,
    "idle": _idle,
    "idle_gaps": _gaps,
    "launches": _launches,
    "queue": _queue,
    "time_of_ranks": _ranks,
}

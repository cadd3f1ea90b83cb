"""Capture on the GPU, trace readers, analyses and reports.

    trace.py      Trace: one process's profile as columns; table.py what analyses give
    capture/      StepTimer and Profiler, what a training calls
    reading/      one file per format
    analysis/     functions from a trace to a table

Importing this package loads nothing heavy: its names are resolved on first use. It may import `stepscope.logger`; only
`stepscope.webapp` may import it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..logger.lazy_names import lazy_names

if TYPE_CHECKING:
    from .capture.profiler import Profiler
    from .capture.schedules import on_demand, schedule
    from .capture.step_timer import StepTimer
    from .table import Column, Table
    from .trace import Category, Trace

_HOME = {
    "Category": ".trace",
    "Column": ".table",
    "Profiler": ".capture.profiler",
    "StepTimer": ".capture.step_timer",
    "Table": ".table",
    "Trace": ".trace",
    "on_demand": ".capture.schedules",
    "schedule": ".capture.schedules",
}

__all__ = ["Category", "Column", "Profiler", "StepTimer", "Table", "Trace", "on_demand", "schedule"]

__getattr__, __dir__ = lazy_names(__name__, _HOME)

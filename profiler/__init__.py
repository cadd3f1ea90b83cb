"""Capture on the GPU, trace readers, analyses and reports.

    from stepscope.profiler import open_profile, recommendations, step_table

    trace = open_profile("runs/first").trace()  # the newest capture's first rank
    print(step_table(trace).to_csv())
    print(*recommendations(trace), sep="\n")

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
    from .analysis.allocations import allocations
    from .analysis.attribution import attribution
    from .analysis.critical_path import critical_path
    from .analysis.diff import diff, diff_ranks
    from .analysis.flame import flame
    from .analysis.gpu_time import gpu_time
    from .analysis.health import health
    from .analysis.idle import idle_gaps
    from .analysis.kernels import kernels
    from .analysis.launches import launch_statistics
    from .analysis.memory_events import memory_curve, memory_devices
    from .analysis.modules import modules
    from .analysis.nesting import nesting
    from .analysis.occupancy import kernel_occupancy
    from .analysis.operators import operators
    from .analysis.overview import overview
    from .analysis.queue import queue_depth
    from .analysis.ranks import distributed
    from .analysis.recommendations import recommendations
    from .analysis.roofline import roofline
    from .analysis.step_table import step_table
    from .analysis.steps import steps
    from .analysis.study import Study
    from .analysis.utilization import utilization
    from .capture.profiler import Profiler
    from .capture.schedules import on_demand, schedule
    from .capture.step_timer import StepTimer
    from .discovery import find_profiles
    from .profile import Profile, open_profile
    from .reading.read import read_trace
    from .snapshots.reading import read_snapshot
    from .table import Column, Table
    from .trace import Category, Trace

_HOME = {
    "Category": ".trace",
    "Column": ".table",
    "Profile": ".profile",
    "Profiler": ".capture.profiler",
    "StepTimer": ".capture.step_timer",
    "Study": ".analysis.study",
    "Table": ".table",
    "Trace": ".trace",
    "allocations": ".analysis.allocations",
    "attribution": ".analysis.attribution",
    "critical_path": ".analysis.critical_path",
    "diff": ".analysis.diff",
    "diff_ranks": ".analysis.diff",
    "distributed": ".analysis.ranks",
    "find_profiles": ".discovery",
    "flame": ".analysis.flame",
    "gpu_time": ".analysis.gpu_time",
    "health": ".analysis.health",
    "idle_gaps": ".analysis.idle",
    "kernel_occupancy": ".analysis.occupancy",
    "kernels": ".analysis.kernels",
    "launch_statistics": ".analysis.launches",
    "memory_curve": ".analysis.memory_events",
    "memory_devices": ".analysis.memory_events",
    "modules": ".analysis.modules",
    "nesting": ".analysis.nesting",
    "on_demand": ".capture.schedules",
    "open_profile": ".profile",
    "operators": ".analysis.operators",
    "overview": ".analysis.overview",
    "queue_depth": ".analysis.queue",
    "read_snapshot": ".snapshots.reading",
    "read_trace": ".reading.read",
    "recommendations": ".analysis.recommendations",
    "roofline": ".analysis.roofline",
    "schedule": ".capture.schedules",
    "step_table": ".analysis.step_table",
    "steps": ".analysis.steps",
    "utilization": ".analysis.utilization",
}

__all__ = [
    "Category",
    "Column",
    "Profile",
    "Profiler",
    "StepTimer",
    "Study",
    "Table",
    "Trace",
    "allocations",
    "attribution",
    "critical_path",
    "diff",
    "diff_ranks",
    "distributed",
    "find_profiles",
    "flame",
    "gpu_time",
    "health",
    "idle_gaps",
    "kernel_occupancy",
    "kernels",
    "launch_statistics",
    "memory_curve",
    "memory_devices",
    "modules",
    "nesting",
    "on_demand",
    "open_profile",
    "operators",
    "overview",
    "queue_depth",
    "read_snapshot",
    "read_trace",
    "recommendations",
    "roofline",
    "schedule",
    "step_table",
    "steps",
    "utilization",
]

__getattr__, __dir__ = lazy_names(__name__, _HOME)

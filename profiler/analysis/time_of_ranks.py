"""The split of the GPU's time, rank by rank: whose GPU waits, and for whom."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ..table import Column, Table
from ..trace import Trace
from .study import Study

__all__ = ["time_of_ranks"]


def time_of_ranks(traces: Iterable[Trace]) -> Table:
    """A row per trace: mean step and the four parts that add up to `total`, see gpu_time.py."""
    studies = [Study(trace) for trace in traces]
    times = [study.gpu_time for study in studies]
    ranks = [place if study.trace.rank is None else study.trace.rank for place, study in enumerate(studies)]

    def column(name: str, title: str, hint: str = "") -> Column:
        return Column(name, title, np.array([getattr(time, name) for time in times], np.int64), "ns", hint)

    total = np.array([time.total for time in times], np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        busy = np.array([time.busy for time in times]) / total
        overlap = np.array([time.overlap for time in times]) / np.array([time.communication for time in times])
    return Table(
        "time_of_ranks",
        "Ranks",
        (
            Column("rank", "Rank", np.array(ranks, np.int64)),
            Column("step", "Mean step", np.array([study.step_time for study in studies]), "ns", "of complete steps"),
            column("computation", "Computation", "kernels that do not communicate, and memsets"),
            column("exposed_communication", "Exposed communication", "while nothing computed"),
            column("exposed_memcpy", "Exposed copies", "while no kernel ran"),
            column("idle", "Idle", "nothing ran"),
            column("total", "Total", "from the first to the last of the GPU's work"),
            column("communication", "Communication"),
            Column("overlap", "Overlap", overlap, "share", "communication while something computed, of all of it"),
            Column("busy", "Busy", busy, "share"),
        ),
    )

"""The GPU's idle time as tables: by reason, and gap by gap."""

from __future__ import annotations

import numpy as np

from ..table import Column, Table
from .idle import IDLE_REASONS, IdleReason
from .study import Study

__all__ = ["idle_table", "longest_gaps"]


def idle_table(study: Study) -> Table:
    """A row per reason that the GPU had nothing to do: gaps and their time; together `GpuTime.idle`."""
    gaps = study.gaps
    chosen = {reason: gaps.duration[gaps.reason == reason] for reason in IdleReason}
    reasons = [reason for reason in IdleReason if len(chosen[reason])]
    time = np.array([chosen[reason].sum() for reason in reasons], np.int64)
    whole = max(study.gpu_time.total, 1)
    return Table(
        "idle",
        "Idle",
        (
            Column("reason", "Reason", [IDLE_REASONS[reason][0] for reason in reasons]),
            Column("gaps", "Gaps", np.array([len(chosen[reason]) for reason in reasons], np.int64), "count"),
            Column("time", "Time", time, "ns"),
            Column("share", "Of all time", time / whole, "share"),
            Column("longest", "Longest", np.array([chosen[reason].max() for reason in reasons], np.int64), "ns"),
            Column("hint", "Meaning", [IDLE_REASONS[reason][1] for reason in reasons]),
        ),
    )


def longest_gaps(study: Study, most: int = 500) -> Table:
    """The longest gaps, each with its reason, what ended it, and the operator that launched that."""
    gaps = study.gaps
    order = np.argsort(-gaps.duration, kind="stable")[:most]
    following, launch = gaps.next[order], gaps.launch[order]
    operator = np.where(launch >= 0, study.nesting.operator[launch], -1) if len(launch) else launch
    left = len(gaps.start) - len(order)
    return Table(
        "idle_gaps",
        "Longest gaps",
        (
            Column("reason", "Reason", [IDLE_REASONS[IdleReason(code)][0] for code in gaps.reason[order].tolist()]),
            Column("duration", "Duration", gaps.duration[order], "ns"),
            Column("start", "Start", gaps.start[order], "ns", "since the beginning of the trace"),
            Column("next", "Ended by", study.names_of(following), "", "the work that came first behind the gap"),
            Column("operator", "Launched by", study.names_of(operator), "", "the innermost operator"),
            Column("row", "Row", following),
        ),
        (f"The {most} longest; {left:,} more are left out.",) if left else (),
    )

"""The figures that conditions may name."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields
from typing import TYPE_CHECKING

import numpy as np

from ..analysis.gpu_time import GpuTime
from ..analysis.step_table import ROLES
from ..table import Table
from .conditions import Figure
from .gather import RankReport

if TYPE_CHECKING:
    from ..analysis.diff import ProfileDiff

__all__ = ["ADVICE", "changes_of", "figures_of", "figures_of_diff"]

# The ids of recommendations, so that one that a trace does not get is 0 and a misspelled one an error.
ADVICE = (
    *("data_loader", "host_bound", "synchronization", "allocations", "optimizer", "python", "uneven_steps"),
    *("communication", "copies", "tensor_cores", "small_grids", "occupancy", "memory", "data_parallel", "gloo"),
    "stalled",
)


_NO_GPU = "the trace has no GPU work"
_NO_STEP = "the trace marks no complete step"
_NO_ADVICE = "nothing is recommended without a complete step that has times"
_NO_MEMORY = "the trace tells of no memory: profile with profile_memory=True"
_SPLIT = frozenset(each.name for each in fields(GpuTime))


def figures_of(rank: RankReport) -> dict[str, Figure]:
    """Of one trace: headline, steps, use of the GPU, memory, counts, recommendations."""
    total = rank.gpu.total
    split = {
        name: Figure("time", ns if total else None, ns / total if total else None, _NO_GPU)
        for name, ns in asdict(rank.gpu).items()
    }
    return (
        split | dict(_steps(rank)) | dict(_use(rank)) | dict(_memory(rank)) | dict(_counts(rank)) | dict(_advice(rank))
    )


def changes_of(before: Mapping[str, Figure], after: Mapping[str, Figure]) -> dict[str, Figure]:
    """What each figure changed by: shares in points, and so the split of the GPU's time; others by what they were."""
    return {name: _change(name, before[name], figure) for name, figure in after.items() if name in before}


def _change(name: str, before: Figure, after: Figure) -> Figure:
    if before.value is None or after.value is None:
        side = ("before", before) if before.value is None else ("after", after)
        return Figure(after.kind, None, None, f"{side[0]}, {side[1].why or 'there is no such figure'}")
    change = after.value - before.value
    if name in _SPLIT and before.share is not None and after.share is not None:
        return Figure(after.kind, change, after.share - before.share)
    return Figure(after.kind, change, change / before.value if before.value else None, "it was 0 before")


def figures_of_diff(found: ProfileDiff) -> dict[str, Figure]:
    """Of two profiles: how many rows became slower beyond chance, and how the figures of the mean step changed.

    regressions       of operators, kernels and modules together, and of the whole step: of its roles one may grow
                      because another one shrank. regressions.operators … of one table
    change.whole_step …  of the figures of the table "steps"
    """
    counts = {name: _regressions(table) for name, table in found.tables.items()}
    whole = sum(row["name"] == "Whole step" and row["verdict"] == "slower" for row in found.tables["steps"].rows())
    slower = whole + sum(counts.get(name, 0) for name in ("operators", "kernels", "modules"))
    figures = {"regressions": Figure("count", slower)}
    figures |= {f"regressions.{name}": Figure("count", count) for name, count in counts.items()}
    for row in found.tables["steps"].rows():
        name = re.sub(r"\W+", "_", row["name"].lower())
        figures[f"change.{name}"] = Figure("change", row["change"], row["relative"])
    return figures


def _regressions(table: Table) -> int:
    verdicts = [column for column in table.columns if column.name == "verdict"]
    return sum(verdict == "slower" for column in verdicts for verdict in column.values)


def _steps(rank: RankReport) -> Iterator[tuple[str, Figure]]:
    complete = np.asarray(rank.steps["complete"], np.bool_)
    count = max(int(complete.sum()), 1)
    total = np.asarray(rank.steps["total"], np.float64)[complete]
    mean = rank.step_time or None
    yield "step", Figure("time", mean, why="" if mean else _NO_STEP)
    for name, extreme in (("longest", total.max), ("shortest", total.min)):
        yield f"step.{name}", Figure("time", float(extreme())) if len(total) else Figure("time", None, why=_NO_STEP)
    for name, _, _ in ROLES:
        time = float(np.asarray(rank.steps[name])[complete].sum()) / count
        yield f"step.{name}", Figure("time", time, time / mean) if mean else Figure("time", None, why=_NO_STEP)
    yield "steps", Figure("count", len(rank.steps) if rank.marks_steps else 0)


def _use(rank: RankReport) -> Iterator[tuple[str, Figure]]:
    """Of several GPUs the one that is used least."""
    has_gpu = rank.gpu.total > 0
    why = "the trace does not tell what it takes" if has_gpu else _NO_GPU
    for name in ("utilization", "sm_efficiency", "occupancy"):
        values = np.asarray(rank.utilization[name], np.float64)
        known = values[~np.isnan(values)]
        yield name, Figure("share", float(known.min()) if len(known) else None, why=why)
    yield "attributed", Figure("share", rank.attributed if has_gpu else None, why=_NO_GPU)
    has_kernels = rank.counts["kernels"] > 0
    yield (
        "tensor_cores",
        Figure("share", rank.tensor_core_share if has_kernels else None, why="the trace has no kernel"),
    )


def _memory(rank: RankReport) -> Iterator[tuple[str, Figure]]:
    """Of the GPU that is filled most, or of the host where no GPU tells."""
    rows = list(rank.memory.rows())
    rows = [row for row in rows if row["device"] != "CPU"] or rows
    fullest = max(rows, key=lambda row: float(row["peak"]), default=None)
    if fullest is None:
        yield "peak_memory", Figure("bytes", None, why=_NO_MEMORY)
    else:
        yield "peak_memory", Figure("bytes", fullest["peak"], fullest["share"], "the device's memory is not told")


def _counts(rank: RankReport) -> Iterator[tuple[str, Figure]]:
    for name, count in rank.counts.items():
        yield f"count.{name}", Figure("count", count)
    yield "remarks", Figure("count", len(rank.health.remarks))
    yield "findings", Figure("count", sum(finding.state == "bad" for finding in rank.findings))


def _advice(rank: RankReport) -> Iterator[tuple[str, Figure]]:
    """The gain of each, 0 where it is not given; none where nobody can tell it."""
    if not rank.advised:
        yield "recommendations", Figure("count", None, why=_NO_ADVICE)
        yield from ((f"recommendation.{name}", Figure("time", None, why=_NO_ADVICE)) for name in ADVICE)
        return
    yield "recommendations", Figure("count", len(rank.recommendations))
    given = {each.id: each for each in rank.recommendations}
    for name in ADVICE:
        each = given.get(name)
        gain = 0.0 if each is None else None if math.isnan(each.gain) else each.gain
        share = None if gain is None else each.share if each else 0.0
        yield f"recommendation.{name}", Figure("time", gain, share, "it is given, but what it would win cannot be told")

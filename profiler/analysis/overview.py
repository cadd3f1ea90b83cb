"""The first answer about a trace: where its time went, how good the trace is, and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..table import Column, Table
from ..trace import Category, Trace
from .advice import Recommendation
from .findings import Finding, findings
from .gpu_time import GpuTime
from .health import Health, health
from .idle_tables import idle_table
from .names import slices_named
from .nesting import self_times
from .recommendations import recommendations
from .step_table import ROLES
from .study import Study

__all__ = ["Overview", "longest_work", "mean_step", "overview"]

_LONGEST = 6
_MARK = re.compile(r"^ProfilerStep")


@dataclass(frozen=True)
class Overview:
    """gpu        the split of the window's time; None without work on a GPU
    mean       a row per role: its mean over the complete steps
    idle       a row per reason
    gpus       utilization and occupancy, a row per GPU
    longest    the kernels (without a GPU: the operators) that most time went to
    counts     kernels, copies, fills, operators, calls … in the window
    """

    gpu: GpuTime | None
    steps: Table
    mean: Table
    idle: Table
    gpus: Table
    longest: Table
    counts: dict[str, int]
    health: Health
    findings: list[Finding]
    recommendations: list[Recommendation]


def overview(of: Trace | Study) -> Overview:
    """All of it, each analysis once: of a trace, or of the window of a study."""
    study = Study.of(of)
    told = health(study)
    return Overview(
        gpu=study.gpu_time if study.has_gpu else None,
        steps=study.step_table,
        mean=mean_step(study),
        idle=idle_table(study),
        gpus=study.utilization,
        longest=longest_work(study),
        counts=dict(_counts(study)),
        health=told,
        findings=findings(study, told),
        recommendations=recommendations(study),
    )


def mean_step(study: Study) -> Table:
    """A row per role of the step table: ns per complete step, and its share of the mean step."""
    mean = np.array([study.role(name) for name, *_ in ROLES])
    return Table(
        "mean_step",
        "Mean step",
        (
            Column("role", "Role", [title for _, title, _ in ROLES]),
            Column("time", "Time", mean, "ns"),
            Column("share", "Share", mean / study.step_time if study.step_time else np.zeros(len(mean)), "share"),
            Column("hint", "Meaning", [hint for *_, hint in ROLES]),
        ),
    )


def longest_work(study: Study) -> Table:
    """What most time went to in the window, by name: kernels, or operators' own time where no GPU ran."""
    category = Category.KERNEL if study.has_gpu else Category.OPERATOR
    rows = study.in_span(np.flatnonzero(~slices_named(study.trace, _MARK) & (study.trace.slices.category == category)))
    if study.has_gpu:
        time = np.maximum(study.trace.slices.duration[rows], 0)
    else:
        time = self_times(study.trace, study.nesting)[rows]
    codes, place = np.unique(study.trace.slices.name[rows], return_inverse=True)
    total = np.bincount(place, time, len(codes)).astype(np.int64)
    order = np.argsort(-total, kind="stable")[:_LONGEST]
    return Table(
        "longest",
        "Longest kernels" if study.has_gpu else "Longest operators",
        (
            Column("name", "Name", [study.trace.names[code] for code in codes[order]]),
            Column("calls", "Calls", np.bincount(place, minlength=len(codes))[order], "count"),
            Column("time", "Time", total[order], "ns"),
            Column("share", "Share", total[order] / max(int(total.sum()), 1), "share", "of all such"),
        ),
    )


def _counts(study: Study) -> Iterator[tuple[str, int]]:
    category = study.trace.slices.category
    if study.window is not None:
        category = category[study.in_span(np.arange(len(category)))]
    count = np.bincount(category, minlength=len(Category)).tolist()
    yield "slices", len(category)
    yield "operators", count[Category.OPERATOR]
    yield "kernels", count[Category.KERNEL]
    yield "memcpy", count[Category.MEMCPY]
    yield "memset", count[Category.MEMSET]
    yield "calls", count[Category.RUNTIME] + count[Category.DRIVER]
    yield "python", count[Category.PYTHON]
    yield "steps", len(study.steps) if study.steps.marked else 0

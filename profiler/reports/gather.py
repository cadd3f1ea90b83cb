"""What a profile comes to, gathered rank by rank: figures and tables, small enough to be kept after the traces."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ..analysis.advice import Recommendation
from ..analysis.collectives import clock_offsets, collective_sizes, stragglers
from ..analysis.communication import is_communication
from ..analysis.findings import Finding, findings
from ..analysis.gpu_time import GpuTime
from ..analysis.health import Health, health
from ..analysis.kernels import kernels
from ..analysis.operators import operators
from ..analysis.ranks import distributed, overlap
from ..analysis.recommendations import can_advise, recommendations
from ..analysis.steps import Steps
from ..analysis.study import Study
from ..discovery import FoundProfile
from ..profile import open_found
from ..reading.formats import TIMELINE_KINDS
from ..table import Table
from ..trace import HOST_CALLS, Category, Device, Trace
from .inputs import Problem
from .memory_use import at_peak, memory_use
from .problem_text import no_rank, sentence_of

if TYPE_CHECKING:
    from ..profile import Profile, RankFile

__all__ = [
    "ProfileReport",
    "RankReport",
    "StepRange",
    "gather",
    "has_timeline",
    "report_rank",
    "step_number",
    "window_of_steps",
]

StepRange = tuple[int, int]  # numbers of the first and the last step
_NUMBER = re.compile(r"\d+(?!.*\d)")


@dataclass(frozen=True)
class RankReport:
    """One process's trace.

    rank      the number it is known by here; told_rank: as the file tells it, None where it does not
    window    ns, what the figures are of; None: all of it
    counts    kernels, compute_kernels, communication_kernels, memcpy, memset, operators, runtime_calls, slices
    gpu       of the window, otherwise from the first to the last of the GPU's work
    attributed           share of the GPU's time whose operator is known; 0 without a GPU
    tensor_core_share    of the time of kernels; eligible_share: of those that could have used them
    step_count, step_time  complete steps and their mean in ns
    advised   False where nothing can be recommended: no step is complete, or the file has no times
    """

    file: str
    rank: int
    told_rank: int | None
    world_size: int | None
    devices: list[Device]
    window: tuple[int, int] | None
    counts: Mapping[str, int]
    gpu: GpuTime
    attributed: float
    steps: Table
    step_count: int
    step_time: float
    marks_steps: bool
    utilization: Table
    tensor_core_share: float
    eligible_share: float
    operators: Table
    kernels: Table
    memory: Table
    at_peak: Table | None
    health: Health
    findings: list[Finding]
    recommendations: list[Recommendation]
    advised: bool


@dataclass(frozen=True)
class ProfileReport:
    """One capture. distributed: tables over all ranks, where there are several."""

    name: str
    kind: str
    files: list[str]
    ranks: list[RankReport]
    distributed: list[Table] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def has_timeline(found: FoundProfile) -> bool:
    """Whether its files are traces; snapshots and the like are not."""
    return found.kind in TIMELINE_KINDS


def gather(
    found: FoundProfile,
    shown: Mapping[str, str],
    *,
    ranks: Sequence[int] = (),
    steps: StepRange | None = None,
    executor: Executor | None = None,
    index_dir: str | None = None,
) -> ProfileReport:
    """The report of a capture with a timeline. What cannot be read is named in `problems`, the rest is reported.

    shown     what each path is called
    ranks     only these; () is all of them
    steps     only these steps
    executor  threads that read ranks beside each other
    index_dir where columns of traces are kept, "" for nowhere, None for the user's cache
    """
    profile = open_found(found, executor=executor, cache=index_dir != "", index_dir=index_dir or None)
    chosen = [file for file in profile.ranks if not ranks or file.rank in ranks]
    files = [shown.get(file.path, file.path) for file in chosen]
    reports: list[RankReport] = []
    problems: list[Problem] = []
    there = [file.rank for file in profile.ranks]
    if missing := [rank for rank in dict.fromkeys(ranks) if rank not in there]:
        problems.append(Problem(found.name, no_rank(found.name, missing, there)))
    futures = [executor.submit(profile.trace, file.rank) for file in chosen] if executor and len(chosen) > 1 else []
    for place, (file, name) in enumerate(zip(chosen, files, strict=True)):
        try:
            trace = futures[place].result() if futures else profile.trace(file.rank)
            reports.append(report_rank(trace, file, name, steps))
        except (OSError, ValueError) as error:
            problems.append(Problem(name, sentence_of(error, name)))
        except Exception as error:  # a mistake of ours must not keep the other files from being reported
            problems.append(Problem(name, f"{name}: could not be analysed: {type(error).__name__}: {error}"))
    tables = _distributed(profile) if len(reports) > 1 and not ranks else []
    return ProfileReport(found.name, found.kind, files, reports, tables, problems)


def report_rank(trace: Trace, file: RankFile, name: str, steps: StepRange | None = None) -> RankReport:
    """The report of one trace. Raises ValueError for steps that it does not have."""
    whole = Study(trace)
    window = None if steps is None else window_of_steps(whole.steps, steps, name)
    study = whole if window is None else Study(trace, window)
    found = health(study)
    cores = study.tensor_cores
    return RankReport(
        file=name,
        rank=file.rank,
        told_rank=trace.rank,
        world_size=trace.world_size,
        devices=trace.devices,
        window=window,
        counts=_counts(study),
        gpu=study.gpu_time,
        attributed=found.attributed.share,
        steps=study.step_table,
        step_count=int(study.steps.complete.sum()),
        step_time=study.step_time,
        marks_steps=study.steps.marked,
        utilization=study.utilization,
        tensor_core_share=cores.used / max(cores.total, 1),
        eligible_share=cores.eligible / max(cores.total, 1),
        operators=operators(trace, window=window),
        kernels=kernels(trace, window=window),
        memory=memory_use(trace),
        at_peak=at_peak(trace),
        health=found,
        findings=findings(study, found),
        recommendations=recommendations(study),
        advised=can_advise(study),
    )


def window_of_steps(found: Steps, chosen: StepRange, name: str) -> tuple[int, int]:
    """The time of the steps with these numbers, ns. Raises ValueError where there are none."""
    numbers = [step_number(name) for name in found.name]
    inside = [place for place, number in enumerate(numbers) if chosen[0] <= number <= chosen[1]]
    if not inside:
        there = "the trace marks none"
        if found.marked and numbers:
            several = len(numbers) > 1
            there = f"there are {numbers[0]} to {numbers[-1]}" if several else f"there is only step {numbers[0]}"
        wanted = str(chosen[0]) if chosen[0] == chosen[1] else f"{chosen[0]} to {chosen[1]}"
        raise ValueError(f"{name}: there is no step {wanted}; {there}")
    return int(found.start[inside[0]]), int(found.end[inside[-1]])


def step_number(name: str) -> int:
    """ "ProfilerStep#12" → 12; -1 for a name without a number."""
    found = _NUMBER.search(name)
    return int(found[0]) if found else -1


def _counts(study: Study) -> dict[str, int]:
    trace = study.trace
    category, start = trace.slices.category, trace.slices.start
    inside = np.ones(len(start), np.bool_)
    if study.window is not None:
        inside = (start >= study.window[0]) & (start < study.window[1])

    def count(*kinds: Category) -> int:
        return int((np.isin(category, [int(kind) for kind in kinds]) & inside).sum())

    kernel, communication = count(Category.KERNEL), int((is_communication(trace) & inside).sum())
    return {
        "kernels": kernel,
        "compute_kernels": kernel - communication,
        "communication_kernels": communication,
        "memcpy": count(Category.MEMCPY),
        "memset": count(Category.MEMSET),
        "operators": count(Category.OPERATOR),
        "runtime_calls": count(*HOST_CALLS),
        "slices": int(inside.sum()),
    }


def _distributed(profile: Profile) -> list[Table]:
    found = distributed(profile)
    return [overlap(found), stragglers(found), collective_sizes(found), clock_offsets(found)]

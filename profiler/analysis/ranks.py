"""Many ranks side by side: what each one's time went to, step by step, and what their files disagree on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..profile import Profile
from ..table import Column, Table
from ..trace import Category, Trace
from .collective_matches import Matched, match
from .gpu_time import GpuSpans, GpuTime, gpu_spans, gpu_time
from .intervals import Spans, intersect, length, length_until, subtract, union
from .rank_collectives import RankCollectives, rank_collectives
from .steps import steps

__all__ = ["Distributed", "RankTimes", "distributed", "overlap", "rank_steps"]

_METRICS = ("total", "computation", "communication", "exposed_communication", "idle")


@dataclass(frozen=True)
class RankTimes:
    """One rank. gpu: see gpu_time.py; of a trace without a GPU: its operators, and collectives on the host.

    steps    names, in order; by_step: (s,) ns by metric: total, computation, communication, exposed_communication, idle
    on_host  whether the figures are of the host; cut_off: whether the file ends before its events do
    """

    rank: int
    path: str
    gpu: GpuTime
    on_host: bool
    steps: tuple[str, ...]
    by_step: dict[str, NDArray[np.int64]]
    collectives: RankCollectives
    cut_off: bool


@dataclass(frozen=True)
class Distributed:
    """All ranks of a profile. notes: sentences on ranks and steps that are missing, on files that cannot be read."""

    ranks: list[RankTimes]
    matched: Matched
    notes: tuple[str, ...]


def distributed(profile: Profile, executor: Executor | None = None) -> Distributed:
    """Every rank's figures, and the collectives of all. Files that cannot be read are left out and named in the notes.

    executor  reads ranks beside each other
    """
    numbers = {file.path: file.rank for file in profile.ranks}
    ranks = [_rank_times(trace, numbers.get(trace.path, trace.rank or 0)) for trace in profile.traces(executor)]
    matched = match([rank.collectives for rank in ranks])
    return Distributed(ranks, matched, (*profile.problems, *_notes(ranks), *matched.notes))


def _rank_times(trace: Trace, rank: int) -> RankTimes:
    collectives = rank_collectives(trace, rank)
    spans, on_host = gpu_spans(trace), False
    gpu = gpu_time(trace)
    if not len(spans.busy):
        spans, on_host = _host_spans(trace, [each.row for each in collectives.collectives]), True
        gpu = _time_of(spans)
    told = steps(trace)
    if not told.marked:
        return RankTimes(rank, trace.path, gpu, on_host, (), {}, collectives, trace.cut_off)
    # Neighbours that are cut at the same moment share no time: each begins where the one before ended.
    by_step = _by_step(spans, told.start, told.end)
    return RankTimes(rank, trace.path, gpu, on_host, tuple(told.name), by_step, collectives, trace.cut_off)


def _host_spans(trace: Trace, collectives: list[int]) -> GpuSpans:
    """As of a GPU: operators compute, collectives of Gloo and MPI communicate."""
    start, end = trace.slices.start, trace.slices.end
    talks = np.isin(np.arange(len(start)), collectives)
    named = np.array([name.startswith("c10d::") for name in trace.names] or [False], np.bool_)
    works = (trace.slices.category == Category.OPERATOR) & ~talks & ~named[trace.slices.name]
    computation, communication = union(start[works], end[works]), union(start[talks], end[talks])
    busy = union(start[works | talks], end[works | talks])
    none = np.empty((0, 2), np.int64)
    first, last = (int(busy[0, 0]), int(busy[-1, 1])) if len(busy) else (0, 0)
    return GpuSpans(computation, communication, none, none, computation, busy, first, last)


def _time_of(spans: GpuSpans) -> GpuTime:
    overlap = length(intersect(spans.communication, spans.computation))
    busy, total, communication = length(spans.busy), spans.last - spans.first, length(spans.communication)
    computation = length(spans.computation)
    return GpuTime(computation, communication, communication - overlap, 0, 0, 0, overlap, busy, total - busy, total)


def _by_step(spans: GpuSpans, start: NDArray[np.int64], end: NDArray[np.int64]) -> dict[str, NDArray[np.int64]]:
    def within(covered: Spans) -> NDArray[np.int64]:
        return length_until(covered, end) - length_until(covered, start)

    exposed = subtract(spans.communication, spans.computation)
    total = end - start
    figures = (
        total,
        within(spans.computation),
        within(spans.communication),
        within(exposed),
        total - within(spans.busy),
    )
    return dict(zip(_METRICS, figures, strict=True))


def overlap(found: Distributed) -> Table:
    """How much of each rank's communication was hidden behind computation."""
    gpu = [rank.gpu for rank in found.ranks]

    def figures(name: str) -> NDArray[np.int64]:
        return np.array([getattr(each, name) for each in gpu], np.int64)

    communication, total = figures("communication"), figures("total")
    hint = "Of all GPUs of the rank, a moment once, however much ran in it."
    columns = (
        Column("rank", "Rank", np.array([rank.rank for rank in found.ranks], np.int64)),
        Column("computation", "Computation", figures("computation"), "ns", f"Kernels that do not communicate. {hint}"),
        Column("communication", "Communication", communication, "ns", f"Kernels of NCCL and RCCL. {hint}"),
        Column("overlap", "Overlap", figures("overlap"), "ns", "Communication while something computed."),
        Column(
            "overlap_share", "Hidden", _share(figures("overlap"), communication), "share", "overlap / communication"
        ),
        Column("exposed", "Exposed", figures("exposed_communication"), "ns", "Communication while nothing computed."),
        Column("exposed_memcpy", "Exposed copies", figures("exposed_memcpy"), "ns", "Copies while no kernel ran."),
        Column("busy", "Busy", figures("busy"), "ns", "Anything ran."),
        Column(
            "idle", "Idle", figures("idle"), "ns", "Nothing ran, between the first and the last of the rank's work."
        ),
        Column("idle_share", "Idle share", _share(figures("idle"), total), "share", "idle / total"),
        Column("total", "Total", total, "ns", "computation + exposed communication + exposed copies + idle"),
    )
    notes = found.notes
    if any(rank.on_host for rank in found.ranks):
        notes = (*notes, "Ranks without a GPU: figures are of operators and collectives on the host.")
    return Table("overlap", "Computation and communication", columns, notes)


def rank_steps(found: Distributed) -> Table:
    """A row a rank and step, for a heat map. Steps are matched by name; a rank that lacks one has no row for it."""
    ranks = [(rank, place) for rank in found.ranks for place in range(len(rank.steps))]
    columns = [
        Column("rank", "Rank", np.array([rank.rank for rank, _ in ranks], np.int64)),
        Column("step", "Step", [rank.steps[place] for rank, place in ranks]),
    ]
    for metric in _METRICS:
        values = np.array([rank.by_step[metric][place] for rank, place in ranks], np.int64)
        columns.append(Column(metric, metric.replace("_", " ").capitalize(), values, "ns"))
    return Table("rank_steps", "Ranks and steps", tuple(columns), found.notes)


def _share(part: NDArray[np.int64], whole: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.where(whole > 0, part / np.maximum(whole, 1), np.nan)


def _notes(ranks: Sequence[RankTimes]) -> list[str]:
    notes = []
    world = max((rank.collectives.world_size for rank in ranks), default=0)
    missing = sorted(set(range(world)) - {rank.rank for rank in ranks})
    if missing and len(ranks) > 1:
        notes.append(
            f"{_listed(missing, 'Rank')} of {world} {'is' if len(missing) == 1 else 'are'} missing: waits are those "
            "among the ranks that are there."
        )
    if cut := [rank.rank for rank in ranks if rank.cut_off]:
        notes.append(f"{_listed(cut, 'Rank')}: cut off, what stood behind the cut is missing.")
    sets = Counter(rank.steps for rank in ranks)
    if len(sets) > 1:
        usual = sets.most_common(1)[0][0]
        for rank in ranks:
            if rank.steps != usual:
                notes.append(f"Rank {rank.rank} has {_named(rank.steps)}; most ranks have {_named(usual)}.")
    return notes


def _named(names: Sequence[str]) -> str:
    if not names:
        return "no steps"
    count = f"{len(names)} step{'s' if len(names) > 1 else ''}"
    return f"{count} ({names[0]})" if len(names) == 1 else f"{count} ({names[0]} to {names[-1]})"


def _listed(numbers: list[int], word: str) -> str:
    shown = ", ".join(map(str, numbers[:12])) + (f" and {len(numbers) - 12} more" if len(numbers) > 12 else "")
    return f"{word}{'s' if len(numbers) > 1 else ''} {shown}"

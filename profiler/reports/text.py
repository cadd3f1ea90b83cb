"""A report as text that a person can act on: what the time went to, what to do about it, and how far to trust it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from ..analysis.findings import Finding
from ..analysis.groups import in_order
from ..analysis.wording import count_of, percent, time_text
from ..table import Table
from .comparing import Comparison
from .conditions import Verdict
from .gather import ProfileReport, RankReport
from .inputs import Problem
from .letters import printable
from .memory_files import MemoryFile
from .text_page import TextPage

__all__ = ["report_text"]

_BAR = 24  # letters of a full bar
_TOP = 10  # operators and kernels
_PLACES = ("row", "stack", "piece")  # columns that lead to something on a page
_MOST_CHANGES = 14
_OF_CHANGES = ("name", "status", "before", "after", "change", "relative", "p", "verdict")
_MOST_DETAILED = 2  # ranks; of more one is told, and all side by side
_MOST_RANKS = 64  # rows of tables over ranks
_MOST_PLACES = 8  # that a condition names
_MOST_STEPS = 20
_ROLES = ("kernel", "memcpy", "memset", "communication", "runtime", "data_loader", "cpu", "other")
_SPLIT = (
    ("computation", "Computation"),
    ("exposed_communication", "Communication, exposed"),
    ("exposed_memcpy", "Copies, exposed"),
    ("idle", "Idle"),
)
_SIGNS = {"good": "ok", "note": "--", "bad": "!!"}


def report_text(
    profiles: Sequence[ProfileReport],
    problems: Sequence[Problem] = (),
    verdicts: Sequence[Verdict] = (),
    *,
    others: Sequence[MemoryFile] = (),
    comparison: Comparison | None = None,
    width: int = 100,
) -> str:
    """All of it, ending with a line break. others: files without a timeline. width: of lines, where figures allow."""
    page = TextPage(width)
    lines = [line for profile in profiles for line in _profile(page, profile)]
    lines += [line for other in others for line in _memory_file(page, other)]
    lines += list(_difference(page, comparison)) if comparison is not None else []
    every = [*problems, *(problem for profile in profiles for problem in profile.problems)]
    if every:
        lines += ["", "Could not be read", *(f"  {problem.reason}" for problem in every)]
    if verdicts:
        lines += ["", "Conditions", *(line for verdict in verdicts for line in _verdict(verdict))]
    return printable("\n".join(line.rstrip() for line in lines).strip("\n")) + "\n" if lines else ""


def _memory_file(page: TextPage, told: MemoryFile) -> Iterator[str]:
    yield from ("", *page.head(told.file), f"  a {told.kind.replace('_', ' ')}")
    yield from (f"  !! {line}" for remark in told.remarks for line in page.wrapped(remark))
    for device, table in told.tables:
        names = [column.name for column in table.columns if column.name not in _PLACES]
        lines = page.table(table, names, _TOP) if len(table) else []
        notes = [line for note in table.notes for line in page.wrapped(note)]
        yield from page.section(f"{device}: {table.title}" if device else table.title, [*lines, *notes])


def _difference(page: TextPage, comparison: Comparison) -> Iterator[str]:
    """The largest changes of each table."""
    yield from ("", *page.head("What changed"), f"  from {comparison.before}", f"  to   {comparison.after}")
    yield from (f"  {line}" for note in comparison.found.notes for line in page.wrapped(note))
    for table in comparison.tables:
        names = [name for name in _OF_CHANGES if any(column.name == name for column in table.columns)]
        changed = in_order(table, np.flatnonzero([bool(row["change"]) or bool(row["status"]) for row in table.rows()]))
        same = len(table) - len(changed)
        lines = page.table(changed, names, _MOST_CHANGES) if len(changed) else []
        lines += [f"{count_of(same, 'row')} as before"] if same else []
        yield from page.section(table.title, lines)


def _profile(page: TextPage, profile: ProfileReport) -> Iterator[str]:
    """All ranks, and those in detail that are not like the others: the one that is waited for, else the first."""
    detailed = profile.ranks
    if profile.distributed:
        yield ""
        yield from page.head(f"{profile.name}: {len(profile.ranks)} ranks")
        notes = dict.fromkeys(note for table in profile.distributed for note in table.notes)
        yield from (f"  {line}" for note in notes for line in page.wrapped(note))
        for table in profile.distributed:
            yield from page.section(
                table.title, page.table(table, [column.name for column in table.columns], _MOST_RANKS)
            )
        if len(profile.ranks) > _MOST_DETAILED:
            detailed = [_waited_for(profile)]
            yield ""
            yield f"  In detail rank {detailed[0].rank}; another one with --rank N."
    for rank in detailed:
        yield from _rank(page, rank)


def _waited_for(profile: ProfileReport) -> RankReport:
    """The rank that the table of stragglers begins with."""
    tables = [table for table in profile.distributed if table.name == "stragglers" and len(table)]
    late = {int(table["rank"][0]) for table in tables}
    return next((rank for rank in profile.ranks if rank.rank in late), profile.ranks[0])


def _rank(page: TextPage, rank: RankReport) -> Iterator[str]:
    yield ""
    yield from page.head(rank.file)
    yield f"  {_about(rank)}"
    cut = [finding for finding in rank.findings if finding.id == "cut_off"]
    yield from (f"  {line}" for line in _told(page, cut))
    if rank.gpu.total:
        yield from page.section("What the GPU's time went to", list(_split(rank)))
    yield from page.section("Steps", list(_steps(page, rank)))
    yield from page.section("What to do", list(_advice(page, rank)) or list(_without_advice(rank)))
    of_device = ("device_self", "device_share") if rank.gpu.total else ("host_self",)
    operators = page.table(rank.operators, ("name", "calls", *of_device, "host_total"), _TOP)
    yield from page.section("Operators", operators if len(rank.operators) else [])
    kernels = page.table(rank.kernels, ("name", "calls", "total", "share", "mean", "tensor_cores", "occupancy"), _TOP)
    yield from page.section("Kernels", kernels if len(rank.kernels) else [])
    yield from page.section("Memory", list(_memory(page, rank)))
    yield from page.section("How far to trust it", list(_told(page, rank.findings)))


def _about(rank: RankReport) -> str:
    parts = [f"rank {rank.rank}" + (f" of {rank.world_size}" if rank.world_size else "")]
    names = dict.fromkeys(device.name for device in rank.devices if device.name)
    used = len(rank.utilization)
    parts += [f"{used} × {next(iter(names))}" if used > 1 else next(iter(names))] if names and used else []
    parts.append(count_of(len(rank.steps), "step") if rank.marks_steps else "no steps marked")
    parts.append(count_of(rank.counts["kernels"], "kernel") if rank.counts["kernels"] else "no GPU work")
    return " · ".join(parts)


def _split(rank: RankReport) -> Iterator[str]:
    gpu = rank.gpu
    for name, title in _SPLIT:
        share = getattr(gpu, name) / gpu.total
        bar = "█" * round(share * _BAR)
        yield f"{title:24}{bar:{_BAR}}{percent(share):>9}{time_text(getattr(gpu, name)):>11}"
    yield f"{'All':24}{'':{_BAR}}{'':>9}{time_text(gpu.total):>11}"
    if gpu.communication:
        hidden = time_text(gpu.overlap)
        yield f"Communication took {time_text(gpu.communication)}, {hidden} of it while something computed."
    for row in rank.utilization.rows():
        figures = [("busy", "utilization"), ("SM efficiency", "sm_efficiency"), ("occupancy", "occupancy")]
        told = [f"{title} {percent(row[name])}" for title, name in figures if row[name] is not None]
        cores = [f"tensor cores {percent(rank.tensor_core_share)} of kernel time"] if len(rank.utilization) == 1 else []
        within = " in the steps" if rank.marks_steps else ""
        if told:
            yield f"GPU {row['device']}{within}: {', '.join([*told, *cores])}"


def _steps(page: TextPage, rank: RankReport) -> Iterator[str]:
    if not rank.marks_steps:
        return
    names = ["name", "total", *(role for role in _ROLES if any(rank.steps[role]))]
    yield from page.table(_with_cut_steps(rank.steps), names, _MOST_STEPS)
    if rank.step_count > 1:
        yield f"Mean of {rank.step_count} complete steps: {time_text(rank.step_time)}"


def _with_cut_steps(table: Table) -> Table:
    """Steps that were cut off say so behind their names."""
    told = zip(table["name"], table["complete"], strict=True)
    names = [name if complete else f"{name} (cut)" for name, complete in told]
    columns = (replace(column, values=names) if column.name == "name" else column for column in table.columns)
    return replace(table, columns=tuple(columns))


def _advice(page: TextPage, rank: RankReport) -> Iterator[str]:
    of = " a step" if rank.marks_steps else ""
    for number, each in enumerate(rank.recommendations, 1):
        gain = "" if each.gain != each.gain else f" (up to {time_text(each.gain)}{of}, {percent(each.share)})"
        yield from page.wrapped(f"{number}. {each.title}{gain}. {each.text}", hang=3)
        yield from (line for evidence in each.evidence for line in page.wrapped(f"   - {evidence}", hang=5))


def _without_advice(rank: RankReport) -> Iterator[str]:
    if rank.marks_steps and not rank.step_count:
        yield "No step of it is complete: nothing can be said of what steps cost."
    elif rank.gpu.total or rank.marks_steps:
        yield "Nothing that is known to cost time takes much of it here."


def _memory(page: TextPage, rank: RankReport) -> Iterator[str]:
    if not len(rank.memory):
        return
    yield from page.table(rank.memory, ("device", "peak", "reserved", "capacity", "share"))
    if rank.at_peak is not None:
        yield ""
        yield f"{rank.at_peak.title}, by operator"
        yield from page.table(rank.at_peak, ("name", "bytes", "share", "count"), _TOP)


def _told(page: TextPage, findings: Sequence[Finding]) -> Iterator[str]:
    for finding in findings:
        yield from page.wrapped(f"{_SIGNS[finding.state]} {finding.text}", hang=3)


def _verdict(verdict: Verdict) -> Iterator[str]:
    outcome = "BROKEN" if verdict.broken else "kept" if verdict.judged else "not judged"
    yield f"  {outcome:10} {verdict.condition}"
    for where in verdict.where[:_MOST_PLACES]:
        yield f"             {where}"
    if len(verdict.where) > _MOST_PLACES:
        yield f"             … and {len(verdict.where) - _MOST_PLACES} more"

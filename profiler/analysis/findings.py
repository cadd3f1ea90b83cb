"""What a trace's health comes to, in sentences: good, worth a note, or bad."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..trace import Category
from .communication import LIKE_COMMUNICATION, is_communication
from .health import Health, Part
from .names import slices_named
from .study import Study
from .trace_rules import BrokenRules
from .wording import count_of, percent, remark_text, time_text

__all__ = ["Finding", "findings"]

State = Literal["good", "note", "bad"]
# From this share of the GPU's time on attribution is good, and from this on still worth no more than a note.
_GOOD, _FAIR = 0.98, 0.9

# Work without an operator: from which share of the time on it is bad, what is told of it, why it is so.
_PARTS = (
    (
        "graph_replays",
        1.0,
        "replayed from CUDA graphs.",
        "Their operators ran when the graph was captured; here they belong to the replay.",
    ),
    (
        "before_window",
        0.1,
        "launched before the trace began.",
        "A step or two of warm-up in the schedule, or a synchronization before the profiler starts, avoids it.",
    ),
    (
        "missing_launches",
        0.01,
        "without a launch, though earlier work of the stream has one.",
        "The profiler dropped calls, or did not record those of the driver.",
    ),
    (
        "no_operator",
        0.1,
        "launched outside of operators.",
        "By libraries that call CUDA themselves, or on threads that the profiler does not record operators of.",
    ),
)


@dataclass(frozen=True)
class Finding:
    """id: the same in every version. text: a sentence; hint: why it is so, or what to do."""

    id: str
    state: State
    text: str
    hint: str = ""


def findings(study: Study, found: Health) -> list[Finding]:
    """The worst first."""
    told = [
        *_attribution(study, found),
        *_clocks(found),
        *_recording(study),
        *_rules(found.broken),
        *_file(found),
    ]
    return sorted(told, key=lambda each: ("bad", "note", "good").index(each.state))


def _attribution(study: Study, found: Health) -> Iterator[Finding]:
    if not study.has_gpu:
        return
    share = found.attributed.share
    yield Finding(
        "attributed",
        "good" if share >= _GOOD else "note" if share >= _FAIR or found.graph_replays.share > 0.5 else "bad",
        f"{percent(share)} of the GPU's time has a known operator.",
        "Kernel → the call with its correlation → the operator that is open on that thread.",
    )
    if joined := study.attribution.of_captures(study.trace):
        work = count_of(joined, "kernel or copy", "kernels and copies")
        yield Finding(
            "graph_captures",
            "good",
            f"{work} replayed from CUDA graphs count at the operators of the capture, which is in the trace.",
            "The k-th of a replay is the k-th call of the capture: streams keep the order.",
        )
    for name, bad_from, text, hint in _PARTS:
        part: Part = getattr(found, name)
        if part.count:
            work = count_of(part.count, "kernel or copy", "kernels and copies")
            state: State = "bad" if part.share > bad_from else "note"
            yield Finding(name, state, f"{work} ({percent(part.share)} of the GPU's time) {text}", hint)


def _clocks(found: Health) -> Iterator[Finding]:
    if found.early:
        yield Finding(
            "early",
            "bad" if found.early_most > 10_000 else "note",
            f"{count_of(found.early, 'kernel begins', 'kernels begin')} before the launch, by up to "
            f"{time_text(found.early_most)}.",
            "The clocks of host and GPU differ: waits of that length mean nothing.",
        )
    if found.same_stream_overlaps:
        yield Finding(
            "same_stream_overlaps",
            "note",
            f"{count_of(found.same_stream_overlaps, 'pair')} of kernels on one stream overlap, by up to "
            f"{time_text(found.longest_overlap)}.",
            "Kernels may begin before the one in front of them ends. Nothing is dropped, and no moment counts twice.",
        )
    if found.crossings:
        yield Finding(
            "crossings",
            "note",
            f"{count_of(found.crossings, 'operator begins', 'operators begin')} within another and ends after it.",
            "Clocks of whole µs do that. Such times are counted in full in both.",
        )


def _recording(study: Study) -> Iterator[Finding]:
    repaired = study.occupancy.repaired
    if repaired.any():
        time = np.maximum(study.trace.slices.duration[study.occupancy.rows], 0)
        share = percent(time[repaired].sum() / max(time.sum(), 1))
        yield Finding(
            "repaired_occupancy",
            "note",
            f"{count_of(int(repaired.sum()), 'kernel')} ({share} of kernel time) had an occupancy of 0 in the trace, "
            "wrongly; here it is computed.",
            "Kineto's estimate is 0 for kernels with more than 48 KB of shared memory.",
        )
    like = slices_named(study.trace, LIKE_COMMUNICATION, Category.KERNEL) & ~is_communication(study.trace)
    if like.any():
        time = study.trace.slices.duration[like].sum()
        yield Finding(
            "like_communication",
            "note",
            f"{count_of(int(like.sum()), 'kernel')} ({time_text(time)}) may communicate and count as computation.",
            "Communication is what NCCL and RCCL do; by their names these could be collectives of other libraries.",
        )
    if not study.steps.marked:
        yield Finding("no_steps", "note", "No steps are marked.", "Call step() of the profiler after each batch.")
    yield from _cut(study)
    if not study.has_gpu and study.trace.devices and not study.trace.cut_off:
        yield Finding(
            "no_gpu_work",
            "bad",
            f"The machine has {count_of(len(study.trace.devices), 'GPU')}, and the trace holds no work of any.",
            "Profile with activities=[ProfilerActivity.CPU, ProfilerActivity.CUDA].",
        )


def _cut(study: Study) -> Iterator[Finding]:
    """Steps that are not there whole."""
    cut, count = int((~study.steps.complete).sum()), len(study.steps)
    if study.trace.cut_off:
        lost = study.trace.devices and not study.has_gpu
        where = " before the first work of a GPU." if lost else f": {cut} of {count_of(count, 'step')} may lack events."
        left = "Means per step and recommendations leave those out."
        none = "No step is there whole, so nothing is recommended."
        yield Finding("cut_off", "bad", f"The file is cut off{where}", left if cut < count else none)
    elif cut:
        text = f"{count_of(cut, 'step was', 'steps were')} cut off at the end."
        yield Finding("cut_steps", "note", text, "Means per step leave them out.")


# Rule, what is told of it (one, many), why it matters.
_RULES = (
    (
        "unnamed_waits",
        ("wait for an event does", "waits for events do"),
        "not tell what recorded it.",
        "The critical path cannot follow them.",
    ),
    (
        "unknown_records",
        ("stream waits", "streams wait"),
        "for an event that nothing in the trace recorded before.",
        "The critical path cannot follow them.",
    ),
    (
        "early_returns",
        ("kernel runs", "kernels run"),
        "on while a synchronization of their stream begins.",
        "Times of synchronizations are those of the host's call.",
    ),
    (
        "bare_collectives",
        ("collective tells", "collectives tell"),
        "neither name nor size.",
        "Versions of torch before 2.2 do not write them: bandwidth is not known.",
    ),
    (
        "shared_sequences",
        ("sequence number is", "sequence numbers are"),
        "shared by several backward operators.",
        "Backward operators of those may belong to another forward operator.",
    ),
)


def _rules(broken: BrokenRules) -> Iterator[Finding]:
    for name, (one, many), text, hint in _RULES:
        if count := getattr(broken, name):
            yield Finding(name, "note", f"{count_of(count, one, many)} {text}", hint)


def _file(found: Health) -> Iterator[Finding]:
    for number, remark in enumerate(found.remarks):
        yield Finding(f"remark_{number}", "bad", remark_text(remark))
    if not found.remarks:
        yield Finding("file", "good", "The file was read without repairs.")

"""How far a trace can be trusted: what is attributed, what is missing, what was repaired, what looks odd."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..trace import DEVICE_WORK, Remark, Trace
from .attribution import Attribution, Reason
from .study import Study
from .trace_rules import BrokenRules, broken_rules

__all__ = ["Health", "Part", "health", "same_stream_overlaps"]


@dataclass(frozen=True)
class Part:
    """Some of the GPU's work: how many kernels, copies and fills, and their share of its time (each in full)."""

    count: int
    share: float


@dataclass(frozen=True)
class Health:
    """attributed          work whose operator is known
    graph_replays          replayed from a CUDA graph: the operators ran when it was captured
    before_window          launched before the trace began: nothing on its stream before it has a launch
    missing_launches       should have a launch in the trace and has none: calls were dropped or not recorded
    no_operator            launched outside of operators
    repaired_occupancy     kernels whose occupancy the trace says is 0, wrongly; share of the kernels' time
    early                  work that begins before its launch, and by how many ns at most
    same_stream_overlaps   pairs of neighbours on a stream that overlap, and the longest overlap in ns
    crossings              operators and calls that begin within another and end after it
    broken                 rules of sound traces
    remarks                of the reader
    """

    attributed: Part
    graph_replays: Part
    before_window: Part
    missing_launches: Part
    no_operator: Part
    repaired_occupancy: Part
    early: int
    early_most: int
    same_stream_overlaps: int
    longest_overlap: int
    crossings: int
    broken: BrokenRules
    remarks: tuple[Remark, ...]


def health(of: Trace | Study) -> Health:
    """Of the whole trace, whatever the study's window is."""
    study = Study.of(of)
    trace, found = study.trace, study.attribution
    duration = np.maximum(trace.slices.duration[found.rows], 0)
    total = max(int(duration.sum()), 1)

    def part(chosen: NDArray[np.bool_]) -> Part:
        return Part(int(chosen.sum()), float(duration[chosen].sum() / total))

    before = _before_window(trace, found)
    unlaunched = found.reason == Reason.BEFORE_WINDOW
    ahead = np.where(found.launch >= 0, trace.slices.start[found.launch] - trace.slices.start[found.rows], 0)
    overlaps, longest = same_stream_overlaps(trace)
    return Health(
        attributed=part(found.operator >= 0),
        graph_replays=part(found.reason == Reason.GRAPH_REPLAY),
        before_window=part(unlaunched & before),
        missing_launches=part(unlaunched & ~before),
        no_operator=part(found.reason == Reason.NO_OPERATOR),
        repaired_occupancy=_repaired(study),
        early=int((ahead > 0).sum()),
        early_most=int(ahead.max(initial=0)),
        same_stream_overlaps=overlaps,
        longest_overlap=longest,
        crossings=study.nesting.crossings,
        broken=broken_rules(trace),
        remarks=tuple(trace.remarks),
    )


def _repaired(study: Study) -> Part:
    time = np.maximum(study.trace.slices.duration[study.occupancy.rows], 0)
    repaired = study.occupancy.repaired
    return Part(int(repaired.sum()), float(time[repaired].sum() / max(int(time.sum()), 1)))


def same_stream_overlaps(trace: Trace) -> tuple[int, int]:
    """Pairs of neighbours on a stream of which the second begins before the first ends, and the longest such time.

    Kernels of one stream do run at once (programmatic dependent launch), and clocks of whole µs look like it.
    """
    slices = trace.slices
    rows = trace.rows_of(*DEVICE_WORK)
    rows = rows[np.lexsort((slices.end[rows], slices.start[rows], slices.track[rows]))]
    same = slices.track[rows[1:]] == slices.track[rows[:-1]]
    overlap = (slices.end[rows[:-1]] - slices.start[rows[1:]])[same]
    return int((overlap > 0).sum()), int(overlap.max(initial=0))


def _before_window(trace: Trace, found: Attribution) -> NDArray[np.bool_]:
    """(d,) work that no launched work of the same stream comes before: streams keep the order of launches."""
    track, start = trace.slices.track[found.rows], trace.slices.start[found.rows]
    first = np.full(len(trace.tracks), np.iinfo(np.int64).max, np.int64)
    known = found.launch >= 0
    np.minimum.at(first, track[known], start[known])
    return np.asarray(start < first[track])

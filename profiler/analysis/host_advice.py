"""What to do about a GPU that waits for the host."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ..trace import HOST_CALLS, Category
from .advice import Place, Recommendation
from .idle import IdleReason
from .launches import launches
from .names import BLOCKING, DATA_LOADER, slices_named
from .queue import queue_summary
from .study import Study
from .wording import mean_of, percent, time_text

__all__ = ["HOST_ADVICE"]

_ALLOCATION = re.compile(r"^(?:cuda|hip)(?:Malloc|Free)(?!Async)")
_OPTIMIZER = re.compile(r"^Optimizer\.step#")
_SHORT = 10_000  # ns
# Shares of the step from which on something is worth a word.
_DATA, _HOST, _SYNC, _ALLOCATE, _OPTIMIZE, _PYTHON = 0.05, 0.1, 0.02, 0.01, 0.02, 0.2
_MANY = 200  # kernels in one step of an optimizer


def data_loading(study: Study) -> Iterator[Recommendation]:
    """The loop waits for batches."""
    waited = study.role("data_loader")
    gain = study.idle(IdleReason.DATA) if study.has_gpu else waited
    if study.share_of_step(gain) < _DATA:
        return
    loads = study.in_span(np.flatnonzero(slices_named(study.trace, DATA_LOADER)))
    if not len(loads):
        return
    longest = int(loads[np.argmax(study.trace.slices.duration[loads])])
    single = any("_SingleProcess" in name for name in study.names_of(loads))
    evidence = [
        f"{study.told(waited)} go to the data loader while nothing else goes on.",
        f"The longest wait takes {time_text(study.trace.slices.duration[longest])}.",
    ]
    if study.has_gpu:
        evidence.append(f"The GPU idles {study.told(gain)} because of it.")
    if single:
        evidence.append("Batches are made in the training process: num_workers is 0.")
    start, end = int(study.trace.slices.start[longest]), int(study.trace.slices.end[longest])
    yield Recommendation(
        "data_loader",
        "The GPU waits for data" if study.has_gpu else "Training waits for data",
        ("Give the DataLoader workers (num_workers=4 or more)" if single else "Give the DataLoader more workers")
        + ", pin_memory=True and persistent_workers=True; raise prefetch_factor, or make what a sample costs cheaper.",
        tuple(evidence),
        gain,
        study.share_of_step(gain),
        Place("timeline", (start, end), longest),
    )


def late_launches(study: Study) -> Iterator[Recommendation]:
    """The host launches too slowly."""
    gain = study.idle(IdleReason.HOST)
    if study.share_of_step(gain) < _HOST:
        return
    yield Recommendation(
        "host_bound",
        "The host launches work too late",
        "Graphs are replayed already: take what the host does between their replays out of the loop or into the graph, "
        "or launch it before the replay has ended."
        if _replays_graphs(study)
        else "Launch less and more at once: torch.compile, CUDA graphs, fused operators and optimizers, a larger "
        "batch; and take what the host does in between out of the loop.",
        (
            f"The GPU idles {study.told(gain)} because nothing was launched yet.",
            *_pace(study),
            *_next_operators(study, IdleReason.HOST),
        ),
        gain,
        study.share_of_step(gain),
        _longest_gap(study, IdleReason.HOST),
    )


def _replays_graphs(study: Study) -> bool:
    """Whether most of the GPU's time is that of graphs."""
    found, slices = study.attribution, study.trace.slices
    time = np.maximum(slices.duration[found.rows], 0)
    return bool(2 * time[found.replayed(study.trace)].sum() > time.sum())


def _pace(study: Study) -> Iterator[str]:
    """How much is launched, and how much waits. A graph is one launch, whatever it holds."""
    told = launches(study.trace, study.attribution)
    called = study.trace.slices.start[told.call]
    inside = (called >= study.span[0]) & (called < study.span[1])
    if not inside.any():
        return
    calls = np.unique(told.call[inside])
    queues = queue_summary(study.trace, study.attribution)
    busiest = int(np.argmax(queues["launched"]))
    short = percent(float((told.device[inside] < _SHORT).mean()))
    median = time_text(float(np.median(study.trace.slices.duration[calls])))
    yield (
        f"Launches {study.each}: {round(study.per_step(len(calls))):,}. A launch takes {median}, "
        f"and {short} of what is launched runs below 10 µs."
    )
    empty = percent(float(queues["empty"][busiest]))
    yield f"The queue of {queues['stream'][busiest]} is empty for {empty} of the time."


def synchronizations(study: Study) -> Iterator[Recommendation]:
    """The host waits for the GPU, and the GPU for the host then."""
    gain = study.idle(IdleReason.SYNC)
    if study.share_of_step(gain) < _SYNC:
        return
    calls = study.in_span(np.flatnonzero(slices_named(study.trace, BLOCKING, *HOST_CALLS)))
    around = study.nesting.operator[calls]
    names = study.names_of(calls)
    callers = study.names_of(around[around >= 0])
    evidence = [
        f"After such waits the GPU idles {study.told(gain)}.",
        f"{mean_of(study.per_step(len(calls)), 'wait')} {study.each}: {_most_frequent(names)}.",
    ]
    if callers:
        evidence.append(f"Called by {_most_frequent(callers)}.")
    yield Recommendation(
        "synchronization",
        "The host waits for the GPU",
        "Read values from the GPU less often: .item(), .cpu(), nonzero(), masks as indices and printed losses wait for "
        "all that is launched. Keep them on the GPU, or copy with non_blocking=True and read them a step later.",
        tuple(evidence),
        gain,
        study.share_of_step(gain),
        _longest_gap(study, IdleReason.SYNC),
    )


def allocations(study: Study) -> Iterator[Recommendation]:
    """Memory of the GPU is taken and given back within steps."""
    calls = study.in_span(np.flatnonzero(slices_named(study.trace, _ALLOCATION, *HOST_CALLS)))
    time = study.trace.slices.duration[calls]
    gain = study.per_step(float(time.sum()))
    if study.share_of_step(gain) < _ALLOCATE:
        return
    longest = int(calls[np.argmax(time)])
    yield Recommendation(
        "allocations",
        "Steps allocate GPU memory anew",
        "Leave memory to PyTorch's cache: no empty_cache() in the loop, batches of one size, "
        "PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True; after warm-up no step should call cudaMalloc.",
        (
            f"{mean_of(study.per_step(len(calls)), 'call')} {study.each} take {time_text(gain)}: "
            f"{_most_frequent(study.names_of(calls))}.",
        ),
        gain,
        study.share_of_step(gain),
        Place("timeline", (int(study.trace.slices.start[longest]), int(study.trace.slices.end[longest])), longest),
    )


def optimizer(study: Study) -> Iterator[Recommendation]:
    """An optimizer that launches kernels for each parameter."""
    rows = study.in_span(np.flatnonzero(slices_named(study.trace, _OPTIMIZER, Category.ANNOTATION, Category.OPERATOR)))
    if not len(rows) or not study.has_gpu:
        return
    slices, gaps = study.trace.slices, study.gaps_in_steps
    told = launches(study.trace, study.attribution)
    called = slices.start[told.call]
    place = np.maximum(np.searchsorted(slices.start[rows], called, "right") - 1, 0)
    inside = (called >= slices.start[rows[place]]) & (called < slices.end[rows[place]])
    known = gaps.launch >= 0
    behind = np.isin(gaps.launch, told.call[inside]) & known & (gaps.reason == IdleReason.HOST)
    gain = study.per_step(float(gaps.duration[behind].sum()))
    if inside.sum() < _MANY * len(rows) or study.share_of_step(gain) < _OPTIMIZE:
        return
    yield Recommendation(
        "optimizer",
        "The optimizer works parameter by parameter",
        "Pass fused=True (or foreach=True) to the optimizer: a few kernels do the work of hundreds.",
        (
            f"{study.trace.names[slices.name[rows[0]]]} launches {inside.sum() / len(rows):,.0f} kernels, "
            f"of {time_text(float(np.median(told.device[inside])))} each.",
            f"The GPU idles {study.told(gain)} between them.",
        ),
        gain,
        study.share_of_step(gain),
        Place("timeline", (int(slices.start[rows[0]]), int(slices.end[rows[0]])), int(rows[0])),
    )


def python_between_operators(study: Study) -> Iterator[Recommendation]:
    """Without a GPU: time in which no operator runs."""
    gain = study.role("other")
    if study.has_gpu or study.share_of_step(gain) < _PYTHON or not study.steps.marked:
        return
    yield Recommendation(
        "python",
        "Much of the step is outside of operators",
        "Look at what Python does there: a profile with with_stack=True shows it in the flame graph.",
        (f"No operator is open for {study.told(gain)}.",),
        gain,
        study.share_of_step(gain),
        Place("flame"),
    )


def _longest_gap(study: Study, reason: IdleReason) -> Place:
    gaps = study.gaps_in_steps
    chosen = np.flatnonzero(gaps.reason == reason)
    longest = chosen[np.argmax(gaps.duration[chosen])]
    return Place("timeline", (int(gaps.start[longest]), int(gaps.end[longest])), int(gaps.next[longest]))


def _next_operators(study: Study, reason: IdleReason) -> Iterator[str]:
    """What the GPU waited for longest, by the operators that launched it."""
    gaps = study.gaps_in_steps
    chosen = (gaps.reason == reason) & (gaps.launch >= 0)
    operator = study.nesting.operator[gaps.launch[chosen]]
    known = operator >= 0
    if not known.any():
        return
    codes, place = np.unique(study.trace.slices.name[operator[known]], return_inverse=True)
    time = np.bincount(place, gaps.duration[chosen][known])
    longest = np.argsort(-time, kind="stable")[:3]
    told = (f"{study.trace.names[codes[each]]} ({time_text(study.per_step(time[each]))})" for each in longest.tolist())
    yield f"{'Per step' if study.steps.marked else 'In the trace'} it waits longest for {', '.join(told)}."


def _most_frequent(names: list[str]) -> str:
    """ "aten::item 12×, aten::nonzero 3×": three at the most."""
    told, count = np.unique(np.array(names, object), return_counts=True)
    order: NDArray[np.int64] = np.argsort(-count, kind="stable")[:3]
    return ", ".join(f"{told[place]} {count[place]:,}×" for place in order.tolist())


HOST_ADVICE = (data_loading, late_launches, synchronizations, allocations, optimizer, python_between_operators)

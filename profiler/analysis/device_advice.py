"""What to do about a GPU that works, but not as well as it could."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ..trace import Category
from .advice import Place, Recommendation
from .communication import is_communication
from .idle import IdleReason
from .names import slices_named
from .occupancy import LIMITERS
from .study import Study
from .wording import count_of, kernel_title, percent, time_text

__all__ = ["DEVICE_ADVICE"]

_PAGEABLE = re.compile("Pageable")
_COMMUNICATION, _COPY, _CORES, _GRID, _LOW_OCCUPANCY, _BUSY, _MEMORY = 0.05, 0.03, 0.05, 0.05, 0.25, 0.5, 0.9
_STALL = 0.1
_SPREAD = 1.3  # the longest step by the median one


def exposed_communication(study: Study) -> Iterator[Recommendation]:
    """GPUs exchange data while none of them computes."""
    time = study.in_steps
    gain = study.per_step(time.exposed_communication)
    if study.share_of_step(gain) < _COMMUNICATION:
        return
    rows = study.in_span(np.flatnonzero(is_communication(study.trace)))
    overlap = time.overlap / max(time.communication, 1)
    yield Recommendation(
        "communication",
        "Communication is not hidden behind computation",
        "Let them overlap: gradients in buckets while the backward pass goes on (DDP's bucket_cap_mb, FSDP's "
        "backward_prefetch), fewer and larger collectives, gradient accumulation, compression. If ranks wait for a "
        "slow one, the view Distributed names it.",
        (
            f"{study.told(study.per_step(time.communication))} are communication, {percent(overlap)} of it "
            "while something computes.",
            f"Longest: {_longest_kernels(study, rows)}.",
        ),
        gain,
        study.share_of_step(gain),
        Place("distributed"),
    )


def stalled(study: Study) -> Iterator[Recommendation]:
    """Work is launched, but does not begin."""
    gaps = study.gaps_in_steps
    chosen = np.flatnonzero(np.isin(gaps.reason, [IdleReason.UNKNOWN, IdleReason.DEPENDENCY]) & (gaps.launch >= 0))
    gain = study.per_step(float(gaps.duration[chosen].sum()))
    if study.share_of_step(gain) < _STALL:
        return
    longest = int(chosen[np.argmax(gaps.duration[chosen])])
    following = study.names_of([int(gaps.next[longest])])[0]
    yield Recommendation(
        "stalled",
        "Launched work does not begin",
        "It waits for something that is not in this file: an event of another stream, work from before the profile, "
        "another process on the GPU, other ranks, or the profiler as it starts. Look at what the host waits for "
        "meanwhile, and profile a few steps of warm-up more.",
        (
            f"The GPU idles {study.told(gain)} though what comes next is launched.",
            f"Longest: {time_text(gaps.duration[longest])} in front of {_short(following)}.",
        ),
        gain,
        study.share_of_step(gain),
        Place("timeline", (int(gaps.start[longest]), int(gaps.end[longest])), int(gaps.next[longest])),
    )


def exposed_copies(study: Study) -> Iterator[Recommendation]:
    """Copies run while nothing else does."""
    gain = study.per_step(study.in_steps.exposed_memcpy)
    if study.share_of_step(gain) < _COPY:
        return
    slices = study.trace.slices
    copies = study.rows_of(Category.MEMCPY)
    pageable = study.in_span(np.flatnonzero(slices_named(study.trace, _PAGEABLE, Category.MEMCPY)))
    longest = int(copies[np.argmax(slices.duration[copies])])
    evidence = [f"The GPU does nothing but copy for {study.told(gain)}."]
    if len(pageable):
        evidence.append(
            f"{count_of(len(pageable), 'copy', 'copies')} of {len(copies):,} are to or from pageable memory: "
            f"{time_text(study.per_step(float(slices.duration[pageable].sum())))} {study.each}."
        )
    yield Recommendation(
        "copies",
        "Copies hold the GPU up",
        "Use pinned memory (pin_memory=True) and .to(device, non_blocking=True), so that the next batch is copied "
        "while this one is computed; leave on the GPU what is needed there again.",
        tuple(evidence),
        gain,
        study.share_of_step(gain),
        Place("timeline", (int(slices.start[longest]), int(slices.end[longest])), longest),
    )


def unused_tensor_cores(study: Study) -> Iterator[Recommendation]:
    """Products of matrices and convolutions on plain units, on a GPU that has tensor cores."""
    if not any(device.compute_capability >= (7, 0) for device in study.trace.devices):
        return
    rows = study.in_span(study.attribution.rows[study.tensor_cores.unused])
    time = study.per_step(float(np.maximum(study.trace.slices.duration[rows], 0).sum()))
    if study.share_of_step(time / 2) < _CORES:
        return
    ampere = any(device.compute_capability >= (8, 0) for device in study.trace.devices)
    yield Recommendation(
        "tensor_cores",
        "Tensor cores lie idle",
        "Train in mixed precision (torch.autocast)"
        + (", or allow TF32: torch.set_float32_matmul_precision('high')." if ampere else ".")
        + " Sizes that are multiples of 8 help.",
        (
            f"{study.told(time)} are matrix products and convolutions on plain units.",
            f"Longest: {_longest_kernels(study, rows)}.",
            "The gain supposes that tensor cores are twice as fast; often it is more.",
        ),
        time / 2,
        study.share_of_step(time / 2),
        Place("kernels"),
    )


def small_grids(study: Study) -> Iterator[Recommendation]:
    """Kernels with fewer blocks than the GPU has multiprocessors."""
    shapes = study.shapes
    few = (shapes.blocks_per_multiprocessor < 1) & ~is_communication(study.trace)[shapes.rows]
    few &= np.isin(shapes.rows, study.in_span(shapes.rows))
    time = study.trace.slices.duration[shapes.rows]
    empty = float((time[few] * (1 - shapes.blocks_per_multiprocessor[few])).sum())
    gain = study.per_step(empty)
    if study.share_of_step(gain) < _GRID:
        return
    yield Recommendation(
        "small_grids",
        "Kernels are too small for this GPU",
        "Give the GPU more to do at once: a larger batch, fewer and larger operators, independent work on streams of "
        "its own.",
        (
            f"{time_text(study.per_step(float(time[few].sum())))} {study.each} are kernels with fewer blocks than "
            "multiprocessors.",
            f"Longest: {_longest_kernels(study, shapes.rows[few])}.",
        ),
        gain,
        study.share_of_step(gain),
        Place("kernels"),
    )


def low_occupancy(study: Study) -> Iterator[Recommendation]:
    """A GPU that is busy with few threads."""
    for row in study.utilization.rows():
        filled, used = row["occupancy"], row["utilization"]
        if filled is None or filled >= _LOW_OCCUPANCY or used < _BUSY:
            continue
        time = np.maximum(study.trace.slices.duration[study.occupancy.rows], 0)
        by_limiter = np.bincount(study.occupancy.limiter, time, len(LIMITERS))
        limiter = LIMITERS[int(by_limiter.argmax())]
        yield Recommendation(
            "occupancy",
            f"Few threads run on GPU {row['device']}",
            "Kernels that wait for memory need more threads. Look at the longest kernels: what limits them stands "
            "beside each. Fused or compiled kernels often need fewer registers; products of matrices may be fine.",
            (
                f"Occupancy is {percent(filled)} while the GPU is busy for {percent(used)} of the time.",
                f"For most of the time it is limited by {limiter}." if limiter else "What limits it is not known.",
            ),
            math.nan,
            math.nan,
            Place("kernels"),
        )


def full_memory(study: Study) -> Iterator[Recommendation]:
    """A GPU whose memory is nearly full."""
    memory = study.trace.memory
    for device in study.trace.devices:
        here = (memory.device_type == 1) & (memory.device == device.id)
        most = max(int(memory.reserved[here].max(initial=0)), int(memory.allocated[here].max(initial=0)))
        if device.memory and most > _MEMORY * device.memory:
            yield Recommendation(
                "memory",
                f"The memory of GPU {device.id} is nearly full",
                "Gradient checkpointing and mixed precision need less; the view Memory tells what lives at the peak.",
                (f"{percent(most / device.memory)} of {device.memory / 2**30:,.1f} GiB are in use at the peak.",),
                math.nan,
                math.nan,
                Place("memory"),
            )


def uneven_steps(study: Study) -> Iterator[Recommendation]:
    """A step that takes much longer than the others."""
    complete = np.flatnonzero(study.steps.complete)
    total = (study.steps.end - study.steps.start)[complete]
    if len(total) < 3 or total.max() < _SPREAD * np.median(total):
        return
    slowest = int(complete[total.argmax()])
    beyond = float(total.max() - np.median(total))
    gain = float(np.maximum(total - np.median(total), 0).mean())
    grown = _grown_role(study, slowest, complete)
    yield Recommendation(
        "uneven_steps",
        "Steps differ in length",
        "Look at what the longest step does that others do not: the first steps compile and choose algorithms, some "
        "write checkpoints or start workers.",
        (f"{study.steps.name[slowest]} takes {time_text(beyond)} longer than the median step; {grown}.",),
        gain,
        study.share_of_step(gain),
        Place("timeline", (int(study.steps.start[slowest]), int(study.steps.end[slowest]))),
    )


def _grown_role(study: Study, slowest: int, complete: NDArray[np.int64]) -> str:
    roles = [column for column in study.step_table.columns if column.name not in ("start", "total", "host")]
    more = {
        column.title: float(np.asarray(column.values)[slowest] - np.median(np.asarray(column.values)[complete]))
        for column in roles
        if column.unit == "ns"
    }
    title = max(more, key=lambda name: more[name])
    return f"{time_text(more[title])} of it are {title}"


def data_parallel(study: Study) -> Iterator[Recommendation]:
    """DataParallel, and DDP without NCCL."""
    names = set(study.trace.names)
    devices = {track.device for track in study.trace.tracks if track.is_device}
    if "DataParallel.forward" in names and len(devices) > 1:
        yield Recommendation(
            "data_parallel",
            "DataParallel drives several GPUs from one process",
            "Use DistributedDataParallel, a process per GPU: it neither copies the model in each step nor shares one "
            "interpreter.",
            (f"DataParallel.forward runs on {len(devices)} GPUs.",),
            math.nan,
            math.nan,
            Place("operators", find="DataParallel"),
        )
    gloo = sorted(name for name in names if name.startswith("gloo:"))
    if gloo and study.has_gpu:
        yield Recommendation(
            "gloo",
            "GPUs communicate through the host",
            'Start the process group with backend="nccl": gloo copies everything through the host\'s memory.',
            (f"The trace holds {', '.join(gloo[:3])}.",),
            math.nan,
            math.nan,
            Place("operators", find="gloo:"),
        )


def _longest_kernels(study: Study, rows: NDArray[np.int64]) -> str:
    """Three names with their time per step."""
    codes, place = np.unique(study.trace.slices.name[rows], return_inverse=True)
    time = np.bincount(place, np.maximum(study.trace.slices.duration[rows], 0))
    longest = np.argsort(-time, kind="stable")[:3]
    return ", ".join(
        f"{_short(study.trace.names[codes[each]])} ({time_text(study.per_step(time[each]))})"
        for each in longest.tolist()
    )


def _short(name: str) -> str:
    """A kernel's name without its template's and its own arguments."""
    bare = kernel_title(name).partition("<")[0] or name
    return bare if len(bare) <= 60 else bare[:59] + "…"


DEVICE_ADVICE = (
    stalled,
    exposed_communication,
    exposed_copies,
    unused_tensor_cores,
    small_grids,
    low_occupancy,
    full_memory,
    uneven_steps,
    data_parallel,
)

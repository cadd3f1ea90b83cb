"""The rows of a timeline: a thread's operators, its Python frames, a stream's kernels; in the order people read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from ..trace import Category, Trace, Track

__all__ = ["Band", "BandKind", "bands_of"]

_STEP = re.compile(r"ProfilerStep|^Iteration|^train_?step", re.IGNORECASE)
_DEVICE_KINDS = {Category.GPU_ANNOTATION: 3, Category.SYNC: 5}


class BandKind(IntEnum):
    """What a band holds. Frames have one of their own because they cross the annotations that they open and close."""

    STEPS = 0
    HOST = 1
    PYTHON = 2
    DEVICE_ANNOTATIONS = 3
    DEVICE = 4
    WAITS = 5

    @property
    def nested(self) -> bool:
        """Whether a slice lies below the one it begins in; else overlapping slices lie in lanes side by side."""
        return self in (BandKind.STEPS, BandKind.HOST, BandKind.PYTHON)


@dataclass(frozen=True)
class Band:
    """Slices of one kind of one track. `lanes`: how deep they nest or overlap. `count`: slices."""

    kind: BandKind
    track: int
    group: str
    title: str
    lanes: int
    count: int

    @property
    def key(self) -> str:
        """The same in every session: what links and pins name."""
        return f"{self.track}.{int(self.kind)}"


def bands_of(trace: Trace) -> tuple[list[Band], NDArray[np.int32]]:
    """(the bands in order, `lanes` still 0; (n,) int32: the band of each slice)."""
    kinds = len(BandKind)
    keys = trace.slices.track * np.int32(kinds) + _kinds(trace)
    counts = np.bincount(keys, minlength=kinds * len(trace.tracks))
    main = _main_track(trace, counts)
    found = [(int(key) // kinds, BandKind(int(key) % kinds)) for key in np.flatnonzero(counts)]
    found.sort(key=lambda each: _rank(trace.tracks[each[0]], each[0], each[1], main, counts))
    place = np.zeros(len(counts), np.int32)
    for band, (track, kind) in enumerate(found):
        place[track * kinds + kind] = band
    return [
        Band(kind, track, *_titles(trace.tracks[track], kind, track == main), 0, int(counts[track * kinds + kind]))
        for track, kind in found
    ], place[keys]


def _kinds(trace: Trace) -> NDArray[np.int32]:
    """(n,) a BandKind each."""
    slices = trace.slices
    on_host, on_device = np.full(len(Category), 1, np.int32), np.full(len(Category), 4, np.int32)
    on_host[Category.PYTHON] = BandKind.PYTHON
    for category, kind in _DEVICE_KINDS.items():
        on_device[category] = kind
    device = np.array([track.is_device for track in trace.tracks], np.bool_)
    kinds = np.where(device[slices.track], on_device[slices.category], on_host[slices.category]).astype(np.int32)
    steps = np.fromiter((bool(_STEP.search(name)) for name in trace.names), np.bool_, len(trace.names))
    if steps.any():
        kinds[(slices.category == Category.ANNOTATION) & steps[slices.name] & ~device[slices.track]] = BandKind.STEPS
    return kinds


def _main_track(trace: Trace, counts: NDArray[np.int64]) -> int:
    """The thread that steps: else the one with most operators; -1 without a host."""
    by_kind = counts.reshape(-1, len(BandKind)) if len(counts) else np.zeros((0, len(BandKind)), np.int64)
    if by_kind[:, BandKind.STEPS].any():
        return int(by_kind[:, BandKind.STEPS].argmax())
    operators = np.bincount(trace.slices.track[trace.slices.category == Category.OPERATOR], minlength=len(trace.tracks))
    if operators.any():
        return int(operators.argmax())
    return int(by_kind[:, BandKind.HOST].argmax()) if by_kind[:, BandKind.HOST].any() else -1


def _rank(track: Track, number: int, kind: BandKind, main: int, counts: NDArray[np.int64]) -> tuple[int, ...]:
    """Steps, the main thread, the streams of each device, the other threads by how much they hold."""
    if kind == BandKind.STEPS:
        return (0, number)
    if number == main:
        return (1, kind)
    if track.is_device:
        return (2, track.device, track.stream, number, kind)
    held = counts.reshape(-1, len(BandKind))[number].sum()
    return (3, -int(held), number, kind)


def _titles(track: Track, kind: BandKind, is_main: bool) -> tuple[str, str]:
    """(group, title)."""
    if kind == BandKind.STEPS:
        return "Steps", "steps"
    if track.is_device:
        suffix = {BandKind.DEVICE_ANNOTATIONS: " · annotations", BandKind.WAITS: " · waits"}.get(kind, "")
        return f"GPU {track.device}", f"stream {track.stream}{suffix}"
    words = list(_without_repeats(track.thread.strip() or f"thread {track.tid}"))
    title = " ".join(words) + (" · Python" if kind == BandKind.PYTHON else "")
    return ("Main thread" if is_main else "Other threads"), title


def _without_repeats(title: str) -> Iterator[str]:
    """Kineto says "thread 123 (python)" and, of threads without a name, "thread 123 (123)"."""
    said = set()
    for word in title.split():
        if word.strip("()") not in said:
            said.add(word.strip("()"))
            yield word

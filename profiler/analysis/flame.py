"""Flame graphs: equal paths of calls merged, with the time that each took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..trace import HOST_CALLS, Category, Trace
from .attribution import REASONS, Attribution, Reason, attribution
from .groups import longest_of
from .names import MODULE, named, timeless_names
from .nesting import Nesting, descendants_of, nesting
from .paths import joined_parents, merge_paths

__all__ = ["Flame", "FlameOf", "Frames", "flame"]

FlameOf = Literal["host", "device", "python"]
Frames = Literal["all", "modules", "none"]


@dataclass(frozen=True)
class Flame:
    """A tree of nodes, parents before their children; columns (m,).

    names     texts that `name` codes
    name      int32
    parent    int32; -1 at the top
    category  int8, a Category of a slice of the node; KERNEL for device work
    total     int64 ns, with all below
    own       int64 ns, without
    count     int64, slices of the node
    row       int64, the longest of them in `Trace.slices`; -1 for a node that stands for a reason
    pruned    nodes that are too small to be kept
    """

    what: FlameOf
    names: list[str]
    name: NDArray[np.int32]
    parent: NDArray[np.int32]
    category: NDArray[np.int8]
    total: NDArray[np.int64]
    own: NDArray[np.int64]
    count: NDArray[np.int64]
    row: NDArray[np.int64]
    pruned: int = 0

    def __len__(self) -> int:
        return len(self.name)


def flame(
    trace: Trace,
    what: FlameOf = "host",
    window: tuple[int, int] | None = None,
    most: int | None = None,
    frames: Frames = "all",
    nested: Nesting | None = None,
    found: Attribution | None = None,
) -> Flame:
    """Merged over steps and threads.

    host    annotations, operators and runtime calls, by duration
    python  Python's frames, by duration
    device  kernels, copies and fills under the frames and operators that launched them, by their durations
    window  (start, end) ns: durations within; of device work what was launched within
    most    nodes that are kept, those with the most time
    frames  of Python that stand in a graph of the device: all, those of modules (`nn.Module: …`), none
    """
    nested = nested or nesting(trace)
    if what == "device":
        whole = _of_device(trace, nested, found or attribution(trace, nested), window, frames)
    elif what in ("host", "python"):
        whole = _of_host(trace, nested, what, window)
    else:
        raise ValueError(f"flame: got what={what!r}, want 'host', 'device' or 'python'")
    return _pruned(whole, most)


def _of_host(trace: Trace, nested: Nesting, what: FlameOf, window: tuple[int, int] | None) -> Flame:
    slices = trace.slices
    if what == "python":
        shown = slices.category == Category.PYTHON
    else:
        # Beside operators, slices of no known kind are the profiler's own spans.
        kinds = [Category.OPERATOR, Category.ANNOTATION, *HOST_CALLS]
        if not (slices.category == Category.OPERATOR).any():
            kinds.append(Category.OTHER)
        on_host = np.array([not track.is_device for track in trace.tracks] or [True], np.bool_)
        shown = np.isin(slices.category, [int(kind) for kind in kinds]) & on_host[slices.track]
    key, names = timeless_names(trace, np.flatnonzero(shown))
    paths = merge_paths(nested.parent, key, shown)
    rows = np.flatnonzero(shown)
    spent = _within(slices.start, slices.end, window)
    node = paths.of[rows]
    total = np.bincount(node, spent[rows], len(paths)).astype(np.int64)
    own = total.copy()
    inner = paths.parent >= 0
    np.subtract.at(own, paths.parent[inner], total[inner])
    count = np.bincount(node[spent[rows] > 0], minlength=len(paths))
    longest = longest_of(slices.duration, rows, node, len(paths))
    category = slices.category[longest] if len(longest) else np.zeros(0, np.int8)
    return Flame(what, names, paths.key, paths.parent, category, total, np.maximum(own, 0), count, longest)


def _of_device(
    trace: Trace, nested: Nesting, found: Attribution, window: tuple[int, int] | None, frames: Frames
) -> Flame:
    """Two trees in one: what launched, then one leaf for each name of device work under a launching node."""
    slices = trace.slices
    shown = (slices.category == Category.OPERATOR) | (slices.category == Category.ANNOTATION)
    python = slices.category == Category.PYTHON
    if frames == "modules":
        python &= named(trace, np.where(python, np.arange(len(slices)), -1), MODULE.match)
    if frames != "none":
        shown |= python
    key, names = timeless_names(trace, np.flatnonzero(shown))
    paths = merge_paths(joined_parents(trace, nested), key, shown)
    under = np.where(found.launch >= 0, paths.of[found.launch], -1)
    begun = np.where(found.launch >= 0, slices.start[found.launch], slices.start[found.rows])
    spent = np.maximum(slices.duration[found.rows], 0) * (_within(begun, begun + 1, window) > 0)
    # Work that no operator launched lies under the reason, not beside the operators.
    reasons = [reason for reason in Reason if reason != Reason.ATTRIBUTED]
    roots = np.full(len(Reason), -1, np.int64)
    for place, reason in enumerate(reasons):
        roots[reason] = len(paths) + place
    under = np.where((under < 0) & (found.reason != Reason.ATTRIBUTED), roots[found.reason], under)
    base = len(paths) + len(reasons)
    leaf_key, leaf = np.unique(np.stack([under, slices.name[found.rows]]), axis=1, return_inverse=True)
    leaf = leaf.reshape(-1)
    count = base + leaf_key.shape[1]
    own = np.bincount(base + leaf, spent, count).astype(np.int64)
    parent = np.concatenate([paths.parent, np.full(len(reasons), -1), leaf_key[0]]).astype(np.int32)
    all_names = [*names, *(REASONS[reason] for reason in reasons)]
    reason_names = np.arange(len(names), len(all_names))
    rows = np.concatenate([np.flatnonzero(shown), found.rows])
    node = np.concatenate([paths.of[shown], base + leaf])
    longest = longest_of(slices.duration, rows, node, count)
    category = np.full(count, Category.OTHER, np.int8)
    category[longest >= 0] = slices.category[longest[longest >= 0]]
    name = np.concatenate([paths.key, reason_names, leaf_key[1]]).astype(np.int32)
    total = descendants_of(parent, own)
    calls = np.bincount(node, minlength=count)
    whole = Flame("device", all_names, name, parent, category, total, own, calls, longest)
    return _kept(whole, total > 0)


def _within(start: NDArray[np.int64], end: NDArray[np.int64], window: tuple[int, int] | None) -> NDArray[np.int64]:
    if window is not None:
        start, end = np.maximum(start, window[0]), np.minimum(end, window[1])
    return np.asarray(np.maximum(end - start, 0))


def _pruned(whole: Flame, most: int | None) -> Flame:
    """Without nodes that took no time, and only the largest; a node that stays has its parents."""
    keep = whole.total > 0
    if most is not None and int(keep.sum()) > most:
        least = np.partition(whole.total, len(whole) - most)[len(whole) - most]
        keep = whole.total > least
    return _kept(whole, keep)


def _kept(whole: Flame, keep: NDArray[np.bool_]) -> Flame:
    place = np.cumsum(keep) - 1
    parent = whole.parent[keep]
    used, name = np.unique(whole.name[keep], return_inverse=True)
    return Flame(
        whole.what,
        [whole.names[code] for code in used],
        name.reshape(-1).astype(np.int32),
        np.where(parent >= 0, place[parent], -1).astype(np.int32),
        whole.category[keep],
        whole.total[keep],
        whole.own[keep],
        whole.count[keep],
        whole.row[keep],
        whole.pruned + int((~keep & (whole.total > 0)).sum()),
    )

"""What each module of a model costs, forward and backward."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..table import Column, Table
from ..trace import Category, Trace
from .attribution import Attribution, attribution
from .autograd import forward_of
from .groups import longest_of
from .module_hierarchy import hierarchy
from .names import MODULE, named
from .nesting import Nesting, descendants_of, nesting
from .paths import Paths, joined_parents, merge_paths, nearest

__all__ = ["modules", "modules_around"]

# Lightning's "[pl][module]torch.nn.modules.linear.Linear: head", and annotations that say so themselves.
_ANNOTATION = re.compile(r"nn\.Module: |\[pl\]\[module\]|module: ", re.IGNORECASE)
_NO_REGION = re.compile(
    r"ProfilerStep#|enumerate\(DataLoader\)|Optimizer\.|DistributedDataParallel|nccl:|gloo:|## Call"
    r"|Torch-Compiled Region|CachingAllocator|PyTorch Profiler|Iteration Start"
)
_CLASS = re.compile(r"^(?:nn\.Module: |\[pl\]\[module\](?:[\w.]*\.)?|module: )", re.IGNORECASE)

_NO_MODULES = (
    "The trace names no modules: profile with with_stack=True, or wrap parts of the model in torch.profiler."
    "record_function."
)
_REGIONS = "The trace names no modules, so these are its annotations: profile with with_stack=True to see modules."


@dataclass(frozen=True)
class _Tree:
    """of  (n,) the module around each slice, a row; -1 without one."""

    paths: Paths
    of: NDArray[np.int32]
    names: list[str]
    note: str = ""


def modules(
    trace: Trace,
    window: tuple[int, int] | None = None,
    nested: Nesting | None = None,
    found: Attribution | None = None,
) -> Table:
    """The tree of modules, parents before their children: one row for each place in it.

    Modules are `nn.Module` frames of Python, `Module Hierarchy` arguments or annotations that name modules; else the
    annotations of the trace. Work that a backward operator launched belongs to the module of its forward operator.

    parent   the row of the module around; -1 at the top
    window   (start, end) ns: calls, and launches, that begin within
    """
    nested = nested or nesting(trace)
    found = found or attribution(trace, nested)
    tree = _tree(trace, nested)
    if tree is None:
        told = hierarchy(trace, nested, found)
        return told if told is not None else Table("modules", "Modules", (), (_NO_MODULES,))
    return _table(trace, nested, found, tree, window)


def modules_around(trace: Trace, nested: Nesting) -> tuple[NDArray[np.int32], list[str]]:
    """((n,) the module around each slice, -1 without one; the modules' paths, "Net/block/linear")."""
    tree = _tree(trace, nested)
    if tree is None:
        return np.full(len(trace.slices), -1, np.int32), []
    return np.where(tree.of >= 0, tree.paths.of[tree.of], -1).astype(np.int32), _texts(tree)


def _tree(trace: Trace, nested: Nesting) -> _Tree | None:
    joined = joined_parents(trace, nested)
    everything = np.arange(len(trace.slices))
    frames = trace.slices.category == Category.PYTHON
    marks = trace.slices.category == Category.ANNOTATION
    chosen = frames & named(trace, np.where(frames, everything, -1), MODULE.match)
    chosen |= marks & named(trace, np.where(marks, everything, -1), _ANNOTATION.match)
    note = ""
    if not chosen.any():
        if "Module Hierarchy" in trace.arguments:
            return None
        chosen = marks & ~named(trace, np.where(marks, everything, -1), _NO_REGION.match)
        note = _REGIONS
    if not chosen.any():
        return None
    paths = merge_paths(joined, trace.slices.name, chosen)
    names = [_CLASS.sub("", trace.names[code]) for code in paths.key]
    return _Tree(paths, nearest(joined, chosen), names, note)


def _table(trace: Trace, nested: Nesting, found: Attribution, tree: _Tree, window: tuple[int, int] | None) -> Table:
    slices, paths, count = trace.slices, tree.paths, len(tree.paths)
    begun = _within(slices.start, window)
    calls = np.flatnonzero((tree.of == np.arange(len(slices))) & begun)
    node = paths.of[calls]
    host_total = np.bincount(node, slices.duration[calls], count).astype(np.int64)
    host_self = host_total.copy()
    inner = paths.parent >= 0
    np.subtract.at(host_self, paths.parent[inner], host_total[inner])
    forward, backward = _device_times(trace, nested, found, tree, window)
    own = forward + backward
    host_backward = _host_backward(trace, nested, tree, window)
    longest = np.append(longest_of(slices.duration, calls, node, count), -1)
    return Table(
        "modules",
        "Modules",
        (
            Column("name", "Module", [*tree.names, "outside of modules"]),
            Column("path", "Path", [*_texts(tree), ""]),
            Column("parent", "Parent", np.append(paths.parent, -1).astype(np.int64)),
            Column("depth", "Depth", np.append(_depths(paths.parent), 0)),
            Column("calls", "Calls", np.append(np.bincount(node, minlength=count), 0), "count"),
            Column("device_total", "Device total", _totals(paths, own), "ns", _DEVICE),
            Column("forward", "Forward", _totals(paths, forward), "ns", _FORWARD),
            Column("backward", "Backward", _totals(paths, backward), "ns", _BACKWARD),
            Column("device_self", "Device self", own, "ns", "Device total without inner modules."),
            Column("host_total", "Host total", np.append(host_total, 0), "ns", "Duration of the calls."),
            Column("host_self", "Host self", np.append(np.maximum(host_self, 0), 0), "ns", "Without inner modules."),
            Column("host_backward", "Host backward", _totals(paths, host_backward), "ns", _HOST_BACKWARD),
            Column("row", "Longest call", longest, "", "Its slice in the timeline."),
        ),
        (tree.note,) if tree.note else (),
    )


_DEVICE = "Kernels, copies and fills launched within the module, forward and backward; durations are added up."
_FORWARD = "Launched while the module ran."
_BACKWARD = (
    "Launched by backward operators whose forward operator ran in the module: joined by sequence numbers or by the "
    "trace's forward-backward arrows."
)
_HOST_BACKWARD = "Duration of the backward operators whose forward operator ran in the module."


def _within(times: NDArray[np.int64], window: tuple[int, int] | None) -> NDArray[np.bool_]:
    return np.ones(len(times), np.bool_) if window is None else (times >= window[0]) & (times < window[1])


def _device_times(
    trace: Trace, nested: Nesting, found: Attribution, tree: _Tree, window: tuple[int, int] | None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(m + 1,) ns of device work, forward and backward, of each node; the last is what lies in no module."""
    direct = np.where(found.launch >= 0, tree.of[found.launch], -1)
    forward_row = np.where(found.operator >= 0, forward_of(trace, nested)[found.operator], -1)
    by_forward = np.where(forward_row >= 0, tree.of[forward_row], -1)
    # A module that runs within a backward operator (a checkpoint's second run) has its work for itself.
    within_backward = (direct >= 0) & _lies_in_backward(trace, nested, direct)
    is_backward = (by_forward >= 0) & ~within_backward
    module = np.where(is_backward, by_forward, direct)
    node = np.where(module >= 0, tree.paths.of[module], len(tree.paths))
    time = np.maximum(trace.slices.duration[found.rows], 0)
    begun = np.where(found.launch >= 0, trace.slices.start[found.launch], trace.slices.start[found.rows])
    time = time * _within(begun, window)
    size = len(tree.paths) + 1
    return (
        np.bincount(node[~is_backward], time[~is_backward], size).astype(np.int64),
        np.bincount(node[is_backward], time[is_backward], size).astype(np.int64),
    )


def _host_backward(trace: Trace, nested: Nesting, tree: _Tree, window: tuple[int, int] | None) -> NDArray[np.int64]:
    """(m + 1,) ns of the outermost backward operators, by node as above."""
    forward = forward_of(trace, nested)
    is_backward = (forward >= 0) & (trace.slices.category == Category.OPERATOR)
    outermost = is_backward & ~((nested.parent >= 0) & is_backward[nested.parent])
    rows = np.flatnonzero(outermost & _within(trace.slices.start, window))
    module = tree.of[forward[rows]]
    node = np.where(module >= 0, tree.paths.of[module], len(tree.paths))
    return np.bincount(node, trace.slices.duration[rows], len(tree.paths) + 1).astype(np.int64)


def _lies_in_backward(trace: Trace, nested: Nesting, rows: NDArray[np.int32]) -> NDArray[np.bool_]:
    joined = joined_parents(trace, nested)
    operator = nearest(joined, trace.slices.category == Category.OPERATOR)[rows]
    return np.asarray((operator >= 0) & (forward_of(trace, nested)[operator] >= 0))


def _totals(paths: Paths, own: NDArray[np.int64]) -> NDArray[np.int64]:
    """(m + 1,) with all below; the last, outside of modules, as it is."""
    return np.append(descendants_of(paths.parent, own[:-1]), own[-1])


def _depths(parent: NDArray[np.int32]) -> NDArray[np.int64]:
    depth = np.zeros(len(parent), np.int64)
    for node in range(len(parent)):
        depth[node] = depth[parent[node]] + 1 if parent[node] >= 0 else 0
    return depth


def _texts(tree: _Tree) -> list[str]:
    texts: list[str] = []
    for node, parent in enumerate(tree.paths.parent):
        texts.append(f"{texts[parent]}/{tree.names[node]}" if parent >= 0 else tree.names[node])
    return texts

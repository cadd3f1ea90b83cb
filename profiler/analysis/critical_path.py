"""The critical path: the chain of work that a step could not have been shorter than, and what it was spent with."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..table import Column, Table
from ..trace import Category, Trace
from .attribution import Attribution, attribution
from .compiled import kernels
from .critical_path_edges import Graph, PathKind
from .critical_path_facts import Facts
from .critical_path_graph import graph_of
from .steps import steps

__all__ = ["KINDS", "CriticalPath", "PathKind", "critical_path", "critical_path_of", "critical_path_steps", "distances"]

KINDS = {
    PathKind.HOST: "host: in operators and calls",
    PathKind.OUTSIDE: "host: outside of operators",
    PathKind.LAUNCH: "launch delay",
    PathKind.STREAM: "gap in a stream",
    PathKind.KERNEL: "kernels",
    PathKind.COMMUNICATION: "communication",
    PathKind.MEMCPY: "copies and fills",
    PathKind.SYNC: "synchronisation",
    PathKind.THREAD: "hand-over between threads",
}
_HINTS = {
    PathKind.HOST: "Time of an operator or call on its thread: nothing else could go on before it was done.",
    PathKind.OUTSIDE: "In no operator, though perhaps in an annotation: Python, data loading, what is not recorded.",
    PathKind.LAUNCH: "From the start of a launching call to the start of its work, on a stream that was free by then.",
    PathKind.STREAM: "Between two pieces of work in one stream, though the second had been launched in time.",
    PathKind.KERNEL: "Kernels that compute.",
    PathKind.COMMUNICATION: "Kernels that communicate; waiting for other ranks is part of them.",
    PathKind.MEMCPY: "Copies and fills of the device.",
    PathKind.SYNC: "From the end of work to what waited for it: a blocking call's return, a kernel of another stream.",
    PathKind.THREAD: "Between the thread that calls backward() and that on which autograd runs.",
}


@dataclass(frozen=True)
class CriticalPath:
    """Pieces of time that follow each other without a gap, from `start` to `end`; each column (m,).

    row         int32 of `Trace.slices`: whose time it is; -1 of nobody's
    begin, end_of, kind  int64 ns, and a PathKind
    nodes       how many ends of slices the path goes through; edges: those of the whole graph by kind
    remarks     what is missing from the file for a better answer
    """

    trace: Trace = field(repr=False)
    start: int
    end: int
    row: NDArray[np.int32]
    begin: NDArray[np.int64]
    end_of: NDArray[np.int64]
    kind: NDArray[np.int8]
    nodes: int
    edges: dict[PathKind, int]
    graph: Graph = field(repr=False)
    remarks: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """ns."""
        return self.end - self.start

    @property
    def rows(self) -> NDArray[np.int32]:
        """(k,) int32, ascending: the slices on the path."""
        return np.unique(self.row[self.row >= 0])

    def by_category(self) -> Table:
        """What the path was spent with. The shares add up to 1; gains as in `by_name`."""
        order = [kind for kind in PathKind if (self.kind == kind).any()]
        lasted = self.end_of - self.begin
        time = np.array([int(lasted[self.kind == kind].sum()) for kind in order], np.int64)
        gain = np.array([self.gain(self.graph.kind == kind) for kind in order], np.int64)
        columns = (
            Column("category", "Spent with", [KINDS[kind] for kind in order]),
            *_time_columns(time, gain, self.total),
            Column("meaning", "Meaning", [_HINTS[kind] for kind in order]),
        )
        return Table("critical_path_categories", "Critical path by category", columns, self.remarks)

    def by_name(self, most: int = 50) -> Table:
        """What is on the path, added up by name and category; the `most` that take longest."""
        lasted = self.end_of - self.begin
        groups, at = np.unique(np.stack([self._codes(self.row), self.kind]), axis=1, return_inverse=True)
        at = at.ravel()
        time = np.bincount(at, weights=lasted, minlength=groups.shape[1]).astype(np.int64)
        count = np.bincount(at, minlength=groups.shape[1])
        chosen = np.argsort(-time, kind="stable")[:most]
        code, kind = groups[:, chosen]
        of_edge = self._codes(self.graph.row)
        gain = [self.gain((of_edge == code[i]) & (self.graph.kind == kind[i])) for i in range(len(chosen))]
        first = np.full(groups.shape[1], len(self.row), np.int64)
        np.minimum.at(first, at, np.arange(len(at)))
        columns = (
            Column("name", "Name", [self._name(int(each)) for each in code]),
            Column("category", "Spent with", [KINDS[PathKind(each)] for each in kind.tolist()]),
            *_time_columns(time[chosen], np.array(gain, np.int64), self.total),
            Column("count", "Pieces", count[chosen].astype(np.int64), "count", "Pieces of time on the path."),
            Column("row", "Slice", self.row[first[chosen]].astype(np.int64), "", "The first of them in the timeline."),
        )
        return Table("critical_path", "On the critical path", columns, self.remarks)

    def gain(self, edges: NDArray[np.bool_]) -> int:
        """ns by which the end would come earlier if these edges (e,) took no time: other ways may then be longest.

        What only waited stays free, the order of launches, streams and threads stays as it was.
        """
        weight = np.where(edges, 0, self.graph.weight)
        return self._longest - int(distances(self.graph, weight)[0][self.graph.last])

    @cached_property
    def _longest(self) -> int:
        return int(distances(self.graph, self.graph.weight)[0][self.graph.last])

    def _codes(self, row: NDArray[np.int32]) -> NDArray[np.int32]:
        names = self.trace.slices.name
        codes: NDArray[np.int32] = np.where(row >= 0, names[np.maximum(row, 0)] if len(names) else -1, -1)
        return codes

    def _name(self, code: int) -> str:
        return self.trace.names[code] if code >= 0 else "(no annotation)"


def _time_columns(time: NDArray[np.int64], gain: NDArray[np.int64], total: int) -> tuple[Column, ...]:
    return (
        Column("time", "Time on the path", time, "ns"),
        Column("share", "Share", time / max(total, 1), "share", "Of the path from its start to its end."),
        Column(
            "gain", "If it took no time", gain, "ns", "How much earlier the end would come: other chains limit this."
        ),
    )


def critical_path(trace: Trace, window: tuple[int, int] | None = None) -> CriticalPath:
    """The critical path of a window, in ns; of the whole trace without one. Raises ValueError for an empty one.

    Nodes are both ends of each operator, call, kernel, copy and fill. A thread goes from one to the next; work begins
    after its launch, after what ran before on its stream, or after work of another stream that it waited for, whichever
    was last; a call that blocks ends after the work it waited for, and weighs nothing itself. The path is the longest
    way from the window's start to the end of its work, found by looking at each edge once.
    """
    return critical_path_of(trace, window, attribution(trace))


def critical_path_of(trace: Trace, window: tuple[int, int] | None, found: Attribution) -> CriticalPath:
    """`critical_path` for callers that have attributed the trace already."""
    if window is None:
        if not len(trace.slices):
            raise ValueError(f"{trace.path}: there is nothing in it, and no critical path")
        window = (int(trace.slices.start.min()), int(trace.slices.end.max()))
    return _path(Facts(trace, found), window)


def _path(facts: Facts, window: tuple[int, int]) -> CriticalPath:
    trace = facts.trace
    graph = graph_of(facts, window)
    if not len(graph.rows):
        raise ValueError(
            f"{trace.path}: no operator, call or kernel runs in this window, so that there is no critical path"
        )
    way = _way_to(graph, graph.last)
    tail, head = graph.tail[way], graph.head[way]
    kinds, counts = np.unique(graph.kind, return_counts=True)
    return CriticalPath(
        trace,
        window[0],
        int(graph.time[graph.last]),
        graph.row[way],
        graph.time[tail],
        graph.time[head],
        graph.kind[way],
        nodes=len(way) + 1,
        edges={PathKind(kind): int(count) for kind, count in zip(kinds.tolist(), counts.tolist(), strict=True)},
        graph=graph,
        remarks=_remarks(trace, facts.found),
    )


def _way_to(graph: Graph, node: int) -> NDArray[np.int64]:
    """The edges of the longest way to a node, in order."""
    came_by = distances(graph, graph.weight)[1]
    way = []
    while came_by[node] >= 0:
        way.append(int(came_by[node]))
        node = int(graph.tail[came_by[node]])
    return np.array(way[::-1], np.int64)


def critical_path_steps(trace: Trace, window: tuple[int, int] | None = None, most: int = 100) -> Table:
    """A row for each step (of the window): its own critical path by category. The categories add up to its total.

    A step's path goes from its mark on the host to the end of all that it launched. The first `most` steps.
    """
    found = attribution(trace)
    told = steps(trace, found)
    inside = np.ones(len(told), np.bool_) if window is None else (told.end > window[0]) & (told.start < window[1])
    chosen = np.flatnonzero(inside)[:most] if told.marked else np.empty(0, np.int64)
    facts = Facts(trace, found)
    spent = np.zeros((len(chosen), len(PathKind)), np.int64)
    for row, step in enumerate(chosen.tolist()):
        try:
            path = _path(facts, (int(told.host_start[step]), int(told.host_end[step])))
        except ValueError:
            continue  # nothing was recorded in it
        np.add.at(spent[row], path.kind, path.end_of - path.begin)
    columns = [
        Column("name", "Step", [told.name[step] for step in chosen.tolist()]),
        Column("total", "Path", spent.sum(axis=1), "ns", "From the step's mark on the host to the end of its work."),
    ]
    columns += [
        Column(kind.name.lower(), KINDS[kind].capitalize(), spent[:, kind], "ns", _HINTS[kind])
        for kind in PathKind
        if spent[:, kind].any()
    ]
    left_out = int(inside.sum()) - len(chosen) if told.marked else 0
    notes = (f"{left_out} further steps are left out.",) if left_out else ()
    return Table("critical_path_steps", "Critical path of each step", tuple(columns), notes)


def distances(graph: Graph, weight: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """(v,) the longest way to each node with these weights, and the edge by which it comes, -1 where it begins."""
    nodes = len(graph.time)
    first, by_tail = graph.by_tail
    waiting = np.bincount(graph.head, minlength=nodes).astype(np.int32)
    distance, came_by = np.empty(nodes, np.int64), np.empty(nodes, np.int32)
    seen, queue = np.zeros(1, np.int64), np.empty(nodes, np.int32)
    kernels("critical_path_kernels").longest_path(
        graph.tail, graph.head, weight, first, by_tail, waiting, queue, distance, came_by, seen
    )
    return distance, came_by


def _remarks(trace: Trace, found: Attribution) -> tuple[str, ...]:
    remarks = []
    if len(found.rows) and not len(trace.rows_of(Category.SYNC)):
        remarks.append(
            "The file has no cuda_sync events, so that waits between streams are inferred from the times; "
            "torch.profiler._ExperimentalConfig(enable_cuda_sync_events=True) records them."
        )
    without = int((found.launch < 0).sum())
    if without:
        remarks.append(
            f"{without} kernels and copies have no launch in the file: they begin when their stream is free."
        )
    return tuple(remarks)

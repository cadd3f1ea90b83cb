"""The host's part of the graph of dependencies: along each thread, and from one thread to another."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from ..trace import Category, Trace
from .compiled import kernels
from .critical_path_edges import Edges, PathKind
from .critical_path_facts import Facts

__all__ = ["add_host_edges", "backward_tracks", "main_track", "threads_of"]

# Threads on which only autograd's engine runs operators: the thread that called backward() waits for them.
_BACKWARD = re.compile(r"^autograd::engine|^torch::autograd::|Backward\d*$")


def threads_of(
    trace: Trace, rows: NDArray[np.int64], start: NDArray[np.int64], end: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """(tail, head, inside) of the threads' edges, see follow_threads; ends are cut to their parents' in place."""
    count = np.zeros(1, np.int64)
    tail, head, inside = (np.empty(3 * len(rows) + 1, np.int32) for _ in range(3))
    stack = np.empty(len(rows) + 1, np.int32)
    track = np.ascontiguousarray(trace.slices.track[rows])
    kernels("critical_path_kernels").follow_threads(track, start, end, stack, tail, head, inside, count)
    made = slice(0, int(count[0]))
    return tail[made], head[made], inside[made]


def add_host_edges(
    facts: Facts,
    edges: Edges,
    rows: NDArray[np.int64],
    threads: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]],
    waited: NDArray[np.int64],
) -> None:
    """Along each thread. Between its operators only the main thread weighs: the others wait for something to do."""
    tail, head, inside = (each.astype(np.int64) for each in threads)
    if not len(rows):
        return
    backward = backward_tracks(facts, rows)
    main = main_track(facts, rows, backward)
    mine = facts.trace.slices.track[rows[head // 2]] == main
    row = np.where(inside >= 0, rows[inside], -1)
    within = (inside >= 0) & ~facts.marked[row]
    begins = tail < 0
    between = ~begins & ~within
    blocks = within & (head == 2 * inside + 1) & (tail == 2 * inside) & np.isin(row, waited)
    idle = between & _idle(facts, edges, rows, tail, head, between, mine, backward)
    alone = between & ~idle
    for chosen, kind, whose, waits in (
        (within & ~blocks, PathKind.HOST, row, False),
        (blocks, PathKind.SYNC, row, True),
        (idle, PathKind.THREAD, np.full(len(row), -1), True),
        (alone, PathKind.OUTSIDE, row, False),
    ):
        edges.add(1 + tail[chosen], 1 + head[chosen], kind, whose[chosen], waits)
    edges.add(np.zeros(int(begins.sum()), np.int64), 1 + head[begins], PathKind.OUTSIDE, -1, ~mine[begins])


def backward_tracks(facts: Facts, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """(tracks,) bool: threads on which most outermost operators are those of the backward pass."""
    trace, slices = facts.trace, facts.trace.slices
    named = np.array([_BACKWARD.search(name) is not None for name in trace.names] or [False], np.bool_)
    operators = _operators(facts, rows)
    count = len(trace.tracks)
    top = operators[_is_outermost(trace, operators)]
    all_of = np.bincount(slices.track[top], minlength=count)
    back = np.bincount(slices.track[top], weights=named[slices.name[top]], minlength=count)
    most: NDArray[np.bool_] = np.asarray((all_of > 0) & (back > 0.5 * all_of), np.bool_)
    return most


def _is_outermost(trace: Trace, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Rows by (track, start, -duration) that lie in no other of them."""
    if not len(rows):
        return np.zeros(0, np.bool_)
    track, end = trace.slices.track[rows], trace.slices.end[rows]
    # One running maximum for all threads: each thread's ends are lifted above those of the threads before it.
    lift = track.astype(np.int64) * (int(end.max()) + 1)
    reached = np.maximum.accumulate(end + lift)
    outermost: NDArray[np.bool_] = np.r_[True, (end + lift)[1:] > reached[:-1]]
    return outermost


def main_track(facts: Facts, rows: NDArray[np.int64], backward: NDArray[np.bool_]) -> int:
    """The thread that has most operators, autograd's own apart."""
    operators = _operators(facts, rows)
    slices, tracks = facts.trace.slices, len(facts.trace.tracks)
    count = np.bincount(slices.track[operators if len(operators) else rows], minlength=tracks)
    return int(np.argmax(np.where(backward, -1, count)))


def _operators(facts: Facts, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Those of the rows that are operators."""
    found: NDArray[np.int64] = rows[(facts.trace.slices.category[rows] == Category.OPERATOR) & ~facts.marked[rows]]
    return found


def _idle(
    facts: Facts,
    edges: Edges,
    rows: NDArray[np.int64],
    tail: NDArray[np.int64],
    head: NDArray[np.int64],
    between: NDArray[np.bool_],
    mine: NDArray[np.bool_],
    backward: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """(e,) bool: edges between operators in which a thread only waits: all but those of the main thread, and those of
    autograd's while the main thread waits in backward().

    The main thread is taken to be there when a whole burst of autograd's operators lies between two of its own; the way
    then leads through the burst.
    """
    trace, slices, times = facts.trace, facts.trace.slices, edges.times
    track, since, until = slices.track[rows[head // 2]], times[1 + tail], times[1 + head]
    idle = ~mine
    gaps = np.flatnonzero(between & mine)
    for other in np.flatnonzero(backward):
        own = np.flatnonzero((slices.track[rows] == other) & (slices.category[rows] == Category.OPERATOR))
        own = own[~facts.marked[rows[own]]]
        own = own[_is_outermost(trace, rows[own])]
        first = np.searchsorted(times[1 + 2 * own], since[gaps])
        last = np.searchsorted(times[2 + 2 * own], until[gaps], "right") - 1
        lent = last >= first
        some = gaps[lent]
        edges.add(1 + tail[some], 1 + 2 * own[first[lent]], PathKind.THREAD, -1)
        edges.add(2 + 2 * own[last[lent]], 1 + head[some], PathKind.THREAD, -1)
        idle[some] = True
        if len(some):
            theirs = np.flatnonzero(between & (track == other))
            at = np.maximum(np.searchsorted(since[some], since[theirs], "right") - 1, 0)
            idle[theirs[(since[some[at]] <= since[theirs]) & (until[theirs] <= until[some[at]])]] = False
    return idle

"""The dependencies within a window: what could not begin before something else had.

Nodes are the two ends of every operator, annotation, call, kernel, copy and fill; edges are pieces of time. An edge
weighs what it lasted, or nothing where somebody only waited, so that the longest way is the one with the least waiting.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .critical_path_edges import Edges, Graph, PathKind
from .critical_path_facts import Facts
from .critical_path_streams import add_device_edges
from .critical_path_threads import add_host_edges, backward_tracks, main_track, threads_of

__all__ = ["graph_of"]


def graph_of(facts: Facts, window: tuple[int, int]) -> Graph:
    """The graph of what ran in the window, and of what was launched in it and ran later."""
    trace = facts.trace
    host, device = _host_rows(facts, window), _device_places(facts, window)
    rows = np.r_[host, facts.found.rows[device]]
    start = np.clip(trace.slices.start[rows], window[0], None)
    end = np.maximum(facts.end[rows], start)
    end[: len(host)] = np.minimum(end[: len(host)], window[1])
    threads = threads_of(trace, host, start[: len(host)], end[: len(host)])
    time = np.r_[window[0], np.stack([start, end], axis=1).ravel()]
    edges = Edges(time)
    place = np.full(len(trace.slices), -1, np.int64)  # row → its place among the nodes
    place[rows] = np.arange(len(rows))
    calls, works = facts.waited
    known = (place[calls] >= 0) & (place[works] >= 0)
    calls, works = calls[known], works[known]
    add_host_edges(facts, edges, host, threads, calls)
    edges.add(2 + 2 * place[works], 2 + 2 * place[calls], PathKind.SYNC, calls)
    add_device_edges(facts, edges, device, place, start, end)
    return edges.graph(rows, _last(facts, rows, len(host), time))


def _last(facts: Facts, rows: NDArray[np.int64], host: int, time: NDArray[np.int64]) -> int:
    """The node of the latest end; the first `host` rows are those of the host."""
    counts = np.ones(len(rows), np.bool_)
    if host:
        backward = backward_tracks(facts, rows[:host])
        backward[main_track(facts, rows[:host], backward)] = True
        counts[:host] = backward[facts.trace.slices.track[rows[:host]]]
    ends = np.where(counts, time[2::2], -1)
    return 2 + 2 * int(np.argmax(ends)) if len(rows) else 0


def _host_rows(facts: Facts, window: tuple[int, int]) -> NDArray[np.int64]:
    """Of `facts.host`, what runs in the window."""
    start, end = facts.spans
    return facts.host[(start < window[1]) & (end > window[0])]


def _device_places(facts: Facts, window: tuple[int, int]) -> NDArray[np.int64]:
    """Launched in the window, or still to run when it began; in order of start."""
    rows = facts.found.rows
    within = (facts.launched >= window[0]) & (facts.launched < window[1])
    running = (facts.end[rows] > window[0]) & (facts.trace.slices.start[rows] < window[1])
    return np.flatnonzero(within | ((facts.launched < window[0]) & running))

"""The dependencies within a window: what could not begin before something else had.

Nodes are the two ends of every operator, call, kernel, copy and fill; edges are pieces of time. An edge weighs what it
lasted, or nothing where somebody only waited, so that the longest way is the one with the least waiting.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..trace import Category, Trace
from .attribution import Attribution
from .critical_path_edges import Edges, Graph, PathKind
from .critical_path_streams import add_device_edges
from .critical_path_threads import add_host_edges, backward_tracks, main_track, threads_of
from .critical_path_waits import blocking_calls

__all__ = ["graph_of"]


def graph_of(trace: Trace, window: tuple[int, int], found: Attribution) -> Graph:
    """The graph of what ran in the window, and of what was launched in it and ran later."""
    host, device = _host_rows(trace, window), _device_rows(trace, window, found)
    rows = np.r_[host, found.rows[device]]
    start = np.clip(trace.slices.start[rows], window[0], None)
    end = np.maximum(trace.slices.end[rows], start)
    end[: len(host)] = np.minimum(end[: len(host)], window[1])
    threads = threads_of(trace, host, start[: len(host)], end[: len(host)])
    time = np.r_[window[0], np.stack([start, end], axis=1).ravel()]
    edges = Edges(time)
    place = np.full(len(trace.slices), -1, np.int64)  # row → its place among the nodes
    place[rows] = np.arange(len(rows))
    waited = blocking_calls(trace, found, window)
    waited = {call: work for call, work in waited.items() if place[call] >= 0 and place[work] >= 0}
    add_host_edges(trace, edges, host, threads, np.array(sorted(waited), np.int64))
    if waited:
        calls, works = (np.array(each, np.int64) for each in zip(*waited.items(), strict=True))
        edges.add(2 + 2 * place[works], 2 + 2 * place[calls], PathKind.SYNC, calls)
    add_device_edges(trace, edges, found, device, place, start, end)
    return edges.graph(rows, _last(trace, rows, len(host), time))


def _last(trace: Trace, rows: NDArray[np.int64], host: int, time: NDArray[np.int64]) -> int:
    """The node of the latest end; the first `host` rows are those of the host."""
    counts = np.ones(len(rows), np.bool_)
    if host:
        backward = backward_tracks(trace, rows[:host])
        backward[main_track(trace, rows[:host], backward)] = True
        counts[:host] = backward[trace.slices.track[rows[:host]]]
    ends = np.where(counts, time[2::2], -1)
    return 2 + 2 * int(np.argmax(ends)) if len(rows) else 0


def _host_rows(trace: Trace, window: tuple[int, int]) -> NDArray[np.int64]:
    """Operators, annotations and calls that run in the window, by (track, start, -duration)."""
    slices = trace.slices
    on_host = np.array([not track.is_device for track in trace.tracks], np.bool_)
    rows = trace.rows_of(Category.OPERATOR, Category.ANNOTATION, Category.RUNTIME, Category.DRIVER)
    rows = rows[on_host[slices.track[rows]]]
    rows = rows[(slices.start[rows] < window[1]) & (slices.end[rows] > window[0])]
    return rows[np.argsort(slices.track[rows], kind="stable")]


def _device_rows(trace: Trace, window: tuple[int, int], found: Attribution) -> NDArray[np.int64]:
    """Places in `found`: launched in the window, or still to run when it began; in order of start."""
    start, end = trace.slices.start, trace.slices.end
    launched = np.where(found.launch >= 0, start[found.launch], start[found.rows])
    within = (launched >= window[0]) & (launched < window[1])
    left_over = (launched < window[0]) & (end[found.rows] > window[0]) & (start[found.rows] < window[1])
    return np.flatnonzero(within | left_over)

"""How much work waits on the GPU: launched, and not begun."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..table import Column, Table
from ..trace import Counter, Trace
from .attribution import Attribution, attribution

__all__ = ["queue_depth", "queue_summary"]


def queue_depth(trace: Trace, found: Attribution | None = None) -> list[Counter]:
    """Per stream: kernels, copies and fills that are launched and have not begun; a value holds until the next.

    One more as a launch is called (n more for a graph of n), one less as work begins, the less first where both
    happen at once. Work without a launch in the trace was never seen in the queue, and what began before its call did
    (clocks differ a little) was never in it: neither counts, so no depth is below 0.
    """
    found = found or attribution(trace)
    waited = found.launch >= 0
    rows = found.rows[waited]
    called, began = trace.slices.start[found.launch[waited]], trace.slices.start[rows]
    track = trace.slices.track[rows]
    curves = []
    for stream in np.unique(track).tolist():
        here = track == stream
        told = trace.tracks[stream]
        name = f"GPU {told.device} stream {told.stream} queue"
        curves.append(Counter(name, *_depth(called[here], began[here])))
    return curves


def queue_summary(trace: Trace, found: Attribution | None = None) -> Table:
    """A row per stream: how deep its queue is, over the time from its first launch to the last beginning."""
    found = found or attribution(trace)
    curves = queue_depth(trace, found)
    queued = np.unique(trace.slices.track[found.rows[found.launch >= 0]], return_counts=True)[1]
    figures = np.array([_figures(curve) for curve in curves], np.float64).reshape(-1, 3)
    return Table(
        "queue",
        "Queues",
        (
            Column("stream", "Stream", [curve.name.removesuffix(" queue") for curve in curves]),
            Column("launched", "Launched", queued, "count"),
            Column("mean", "Mean depth", figures[:, 0], "", "over time: launched and not begun"),
            Column("most", "Deepest", figures[:, 1].astype(np.int64), "count"),
            Column("empty", "Empty", figures[:, 2], "share", "of the time: whatever comes next waits for the host"),
        ),
    )


def _depth(called: NDArray[np.int64], began: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    queued = called < began
    called, began = called[queued], began[queued]
    time = np.r_[began, called]  # in this order: where times are equal, a stable sort puts the less first
    change = np.r_[np.full(len(began), -1), np.full(len(called), 1)]
    order = np.argsort(time, kind="stable")
    time, depth = time[order], np.cumsum(change[order])
    last = np.r_[time[1:] != time[:-1], True][: len(time)]
    return time[last], depth[last].astype(np.float64)


def _figures(curve: Counter) -> tuple[float, float, float]:
    lasting = np.diff(curve.time)
    whole = max(int(lasting.sum()), 1)
    depth = curve.value[:-1]
    return float((depth * lasting).sum() / whole), curve.value.max(initial=0), lasting[depth == 0].sum() / whole

"""CUDA graphs whose capture is in the trace, too: which call captured each kernel that a replay runs."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ..trace import HOST_CALLS, Trace
from .names import named

__all__ = ["captured_launches"]

_BEGIN = re.compile(r"StreamBeginCapture", re.IGNORECASE)
_END = re.compile(r"StreamEndCapture", re.IGNORECASE)
# Calls that become a node of the graph, one each.
_NODE = re.compile(
    r"^(?:cuda|cu|hip)(?:ExtModule|Module)?(?:LaunchKernel|LaunchCooperative|Memcpy|Memset)", re.IGNORECASE
)


def captured_launches(
    trace: Trace, rows: NDArray[np.int64], launch: NDArray[np.int32], replayed: NDArray[np.bool_]
) -> NDArray[np.int32]:
    """(d,) the call during a capture whose node each replayed kernel, copy or fill is; -1 where nothing tells.

    A stream runs the nodes of a graph in the order in which they were captured, so the k-th of a replay is the k-th
    call of the capture. That holds for graphs of one stream; the capture is the latest one before the replay with as
    many calls. rows, launch: as in Attribution; replayed (d,): launched by a graph's launch
    """
    found = np.full(len(rows), -1, np.int32)
    if not replayed.any():
        return found
    captures = list(_captures(trace))
    if not captures:
        return found
    place = np.flatnonzero(replayed & (launch >= 0))
    place = place[np.lexsort((rows[place], launch[place]))]  # rows are in order of start
    for one in np.split(place, np.flatnonzero(np.diff(launch[place])) + 1):
        if len(one) and len(np.unique(trace.slices.track[rows[one]])) == 1:
            call = int(launch[one[0]])
            fitting = [calls for end, calls in captures if end <= trace.slices.start[call] and len(calls) == len(one)]
            if fitting:
                found[one] = fitting[-1]
    return found


def _captures(trace: Trace) -> Iterator[tuple[int, NDArray[np.int64]]]:
    """(when it ended, the calls that became nodes), in order of time."""
    slices = trace.slices
    calls = trace.rows_of(*HOST_CALLS)
    if not any(_BEGIN.search(name) for name in trace.names):
        return
    begun = calls[named(trace, calls, _BEGIN.search)]
    ended = calls[named(trace, calls, _END.search)]
    nodes = calls[named(trace, calls, _NODE.search)]
    for row in begun.tolist():
        track, start = slices.track[row], slices.start[row]
        behind = ended[(slices.track[ended] == track) & (slices.start[ended] >= start)]
        if len(behind):
            end = int(slices.start[behind[0]])
            inside = (slices.track[nodes] == track) & (slices.start[nodes] >= start) & (slices.start[nodes] <= end)
            yield end, nodes[inside]

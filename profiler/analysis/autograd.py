"""From backward to forward: the operator whose gradient another one computes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..trace import Category, Trace
from .nesting import Nesting
from .paths import nearest

__all__ = ["forward_of"]


def forward_of(trace: Trace, nested: Nesting) -> NDArray[np.int32]:
    """(n,) int32: the forward operator of each backward operator and of all that lies in it; -1 elsewhere.

    By `Sequence number` where operators have it: that of a backward operator (its `Fwd thread id` is not 0) names the
    last forward operator that began with the same number, as torch pairs them. By the arrows "fwdbwd" otherwise.
    """
    forward = _by_arrows(trace)
    numbered = _by_sequence(trace)
    forward[numbered >= 0] = numbered[numbered >= 0]
    around = nearest(nested.parent, forward >= 0)
    return np.where(around >= 0, forward[around], -1).astype(np.int32)


def _by_sequence(trace: Trace) -> NDArray[np.int32]:
    count = len(trace.slices)
    number = trace.argument("Sequence number", -1).astype(np.int64)
    thread = trace.argument("Fwd thread id", 0).astype(np.int64)
    forward = np.full(count, -1, np.int32)
    operators = (trace.slices.category == Category.OPERATOR) & (number >= 0)
    ahead, behind = np.flatnonzero(operators & (thread == 0)), np.flatnonzero(operators & (thread != 0))
    if not len(ahead) or not len(behind):
        return forward
    ahead = ahead[np.argsort(number[ahead], kind="stable")]  # within one number: in order of start
    place = np.searchsorted(number[ahead], number[behind], "right") - 1
    found = (place >= 0) & (number[ahead[place]] == number[behind])
    found &= trace.slices.start[ahead[place]] <= trace.slices.start[behind]
    forward[behind[found]] = ahead[place[found]]
    return forward


def _by_arrows(trace: Trace) -> NDArray[np.int32]:
    forward = np.full(len(trace.slices), -1, np.int32)
    if "fwdbwd" not in trace.names:
        return forward
    mine = np.flatnonzero(trace.flows.kind == trace.names.index("fwdbwd"))
    begins, ends = mine[trace.flows.begins[mine]], mine[~trace.flows.begins[mine]]
    begins = begins[np.argsort(trace.flows.id[begins], kind="stable")]
    if not len(begins) or not len(ends):
        return forward
    place = np.searchsorted(trace.flows.id[begins], trace.flows.id[ends])
    place = np.minimum(place, len(begins) - 1)
    paired = trace.flows.id[begins[place]] == trace.flows.id[ends]
    source, target = _operators_at(trace, begins[place]), _operators_at(trace, ends)
    paired &= (source >= 0) & (target >= 0)
    forward[target[paired]] = source[paired]
    return forward


def _operators_at(trace: Trace, flows: NDArray[np.int64]) -> NDArray[np.int32]:
    """The outermost operator that begins where an arrow has its end; -1 without one."""
    rows = trace.rows_of(Category.OPERATOR)
    rows = rows[np.lexsort((rows, trace.slices.start[rows], trace.slices.track[rows]))]
    found = np.full(len(flows), -1, np.int32)
    for track in np.unique(trace.flows.track[flows]):
        of_track = rows[trace.slices.track[rows] == track]
        mine = np.flatnonzero(trace.flows.track[flows] == track)
        if not len(of_track):
            continue
        place = np.searchsorted(trace.slices.start[of_track], trace.flows.time[flows[mine]])
        place = np.minimum(place, len(of_track) - 1)
        exact = trace.slices.start[of_track[place]] == trace.flows.time[flows[mine]]
        found[mine[exact]] = of_track[place[exact]]
    return found

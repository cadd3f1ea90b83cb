"""The device's part of the graph of dependencies: what each kernel and copy began after."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .compiled import kernels
from .critical_path_edges import Edges, PathKind
from .critical_path_facts import Facts

__all__ = ["add_device_edges"]


def add_device_edges(
    facts: Facts,
    edges: Edges,
    device: NDArray[np.int64],
    place: NDArray[np.int64],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
) -> None:
    if not len(device):
        return
    rows, launch = facts.found.rows[device], facts.found.launch[device]
    own = place[rows]
    calls = np.where(launch >= 0, place[np.maximum(launch, 0)], -1)
    begun = np.minimum(np.where(calls >= 0, start[np.maximum(calls, 0)], -1), start[own])
    streams, stream = np.unique(facts.trace.slices.track[rows], return_inverse=True)
    order = np.argsort(start[own], kind="stable")
    bound, kind, newest, ended = np.empty(len(own), np.int32), np.empty(len(own), np.int32), *_none(len(streams))
    within = np.full(len(facts.found.rows) + 1, -1, np.int64)  # the last one is for what waits for nothing
    within[device[order]] = np.arange(len(order))
    kernels("critical_path_kernels").follow_streams(
        stream.astype(np.int32)[order],
        start[own][order],
        end[own][order],
        begun[order],
        facts.may_wait[device].astype(np.int8)[order],
        within[facts.waits[device]].astype(np.int32)[order],
        newest,
        ended,
        bound,
        kind,
    )
    own, calls = own[order], calls[order]
    edges.add(1 + 2 * own, 2 + 2 * own, facts.kinds[device][order], rows[order])
    _begin_edges(edges, own, calls, bound.astype(np.int64), kind, rows[order])


def _none(streams: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    return np.full(streams, -1, np.int32), np.full(streams, -1, np.int32)


def _begin_edges(
    edges: Edges,
    own: NDArray[np.int64],
    calls: NDArray[np.int64],
    bound: NDArray[np.int64],
    kind: NDArray[np.int32],
    rows: NDArray[np.int64],
) -> None:
    """What each piece of device work began after; its launch binds it in any case, but then weighs nothing."""
    by_launch = (kind == 0) & (calls >= 0)
    edges.add(1 + 2 * calls[by_launch], 1 + 2 * own[by_launch], PathKind.LAUNCH, rows[by_launch])
    later = (kind != 0) & (calls >= 0)
    edges.add(1 + 2 * calls[later], 1 + 2 * own[later], PathKind.LAUNCH, rows[later], True)
    nobody = (kind == 0) & (calls < 0)
    edges.add(np.zeros(int(nobody.sum()), np.int64), 1 + 2 * own[nobody], PathKind.STREAM, rows[nobody])
    for way, ends, path in ((1, 2, PathKind.STREAM), (2, 1, PathKind.STREAM), (3, 2, PathKind.SYNC)):
        chosen = kind == way
        edges.add(ends + 2 * own[bound[chosen]], 1 + 2 * own[chosen], path, rows[chosen])

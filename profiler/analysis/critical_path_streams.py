"""The device's part of the graph of dependencies: what each kernel and copy began after."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..trace import Category, Trace
from .attribution import Attribution
from .communication import is_communication
from .compiled import kernels
from .critical_path_edges import Edges, PathKind
from .critical_path_waits import unknown_waits, waits_of_streams

__all__ = ["add_device_edges"]


def add_device_edges(
    trace: Trace,
    edges: Edges,
    found: Attribution,
    device: NDArray[np.int64],
    place: NDArray[np.int64],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
) -> None:
    if not len(device):
        return
    rows, launch = found.rows[device], found.launch[device]
    own = place[rows]
    calls = np.where(launch >= 0, place[np.maximum(launch, 0)], -1)
    begun = np.minimum(np.where(calls >= 0, start[np.maximum(calls, 0)], -1), start[own])
    streams, stream = np.unique(trace.slices.track[rows], return_inverse=True)
    order = np.argsort(start[own], kind="stable")
    waits, may_wait = waits_of_streams(trace, found, device), unknown_waits(trace, found, device)
    bound, kind, newest, ended = np.empty(len(own), np.int32), np.empty(len(own), np.int32), *_none(len(streams))
    back = np.empty(len(order), np.int64)
    back[order] = np.arange(len(order))
    kernels("critical_path_kernels").follow_streams(
        stream.astype(np.int32)[order],
        start[own][order],
        end[own][order],
        begun[order],
        may_wait.astype(np.int8)[order],
        np.where(waits >= 0, back[np.maximum(waits, 0)], -1).astype(np.int32)[order],
        newest,
        ended,
        bound,
        kind,
    )
    own, calls = own[order], calls[order]
    edges.add(1 + 2 * own, 2 + 2 * own, _kinds(trace, rows[order]), rows[order])
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


def _kinds(trace: Trace, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    category = trace.slices.category[rows]
    copies = (category == Category.MEMCPY) | (category == Category.MEMSET)
    kind = np.where(copies, PathKind.MEMCPY, PathKind.KERNEL)
    return np.where(is_communication(trace)[rows], PathKind.COMMUNICATION, kind).astype(np.int64)

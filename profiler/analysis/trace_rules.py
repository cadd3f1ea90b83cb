"""What a sound trace does not hold: the rules by which torch.profiler checks its own files, on columns."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..trace import Category, Trace
from .names import slices_named

__all__ = ["BrokenRules", "broken_rules"]

_RECORDS = re.compile(r"^cudaEventRecord(?:WithFlags)?(?:_ptsz)?$")
_COLLECTIVE = re.compile(r"^record_param_comms$")
_BACKWARD = re.compile(r"autograd::engine::evaluate_function:")
_TOLD_OF_COLLECTIVES = ("Collective name", "dtype", "In msg nelems", "Out msg nelems", "Group size")
_RECORD_OF_WAIT = "wait_on_cuda_event_record_corr_id"


@dataclass(frozen=True)
class BrokenRules:
    """How often each is broken; the rules of `torch.profiler._trace_validator` beside causality, see health.py.

    unnamed_waits     waits for an event that do not tell which call recorded it
    unknown_records   streams' waits for an event that no call of the trace recorded before
    early_returns     synchronizations of a stream that begin while a kernel of that stream runs
    bare_collectives  collectives without name, type, sizes or group
    shared_sequences  sequence numbers that several backward operators have
    """

    unnamed_waits: int
    unknown_records: int
    early_returns: int
    bare_collectives: int
    shared_sequences: int


def broken_rules(trace: Trace) -> BrokenRules:
    """Of the whole trace."""
    record = trace.argument(_RECORD_OF_WAIT).astype(np.int64)
    streams_wait = _of_kind(trace, "Stream Wait Event")
    waits = np.concatenate([streams_wait, _of_kind(trace, "Event Sync")])
    return BrokenRules(
        int((record[waits] < 0).sum()),
        _unknown_records(trace, streams_wait[record[streams_wait] >= 0], record),
        _early_returns(trace),
        _bare_collectives(trace),
        _shared_sequences(trace),
    )


def _of_kind(trace: Trace, kind: str) -> NDArray[np.int64]:
    """Rows of this `cuda_sync_kind`."""
    column = trace.arguments.get("cuda_sync_kind")
    if column is None or column.texts is None or kind not in column.texts:
        return np.empty(0, np.int64)
    return np.asarray(column.rows[column.values == column.texts.index(kind)], np.int64)


def _unknown_records(trace: Trace, waits: NDArray[np.int64], record: NDArray[np.int64]) -> int:
    if not len(waits):
        return 0
    calls = np.flatnonzero(slices_named(trace, _RECORDS, Category.RUNTIME, Category.DRIVER))
    external = trace.argument("External id").astype(np.int64)
    ids = np.concatenate([trace.slices.correlation[calls], external[calls]])
    start = np.concatenate([trace.slices.start[calls]] * 2)
    order = np.lexsort((start, ids))
    ids, start = ids[order], start[order]  # the earliest of an id comes first
    place = np.minimum(np.searchsorted(ids, record[waits]), max(len(ids) - 1, 0))
    if not len(ids):
        return len(waits)
    known = (ids[place] == record[waits]) & (start[place] <= trace.slices.start[waits])
    return int((~known).sum())


def _early_returns(trace: Trace) -> int:
    slices = trace.slices
    syncs = _of_kind(trace, "Stream Sync")
    syncs = syncs[slices.category[syncs] == Category.SYNC]
    if not len(syncs):
        return 0
    kernels = trace.rows_of(Category.KERNEL)
    device, stream = trace.argument("device").astype(np.int64), trace.argument("stream").astype(np.int64)
    broken = 0
    for place in np.unique(np.stack([device[syncs], stream[syncs]], axis=1), axis=0).tolist():
        mine = kernels[(device[kernels] == place[0]) & (stream[kernels] == place[1])]
        at = slices.start[syncs[(device[syncs] == place[0]) & (stream[syncs] == place[1])]]
        begun = np.searchsorted(slices.start[mine], at, "left")  # those of a stream are in order of start
        ended = np.searchsorted(np.sort(slices.end[mine]), at, "right")
        broken += int((begun - ended).clip(0).sum())
    return broken


def _bare_collectives(trace: Trace) -> int:
    rows = np.flatnonzero(slices_named(trace, _COLLECTIVE))
    told = np.zeros(len(trace.slices), np.int64)
    for name in _TOLD_OF_COLLECTIVES:
        if name in trace.arguments:
            told[trace.arguments[name].rows] += 1
    return int((told[rows] < len(_TOLD_OF_COLLECTIVES)).sum())


def _shared_sequences(trace: Trace) -> int:
    rows = np.flatnonzero(slices_named(trace, _BACKWARD))
    number = trace.argument("Sequence number", 0).astype(np.int64)[rows]
    told = number > 0  # 0 is that of operators outside of autograd
    pairs = np.unique(np.stack([number[told], trace.slices.name[rows][told].astype(np.int64)], axis=1), axis=0)
    return int((np.unique(pairs[:, 0], return_counts=True)[1] > 1).sum())

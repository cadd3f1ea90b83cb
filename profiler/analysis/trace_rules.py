"""What a sound trace does not hold: the rules by which torch.profiler checks its own files, on columns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..trace import HOST_CALLS, Category, Trace
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
    waits = _of_kind(trace, "Stream Wait Event")
    others = trace.argument(_RECORD_OF_WAIT, rows=_of_kind(trace, "Event Sync"))
    record = trace.argument(_RECORD_OF_WAIT, rows=waits)
    return BrokenRules(
        int((record < 0).sum() + (others < 0).sum()),
        _unknown_records(trace, waits[record >= 0], record[record >= 0]),
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
    calls = np.flatnonzero(slices_named(trace, _RECORDS, *HOST_CALLS))
    ids = np.concatenate([trace.slices.correlation[calls], trace.argument("External id", rows=calls)])
    start = np.concatenate([trace.slices.start[calls]] * 2)
    order = np.lexsort((start, ids))
    ids, start = ids[order], start[order]  # the earliest of an id comes first
    place = np.minimum(np.searchsorted(ids, record), max(len(ids) - 1, 0))
    if not len(ids):
        return len(waits)
    known = (ids[place] == record) & (start[place] <= trace.slices.start[waits])
    return int((~known).sum())


def _early_returns(trace: Trace) -> int:
    slices = trace.slices
    syncs = _of_kind(trace, "Stream Sync")
    syncs = syncs[slices.category[syncs] == Category.SYNC]
    if not len(syncs):
        return 0
    kernels = trace.rows_of(Category.KERNEL)
    ran_at, synced_at = _streams(trace, kernels), _streams(trace, syncs)
    broken = 0
    for place in np.unique(synced_at, axis=0):
        mine = kernels[(ran_at == place).all(axis=1)]
        at = slices.start[syncs[(synced_at == place).all(axis=1)]]
        begun = np.searchsorted(slices.start[mine], at, "left")  # those of a stream are in order of start
        ended = np.searchsorted(np.sort(slices.end[mine]), at, "right")
        broken += int((begun - ended).clip(0).sum())
    return broken


def _streams(trace: Trace, rows: NDArray[np.int64]) -> NDArray[Any]:
    """(k, 2) device and stream of each."""
    return np.stack([trace.argument("device", rows=rows), trace.argument("stream", rows=rows)], axis=1)


def _bare_collectives(trace: Trace) -> int:
    rows = np.flatnonzero(slices_named(trace, _COLLECTIVE))
    columns = [trace.arguments.get(name) for name in _TOLD_OF_COLLECTIVES]
    told = np.stack([np.isin(rows, column.rows) if column else np.zeros(len(rows), np.bool_) for column in columns])
    return int((~told.all(axis=0)).sum())


def _shared_sequences(trace: Trace) -> int:
    rows = np.flatnonzero(slices_named(trace, _BACKWARD))
    number = trace.argument("Sequence number", 0, rows).astype(np.int64)
    told = number > 0  # 0 is that of operators outside of autograd
    pairs = np.unique(np.stack([number[told], trace.slices.name[rows][told].astype(np.int64)], axis=1), axis=0)
    return int((np.unique(pairs[:, 0], return_counts=True)[1] > 1).sum())

"""A Trace of slices that are known as a tree, for formats that tell order and nesting but no times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..trace import TIMELESS, Flows, Instants, MemoryEvents, Remark, Slices, SparseColumn, Trace, Track

__all__ = ["made_trace", "no_flows", "no_instants", "no_memory", "spread", "text_argument"]


def spread(parent: NDArray[np.int32], width: NDArray[np.int64]) -> NDArray[np.int64]:
    """(n,) where each node begins when children stand side by side from where their parent begins, in order of rows.

    parent  comes before its children; -1 at the root. width: of a node with all below.
    """
    begin = np.zeros(len(parent), np.int64)
    free: dict[int, int] = {}
    for row, above in enumerate(parent.tolist()):
        begin[row] = free.get(above, int(begin[above]) if above >= 0 else 0)
        free[above] = int(begin[row] + width[row])
    return begin


def made_trace(
    path: str,
    names: list[str],
    columns: tuple[NDArray[np.int32], NDArray[np.int8], NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]],
    tracks: Sequence[Track],
    texts: dict[str, Sequence[Any]],
    remark: Remark,
    metadata: dict[str, Any],
) -> Trace:
    """columns: name, category, track, start and duration (ns) of n slices; texts: arguments by name, n values each,
    None where a slice has none."""
    order = np.lexsort((np.arange(len(columns[0])), -columns[4], columns[3]))
    name, category, track, start, duration = columns
    count = len(order)
    return Trace(
        path=path,
        names=names,
        slices=Slices(
            name[order], category[order], track[order], start[order], duration[order], np.full(count, -1, np.int64)
        ),
        tracks=list(tracks),
        arguments={name: text_argument([values[row] for row in order]) for name, values in texts.items()},
        flows=no_flows(),
        memory=no_memory(),
        instants=no_instants(),
        counters=[],
        devices=[],
        metadata=metadata | {TIMELESS: True},
        remarks=[remark],
    )


def text_argument(values: Sequence[Any]) -> SparseColumn:
    """An argument of n slices: whole numbers, otherwise texts; None where a slice has none."""
    rows = np.array([row for row, value in enumerate(values) if value is not None], np.int32)
    told = [value for value in values if value is not None]
    if all(isinstance(value, int) for value in told):
        return SparseColumn(rows, np.array(told, np.int64))
    codes: dict[str, int] = {}
    which = np.array([codes.setdefault(str(value), len(codes)) for value in told], np.int32)
    return SparseColumn(rows, which, list(codes))


def no_flows() -> Flows:
    """None."""
    empty = np.empty(0, np.int64)
    return Flows(empty.astype(np.int32), empty, empty.astype(np.bool_), empty, empty.astype(np.int32))


def no_instants() -> Instants:
    """None."""
    empty = np.empty(0, np.int32)
    return Instants(empty, empty.astype(np.int64), empty)


def no_memory() -> MemoryEvents:
    """None."""
    empty = np.empty(0, np.int64)
    small = empty.astype(np.int8), empty.astype(np.int16), empty.astype(np.int32)
    return MemoryEvents(empty, empty, empty, empty, empty, *small)

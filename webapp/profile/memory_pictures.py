"""What the page draws of memory, as arrays: curves, allocations over time, the map of addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..projector.answers import arrays_frame
from .memory_sources import MemorySource, SnapshotMemory

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["curve_frame", "map_frame", "shapes_frame"]

_MOST_CELLS = 4000
_MOST_SHAPES = 600
_MOST_SEGMENTS = 400


def curve_frame(source: MemorySource, device: str, window: tuple[int, int] | None, cells: int) -> bytes:
    """`{from, to, cells, series: [{title, role}]}`, and of series 0 `0.least`, `0.most`, `0.last`: bytes by cell."""
    from ...profiler.timeline.curves import curve_cells

    info = source.info()
    start, end = window or (info["start"], max(info["end"], info["start"] + 1))
    cells = max(1, min(cells, _MOST_CELLS))
    arrays: dict[str, NDArray[Any]] = {}
    told = []
    for number, (role, counter) in enumerate(source.series(device)):
        told.append({"title": counter.name, "role": role})
        for name, column in zip(("least", "most", "last"), curve_cells(counter, start, end, cells), strict=True):
            arrays[f"{number}.{name}"] = column
    return arrays_frame({"from": start, "to": end, "cells": cells, "series": told}, arrays)


def shapes_frame(source: SnapshotMemory, device: str, window: tuple[int, int] | None) -> bytes:
    """`{from, to, hidden, labels}`; of shapes `size`, `stack` (places in labels), `rows` (of stacks), `piece`, `begin`,
    `end` (NaN: before or behind all events), `first`; of corners `place` (in `times`), `below` (bytes)."""
    from ...profiler.snapshots.lifetimes import AlwaysThere
    from ...profiler.snapshots.polygons import polygons

    info = source.info()
    start, end = window or (0, max(info["end"], 1))
    found = source.lifetimes[source.device(device)]
    shapes = polygons(found, (start + source.zero, end + source.zero), _MOST_SHAPES)
    stacks, which = np.unique(found.stack[shapes.row], return_inverse=True)
    begin, stop = found.begin[shapes.row], found.end[shapes.row]
    header = {
        "from": start, "to": end, "hidden": shapes.hidden,
        "labels": [source.snapshot.stacks.label(int(row)) for row in stacks],
    }  # fmt: skip
    return arrays_frame(
        header,
        {
            "times": (shapes.times - source.zero).astype(np.float64),
            "size": found.size[shapes.row].astype(np.float64),
            "stack": which.ravel().astype(np.int32),
            "rows": stacks.astype(np.int32),
            "piece": shapes.row.astype(np.int32),
            "begin": np.where(begin > AlwaysThere.min, (begin - source.zero).astype(np.float64), np.nan),
            "end": np.where(stop < AlwaysThere.max, (stop - source.zero).astype(np.float64), np.nan),
            "first": shapes.first.astype(np.int32),
            "place": shapes.place,
            "below": shapes.below.astype(np.float64),
        },
    )


def map_frame(source: SnapshotMemory, device: str) -> bytes:
    """`{hidden, segments: [{address, total, allocated, active, stream, large, expandable}], labels}`; of cells `first`
    (of each segment), `start`, `size` (bytes), `used`, `waiting` (shares), `stack` (in labels, -1) and `rows`."""
    from ...profiler.snapshots.address_map import address_map

    snapshot = source.snapshot
    cells = address_map(snapshot, source.device(device), _MOST_SEGMENTS)
    alone = (cells.block >= 0) & ((cells.used > 0) | (cells.waiting > 0))
    stack = np.full(len(cells.block), -1, np.int32)
    stacks, which = np.unique(snapshot.blocks.stack[cells.block[alone]], return_inverse=True)
    stack[alone] = which.ravel()
    segments = snapshot.segments
    header = {
        "hidden": cells.hidden,
        "labels": [snapshot.stacks.label(int(row)) for row in stacks],
        "segments": [
            {
                "address": hex(int(segments.address[row]) & ((1 << 64) - 1)),
                "total": int(segments.total[row]), "allocated": int(segments.allocated[row]),
                "active": int(segments.active[row]), "stream": int(segments.stream[row]),
                "large": bool(segments.large[row]), "expandable": bool(segments.expandable[row]),
            }
            for row in cells.segment.tolist()
        ],
    }  # fmt: skip
    return arrays_frame(
        header,
        {
            "first": cells.first.astype(np.int32),
            "start": cells.start.astype(np.float64),
            "size": cells.size.astype(np.float64),
            "used": cells.used.astype(np.float32),
            "waiting": cells.waiting.astype(np.float32),
            "stack": stack,
            "rows": stacks.astype(np.int32),
        },
    )

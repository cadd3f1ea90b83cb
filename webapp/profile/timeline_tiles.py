"""Tiles of a timeline in bytes: what a canvas draws, in places relative to each tile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..queries import Refused

if TYPE_CHECKING:
    from ...profiler.timeline import Curve, Timeline, Window

__all__ = ["CELLS", "KINDS", "LONGEST_NAME", "curves_part", "overview_parts", "tiles_part"]

CELLS = 512  # of 2^level ns in a tile
_MOST_TILES = 64
_OVERVIEW, _FINER, _WIDEST = 24_000, 2, 16  # records and tiles of a finer level of the overview; how much finer it is
LONGEST_NAME = 160  # characters; the whole name stands in the details
# Kinds as the page colours them: the categories in their order, and two that are no categories.
KINDS = ("other", "operator", "annotation", "runtime", "driver", "python", "kernel", "memcpy", "memset",
         "gpu_annotation", "wait", "overhead", "communication", "step")  # fmt: skip
_COMMUNICATION, _STEP = KINDS.index("communication"), KINDS.index("step")


def overview_parts(timeline: Timeline, curves: list[Curve]) -> list[tuple[dict[str, Any], dict[str, NDArray[Any]]]]:
    """All bands and curves over all of the time: levels from two tiles on, finer ones while few records are in them."""
    parts: list[tuple[dict[str, Any], dict[str, NDArray[Any]]]] = []
    level = max(0, (timeline.end // (2 * CELLS)).bit_length() - 1)
    bands, numbers = list(range(len(timeline.bands))), list(range(len(curves)))
    while level >= 0 and (tiles := (timeline.end >> level) // CELLS + 1) <= _WIDEST:
        header, columns = tiles_part(timeline, level, 0, tiles, bands)
        if parts and header["records"] > _OVERVIEW:
            break
        curve_header, curve_columns = curves_part(curves, level, 0, tiles, numbers)
        parts.append(({**curve_header, **header}, {**columns, **curve_columns}))
        level -= _FINER
    return parts


def edges_of(level: int, first: int, last: int) -> NDArray[np.int64]:
    """(tiles + 1,) ns. Raises Refused."""
    if not 0 <= level <= 44 or not 0 <= first < last <= first + _MOST_TILES or last << (level + 9) >= 1 << 62:
        raise Refused(f"tiles: expected a level from 0 to 44 and up to {_MOST_TILES} tiles, got {level}:{first}:{last}")
    return np.arange(first, last + 1, dtype=np.int64) * (CELLS << level)


def tiles_part(
    timeline: Timeline, level: int, first: int, last: int, bands: list[int]
) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """(what is told of them, columns of records: see GET /api/profile/timeline/tiles). Raises Refused."""
    window = timeline.window(level, edges_of(level, first, last), bands)
    records, slices = window.records, timeline.trace.slices
    origin = np.repeat(np.tile(window.edges[:-1], len(window.lanes)), np.diff(window.offsets))
    cell = float(1 << level)
    row = records.row
    codes, name = np.unique(slices.name[row], return_inverse=True) if len(row) else (np.empty(0, int), np.empty(0, int))
    told = {
        "level": level,
        "first": first,
        "tiles": last - first,
        "bands": bands,
        "lanes": [timeline.bands[band].lanes for band in bands],
        "names": [timeline.trace.names[code][:LONGEST_NAME] for code in codes],
        "records": len(row),
    }
    return told, {
        "counts": np.diff(window.offsets).astype(np.uint32),
        "from": np.maximum((records.start - origin) / cell, -1).astype(np.float32),
        "to": np.minimum((records.end - origin) / cell, CELLS + 1).astype(np.float32),
        "count": records.count.astype(np.uint32),
        "total": records.total.astype(np.float64),
        "row": row.astype(np.uint32),
        "name": name.astype(np.uint32),
        "kind": _kinds(timeline, window),
    }


def _kinds(timeline: Timeline, window: Window) -> NDArray[np.uint8]:
    """(r,) places in KINDS."""
    from ...profiler.analysis.communication import COMMUNICATION

    trace, row = timeline.trace, window.records.row
    kinds = trace.slices.category[row].astype(np.uint8)
    code = trace.slices.name[row]
    used = np.unique(code)
    communicates = np.array([bool(COMMUNICATION.search(trace.names[each])) for each in used], np.bool_)
    if len(used):
        kinds[(kinds == 6) & communicates[np.searchsorted(used, code)]] = _COMMUNICATION
    for band, found in enumerate(timeline.bands):
        if found.kind.name == "STEPS":
            kinds[timeline.bands_at(row) == band] = _STEP
    return kinds


def curves_part(
    curves: list[Curve], level: int, first: int, last: int, asked: list[int]
) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """(which, `least`, `most` and `last` of each cell of each curve, one curve after the other). Raises Refused."""
    from ...profiler.timeline import curve_cells

    edges = edges_of(level, first, last)
    cells = CELLS * (last - first)
    found = [curve_cells(curves[each].counter, int(edges[0]), int(edges[-1]), cells) for each in asked]
    told = {"level": level, "first": first, "tiles": last - first, "curves": asked}
    columns = zip(*found, strict=True) if found else ([], [], [])
    return told, {
        name: np.concatenate([np.empty(0), *column]).astype(np.float32)
        for name, column in zip(("least", "most", "last"), columns, strict=True)
    }

"""What happened in a part of a timeline: a table by name, and how busy the devices were."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..analysis.gpu_time import GpuTime, gpu_time
from ..analysis.nesting import Nesting
from ..table import Column, Table
from .bands import BandKind
from .timeline import Timeline

__all__ = ["range_devices", "range_table"]

_NOT_WORK = (BandKind.DEVICE_ANNOTATIONS, BandKind.WAITS)


def range_table(timeline: Timeline, nested: Nesting, start: int, end: int, bands: Sequence[int] | None = None) -> Table:
    """Slices that run in the range, by name: only the part within it counts. Without bands: all but marks of a device,
    which say again what the host says.

    total: the sum over slices, those within each other counted in full. self: without their children of the same stack.
    """
    slices = timeline.trace.slices
    rows = np.flatnonzero((slices.start < end) & (slices.end >= start))
    rows = rows[(slices.end[rows] > start) | (slices.duration[rows] == 0)]
    lasted = np.minimum(slices.end[rows], end) - np.maximum(slices.start[rows], start)
    own = _own(nested.parent[rows], rows, lasted, len(slices))
    if bands is None:
        bands = [at for at, band in enumerate(timeline.bands) if band.kind not in _NOT_WORK]
    kept = np.isin(timeline.bands_at(rows), list(bands))
    rows, lasted, own = rows[kept], lasted[kept], own[kept]
    codes, of = np.unique(slices.name[rows], return_inverse=True)
    count = np.bincount(of, minlength=len(codes))
    total, alone = (np.bincount(of, values, len(codes)).astype(np.int64) for values in (lasted, own))
    order = np.argsort(-alone, kind="stable")
    whole = max(int(alone.sum()), 1)
    return Table(
        "range",
        "In the selected range",
        (
            Column("name", "Name", [timeline.trace.names[code] for code in codes[order]]),
            Column("count", "Count", count[order].astype(np.int64), "count"),
            Column("self", "Self", alone[order], "ns", "Time in the range, without slices that lie within."),
            Column("share", "Share", alone[order] / whole, "share", "Of the self times of all slices in the range."),
            Column("total", "Total", total[order], "ns", "Time in the range, with slices that lie within."),
            Column("mean", "Mean", total[order] / np.maximum(count[order], 1), "ns", "Total / count."),
        ),
    )


def _own(parent: NDArray[np.int32], rows: NDArray[np.int64], lasted: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """Each time without that of the direct children; a parent of a slice in the range is in the range, too."""
    children = np.bincount(parent[parent >= 0], lasted[parent >= 0], size) if len(rows) else np.zeros(size)
    own: NDArray[np.int64] = np.maximum(lasted - children[rows].astype(np.int64), 0)
    return own


def range_devices(timeline: Timeline, start: int, end: int) -> GpuTime:
    """The split of the devices' time in the range, see gpu_time; total is the range."""
    return gpu_time(timeline.trace, (start, end))

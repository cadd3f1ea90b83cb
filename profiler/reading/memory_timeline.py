"""`read_memory_timeline`: what `torch.profiler`'s `export_memory_timeline` wrote, memory by category over time."""

from __future__ import annotations

import gzip
import json
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..table import Column, Table

__all__ = ["CATEGORIES", "MemoryTimeline", "peak_table", "read_memory_timeline"]

# In the exporter's order.
CATEGORIES = (
    "parameter",
    "optimizer state",
    "input",
    "temporary",
    "activation",
    "gradient",
    "autograd detail",
    "unknown",
)
_MOST_BYTES = 2 << 30  # of JSON


@dataclass(frozen=True)
class MemoryTimeline:
    """time   (n,) int64, ns, ascending; what was there before the first event has its time
    bytes     (n, 8) int64, after each time, columns as in CATEGORIES
    """

    path: str
    time: NDArray[np.int64]
    bytes: NDArray[np.int64]

    @property
    def total(self) -> NDArray[np.int64]:
        """(n,) bytes of all categories."""
        return np.asarray(self.bytes.sum(1))

    @property
    def peak(self) -> int:
        """The row where most was allocated; -1 of an empty timeline."""
        return int(np.argmax(self.total)) if len(self.time) else -1


def read_memory_timeline(path: str | Path) -> MemoryTimeline:
    """Of `.json` (µs, sizes by category) or `.raw.json[.gz]` (ns, single events).

    Raises OSError, and ValueError with a sentence for what is neither; an `.html` holds only a picture.
    """
    data = Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = _inflated(path, data)
    if data.lstrip()[:1] == b"<":
        raise ValueError(
            f"{path}: this memory timeline is only a picture, there are no figures in it: "
            "export it with a name that ends in .json or .raw.json.gz"
        )
    try:
        told = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path}: no memory timeline: its JSON is damaged: {error}") from None
    if isinstance(told, list) and len(told) == 2 and all(isinstance(part, list) for part in told) and _is_table(told):
        return _of_table(path, told)
    return _of_events(path, told)


def peak_table(timeline: MemoryTimeline) -> Table:
    """What each category had when most was allocated, and at most at any time."""
    at = timeline.peak
    sizes = timeline.bytes[at] if at >= 0 else np.zeros(len(CATEGORIES), np.int64)
    highest = timeline.bytes.max(0, initial=0)
    order = np.flatnonzero(highest > 0)
    order = order[np.argsort(-sizes[order], kind="stable")]
    return Table(
        "memory_peak",
        "At the peak",
        (
            Column("name", "Category", [CATEGORIES[row] for row in order]),
            Column("bytes", "At the peak", sizes[order], "bytes"),
            Column("share", "Share", sizes[order] / max(int(sizes.sum()), 1), "share", "Of all at the peak."),
            Column("highest", "At most", highest[order], "bytes", "At whatever time this category had most."),
        ),
    )


def _inflated(path: str | Path, data: bytes) -> bytes:
    """What stands before the end of a truncated file, too: its JSON is damaged then. Raises ValueError."""
    try:
        inflater = zlib.decompressobj(wbits=31)
        content = inflater.decompress(data, _MOST_BYTES)
    except (zlib.error, gzip.BadGzipFile) as error:
        raise ValueError(f"{path}: its compressed data are damaged: {error}") from None
    if inflater.unconsumed_tail:
        raise ValueError(f"{path}: it is larger than {_MOST_BYTES >> 30} GiB when unpacked")
    return content


def _is_table(told: list[Any]) -> bool:
    """[times, sizes]: a list of events may have two entries as well, of four numbers each."""
    return len(told[0]) == len(told[1]) and all(isinstance(row, list) for row in told[1])


def _of_table(path: str | Path, told: list[Any]) -> MemoryTimeline:
    try:
        time = np.array(told[0], np.int64) * 1000
        sizes = np.array(told[1], np.int64).reshape(len(time), -1)
    except (ValueError, TypeError, OverflowError):
        raise ValueError(f"{path}: no memory timeline: its two lists are not times and rows of sizes") from None
    if sizes.shape[1] not in (len(CATEGORIES), len(CATEGORIES) + 1) and len(time):
        raise ValueError(f"{path}: no memory timeline: got {sizes.shape[1]} sizes a row, want {len(CATEGORIES) + 1}")
    order = np.argsort(time, kind="stable")
    return MemoryTimeline(str(path), time[order], sizes[order, -len(CATEGORIES) :].reshape(-1, len(CATEGORIES)))


def _of_events(path: str | Path, told: Any) -> MemoryTimeline:
    try:
        events = np.array(told, np.int64).reshape(-1, 4)
    except (ValueError, TypeError, OverflowError):
        raise ValueError(
            f"{path}: no memory timeline: expected [times, sizes] or a list of [time, action, bytes, category]"
        ) from None
    category = events[:, 3]
    if len(category) and not 0 <= int(category.min()) <= int(category.max()) < len(CATEGORIES):
        raise ValueError(f"{path}: no memory timeline: categories are 0 to {len(CATEGORIES) - 1}")
    time = events[:, 0]
    known = time[time > 0]
    time = np.where(time > 0, time, int(known.min()) if len(known) else 0)
    order = np.argsort(time, kind="stable")
    change = np.zeros((len(events), len(CATEGORIES)), np.int64)
    change[np.arange(len(events)), category[order]] = events[order, 2]  # freeing has a minus of its own
    time = time[order]
    last = np.append(time[1:] != time[:-1], True) if len(time) else np.empty(0, np.bool_)
    return MemoryTimeline(str(path), time[last], np.cumsum(change, 0)[last])

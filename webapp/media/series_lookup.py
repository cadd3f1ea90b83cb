"""Finds series of values, and one value in them by the name it has in addresses."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Literal

from ...logger.errors import RunNotFound, TagNotFound
from ..queries import Refused

if TYPE_CHECKING:
    from ...logger import LogDir
    from ...logger.reader.series import BlobSeries

__all__ = ["BLOB_SEGMENTS", "Segments", "SeriesLookup", "tags_of", "value_index"]

Segments = Literal["all", "latest"]
BLOB_SEGMENTS: tuple[Segments, ...] = ("all", "latest")  # with and without what a restart superseded

_MOST = 64  # series


class SeriesLookup:
    """Series of values by run, kind and tag; the last ones are kept until their run changes. For any thread."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str, str], tuple[Any, BlobSeries]] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, log: LogDir, run: str, kind: str, tag: str) -> BlobSeries:
        """The values of a run, or of a run that is joined to it. Raises RunNotFound, TagNotFound."""
        source, view = _source(log, run, kind, tag)
        key = (source, kind, tag)
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None and kept[0] is view:
                self._kept.move_to_end(key)
                return kept[1]
        series = log.blobs(source, kind, tag)
        with self._lock:
            self._kept[key] = (view, series)
            self._kept.move_to_end(key)
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        return series


def _source(log: LogDir, run: str, kind: str, tag: str) -> tuple[str, Any]:
    """The run that has the tag, itself or joined to it, and its view. Raises RunNotFound, TagNotFound."""
    from ...logger.compare.comparison import compare

    snapshot = compare(log)
    if run not in snapshot.views:
        log.tags(run)  # says what there is
        raise RunNotFound(f"there is no run {run!r} (any more)")
    for candidate in (run, *snapshot.joins.members.get(run, ())):
        view = snapshot.views[candidate]
        if tag in view.by_kind.get(kind, ()):
            return candidate, view
    raise TagNotFound(f"run {run!r} has no {kind} {tag!r}; {snapshot.views[run].offer(kind)}")


def tags_of(log: LogDir, run: str, kind: str) -> list[str]:
    """The tags that `SeriesLookup.find` finds for a run; none for one that is not there (any more)."""
    from ...logger.compare.comparison import compare

    snapshot = compare(log)
    if run not in snapshot.views:
        return []
    names = (run, *snapshot.joins.members.get(run, ()))
    return list(dict.fromkeys(tag for name in names for tag in snapshot.views[name].by_kind.get(kind, ())))


def value_index(series: BlobSeries, name: str) -> int:
    """Where the value called `<step>-<CRC-32C, 8 hexadecimal digits>` is. Raises Refused.

    The step counts as a browser's number does: beyond 2^53 it is rounded.
    """
    import numpy as np

    step, _, crc = name.rpartition("-")
    try:
        found = np.flatnonzero((series.step.astype(np.float64) == float(int(step))) & (series.crc == int(crc, 16)))
    except (ValueError, OverflowError):
        raise Refused(f"id: expected <step>-<checksum>, got {name[:80]!r}") from None
    if not len(found):
        raise Refused(f"{series.kind} {series.tag!r} has no value {name[:80]!r} (any more)", 404)
    return int(found[0])

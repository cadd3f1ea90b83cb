"""The histograms of a run, as statistics of its graph's parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ...logger.errors import LogError
from ..media.series_lookup import SeriesLookup, tags_of
from .histogram_statistics import Moments, families, moments_of, pooled
from .named_parts import NamedParts, Part

if TYPE_CHECKING:
    from ...logger import LogDir

__all__ = ["RunHistograms"]

_KIND = "histograms"
_MOST_TAGS = 20_000
_MOST_POOLED = 16  # kinds of histograms, kept
_READ = 5_000  # histograms of one kind


class _Pooled(NamedTuple):
    """What was read of the histograms of some tags."""

    tags: Mapping[str, Sequence[Part]]
    version: int  # of the log
    moments: dict[Part, Moments]


class RunHistograms:
    """`log`: the log as it is now. For any thread."""

    def __init__(self, log: Callable[[], LogDir], series: SeriesLookup, run: str) -> None:
        self._log, self._series, self._run = log, series, run
        self._newest_of: dict[str, tuple[tuple[int, int], Moments | None]] = {}  # by tag, with step and checksum
        self._pooled: dict[int, _Pooled] = {}  # by the identity of the tags
        self._known: tuple[list[str], dict[str, dict[str, Sequence[Part]]]] = [], {}

    def families(self, names: Callable[[], NamedParts]) -> Mapping[str, Mapping[str, Sequence[Part]]]:
        """Kind of histogram → tag → the parts that it is of. `names`: always those of one graph, made where needed."""
        tags = tags_of(self._log(), self._run, _KIND)[:_MOST_TAGS]
        known = self._known
        if known[0] != tags:
            known = self._known = (tags, families(tags, names()) if tags else {})
        return known[1]

    def moments(self, tags: Mapping[str, Sequence[Part]]) -> dict[Part, Moments]:
        """Of the newest histogram of each tag, together for each part. Read again when the log has changed."""
        version, kept = self._log().version, self._pooled.get(id(tags))
        if kept is None or kept.tags is not tags or kept.version != version:
            if kept is None and len(self._pooled) >= _MOST_POOLED:
                self._pooled.clear()
            kept = self._pooled[id(tags)] = _Pooled(tags, version, self._read(tags))
        return kept.moments

    def _read(self, tags: Mapping[str, Sequence[Part]]) -> dict[Part, Moments]:
        found: dict[Part, Moments] = {}
        for tag, parts in [*tags.items()][:_READ]:
            moments = self._newest(tag)
            for part in parts if moments else ():
                found[part] = pooled([found[part], moments]) if part in found else moments  # type: ignore[list-item, assignment]
        return found

    def _newest(self, tag: str) -> Moments | None:
        try:
            latest = self._series.find(self._log(), self._run, _KIND, tag).latest()
            if not len(latest):
                return None
            value, known = (int(latest.step[-1]), int(latest.crc[-1])), self._newest_of.get(tag)
            if known is None or known[0] != value:
                known = self._newest_of[tag] = value, moments_of(latest[-1])
            return known[1]
        except (LogError, ValueError):  # gone, or damaged
            return None

"""The histograms of a run, as statistics of its graph's parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from ...logger.errors import LogError
from ..media.series_lookup import SeriesLookup, tags_of
from .histogram_statistics import Moments, families, moments_of, pooled
from .named_parts import NamedParts, Part

if TYPE_CHECKING:
    from ...logger import LogDir

__all__ = ["RunHistograms"]

_KIND = "histograms"
_MOST_TAGS = 20_000
_READ = 5_000  # histograms of one kind


class RunHistograms:
    """`log`: the log as it is now. For any thread."""

    def __init__(self, log: Callable[[], LogDir], series: SeriesLookup, run: str) -> None:
        self._log, self._series, self._run = log, series, run
        self._known: tuple[list[str], dict[str, dict[str, Sequence[Part]]]] = [], {}

    def families(self, names: Callable[[], NamedParts]) -> Mapping[str, Mapping[str, Sequence[Part]]]:
        """Kind of histogram → tag → the parts that it is of. `names`: always those of one graph, made where needed."""
        tags = tags_of(self._log(), self._run, _KIND)[:_MOST_TAGS]
        known = self._known
        if known[0] != tags:
            known = self._known = (tags, families(tags, names()) if tags else {})
        return known[1]

    def moments(self, tags: Mapping[str, Sequence[Part]]) -> dict[Part, Moments]:
        """Of the newest histogram of each tag, together for each part."""
        found: dict[Part, Moments] = {}
        for tag, parts in [*tags.items()][:_READ]:
            moments = self._newest(tag)
            for part in parts if moments else ():
                found[part] = pooled([found[part], moments]) if part in found else moments  # type: ignore[list-item, assignment]
        return found

    def _newest(self, tag: str) -> Moments | None:
        try:
            latest = self._series.find(self._log(), self._run, _KIND, tag).latest()
            return moments_of(latest[-1]) if len(latest) else None
        except (LogError, ValueError):  # gone, or damaged
            return None

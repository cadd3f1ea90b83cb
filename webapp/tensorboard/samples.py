"""Pictures or sounds that were logged together at one step: how many, and where a key leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .blob_keys import BlobKey, position
from .described import named
from .stored import find_series, read_all, series_of_kind

if TYPE_CHECKING:
    from ...logger import LogDir
    from ...logger.reader import BlobSeries

__all__ = ["most_samples", "sampled_tags", "sampled_value", "samples_in"]

_NEWEST = 10  # summaries that are looked at, because each has to be read: as many as TensorBoard keeps


def sampled_tags(log: LogDir, kind: str) -> dict[str, dict[str, Any]]:
    """{run: {tag: {displayName, description, samples}}} of the runs that have the kind."""
    answer: dict[str, dict[str, Any]] = {}
    for run, tag, series in series_of_kind(log, kind):
        answer.setdefault(run, {})[tag] = {**named(series.metadata), "samples": most_samples(series)}
    return answer


def most_samples(series: BlobSeries) -> int:
    """Samples in one summary; the most among the newest ones."""
    return max(samples_in(series, max(0, len(series) - _NEWEST)), default=0)


def samples_in(series: BlobSeries, begin: int = 0) -> list[int]:
    """Samples in each summary from `begin`; 0 where it cannot be read."""
    if not series.metadata.plugin:  # the old form, which holds one
        return [1] * (len(series) - begin)
    counts = [0] * len(series)
    for index, value in read_all(series, begin):
        counts[index] = len(value.samples)
    return counts[begin:]


def sampled_value(log: LogDir, kind: str, key: BlobKey) -> Any:
    """The Image or Audio that a key means; None where there is none. Raises LogError where it cannot be read."""
    series = find_series(log, key.run, kind, key.tag)
    place = None if series is None else position(series.step.tolist(), key)
    return None if series is None or place is None else series[place]

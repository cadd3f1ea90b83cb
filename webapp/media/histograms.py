"""Histograms of a tag: which of them a chart can show, and their buckets exactly as they were stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...logger.errors import LogError
from ...logger.reader.series import BlobSeries
from ...logger.reader.values import Histogram
from .readable import messages_or_errors

__all__ = ["Buckets", "Floats", "Ints", "Uncounted", "chosen", "most_each", "read_buckets", "uncounted"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_MOST = 8_192  # histograms of an answer
_MOST_BYTES = 32 << 20  # of the messages that are read for it
_FEWEST = 2  # of a run: the first and the last
_HUGE = float(np.finfo(np.float64).max)  # the limit of a bucket without an end


@dataclass(frozen=True, slots=True)
class Buckets:
    """Histograms of a series: that at index[i] has the buckets offsets[i] … offsets[i + 1], in the order stored."""

    index: Ints
    offsets: Ints  # len(index) + 1
    left: Floats  # all buckets, end to end
    right: Floats  # likewise
    counts: Floats  # likewise
    min: Floats  # one each, as are those below; what the writer said
    max: Floats
    num: Floats
    sum: Floats  # NaN where the writer stored buckets alone
    sum_squares: Floats  # likewise
    problems: Sequence[tuple[int, str]]  # index in the series and sentence of each that cannot be read

    def __len__(self) -> int:
        return len(self.index)


@dataclass(frozen=True, slots=True)
class Uncounted:
    """What of each histogram is no finite number in a bucket."""

    outside: Floats  # values that no bucket holds: NaN, and infinities where the writer's buckets end before them
    low: Floats  # values that must be -inf: the first bucket's, where it ends below the least finite value
    high: Floats  # values that must be +inf: the last bucket's, where it has no end and begins behind the greatest


def most_each(series: Sequence[BlobSeries], wanted: int) -> int:
    """How many histograms of each series an answer holds, `wanted` at most."""
    if not series:
        return wanted
    mean = sum(float(one.nbytes.sum()) for one in series) / max(1, sum(map(len, series)))
    room = min(_MOST, _MOST_BYTES / max(1.0, mean)) // len(series)
    return max(_FEWEST, min(wanted, int(room)))


def chosen(positions: Sequence[Floats], most: int, span: tuple[float, float] | None) -> list[Ints]:
    """For each series the indices of at most `most` values (two more with a span), evenly along the axis.

    positions   where the values of each series lie on the axis
    span        the part of the axis that is shown; the values just outside of it are chosen, too

    The axis is cut into `most` - 1 columns of equal width, the same for all series. Each column has its last value, and
    there are always the first and the last value of the series.
    """
    known = [each[np.isfinite(each)] for each in positions]
    ends = np.concatenate([np.empty(0), *known])
    low, high = span or ((float(ends.min()), float(ends.max())) if len(ends) else (0.0, 0.0))
    columns = max(1, most - 1)
    return [_chosen(each, low, high, columns, span is not None) for each in positions]


def _chosen(position: Floats, low: float, high: float, columns: int, spanned: bool) -> Ints:
    if not spanned and len(position) <= columns + 1:
        return np.arange(len(position))
    order = np.flatnonzero(np.isfinite(position))
    order = order[np.argsort(position[order], kind="stable")]
    x = position[order]
    inside = (x >= low) & (x <= high)
    column = np.minimum(columns - 1, (x - low) / ((high - low) or 1.0) * columns // 1)
    column = np.where(inside, column, np.where(x < low, -1.0, columns))
    is_last = np.append(column[1:] != column[:-1], True) if len(x) else np.empty(0, bool)
    is_last &= column < columns
    is_first_behind = np.append(False, column[1:] != column[:-1])[: len(x)] & (column == columns)
    keep = is_last | is_first_behind
    if not spanned:
        keep[:1] = True
    return np.sort(order[keep])


def read_buckets(series: BlobSeries, indices: Ints) -> Buckets:
    """The histograms at `indices`; those that cannot be read become problems."""
    decoded: dict[int, Histogram] = {}
    problems: list[tuple[int, str]] = []
    for index, message in messages_or_errors(series, indices).items():
        try:
            if isinstance(message, LogError):
                raise message
            decoded[index] = series.decoded(index, message)
        except LogError as error:
            problems.append((index, str(error)))
    known = [int(index) for index in indices if int(index) in decoded]
    found = [decoded[index] for index in known]
    return Buckets(
        index=np.array(known, np.int64),
        offsets=np.cumsum([0, *(len(one.counts) for one in found)]),
        left=np.concatenate([np.empty(0), *(one.left for one in found)]),
        right=np.concatenate([np.empty(0), *(one.right for one in found)]),
        counts=np.concatenate([np.empty(0), *(one.counts for one in found)]),
        min=np.array([one.min for one in found], np.float64),
        max=np.array([one.max for one in found], np.float64),
        num=np.array([one.num for one in found], np.float64),
        sum=np.array([one.sum for one in found], np.float64),
        sum_squares=np.array([one.sum_squares for one in found], np.float64),
        problems=sorted(problems),
    )


def uncounted(buckets: Buckets) -> Uncounted:
    """Writers give the number of all values, and minimum and maximum of the finite ones: the rest follows."""
    count = len(buckets)
    outside, low, high = (np.zeros(count) for _ in range(3))
    begin, end = buckets.offsets[:-1], buckets.offsets[1:]
    with np.errstate(invalid="ignore", over="ignore"):  # infinite counts
        totals = np.add.reduceat(np.append(buckets.counts, 0.0), begin) if count else np.empty(0)
        totals[begin == end] = 0.0
        rest = buckets.num - totals
        missing = np.rint(rest)
    known = np.isfinite(missing) & (missing > 0) & (rest > 1e-9 * buckets.num)
    outside[known] = missing[known]
    some = np.flatnonzero((end > begin) & (buckets.min <= buckets.max))
    first, last = begin[some], end[some] - 1
    below = (buckets.right[first] < buckets.min[some]) & (buckets.counts[first] > 0)
    above = (buckets.left[last] >= buckets.max[some]) & (buckets.right[last] >= _HUGE) & (buckets.counts[last] > 0)
    low[some[below]] = buckets.counts[first[below]]
    high[some[above]] = buckets.counts[last[above]]
    return Uncounted(outside, low, high)

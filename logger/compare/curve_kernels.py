"""Curves from all points of many series: smoothing (medians: median_kernels.py), derivatives.

Columns of all series lie end to end, `offsets` (len(series) + 1) cut them. Values that are not finite are passed
through by every kind of smoothing and count for no other point. Only the compiler imports this module.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator,misc"

from __future__ import annotations

import math

from numba import float64, int64, uint64, void

from .band_kernels import F8, F8_IN, I8_IN, kernel

__all__ = ["EXPORTS"]

_STRETCH = 1_024  # points whose sums are made together: they stay in the nearest cache


@kernel
def ema(alpha, value, offsets, out):
    """Debiased exponential moving average of each series, over all its points.

    The formula is the one TensorBoard's scalar charts use, so that the same slider means the same curve: an average
    that starts at 0 is divided by 1 - alpha^k after k values (Kingma & Ba, "Adam", 2015, section 3); a series of one
    repeated value is left alone.
    """
    for series in range(len(offsets) - 1):
        begin, end = offsets[series], offsets[series + 1]
        constant = True
        for i in range(begin + 1, end):
            if value[i] != value[begin]:
                constant = False
                break
        average, bias = 0.0, 1.0
        for i in range(begin, end):
            if constant or not math.isfinite(value[i]):
                out[i] = value[i]
            else:
                average = average * alpha + (1.0 - alpha) * value[i]
                bias *= alpha
                out[i] = average / (1.0 - bias)


@kernel
def weighted_ema(weight, value, offsets, out):
    """The same where each point has a weight of its own for all that came before it."""
    for series in range(len(offsets) - 1):
        average, bias = 0.0, 1.0
        for i in range(offsets[series], offsets[series + 1]):
            if not math.isfinite(value[i]):
                out[i] = value[i]
                continue
            average = average * weight[i] + (1.0 - weight[i]) * value[i]
            bias *= weight[i]
            out[i] = average / (1.0 - bias)


@kernel
def _block_sums(value, begin, end, width, prefix, suffix, finite):
    """Sums within blocks of `width` points, from each block's start and to its end; finite values seen so far."""
    count = 0
    for i in range(begin, end):
        is_finite = math.isfinite(value[i])
        count += is_finite
        number = value[i] if is_finite else 0.0
        prefix[i] = number if (i - begin) % width == 0 else prefix[i - 1] + number
        finite[i] = count
    for i in range(end - 1, begin - 1, -1):
        number = value[i] if math.isfinite(value[i]) else 0.0
        last = i + 1 == end or (i + 1 - begin) % width == 0
        suffix[i] = number if last else suffix[i + 1] + number


@kernel
def running_mean(half, value, offsets, prefix, suffix, finite, out):
    """Mean over the `half` points before and after each. Nothing is subtracted, so that a spike leaves no trace.

    A window spans at most two blocks of its own width: it is the end of one and the start of the next.
    """
    width = 2 * half + 1
    for series in range(len(offsets) - 1):
        begin, end = offsets[series], offsets[series + 1]
        _block_sums(value, begin, end, width, prefix, suffix, finite)
        for i in range(begin, end):
            if not math.isfinite(value[i]):
                out[i] = value[i]
                continue
            first, last = max(i - half, begin), min(i + half, end - 1)
            if (first - begin) // width != (last - begin) // width:
                total = suffix[first] + prefix[last]
            elif (first - begin) % width == 0:
                total = prefix[last]
            else:  # cut off by the end of the series
                total = suffix[first]
            count = finite[last] - (finite[first - 1] if first > begin else 0)
            out[i] = total / count


@kernel
def _add(weight, value, begin, out, to, count):
    """out[to + k] += weight · value[begin + k] for 0 <= k < count. Unsigned, or each index is looked at twice."""
    begin, to = uint64(begin), uint64(to)
    for k in range(uint64(max(count, 0))):
        out[to + k] += weight * value[begin + k]


@kernel
def _weighted(weights, value, begin, end, first, last, out):
    """out[i] = Σ weights[|d|] · value[i + d] for first <= i < last, over what lies within begin … end - 1.

    One distance after the other: neighbouring sums do not wait for each other.
    """
    for i in range(first, last):
        out[i] = weights[0] * value[i]
    for distance in range(1, len(weights)):
        low, high = max(first, begin + distance), min(last, end - distance)
        _add(weights[distance], value, low - distance, out, low, last - low)
        _add(weights[distance], value, first + distance, out, first, high - first)


@kernel
def gaussian(weights, sums, value, offsets, clean, known, total, out):
    """Mean weighted by distance in points: weights[d] for the points d before and after; those that exist count.

    sums   weights[0] + … + weights[d]
    clean, known, total   work space as long as `value`
    """
    reach = len(weights) - 1
    for i in range(len(value)):
        known[i] = 1.0 if math.isfinite(value[i]) else 0.0
        clean[i] = value[i] if math.isfinite(value[i]) else 0.0
    for series in range(len(offsets) - 1):
        begin, end = offsets[series], offsets[series + 1]
        for first in range(begin, end, _STRETCH):
            last = min(first + _STRETCH, end)
            _weighted(weights, clean, begin, end, first, last, out)
            whole = True
            for i in range(max(first - reach, begin), min(last + reach, end)):
                whole = whole and known[i] == 1.0
            if whole:
                for i in range(first, last):
                    total[i] = sums[min(i - begin, reach)] + sums[min(end - 1 - i, reach)] - weights[0]
            else:
                _weighted(weights, known, begin, end, first, last, total)
            for i in range(first, last):
                out[i] = out[i] / total[i] if known[i] == 1.0 else value[i]


@kernel
def derivative(x, value, offsets, out):
    """Δvalue / Δx from the finite point before; NaN at the first, where x stands still, and for values not finite."""
    for series in range(len(offsets) - 1):
        before = -1
        for i in range(offsets[series], offsets[series + 1]):
            out[i] = math.nan
            if not math.isfinite(value[i]) or not math.isfinite(x[i]):
                continue
            if before >= 0 and x[i] != x[before]:
                out[i] = (value[i] - value[before]) / (x[i] - x[before])
            before = i


EXPORTS = {
    "ema": (ema, void(float64, F8_IN, I8_IN, F8)),
    "weighted_ema": (weighted_ema, void(F8_IN, F8_IN, I8_IN, F8)),
    "running_mean": (running_mean, void(int64, F8_IN, I8_IN, F8, F8, F8, F8)),
    "gaussian": (gaussian, void(F8_IN, F8_IN, F8_IN, I8_IN, F8, F8, F8, F8)),
    "derivative": (derivative, void(F8_IN, F8_IN, I8_IN, F8)),
}

"""Running medians of every point: O(log n) a point whatever the window.

A stretch of points is ranked once. A bit per rank then says which points are under the window, and the median moves by
a bit or two from one point to the next. Only the compiler imports this module.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator,misc"

from __future__ import annotations

import math

from numba import int64, void
from numba.cpython.unsafe.numbers import leading_zeros, trailing_zeros

from .band_kernels import F8, F8_IN, I8, I8_IN, inlined, kernel

__all__ = ["EXPORTS"]

_BITS = 32  # ranks per word: half of what it holds, so that the sign never matters
_RUN = 8  # points that are sorted by insertion before they are merged


@kernel
def _insertion(value, begin, end, order):
    """Sort order[begin:end], a few rows of `value`, by value; equal ones keep their order."""
    for i in range(begin + 1, end):
        row, j = order[i], i
        while j > begin and value[order[j - 1]] > value[row]:
            order[j] = order[j - 1]
            j -= 1
        order[j] = row


@kernel
def _merged(value, source, target, begin, middle, end):
    """Two ascending pieces of `source` as one in `target`."""
    left, right = begin, middle
    for at in range(begin, end):
        if right == end or (left < middle and value[source[left]] <= value[source[right]]):
            target[at] = source[left]
            left += 1
        else:
            target[at] = source[right]
            right += 1


@kernel
def _rank(value, low, high, order, spare, rank):
    """Order the finite values among low … high - 1; how many there are.

    order  out: the row of each rank, ascending;  spare: work space
    rank   out: the rank of each row, counted from `low`; -1 where the value is not finite
    """
    count = 0
    for row in range(low, high):
        rank[row - low] = -1
        if math.isfinite(value[row]):
            order[count] = row
            count += 1
    for begin in range(0, count, _RUN):
        _insertion(value, begin, min(begin + _RUN, count), order)
    width = _RUN
    while width < count:
        for begin in range(0, count, 2 * width):
            _merged(value, order, spare, begin, min(begin + width, count), min(begin + 2 * width, count))
        for at in range(count):
            order[at] = spare[at]
        width *= 2
    for at in range(count):
        rank[order[at] - low] = at
    return count


@inlined
def _from(bits, at):
    """The first rank at or above `at` that is under the window; there is one."""
    word = at // _BITS
    left = bits[word] >> (at % _BITS)
    if left != 0:
        return at + trailing_zeros(left)
    word += 1
    while bits[word] == 0:
        word += 1
    return word * _BITS + trailing_zeros(bits[word])


@inlined
def _before(bits, at):
    """The last rank below `at` that is under the window; there is one."""
    word = at // _BITS
    left = bits[word] & ((1 << (at % _BITS)) - 1)
    while left == 0:
        word -= 1
        left = bits[word]
    return word * _BITS + 63 - leading_zeros(left)


@kernel
def _slide(half, value, low, high, first, last, order, rank, bits, out):
    """The medians of rows first … last - 1, whose windows lie among the ranked rows low … high - 1."""
    at, below, inside = 0, 0, 0  # ranks under the window: how many below `at`, how many in all
    entering, leaving = low, low
    for i in range(first, last):
        while entering < high and entering <= i + half:
            place = rank[entering - low]
            if place >= 0:
                bits[place // _BITS] |= 1 << (place % _BITS)
                inside += 1
                below += place < at
            entering += 1
        while leaving < i - half:
            place = rank[leaving - low]
            if place >= 0:
                bits[place // _BITS] ^= 1 << (place % _BITS)
                inside -= 1
                below -= place < at
            leaving += 1
        if not math.isfinite(value[i]):
            out[i] = value[i]
            continue
        wanted = (inside - 1) // 2
        while below > wanted:
            at = _before(bits, at)
            below -= 1
        at = _from(bits, at)
        while below < wanted:
            at = _from(bits, at + 1)
            below += 1
        middle = value[order[at]]
        if inside % 2 == 0:
            above = value[order[_from(bits, at + 1)]]
            total = middle + above
            middle = total / 2.0 if math.isfinite(total) else middle / 2.0 + above / 2.0
        out[i] = middle


@kernel
def running_median(half, value, offsets, order, spare, rank, bits, out):
    """Median over the `half` points before and after each.

    order, spare, rank  work space of one length, more than 2 * half: so many points are ranked at once
    bits                work space, one for every 32 of them and one more
    """
    stretch = len(rank) - 2 * half
    for series in range(len(offsets) - 1):
        begin, end = offsets[series], offsets[series + 1]
        for first in range(begin, end, stretch):
            last = min(first + stretch, end)
            low, high = max(first - half, begin), min(last + half, end)
            count = _rank(value, low, high, order, spare, rank)
            for word in range(count // _BITS + 1):
                bits[word] = 0
            _slide(half, value, low, high, first, last, order, rank, bits, out)


EXPORTS = {"running_median": (running_median, void(int64, F8_IN, I8_IN, I8, I8, I8, I8, F8))}

"""The loops behind the timeline: which lane a slice lies in, and what merges where slices are narrower than a pixel.

A record is one slice, or several that lie in one cell of 2^level ns: `start`, `end` (int64 ns), `count`, `total` (the
sum of the durations), `row` (the longest of them, of `Trace.slices`) and `longest` (its duration). Records of a lane
are in order of start and do not overlap. Only the compiler imports this module; compiled.py hands out what it made.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator,misc"

from __future__ import annotations

from numba import int8, int32, int64, njit, types, void

__all__ = ["EXPORTS"]

_I1_IN, _I4_IN = types.Array(int8, 1, "C", readonly=True), types.Array(int32, 1, "C", readonly=True)
_I8_IN = types.Array(int64, 1, "C", readonly=True)
_I4, _I8 = types.Array(int32, 1, "C"), types.Array(int64, 1, "C")
_kernel = njit(error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
_inlined = njit(inline="always", error_model="numpy")

_NESTED = 1


@_kernel
def assign_lanes(start, duration, band, style, head, below, lanes, lane):
    """A lane within its band for each slice, such that slices of a lane do not overlap.

    band    (n,) int32
    style   (bands,) int8: 1 puts a slice below the one it begins in, 0 takes the first lane that is free
    head    (bands,) int32, -1: the innermost open slice of a nested band, else the slice that is in the first lane
    below   (n,) int32: what `head` leads on to: the slice around, or the one in the next lane
    lanes   (bands,) int32, 0: filled with how many there are
    lane    (n,) int32, filled
    """
    for row in range(len(start)):
        at = band[row]
        if style[at] == _NESTED:
            top = head[at]
            while top >= 0 and start[top] + max(duration[top], 0) <= start[row]:
                top = below[top]
            below[row] = top
            head[at] = row
            lane[row] = lane[top] + 1 if top >= 0 else 0
        else:
            before, place, number = -1, head[at], 0
            while place >= 0 and start[place] + max(duration[place], 0) > start[row]:
                before, place = place, below[place]
                number += 1
            below[row] = below[place] if place >= 0 else -1  # it takes the lane of what has ended
            if before >= 0:
                below[before] = row
            else:
                head[at] = row
            lane[row] = number
        lanes[at] = max(lanes[at], lane[row] + 1)


@_kernel
def sort_into_lanes(lane, next_place, order):
    """Rows by lane, ascending within each: `order` (n,) is filled; next_place (lanes,): where each begins, advanced."""
    for row in range(len(lane)):
        order[next_place[lane[row]]] = row
        next_place[lane[row]] += 1


@_inlined
def _push(at, first, level, began, ended, held, sum_of, of, size, start, end, count, total, row, longest):
    """Adds a record behind those from `first` to `at`, into the last one where both are small and in one cell."""
    small = held > 1 or ended - began < (int64(1) << level)
    if small and at > first:
        last = at - 1
        last_small = count[last] > 1 or end[last] - start[last] < (int64(1) << level)
        if last_small and (start[last] >> level) == (began >> level):
            end[last] = max(end[last], ended)
            count[last] += held
            total[last] += sum_of
            if size > longest[last]:
                row[last], longest[last] = of, size
            return at
    start[at], end[at], count[at], total[at], row[at], longest[at] = began, ended, held, sum_of, of, size
    return at + 1


@_inlined
def _first_from(time, low, high, start):
    """The first place from low to high whose start is not before a time."""
    while low < high:
        middle = (low + high) >> 1
        if start[middle] < time:
            low = middle + 1
        else:
            high = middle
    return low


@_inlined
def _first_row_from(time, low, high, order, start):
    while low < high:
        middle = (low + high) >> 1
        if start[order[middle]] < time:
            low = middle + 1
        else:
            high = middle
    return low


@_kernel
def find_rows(lanes, edges, lane_from, order, start, duration, low, high):
    """Which slices each lane has between neighbouring edges: places in `order`, for each lane edge after edge.

    Of those that began before an edge and are still there, `low` holds the one that is.
    """
    tiles = len(edges) - 1
    for i in range(len(lanes)):
        begin, stop = lane_from[lanes[i]], lane_from[lanes[i] + 1]
        for tile in range(tiles):
            first = _first_row_from(edges[tile], begin, stop, order, start)
            high[i * tiles + tile] = _first_row_from(edges[tile + 1], first, stop, order, start)
            if first > begin and start[order[first - 1]] + duration[order[first - 1]] > edges[tile]:
                first -= 1
            low[i * tiles + tile] = first


@_kernel
def find_records(lanes, edges, lane_from, start, end, count, low, high):
    """As `find_rows`, of records. A merged one counts where it begins."""
    tiles = len(edges) - 1
    for i in range(len(lanes)):
        begin, stop = lane_from[lanes[i]], lane_from[lanes[i] + 1]
        for tile in range(tiles):
            first = _first_from(edges[tile], begin, stop, start)
            high[i * tiles + tile] = _first_from(edges[tile + 1], first, stop, start)
            if first > begin and count[first - 1] == 1 and end[first - 1] > edges[tile]:
                first -= 1
            low[i * tiles + tile] = first


@_kernel
def merge_rows(low, high, level, order, in_start, in_duration, offsets, start, end, count, total, row, longest):
    """Records of the slices from low to high, range after range; offsets: (ranges + 1,) int64, filled."""
    at = 0
    for i in range(len(low)):
        offsets[i] = first = at
        for place in range(low[i], high[i]):
            of = order[place]
            began, size = in_start[of], in_duration[of]
            at = _push(
                at, first, level, began, began + max(size, 0), 1, size, of, size, start, end, count, total, row, longest
            )
    offsets[len(low)] = at


@_kernel
def merge_records(
    low, high, level, in_start, in_end, in_count, in_total, in_row, in_longest,
    offsets, start, end, count, total, row, longest,
):  # fmt: skip
    """As `merge_rows`, from records of a finer level."""
    at = 0
    for i in range(len(low)):
        offsets[i] = first = at
        for place in range(low[i], high[i]):
            at = _push(
                at, first, level, in_start[place], in_end[place], in_count[place], in_total[place], in_row[place],
                in_longest[place], start, end, count, total, row, longest,
            )  # fmt: skip
    offsets[len(low)] = at


_OUT = (_I8, _I8, _I4, _I8, _I4, _I8)
_IN = (_I8_IN, _I8_IN, _I4_IN, _I8_IN, _I4_IN, _I8_IN)
EXPORTS = {
    "assign_lanes": (assign_lanes, void(_I8_IN, _I8_IN, _I4_IN, _I1_IN, _I4, _I4, _I4, _I4)),
    "sort_into_lanes": (sort_into_lanes, void(_I4_IN, _I8, _I4)),
    "find_rows": (find_rows, void(_I4_IN, _I8_IN, _I8_IN, _I4_IN, _I8_IN, _I8_IN, _I8, _I8)),
    "find_records": (find_records, void(_I4_IN, _I8_IN, _I8_IN, _I8_IN, _I8_IN, _I4_IN, _I8, _I8)),
    "merge_rows": (merge_rows, void(_I8_IN, _I8_IN, int64, _I4_IN, _I8_IN, _I8_IN, _I8, *_OUT)),
    "merge_records": (merge_records, void(_I8_IN, _I8_IN, int64, *_IN, _I8, *_OUT)),
}

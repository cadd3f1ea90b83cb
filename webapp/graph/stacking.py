"""Where the vertices of a drawing lie from top to bottom.

Lines lead sideways in *zones* between two rows, in which no box stands. Where all boxes are closed the rows are
straight and there is one zone between two of them. Beside an open frame, which is as high as many rows, boxes come up
as far as what lies above them allows, so that a group that opens pushes down only what it stands over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .ranks import Pair
from .skyline import Skyline

__all__ = ["Stack", "stacked"]

_ROW_GAP, _PORT_GAP, _WIDE_GAP = 26, 14, 60
_FLATTER = 12  # so much wider is a line's way sideways than its zone gets higher
_SINK = 16  # how far a small box comes down in a straight row
_MARGIN = 6

Runs = Mapping[Pair, Sequence[tuple[float, float]]]


@dataclass(frozen=True, slots=True)
class Stack:
    """Tops of the vertices; zones (top, bottom) of the lines that lead sideways; top and bottom of each row."""

    tops: list[float]
    zones: dict[Pair, tuple[float, float]]
    rows: list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class _Zone:
    left: float
    right: float
    sideways: float  # the longest way
    pairs: list[Pair]


def stacked(
    rows: Sequence[Sequence[int]],
    bands: Sequence[tuple[float, float]],
    heights: Sequence[float],
    runs: Runs,
    *,
    fresh: Sequence[bool],
    ports: Sequence[bool],
    head: float,
    flat: bool,
) -> Stack:
    """The stack of a drawing.

    bands   left and right of each vertex
    runs    (upper, lower vertex) → (where it begins, where it ends) from left to right of each line between them
    fresh   which rows begin a column, at `head`
    ports   which rows are ports of the frame: they need little room
    """
    below: dict[int, list[Pair]] = {}
    for pair in runs:
        below.setdefault(pair[1], []).append(pair)
    stack = Stack([0.0] * len(bands), {}, [])
    skyline = Skyline(head, flat=flat)
    for number, row in enumerate(rows):
        if fresh[number]:
            skyline = Skyline(head, flat=flat)
        close = ports[number] or (number > 0 and ports[number - 1])
        gap = 0 if fresh[number] else _PORT_GAP if close else _ROW_GAP
        pairs = [] if fresh[number] else [pair for vertex in row for pair in below.get(vertex, ())]
        free = {vertex: gap if heights[vertex] or ports[number] else 0 for vertex in row}  # above it
        _put_row(stack, skyline, row, bands, heights, _zones(pairs, runs, bands, flat), gap, free, flat)
    return stack


def _zones(pairs: Sequence[Pair], runs: Runs, bands: Sequence[tuple[float, float]], flat: bool) -> list[_Zone]:
    """Zones of the lines that lead sideways, those that would touch in one; all in one where rows are straight."""
    zones: list[_Zone] = []
    spans = []
    for pair in pairs:
        sideways = max(abs(begin - end) for begin, end in runs[pair])
        if sideways > 0.5 or flat:
            left, right = bands[pair[1]]
            starts = [begin for begin, _ in runs[pair]]
            spans.append((min(left, *starts) - _MARGIN, max(right, *starts) + _MARGIN, sideways, pair))
    for left, right, sideways, pair in sorted(spans):
        if zones and (flat or left <= zones[-1].right):
            last = zones.pop()
            zones.append(_Zone(last.left, max(last.right, right), max(last.sideways, sideways), [*last.pairs, pair]))
        else:
            zones.append(_Zone(left, right, sideways, [pair]))
    return zones


def _put_row(
    stack: Stack,
    skyline: Skyline,
    row: Sequence[int],
    bands: Sequence[tuple[float, float]],
    heights: Sequence[float],
    zones: Sequence[_Zone],
    gap: float,
    free: Mapping[int, float],
    flat: bool,
) -> None:
    wide = {vertex: (bands[vertex][0] - _MARGIN, bands[vertex][1] + _MARGIN) for vertex in row}
    least = {vertex: skyline.lowest(*wide[vertex]) + free[vertex] for vertex in row}
    for zone in zones:
        top = skyline.lowest(zone.left, zone.right)
        bottom = top + round(min(gap + zone.sideways / _FLATTER, _WIDE_GAP))
        skyline.lower(zone.left, zone.right, bottom)
        for pair in zone.pairs:
            stack.zones[pair] = (top, bottom)
            least[pair[1]] = max(least[pair[1]], bottom)
    for vertex in row:
        stack.tops[vertex] = max(least[vertex], skyline.lowest(*wide[vertex]))
    first = min(stack.tops[vertex] for vertex in row)
    last = max(stack.tops[vertex] + heights[vertex] for vertex in row)
    stack.rows.append((first, last))
    for vertex in row:
        if flat:
            stack.tops[vertex] = first + round(min((last - first - heights[vertex]) / 2, _SINK))
        skyline.lower(*wide[vertex], stack.tops[vertex] + heights[vertex])
    if flat:
        skyline.lower(0, 0, last)

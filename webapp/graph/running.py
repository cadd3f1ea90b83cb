"""The points of the lines of a drawing.

Between two rows a line may lead sideways, beside the boxes of a row it runs straight down: so no line crosses a box.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence

from .arranged import Bundle, Point, Wire
from .drawing import LANE, TURN, Drawing
from .lifting import Level

__all__ = ["stray_wires", "wires_of"]

Size = tuple[float, float]

_ARROWS, _INSET = 12, 8  # between arrows into one box; from its corner
_STRAY = 11  # length of a short end
_AROUND = 10  # from a row to a line that goes round its boxes


def wires_of(drawing: Drawing) -> Iterator[Wire]:
    """The lines of a part, with places of the level and points from the part's own corner."""
    arrows = _arrows(drawing)
    places = drawing.part.places
    for (begin, end), bundles in drawing.lines.items():
        back = (begin, end) in drawing.skeleton.back
        for bundle in bundles:
            at_port = bundle.end_port >= 0
            arrow = drawing.port_x(end, bundle.end_port) if at_port else arrows[bundle.begin, bundle.begin_port, end]
            stop = drawing.x[end] + arrow
            points = _around(drawing, begin, end, bundle, stop) if back else _down(drawing, begin, end, bundle, stop)
            yield Wire(places[begin], places[end], _tidy(points), bundle.edges, "back" if back else "edge")


def stray_wires(level: Level, sizes: Sequence[Size], at: Sequence[Point]) -> Iterator[Wire]:
    """Short ends of the edges to something far, beside each other from the right."""
    used: Counter[tuple[int, bool]] = Counter()
    for stray in level.strays:
        (width, height), (left, top) = sizes[stray.item], at[stray.item]
        number = used[stray.item, stray.enters]
        used[stray.item, stray.enters] += 1
        x = left + width - min(_INSET + 2, width / 4) - min(number * _ARROWS // 2, width / 2)
        if stray.enters:
            yield Wire(stray.other, stray.item, [(x, top - _STRAY), (x, top)], stray.edge, "stub")
        else:
            yield Wire(stray.item, stray.other, [(x, top + height), (x, top + height + _STRAY)], stray.edge, "stub")


def _arrows(drawing: Drawing) -> dict[tuple[int, int, int], float]:
    """(begin place, begin port, end vertex) → where the line ends, from the middle of its end: side by side."""
    into: dict[int, list[tuple[float, tuple[int, int, int]]]] = {}
    for (begin, end), bundles in drawing.lines.items():
        for bundle in bundles:
            way = drawing.way(begin, end, bundle)
            into.setdefault(end, []).append((way[-2][0], (bundle.begin, bundle.begin_port, end)))
    found: dict[tuple[int, int, int], float] = {}
    for end, arrows in into.items():
        arrows.sort()
        width = drawing.widths[end]
        step = min(_ARROWS, max(width - 2 * _INSET, 0) / len(arrows))
        straight = [number for number, (near, _) in enumerate(arrows) if abs(near - drawing.x[end]) < 1]
        middle = straight[0] if straight else (len(arrows) - 1) / 2
        most = max(width / 2 - _INSET, 0)
        for number, (_, key) in enumerate(arrows):
            found[key] = max(-most, min(most, (number - middle) * step))
    return found


def _down(drawing: Drawing, begin: int, end: int, bundle: Bundle, stop: float) -> list[Point]:
    way = drawing.way(begin, end, bundle)
    way[-1] = (stop, end)
    points = [(way[0][0], drawing.top_of(begin) + drawing.heights[begin])]
    for (x, upper), (next_x, lower) in itertools.pairwise(way):
        column = drawing.column(upper)
        if drawing.column(lower) != column:
            points += _to_next_column(drawing, column, x, next_x)
        elif (upper, lower) in drawing.stack.zones:
            top, bottom = drawing.stack.zones[upper, lower]
            points += [(x, top), (next_x, bottom)]
    return [*points, (stop, drawing.top_of(end))]


def _to_next_column(drawing: Drawing, column: int, x: float, next_x: float) -> list[Point]:
    """Under the column, up beside it, and over the next one; lines lie in each other and do not cross."""
    turns = drawing.turns[column]
    lane = len(turns) - 1 - turns.index(x)  # 0: the rightmost, which turns first
    under = drawing.bottoms[column] + TURN + lane * LANE
    beside = drawing.gutters[column] + lane * LANE
    over = drawing.stack.rows[drawing.part.cuts[column]][0] - TURN - (len(turns) - 1 - lane) * LANE
    return [(x, under), (beside, under), (beside, over), (next_x, over)]


def _around(drawing: Drawing, begin: int, end: int, bundle: Bundle, stop: float) -> list[Point]:
    """Of an edge that leads back: out of its begin, up beside the rows, and into its end from above."""
    bends = [(drawing.x[bend], drawing.skeleton.row_of[bend]) for bend in drawing.skeleton.chains[begin, end]]
    start = drawing.x[begin] + drawing.port_x(begin, bundle.begin_port)
    bottom = drawing.top_of(begin) + drawing.heights[begin]
    (first, low), (last, high) = bends[0], bends[-1]
    rows = drawing.stack.rows
    under, over = rows[low][1] + _AROUND, rows[high][0] - _AROUND
    points = [(start, bottom), (start, under), (first, under)]
    for x, row in bends[1:-1]:
        points += [(x, rows[row][1]), (x, rows[row][0])]
    return [*points, (last, over), (stop, over), (stop, drawing.top_of(end))]


def _tidy(points: list[Point]) -> list[Point]:
    """Without points that change nothing."""
    kept = points[:1]
    for point in points[1:]:
        if point == kept[-1]:
            continue
        if len(kept) > 1 and kept[-2][0] == kept[-1][0] == point[0]:
            kept[-1] = point
        else:
            kept.append(point)
    return kept

"""A connected part of a level with coordinates: rows under each other, long ones in columns side by side."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Mapping, Sequence

from .arranged import Arranged, Bundle
from .coordinates import Line, positions
from .lifting import Level
from .parts import Part
from .ranks import Pair
from .stacking import Stack, stacked

__all__ = ["LANE", "TURN", "Drawing"]

LANE = 7  # between parallel lines
TURN = 12  # from the end of a column to where its lines turn to the next one
_BOX_GAP, _BEND_GAP, _GUTTER = 22, 14, 18


class Drawing:
    """Coordinates from the part's own top left corner.

    lines        the lines of each edge of the skeleton
    lane_of      (begin vertex, its port) → where its lines run in their bends, from the bends' middles
    x            middle of each vertex
    column_of    of each row
    stack        tops of the vertices and zones of the lines
    turns        of each column but the last: where its lines leave it, from left to right
    """

    def __init__(
        self,
        level: Level,
        part: Part,
        sizes: Sequence[tuple[float, float]],
        inside: Mapping[int, Arranged],
        bundles: Mapping[Pair, list[Bundle]],
    ) -> None:
        self.part, self.skeleton, self._inside = part, part.skeleton, inside
        self.items = len(level.items)
        self.has_ports = any(place >= self.items for place in part.places)
        self.lines = {
            (begin, end): bundles[part.places[begin], part.places[end]] for begin, end in self.skeleton.chains
        }
        bends = len(self.skeleton.row_of) - len(part.places)
        both = [sizes[place] if place < self.items else (0.0, 0.0) for place in part.places]
        self.widths = [size[0] for size in both] + [0.0] * bends
        self.heights = [size[1] for size in both] + [0.0] * bends
        self.lane_of = self._lanes()
        segments = self._segments()
        self.x = self._across(segments)
        self.column_of = [bisect_right(part.cuts, row) for row in range(len(self.skeleton.rows))]
        self.turns = self._turns()
        room = self._room(max(map(len, self.turns), default=0))
        self.stack = self._stack(room)
        self.bottoms = self._bottoms()
        self.height = max(self.bottoms) + room
        self.gutters: list[float] = []
        self.width = self._side_by_side()

    def port_x(self, vertex: int, port: int) -> float:
        """From the middle of a vertex to one of its ports; 0 for port -1, which is none."""
        if port < 0:
            return 0.0
        return self._inside[self.part.places[vertex]].ports[port] - self.widths[vertex] / 2

    def top_of(self, vertex: int) -> float:
        """The upper border of a vertex."""
        return self.stack.tops[vertex]

    def column(self, vertex: int) -> int:
        """The column in which a vertex stands."""
        return self.column_of[self.skeleton.row_of[vertex]]

    def way(self, begin: int, end: int, bundle: Bundle) -> list[tuple[float, int]]:
        """(x, vertex) along a line, where it leaves the vertex downwards; at the end where it comes in."""
        lane = self.lane_of[begin, bundle.begin_port]
        bends = [(self.x[bend] + lane, bend) for bend in self.skeleton.chains[begin, end]]
        start = self.x[begin] + self.port_x(begin, bundle.begin_port)
        return [(start, begin), *bends, (self.x[end] + self.port_x(end, bundle.end_port), end)]

    def _lanes(self) -> dict[tuple[int, int], float]:
        """Bends get as wide as their lines."""
        ports_of: dict[int, set[int]] = {}
        for (begin, _), bundles in self.lines.items():
            ports_of.setdefault(begin, set()).update(bundle.begin_port for bundle in bundles)
        lanes: dict[tuple[int, int], float] = {}
        for begin, ports in ports_of.items():
            where = {port: self.port_x(begin, port) for port in ports}
            for number, port in enumerate(sorted(ports, key=lambda port: (where[port], port))):
                lanes[begin, port] = (number - (len(ports) - 1) / 2) * LANE
        for (begin, _), chain in self.skeleton.chains.items():
            for bend in chain:
                self.widths[bend] = (len(ports_of[begin]) - 1) * LANE
        return lanes

    def _segments(self) -> list[Line]:
        """One line between each two vertices of neighbouring rows that are joined."""
        found: dict[Pair, Line] = {}
        for (begin, end), bends in self.skeleton.chains.items():
            bundle = max(self.lines[begin, end], key=lambda one: len(one.edges))
            lane = self.lane_of[begin, bundle.begin_port]
            if (begin, end) in self.skeleton.back:
                for lower, upper in itertools.pairwise(bends):
                    found[upper, lower] = Line(upper, lower)
                continue
            way = [begin, *bends, end]
            for place, (upper, lower) in enumerate(itertools.pairwise(way)):
                from_ = self.port_x(begin, bundle.begin_port) if place == 0 else lane
                to = self.port_x(end, bundle.end_port) if place == len(way) - 2 else lane
                found.setdefault((upper, lower), Line(upper, lower, from_, to))
        return list(found.values())

    def _across(self, segments: Sequence[Line]) -> list[float]:
        gaps = [_BOX_GAP if vertex < self.skeleton.count else _BEND_GAP for vertex in range(len(self.widths))]
        found = positions(self.skeleton.rows, self.widths, gaps, segments, self.skeleton.count)
        left = min(x - width / 2 for x, width in zip(found, self.widths, strict=True))
        return [float(round(x - left)) for x in found]

    def _stack(self, head: float) -> Stack:
        runs: dict[Pair, list[tuple[float, float]]] = {}
        for (begin, end), bundles in self.lines.items():
            for bundle in bundles if (begin, end) not in self.skeleton.back else ():
                for (x, upper), (next_x, lower) in itertools.pairwise(self.way(begin, end, bundle)):
                    runs.setdefault((upper, lower), []).append((x, next_x))
        rows = self.skeleton.rows
        return stacked(
            rows,
            [(x - width / 2, x + width / 2) for x, width in zip(self.x, self.widths, strict=True)],
            self.heights,
            runs,
            fresh=[not row or row in self.part.cuts for row in range(len(rows))],
            ports=[self._is_port(row[0]) for row in rows],
            head=head,
            flat=bool(self.skeleton.back) or not any(place in self._inside for place in self.part.places),
        )

    def _bottoms(self) -> list[float]:
        bottoms = [0.0] * (len(self.turns) + 1)
        for row, (_, bottom) in enumerate(self.stack.rows):
            bottoms[self.column_of[row]] = max(bottoms[self.column_of[row]], bottom)
        return bottoms

    def _is_port(self, vertex: int) -> bool:
        return vertex < self.skeleton.count and self.part.places[vertex] >= self.items

    def _turns(self) -> list[list[float]]:
        turns: list[set[float]] = [set() for _ in self.part.cuts]
        if turns:
            for (begin, end), bundles in self.lines.items():
                for bundle in bundles:
                    way = self.way(begin, end, bundle) if (begin, end) not in self.skeleton.back else []
                    for (x, upper), (_, lower) in itertools.pairwise(way):
                        if (column := self.column(upper)) != self.column(lower):
                            turns[column].add(x)
        return [sorted(places) for places in turns]

    def _room(self, lines: int) -> float:
        """For so many lines to turn, above or below a column."""
        return TURN + lines * LANE if lines else 0

    def _side_by_side(self) -> float:
        """Move the columns beside each other; the width of all."""
        bounds: list[tuple[float, float]] = [(float("inf"), float("-inf"))] * (len(self.turns) + 1)
        for vertex, (x, width) in enumerate(zip(self.x, self.widths, strict=True)):
            column = self.column(vertex)
            left, right = bounds[column]
            bounds[column] = (min(left, x - width / 2), max(right, x + width / 2))
        shifts, at = [], 0.0
        for column, (left, right) in enumerate(bounds):
            shifts.append(round(at - left))
            at += right - left + _GUTTER
            if column < len(self.turns):
                self.gutters.append(round(at))
                self.turns[column] = [x + shifts[column] for x in self.turns[column]]
                at += len(self.turns[column]) * LANE + _GUTTER
        self.x = [x + shifts[self.column_of[row]] for x, row in zip(self.x, self.skeleton.row_of, strict=True)]
        return at - _GUTTER

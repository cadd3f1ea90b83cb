"""One level of the picture laid out: where its items lie and how its edges run, given how large the items are."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .coordinates import Line, positions
from .lifting import Level
from .outline import Ints
from .packing import pack
from .parts import Part
from .ranks import Pair

__all__ = ["HEADER", "PADDING", "Arranged", "Wire", "arrange"]

HEADER, PADDING = 28, 14  # above and around what an open group holds
_ROW_GAP, _WIDE_GAP = 26, 60
_BOX_GAP, _BEND_GAP = 22, 14
_LANE = 7  # between parallel lines
_ARROWS, _INSET = 12, 8  # between arrows into one box; from its corner
_SINK = 16  # how far a small box comes down in a high row

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Wire:
    """A line between two places of a level, for all edges that run along it."""

    begin: int
    end: int
    points: list[Point]
    edges: Ints  # places in the level's edges
    back: bool


@dataclass(frozen=True, slots=True)
class Arranged:
    """A level laid out, from the top left corner of its frame.

    at       top left corner of each item
    ports    from the left border to each port, by its place in the level
    inside   what the open items hold, by their place
    """

    level: Level
    width: float
    height: float
    sizes: list[tuple[float, float]]
    at: list[Point]
    ports: dict[int, float]
    wires: list[Wire]
    inside: Mapping[int, Arranged]


@dataclass(frozen=True, slots=True)
class _Bundle:
    """Edges of a level that run along one line; a port is the place in an open item where it ends, -1 elsewhere."""

    begin: int
    begin_port: int
    end: int
    end_port: int
    edges: Ints


def arrange(
    level: Level,
    parts: Sequence[Part],
    sizes: Sequence[tuple[float, float]],
    inside: Mapping[int, Arranged],
    least_width: float,
    framed: bool,
) -> Arranged:
    """Lay out a level.

    sizes        of its items
    inside       what the open ones hold, by their place
    least_width  of the frame
    framed       whether there is a frame around it, rather than nothing
    """
    bundles = _bundles(level, inside)
    drawn = [_Drawing(level, part, sizes, inside, bundles, framed) for part in parts]
    corners, width, height = pack([(one.width, one.height, one.has_ports) for one in drawn])
    top, around = (HEADER, PADDING) if framed else (0, 0)
    full = max(width + 2 * around, least_width)
    shift = (full - width) / 2
    total = height + top + around
    at: list[Point] = [(0.0, 0.0)] * len(level.items)
    ports: dict[int, float] = {}
    wires: list[Wire] = []
    for one, (left, upper) in zip(drawn, corners, strict=True):
        one.give(at, ports, wires, (left + shift, upper + top), total)
    wires.sort(key=lambda wire: int(wire.edges[0]))
    return Arranged(level, full, total, list(sizes), at, ports, wires, inside)


def _bundles(level: Level, inside: Mapping[int, Arranged]) -> dict[tuple[int, int], list[_Bundle]]:
    """(begin, end) → its lines."""
    found: dict[tuple[int, int], dict[Pair, list[int]]] = {}
    columns = (level.begin.tolist(), level.end.tolist(), level.node.tolist())
    for edge, (begin, end, node) in enumerate(zip(*columns, strict=True)):
        ports = (
            inside[begin].level.outlets[node] if begin in inside else -1,
            inside[end].level.inlets[node] if end in inside else -1,
        )
        found.setdefault((begin, end), {}).setdefault(ports, []).append(edge)
    return {
        pair: [
            _Bundle(pair[0], begin_port, pair[1], end_port, np.array(edges))
            for (begin_port, end_port), edges in bundles.items()
        ]
        for pair, bundles in found.items()
    }


class _Drawing:
    """A part of a level with coordinates from its own top left corner."""

    def __init__(
        self,
        level: Level,
        part: Part,
        sizes: Sequence[tuple[float, float]],
        inside: Mapping[int, Arranged],
        bundles: Mapping[tuple[int, int], list[_Bundle]],
        framed: bool,
    ) -> None:
        self.level, self.part, self.inside, self.framed = level, part, inside, framed
        self.skeleton = part.skeleton
        self.items = len(level.items)
        self.has_ports = any(place >= self.items for place in part.places)
        self.lines = {
            (begin, end): bundles[part.places[begin], part.places[end]] for begin, end in self.skeleton.chains
        }
        self._measure(sizes)
        self._lanes()
        self._place()

    def _measure(self, sizes: Sequence[tuple[float, float]]) -> None:
        bends = len(self.skeleton.row_of) - len(self.part.places)
        both = [sizes[place] if place < self.items else (0.0, 0.0) for place in self.part.places]
        self.widths = [size[0] for size in both] + [0.0] * bends
        self.heights = [size[1] for size in both] + [0.0] * bends

    def _lanes(self) -> None:
        """Where each line runs within the bends of its edge; bends are as wide as their lines."""
        ports_of: dict[int, set[int]] = {}
        for (begin, _), bundles in self.lines.items():
            ports_of.setdefault(begin, set()).update(bundle.begin_port for bundle in bundles)
        self.lane_of: dict[tuple[int, int], float] = {}
        for begin, ports in ports_of.items():
            for number, port in enumerate(sorted(ports, key=lambda port: self._port_x(begin, port))):
                self.lane_of[begin, port] = (number - (len(ports) - 1) / 2) * _LANE
        for (begin, _), bends in self.skeleton.chains.items():
            for bend in bends:
                self.widths[bend] = (len(ports_of[begin]) - 1) * _LANE

    def _port_x(self, vertex: int, port: int) -> float:
        """From the middle of a vertex to one of its ports."""
        if port < 0:
            return 0.0
        return self.inside[self.part.places[vertex]].ports[port] - self.widths[vertex] / 2

    def _place(self) -> None:
        skeleton = self.skeleton
        gaps = [_BOX_GAP if vertex < skeleton.count else _BEND_GAP for vertex in range(len(self.widths))]
        lines = self._segments()
        self.x = positions(skeleton.rows, self.widths, gaps, lines, skeleton.count)
        left = min(x - width / 2 for x, width in zip(self.x, self.widths, strict=True))
        self.x = [round(x - left) for x in self.x]
        self.width = max(x + width / 2 for x, width in zip(self.x, self.widths, strict=True))
        reach = [0.0] * len(skeleton.rows)
        for line in lines:
            row = skeleton.row_of[line.upper]
            sideways = abs(self.x[line.upper] + line.from_ - self.x[line.lower] - line.to)
            reach[row] = max(reach[row], sideways)
        self.row_top, self.row_height, y = [], [], 0.0
        for number, row in enumerate(skeleton.rows):
            self.row_top.append(y)
            self.row_height.append(max(self.heights[vertex] for vertex in row))
            gap = min(_ROW_GAP + reach[number] / 12, _WIDE_GAP) if number < len(reach) - 1 else 0
            y += self.row_height[-1] + round(gap)
        self.height = y

    def _segments(self) -> list[Line]:
        """One line between each two vertices of neighbouring rows that are joined."""
        found: dict[tuple[int, int], Line] = {}
        for (begin, end), bends in self.skeleton.chains.items():
            bundle = max(self.lines[begin, end], key=lambda one: len(one.edges))
            lane = self.lane_of[begin, bundle.begin_port]
            if (begin, end) in self.skeleton.back:
                for lower, upper in itertools.pairwise(bends):
                    found[upper, lower] = Line(upper, lower)
                continue
            way = [begin, *bends, end]
            for place, (upper, lower) in enumerate(itertools.pairwise(way)):
                from_ = self._port_x(begin, bundle.begin_port) if place == 0 else lane
                to = self._port_x(end, bundle.end_port) if place == len(way) - 2 else lane
                found.setdefault((upper, lower), Line(upper, lower, from_, to))
        return list(found.values())

    def top_of(self, vertex: int) -> float:
        """The upper border of a vertex: small ones stay near the top of a high row."""
        row = self.skeleton.row_of[vertex]
        return self.row_top[row] + round(min((self.row_height[row] - self.heights[vertex]) / 2, _SINK))

    def give(
        self, at: list[Point], ports: dict[int, float], wires: list[Wire], corner: Point, frame_height: float
    ) -> None:
        """Enter items, ports and wires into those of the level; `corner` is where this part lies."""
        left, upper = round(corner[0]), round(corner[1])
        for vertex, place in enumerate(self.part.places):
            if place < self.items:
                at[place] = (left + round(self.x[vertex] - self.widths[vertex] / 2), upper + self.top_of(vertex))
            else:
                ports[place] = left + self.x[vertex]
        arrows = self._arrows()
        for (begin, end), bundles in self.lines.items():
            for bundle in bundles:
                points = self._run(begin, end, bundle, arrows[bundle.begin, bundle.begin_port, end])
                points = [(x + left, y + upper) for x, y in points]
                if self.part.places[begin] >= self.items:
                    points[0] = (points[0][0], 0)
                if self.part.places[end] >= self.items:
                    points[-1] = (points[-1][0], frame_height)
                places = self.part.places[begin], self.part.places[end]
                wires.append(Wire(*places, _tidy(points), bundle.edges, (begin, end) in self.skeleton.back))

    def _arrows(self) -> dict[tuple[int, int, int], float]:
        """(begin place, begin port, end vertex) → where the line ends, from the middle of its end: side by side."""
        into: dict[int, list[tuple[float, tuple[int, int, int]]]] = {}
        for (begin, end), bundles in self.lines.items():
            bends = self.skeleton.chains[begin, end]
            for bundle in bundles:
                lane = self.lane_of[begin, bundle.begin_port]
                near = self.x[bends[-1]] + lane if bends else self.x[begin] + self._port_x(begin, bundle.begin_port)
                into.setdefault(end, []).append((near, (bundle.begin, bundle.begin_port, end)))
        found: dict[tuple[int, int, int], float] = {}
        for end, arrows in into.items():
            arrows.sort()
            step = min(_ARROWS, max(self.widths[end] - 2 * _INSET, 0) / len(arrows))
            straight = [number for number, (near, _) in enumerate(arrows) if abs(near - self.x[end]) < 1]
            middle = straight[0] if straight else (len(arrows) - 1) / 2
            most = max(self.widths[end] / 2 - _INSET, 0)
            for number, (_, key) in enumerate(arrows):
                found[key] = max(-most, min(most, (number - middle) * step))
        return found

    def _run(self, begin: int, end: int, bundle: _Bundle, arrow: float) -> list[Point]:
        """The points of a line."""
        skeleton = self.skeleton
        start = self.x[begin] + self._port_x(begin, bundle.begin_port)
        stop = self.x[end] + (self._port_x(end, bundle.end_port) if bundle.end_port >= 0 else arrow)
        lane = self.lane_of[begin, bundle.begin_port]
        bottom = self.top_of(begin) + self.heights[begin]
        bends = [(self.x[bend] + lane, skeleton.row_of[bend]) for bend in skeleton.chains[begin, end]]
        if (begin, end) in skeleton.back:
            x = bends[0][0]
            under = self.row_top[bends[0][1]] + self.row_height[bends[0][1]] + 10
            over = self.row_top[bends[-1][1]] - 10
            down = [(start, bottom), (start, under), (x, under)]
            side = [(x, y) for x, row in bends[1:-1] for y in (self._row_end(row), self.row_top[row])]
            x = bends[-1][0]
            return [*down, *side, (x, over), (stop, over), (stop, self.top_of(end))]
        points = [(start, bottom), (start, self._row_end(skeleton.row_of[begin]))]
        for x, row in bends:
            points += [(x, self.row_top[row]), (x, self._row_end(row))]
        return [*points, (stop, self.row_top[skeleton.row_of[end]]), (stop, self.top_of(end))]

    def _row_end(self, row: int) -> float:
        return self.row_top[row] + self.row_height[row]


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

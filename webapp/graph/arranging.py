"""One level of the picture laid out: where its items lie and how its edges run, given how large the items are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil

from .arranged import Arranged, Point, Wire, bundles_of
from .drawing import Drawing
from .lifting import Level
from .packing import pack
from .parts import Part
from .running import stray_wires, wires_of

__all__ = ["arrange"]

_HEADER, _PADDING = 28, 14  # above and around what an open group holds


def arrange(
    level: Level,
    parts: Sequence[Part],
    sizes: Sequence[tuple[float, float]],
    inside: Mapping[int, Arranged],
    least_width: float | None,
) -> Arranged:
    """Lay out a level.

    sizes        of its items
    inside       what the open ones hold, by their place
    least_width  of the frame around it; None: there is none
    """
    bundles = bundles_of(level, inside)
    drawn = [Drawing(level, part, sizes, inside, bundles) for part in parts]
    corners, width, height = pack([(one.width, one.height, one.has_ports) for one in drawn])
    top, around = (0, 0) if least_width is None else (_HEADER, _PADDING)
    full = 2 * ceil(max(width + 2 * around, least_width or 0.0) / 2)
    total = ceil(height + top + around)
    at: list[Point] = [(0.0, 0.0)] * len(level.items)
    ports: dict[int, float] = {}
    wires: list[Wire] = []
    for one, corner in zip(drawn, corners, strict=True):
        left, upper = round(corner[0] + (full - width) / 2), round(corner[1] + top)
        for vertex, place in enumerate(one.part.places):
            if place < one.items:
                at[place] = (left + round(one.x[vertex] - one.widths[vertex] / 2), upper + one.top_of(vertex))
            else:
                ports[place] = left + one.x[vertex]
        wires += [_moved(wire, left, upper, one.items, total) for wire in wires_of(one)]
    wires += stray_wires(level, sizes, at)
    wires.sort(key=lambda wire: int(wire.edges[0]))
    return Arranged(level, full, total, list(sizes), at, ports, wires, inside)


def _moved(wire: Wire, left: float, upper: float, items: int, frame_height: float) -> Wire:
    """A wire where its part lies; from and to ports it reaches the border of the frame."""
    points = [(x + left, y + upper) for x, y in wire.points]
    if wire.begin >= items:
        points[0] = (points[0][0], 0.0)
    if wire.end >= items:
        points[-1] = (points[-1][0], frame_height)
    return Wire(wire.begin, wire.end, points, wire.edges, wire.kind)

"""A level laid out, and the lines of its edges as they are bundled for that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from .lifting import Level
from .outline import Ints
from .ranks import Pair

__all__ = ["Arranged", "Bundle", "Point", "Wire", "bundles_of"]

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Wire:
    """A line between two places of a level, for all edges that run along it; place -1 is the frame around it."""

    begin: int
    end: int
    points: list[Point]
    edges: Ints  # places in the model's edges
    kind: Literal["edge", "back", "stub"]


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
class Bundle:
    """Edges of a level that run along one line.

    A port is the place in an open item where the line ends, -1 where it ends in the middle of the item's border.
    """

    begin: int
    begin_port: int
    end: int
    end_port: int
    edges: Ints  # places in the model's edges


def bundles_of(level: Level, inside: Mapping[int, Arranged]) -> dict[Pair, list[Bundle]]:
    """(begin, end) → its lines: one where both are closed, one for each pair of ports where they are open."""
    found: dict[Pair, dict[Pair, list[int]]] = {}
    columns = (level.begin.tolist(), level.end.tolist(), level.node.tolist())
    for edge, (begin, end, node) in enumerate(zip(*columns, strict=True)):
        ports = (
            inside[begin].level.outlets.get(node, -1) if begin in inside else -1,
            inside[end].level.inlets.get(node, -1) if end in inside else -1,
        )
        found.setdefault((begin, end), {}).setdefault(ports, []).append(edge)
    return {
        pair: [
            Bundle(pair[0], begin_port, pair[1], end_port, level.edge[edges])
            for (begin_port, end_port), edges in bundles.items()
        ]
        for pair, bundles in found.items()
    }

"""The connected parts of a level, with rows and order; what passes through a border keeps its order there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .columns import cuts_of
from .lifting import Level
from .ordering import Skeleton, skeleton_of
from .ranks import Pair

__all__ = ["Part", "parts_of", "port_order"]


@dataclass(frozen=True, slots=True)
class Part:
    """A connected part of a level.

    places  of the level, in the order of the skeleton's vertices
    cuts    rows with which further columns begin
    """

    places: list[int]
    skeleton: Skeleton
    cuts: list[int]


def parts_of(level: Level, port_order: Mapping[int, float]) -> list[Part]:
    """The connected parts of a level; `port_order` says where its ports lie among each other."""
    pairs = sorted(set(zip(level.begin.tolist(), level.end.tolist(), strict=True)))
    lead = list(range(level.size))

    def leader(place: int) -> int:
        while lead[place] != place:
            lead[place] = lead[lead[place]]
            place = lead[place]
        return place

    for begin, end in pairs:
        one, other = leader(begin), leader(end)
        lead[max(one, other)] = min(one, other)
    members: dict[int, list[int]] = {}
    for place in range(level.size):
        members.setdefault(leader(place), []).append(place)
    edges: dict[int, list[Pair]] = {first: [] for first in members}
    for pair in pairs:
        edges[leader(pair[0])].append(pair)
    return [_part(level, places, edges[first], port_order) for first, places in members.items()]


def _part(level: Level, places: Sequence[int], pairs: Sequence[Pair], port_order: Mapping[int, float]) -> Part:
    vertex_of = {place: vertex for vertex, place in enumerate(places)}
    edges = [(vertex_of[begin], vertex_of[end]) for begin, end in pairs]
    first, behind = len(level.items), len(level.items) + level.tops
    ports = sorted((place for place in places if place >= first), key=lambda place: (port_order.get(place, 0.0), place))
    tops = [vertex_of[place] for place in ports if place < behind]
    bottoms = [vertex_of[place] for place in ports if place >= behind]
    skeleton = skeleton_of(len(places), edges, tops, bottoms)
    return Part(list(places), skeleton, cuts_of(skeleton))


def port_order(level: Level, above: Level, parts: Sequence[Part], item: int) -> dict[int, float]:
    """Port → where the lines that come to it lie from left to right, for the ports of the level in `item`.

    above, parts  the level that `item` lies in, and its parts
    """
    place = above.items.index(item)
    part = next(part for part in parts if place in part.places)
    skeleton = part.skeleton
    position = {vertex: number for row in skeleton.rows for number, vertex in enumerate(row)}
    vertex_of = {one: vertex for vertex, one in enumerate(part.places)}
    here = vertex_of[place]
    seen: dict[int, list[float]] = {}
    for begin, end, node in zip(above.begin.tolist(), above.end.tolist(), above.node.tolist(), strict=True):
        if place not in (begin, end):
            continue
        pair = (vertex_of[begin], vertex_of[end])
        way = [pair[0], *skeleton.chains[pair], pair[1]]
        port = level.inlets.get(node) if end == place else level.outlets.get(node)
        if port is None:
            continue
        next_to = way[-2] if end == place else way[1]
        where = float(position[next_to])
        if pair in skeleton.back:
            where = float("inf") if where > position[here] else float("-inf")
        seen.setdefault(port, []).append(where)
    return {port: sorted(places)[len(places) // 2] for port, places in seen.items()}

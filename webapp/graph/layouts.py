"""Layouts of the levels of one graph, each made once for what is open in it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Sequence

from ...logger.graphs.model import GraphModel
from .arranging import Arranged, Part, arrange
from .boxes import box_size, frame_width, group_text, node_text
from .lifting import Level, level_of
from .ordering import skeleton_of
from .outline import Outline
from .ranks import Pair

__all__ = ["Layouts"]

_KEPT = 4_000  # boxes of kept layouts, besides those of the picture at hand

Size = tuple[float, float]


class Layouts:
    """The layouts of a graph's groups. Order and rows of a level do not depend on what is open in it: nothing jumps."""

    def __init__(self, model: GraphModel) -> None:
        self.outline = Outline(model)
        self._levels: dict[int, tuple[Level, list[Part]]] = {}
        self._kept: OrderedDict[tuple[int, frozenset[int]], Arranged] = OrderedDict()

    def opened(self, names: Collection[str]) -> frozenset[int]:
        """The items with these ids that can be open."""
        outline = self.outline
        groups = (outline.model.group_at.get(name[:-1]) for name in names if name.endswith("/"))
        items = {group + outline.count for group in groups if group}
        return frozenset(item for item in items if outline.children.get(item))

    def arranged(self, item: int, opened: frozenset[int]) -> Arranged:
        """The layout of what is in an item."""
        level, parts = self.level(item)
        inside = {place: self.arranged(child, opened) for place, child in enumerate(level.items) if child in opened}
        below = frozenset().union(*(self._open_below(level.items[place], opened) for place in inside))
        key = (item, below)
        if key not in self._kept:
            sizes = [
                (inside[place].width, inside[place].height) if place in inside else self._size(child)
                for place, child in enumerate(level.items)
            ]
            framed = item != self.outline.root
            least = frame_width(*self._text(item)) if framed else 0.0
            self._kept[key] = arrange(level, parts, sizes, inside, least, framed)
        self._kept.move_to_end(key)
        return self._kept[key]

    def _open_below(self, item: int, opened: frozenset[int]) -> frozenset[int]:
        return frozenset(
            one for one in opened if self.outline.start[item] <= self.outline.start[one] < self.outline.end[item]
        )

    def level(self, item: int) -> tuple[Level, list[Part]]:
        """The level in an item and its connected parts."""
        if item not in self._levels:
            level = level_of(self.outline, item)
            self._levels[item] = (level, _parts(level))
        return self._levels[item]

    def _size(self, item: int) -> Size:
        return box_size(*self._text(item))

    def _text(self, item: int) -> tuple[str, str]:
        model, count = self.outline.model, self.outline.count
        return node_text(model.nodes[item]) if item < count else group_text(model.groups[item - count])


def _parts(level: Level) -> list[Part]:
    """The connected parts of a level."""
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
    return [_part(level, places, edges[first]) for first, places in members.items()]


def _part(level: Level, places: Sequence[int], pairs: Sequence[Pair]) -> Part:
    vertex_of = {place: vertex for vertex, place in enumerate(places)}
    edges = [(vertex_of[begin], vertex_of[end]) for begin, end in pairs]
    items, tops = len(level.items), level.tops
    top = [vertex_of[place] for place in places if items <= place < items + tops]
    bottom = [vertex_of[place] for place in places if place >= items + tops]
    return Part(list(places), skeleton_of(len(places), edges, top, bottom))

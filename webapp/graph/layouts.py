"""Layouts of the levels of one graph, each made once for what is open in it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass

from ...logger.graphs.model import GraphModel
from .arranged import Arranged
from .arranging import arrange
from .boxes import box_size, frame_width
from .folding import add_families, add_folds, add_sections
from .lifting import Level, level_of
from .outline import Outline
from .parts import Part, parts_of, port_order

__all__ = ["Layouts"]

MOST_BOXES, MOST_DEPTH = 3_000, 100
_KEPT = 12_000  # boxes in all layouts that are kept


@dataclass(frozen=True, slots=True)
class _Kept:
    number: int  # no other layout has it
    arranged: Arranged


class Layouts:
    """The layouts of a graph's groups. Order and rows of a level do not depend on what is open in it: nothing jumps."""

    def __init__(self, model: GraphModel, *, fold: bool = True) -> None:
        self.outline = Outline(model)
        if fold:
            add_folds(self.outline)
            add_families(self.outline)
        add_sections(self.outline)
        self._made_at = {made.id: item for item, made in self.outline.made.items()}
        self._levels: dict[int, tuple[Level, list[Part]]] = {}
        self._kept: OrderedDict[tuple[int, ...], _Kept] = OrderedDict()
        self._boxes, self._number = 0, 0

    def opened(self, names: Collection[str]) -> tuple[frozenset[int], str]:
        """The items of these ids that are seen open, and a sentence where that would be too many boxes."""
        asked = {item for item in map(self._find, names) if item is not None}
        children = self.outline.children
        opened: set[int] = set()
        level, boxes, depth = [self.outline.root], len(children.get(self.outline.root, ())), 0
        while level:
            level = [child for item in level for child in children[item] if child in asked and children.get(child)]
            more = sum(len(children[item]) for item in level)
            if level and depth == MOST_DEPTH:
                return frozenset(opened), f"Groups lie deeper than {MOST_DEPTH} in each other: those below stay closed."
            if boxes + more > MOST_BOXES:
                shown = f"groups are open {depth} deep" if depth else "all groups stay closed"
                return frozenset(opened), (
                    f"With {len(level):,} groups open {depth + 1} deep there would be {boxes + more:,} boxes, and at "
                    f"most {MOST_BOXES:,} are drawn: {shown}. Open fewer groups."
                )
            opened.update(level)
            boxes, depth = boxes + more, depth + 1
        return frozenset(opened), ""

    def arranged(self, item: int, opened: frozenset[int]) -> Arranged:
        """The layout of what is in an item."""
        return self._arranged(item, opened).arranged

    def _find(self, name: str) -> int | None:
        if name in self._made_at:
            return self._made_at[name]
        group = self.outline.model.group_at.get(name[:-1]) if name.endswith("/") else None
        return None if group is None else group + self.outline.count

    def _arranged(self, item: int, opened: frozenset[int]) -> _Kept:
        level, parts = self._level(item)
        inside = {place: self._arranged(child, opened) for place, child in enumerate(level.items) if child in opened}
        key = (item, *(one.number for one in inside.values()))
        kept = self._kept.get(key)
        if kept is None:
            held = {place: one.arranged for place, one in inside.items()}
            sizes = [
                (held[place].width, held[place].height) if place in held else box_size(self.outline, child)
                for place, child in enumerate(level.items)
            ]
            least = frame_width(self.outline, item) if item != self.outline.root else None
            self._number += 1
            kept = self._kept[key] = _Kept(self._number, arrange(level, parts, sizes, held, least))
            self._boxes += len(level.items)
            while self._boxes > _KEPT and len(self._kept) > 1:
                self._boxes -= len(self._kept.popitem(last=False)[1].arranged.level.items)
        else:
            self._kept.move_to_end(key)
        return kept

    def _level(self, item: int) -> tuple[Level, list[Part]]:
        """The level in an item and its connected parts."""
        if item not in self._levels:
            level = level_of(self.outline, item)
            above = self.outline.parent[item]
            order = port_order(level, *self._level(above), item) if above >= 0 else {}
            self._levels[item] = (level, parts_of(level, order))
        return self._levels[item]

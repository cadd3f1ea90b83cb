"""What is open before anybody chose: as much as makes a good first picture, found without drawing any."""

from __future__ import annotations

from collections.abc import Collection

from .opened import OpenedGraph
from .outline import Outline

__all__ = ["first_view"]

_MOST_BOXES = 60
_MOST_OF_ONE = 400  # where one group is nearly all there is


def first_view(graph: OpenedGraph, unfold: Collection[str], fold: bool) -> tuple[set[str], set[str]]:
    """Ids of the groups, and of the folds, that are open; `unfold`: folds that are in any case."""
    boxes = _Boxes(graph.outline(fold), unfold)
    _open_levels(graph, boxes)
    _open_main_part(graph, boxes)
    outline = boxes.outline
    folds = {outline.id_of(item) for item in boxes.opened if item in outline.made}
    return {outline.id_of(item) for item in boxes.opened if item not in outline.made}, folds.union(unfold)


class _Boxes:
    """The boxes of a picture: items of an outline.

    opened  groups and folds that are
    shown   the boxes, open ones among them
    """

    def __init__(self, outline: Outline, unfold: Collection[str]) -> None:
        self.outline = outline
        self.opened = {item for item, made in outline.made.items() if made.id in unfold}
        self.shown = self._with(self.opened)

    def size(self, item: int) -> int:
        """How many boxes there are more when an item is opened."""
        return len(self.outline.children.get(item, ()))

    def closed_groups(self) -> list[int]:
        """The groups that could be opened."""
        first, made = self.outline.root + 1, self.outline.made
        groups = [item for item in self.shown if item >= first and item not in made]
        return [item for item in groups if item not in self.opened and self.size(item)]

    def open(self, items: Collection[int], most: int) -> bool:
        """Open more, unless there would be more than so many boxes."""
        opened = self.opened.union(items)
        shown = self._with(opened)
        if len(shown) > most:
            return False
        self.opened, self.shown = opened, shown
        return True

    def _with(self, opened: Collection[int]) -> list[int]:
        children = self.outline.children
        shown, level = list[int](), [self.outline.root]
        while level:
            inside = [child for item in level for child in children.get(item, ())]
            shown += inside
            level = [item for item in inside if item in opened]
        return shown


def _open_levels(graph: OpenedGraph, boxes: _Boxes) -> None:
    """Level by level what fits is open, the smallest first; groups of one operation stay closed."""
    tried: set[int] = set()
    while len(boxes.shown) < _MOST_BOXES:
        closed = [item for item in boxes.closed_groups() if item not in tried]
        if not closed:
            break
        tried.update(closed)
        several = [item for item in closed if graph.sums.nodes[item - boxes.outline.count] > 1]
        room, fitting = _MOST_BOXES - len(boxes.shown), set[int]()
        for item in sorted(several, key=boxes.size):
            room -= boxes.size(item)
            if room >= 0:
                fitting.add(item)
        boxes.open(fitting, _MOST_BOXES)


def _open_main_part(graph: OpenedGraph, boxes: _Boxes) -> None:
    """The group that holds most of the graph, and in it such a group again, are open: a name alone tells nothing."""
    outline, half = boxes.outline, len(graph.model.nodes) / 2
    while len(boxes.shown) < _MOST_BOXES:
        main = [item for item in boxes.closed_groups() if outline.nodes_in(item) > half]
        alone = boxes.shown if len(boxes.shown) == 1 and boxes.shown[0] in outline.made else []
        if not (main or alone) or not boxes.open({*main, *alone}, _MOST_OF_ONE):
            break

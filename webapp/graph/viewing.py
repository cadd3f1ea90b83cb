"""Which groups are open in a picture: those asked for, all down to a depth, or what makes a good first view."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import compress
from typing import Any

import numpy as np

from ..queries import Refused, names_list
from .group_tree import Ints
from .opened import OpenedGraph, Picture

__all__ = ["View", "find_picture", "parse_view"]

_FIRST_BOXES = 60  # of a first view
_MOST_FIRST_BOXES = 400  # where one group is nearly all there is
_FEW = 2_000  # children whose picture is made to see whether they fold
_MOST_TRIED = 4  # groups of a level
_MOST_IDS = 20_000


@dataclass(frozen=True, slots=True)
class View:
    """What a request wants to see."""

    open: frozenset[str] | None  # ids of groups; None: nobody chose yet
    unfold: frozenset[str]  # ids of folds
    depth: int | None = None  # open all groups down to this depth
    reveal: tuple[str, ...] = ()  # open what these lie in
    fold: bool = True  # False: what repeats is drawn as often as it does


def parse_view(fields: dict[str, Any]) -> View:
    """Of a JSON body. Raises Refused."""
    depth, fold = fields.get("all"), fields.get("fold", True)
    if depth is not None and (type(depth) is not int or not 0 <= depth <= 10_000):
        raise Refused("all: expected a depth, a whole number from 0")
    if not isinstance(fold, bool):
        raise Refused("fold: expected true or false")
    opened = fields.get("open")
    return View(
        open=None if opened is None else frozenset(_ids(opened, "open")),
        unfold=frozenset(_ids(fields.get("unfold") or [], "unfold")),
        depth=depth,
        reveal=tuple(_ids(fields.get("reveal") or [], "reveal")),
        fold=fold,
    )


def find_picture(graph: OpenedGraph, view: View) -> Picture:
    """The picture of a view. Raises Refused (404) where something to reveal is not in the graph."""
    if view.depth is not None:
        picture = graph.picture(_down_to(graph, view.depth), view.unfold, view.fold)
    elif view.open is None:
        picture = _first(graph, graph.picture((), view.unfold, view.fold))
    else:
        picture = graph.picture(view.open, view.unfold, view.fold)
    return _reveal(graph, picture, view.reveal) if view.reveal else picture


def _ids(value: Any, name: str) -> list[str]:
    ids = names_list(value, name)
    if len(ids) > _MOST_IDS:
        raise Refused(f"{name}: {len(ids):,} ids, at most {_MOST_IDS:,} are read", 413)
    return ids


def _down_to(graph: OpenedGraph, depth: int) -> Iterator[str]:
    """Ids of all groups down to a depth; 0: none."""
    tree = graph.tree
    return (tree.group_id(int(group)) for group in np.flatnonzero((tree.depth > 0) & (tree.depth <= depth)))


def _first(graph: OpenedGraph, picture: Picture) -> Picture:
    """Level by level what fits is open, as long as the picture stays small; groups of one operation stay closed."""
    sizes = _sizes(graph)
    tried: set[str] = set()
    while len(picture.ids) < _FIRST_BOXES:
        closed = [name for name in picture.boxes_of_kind("group") if name not in tried]
        if not closed:
            break
        tried.update(closed)
        places = [graph.model.group_at[name[:-1]] for name in closed]
        several = graph.sums.nodes[places] > 1
        worth = sorted(compress(zip(sizes[places].tolist(), closed, strict=True), several))
        room, fitting = _FIRST_BOXES - len(picture.ids), set(picture.open)
        for size, name in worth:
            room -= size
            if room >= 0:
                fitting.add(name)
        if fitting != picture.open:
            picture = graph.picture(fitting, picture.unfold, picture.fold)
        rest = [name for size, name in worth if name not in fitting and size <= _FEW]
        picture = _with_folds(graph, picture, rest[:_MOST_TRIED])
    return _with_main_part(graph, picture)


def _with_main_part(graph: OpenedGraph, picture: Picture) -> Picture:
    """With the group open that holds most of the graph, and in it such a group again: a name alone tells nothing."""
    half = len(graph.model.nodes) / 2
    while len(picture.ids) < _FIRST_BOXES:
        boxes = picture.shown["boxes"]
        held = zip(boxes["id"], boxes["kind"], boxes["nodes"], strict=True)
        main = {name for name, kind, nodes in held if kind == "group" and nodes > half}
        folds = boxes["id"] if boxes["kind"] == ["fold"] else ()
        if not main and not folds:
            break
        wider = graph.picture(picture.open | main, picture.unfold.union(folds), picture.fold)
        if len(wider.ids) > _MOST_FIRST_BOXES:
            break
        picture = wider
    return picture


def _sizes(graph: OpenedGraph) -> Ints:
    """How many nodes and groups lie right in each group."""
    tree, count = graph.tree, len(graph.tree.parent)
    return np.bincount(tree.group_of, minlength=count) + np.bincount(tree.parent[1:], minlength=count)


def _with_folds(graph: OpenedGraph, picture: Picture, names: Collection[str]) -> Picture:
    """With those of these groups open whose repeats fold to a few boxes."""
    for name in names:
        wider = graph.picture({*picture.open, name}, picture.unfold, picture.fold)
        if len(wider.ids) <= _FIRST_BOXES:
            picture = wider
    return picture


def _reveal(graph: OpenedGraph, picture: Picture, ids: Collection[str]) -> Picture:
    """Open the groups, folds and sections that these lie in."""
    hidden = [name for name in ids if name not in picture.box_at]
    around = {outer for name in hidden for outer in graph.around(name, picture.fold)}
    groups = {name for name in around if name.endswith("/")}
    return graph.picture(picture.open | groups, picture.unfold | (around - groups), picture.fold)

"""Which groups are open in a picture: those asked for, all down to a depth, or what makes a good first view."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..queries import Refused, names_list
from .opened import OpenedGraph, Picture

__all__ = ["View", "find_picture", "parse_view"]

_FIRST_BOXES = 60  # of a first view
_FEW = 2_000  # children whose picture is made to see whether it is small
_ROUNDS = 12  # of unfolding what lies in folds
_MOST_IDS = 20_000


@dataclass(frozen=True, slots=True)
class View:
    """What a request wants to see."""

    open: frozenset[str] | None  # ids of groups; None: nobody chose yet
    unfold: frozenset[str]  # ids of folds
    depth: int | None = None  # open all groups down to this depth
    reveal: tuple[str, ...] = ()  # open what these lie in
    fold: bool = True  # False: unfold all


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
        picture = graph.picture(_down_to(graph, view.depth), view.unfold)
    elif view.open is None:
        picture = _first(graph, view.unfold)
    else:
        picture = graph.picture(view.open, view.unfold)
    if view.reveal:
        picture = _reveal(graph, picture, view.reveal)
    return picture if view.fold else _unfold(graph, picture)


def _ids(value: Any, name: str) -> list[str]:
    ids = names_list(value, name)
    if len(ids) > _MOST_IDS:
        raise Refused(f"{name}: {len(ids):,} ids, at most {_MOST_IDS:,} are read", 413)
    return ids


def _down_to(graph: OpenedGraph, depth: int) -> Iterator[str]:
    """Ids of all groups down to a depth; 0: none."""
    tree = graph.tree
    return (tree.group_id(int(group)) for group in np.flatnonzero((tree.depth > 0) & (tree.depth <= depth)))


def _first(graph: OpenedGraph, unfold: Collection[str]) -> Picture:
    """Groups that are alone at the top are open; then one level after the other as long as the picture stays small."""
    tree = graph.tree
    beside = np.bincount(tree.group_of, minlength=len(tree.parent))  # nodes right in a group
    opened: list[int] = []
    level = tree.children(0)
    while len(level) == 1 and _is_alone(graph, int(tree.parent[level[0]])):
        opened.append(int(level[0]))
        level = tree.children(opened[-1])
    picture = graph.picture(map(tree.group_id, opened), unfold)
    while len(level) and len(picture.ids) < _FIRST_BOXES:
        below = np.flatnonzero(np.isin(tree.parent, level))
        if len(picture.ids) + len(below) + int(beside[level].sum()) > _FEW:
            break
        opened.extend(level.tolist())
        wider = graph.picture(map(tree.group_id, opened), unfold)
        if len(wider.ids) > _FIRST_BOXES:
            break
        picture, level = wider, below
    return picture


def _is_alone(graph: OpenedGraph, group: int) -> bool:
    """Whether a group holds nothing but one group and what goes in and out."""
    nodes = np.flatnonzero(graph.tree.group_of == group)
    return len(nodes) <= _FIRST_BOXES and all(graph.model.nodes[int(node)].role != "op" for node in nodes)


def _reveal(graph: OpenedGraph, picture: Picture, ids: Collection[str]) -> Picture:
    """Open the groups, and unfold the folds, that these lie in."""
    tree, opened = graph.tree, set(picture.open)
    wanted: list[tuple[str, int]] = []  # and a node of each
    for name in ids:
        if name in picture.box_at:  # a fold, or in sight already
            continue
        group, node = tree.find(name)
        inner = int(tree.parent[group]) if group is not None else int(tree.group_of[node])
        if inner >= 0:
            opened.update(tree.group_id(above) for above in (*tree.above(inner), inner) if above > 0)
            below = tree.nodes_under(group) if group is not None else np.array([node])
            wanted.extend((name, int(place)) for place in below[:1])
    picture = graph.picture(opened, picture.unfold)
    for _ in range(_ROUNDS):
        hidden = [int(picture.scene.box_of[node]) for name, node in wanted if name not in picture.box_at]
        closed = {picture.ids[box] for box in hidden if box >= 0} - picture.unfold
        if not closed:
            break
        picture = graph.picture(picture.open, picture.unfold | closed)
    return picture


def _unfold(graph: OpenedGraph, picture: Picture) -> Picture:
    for _ in range(_ROUNDS):
        folds = frozenset(picture.boxes_of_kind("fold")) - picture.unfold
        if not folds:
            break
        picture = graph.picture(picture.open, picture.unfold | folds)
    return picture

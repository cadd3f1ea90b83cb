"""Which groups are open in a picture: those asked for, all down to a depth, or what makes a good first view."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..queries import Refused, names_list
from .first_view import first_view
from .opened import OpenedGraph, Picture

__all__ = ["View", "find_picture", "parse_view"]

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
        picture = graph.picture(*first_view(graph, view.unfold, view.fold), view.fold)
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


def _reveal(graph: OpenedGraph, picture: Picture, ids: Collection[str]) -> Picture:
    """Open the groups, folds and sections that these lie in."""
    hidden = [name for name in ids if name not in picture.box_at]
    around = {outer for name in hidden for outer in graph.around(name, picture.fold)}
    groups = {name for name in around if name.endswith("/")}
    return graph.picture(picture.open | groups, picture.unfold | (around - groups), picture.fold)

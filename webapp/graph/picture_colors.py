"""What the boxes of a picture are coloured by, told along with the picture."""

from __future__ import annotations

from typing import Any

from ..queries import Refused
from .coloring import NUMBERS, box_values
from .naming import Difference
from .opened import OpenedGraph, Picture

__all__ = ["picture_colors"]


def picture_colors(graph: OpenedGraph, picture: Picture, by: str) -> dict[str, Any]:
    """As `box_values` for all boxes, with `by`, or a `problem`. An empty `by` is what suits the graph.

    The frame around open boxes has no sum: it would count what lies in it twice.
    """
    by = by or _usual(graph)
    left_out = {*picture.boxes_of_kind("stub"), *(picture.boxes_of_kind("open") if by in NUMBERS else ())}
    ids = [name for name in picture.ids if name not in left_out]
    try:
        return {"by": by, "ids": ids, **box_values(graph, by, ids, picture)}
    except Refused as error:
        return {"by": by, "problem": str(error)}


def _usual(graph: OpenedGraph) -> str:
    """What differs in two graphs, the classes of modules, or operations where these are the layers.

    The types of groups that are no modules, such as the bodies of loops, tell of few boxes.
    """
    if isinstance(graph.name, Difference):
        return "status"
    has_modules = any(group.type and group.module is not None for group in graph.model.groups)
    return "module" if has_modules and graph.model.format != "keras" else "op"

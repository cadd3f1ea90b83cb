"""What boxes are coloured by: a category or a number for each, and the legend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...logger.graphs.model import Node
from ..queries import Refused
from .categories import CATEGORIES, Categories
from .group_tree import Ints
from .opened import OpenedGraph, Picture
from .overlays import box_numbers, is_overlay
from .sums import activation_bytes, number_column
from .tree_rows import known

__all__ = ["NUMBERS", "box_values", "colorings"]

NUMBERS = {
    "parameters": "",
    "flops": "FLOPs",
    "activations": "bytes",
    "time": "s",
    "memory": "bytes",
}  # with their units
_SUMS = {**{by: by for by in NUMBERS}, "activations": "activation_bytes"}  # what Sums calls them
_MOST_CATEGORIES = 23  # in a legend; all others are one entry


def colorings(graph: OpenedGraph) -> list[str]:
    """The colourings by which anything in the graph differs from nothing."""
    categories = [by for by in CATEGORIES if graph.categories.has(by)]
    return [*categories, *(by for by in NUMBERS if np.nan_to_num(getattr(graph.sums, _SUMS[by])[0]) > 0)]


def box_values(graph: OpenedGraph, by: str, ids: Sequence[str], picture: Picture) -> dict[str, Any]:
    """`{kind, unit, values, legend}`, a value for each id, None where there is none. Raises Refused.

    A group has the category that most of its nodes have, and the sum of its numbers.
    """
    if by in NUMBERS:
        return _numbers(NUMBERS[by], [_number(graph, by, name, picture) for name in ids])
    if by in CATEGORIES:
        return _categorised(graph, by, ids, picture)
    if is_overlay(by):
        unit, values = box_numbers(graph, by, ids, picture)
        return _numbers(unit, values)
    raise Refused(f"by: expected one of {', '.join((*CATEGORIES, *NUMBERS))}, or an overlay, got {by[:80]!r}")


def _nodes(graph: OpenedGraph, name: str, picture: Picture) -> Ints | None:
    """The nodes of an id; None for one that stands for nothing in the graph, such as the stub of an edge."""
    try:
        return graph.nodes_of(name, picture)
    except Refused:
        return None


# --- numbers ----------------------------------------------------------------------------------------------------------


def _number(graph: OpenedGraph, by: str, name: str, picture: Picture) -> float | None:
    group = graph.model.group_at.get(name[:-1]) if name.endswith("/") else None
    if group is not None:
        return known(getattr(graph.sums, _SUMS[by])[group])
    nodes = _nodes(graph, name, picture)
    if nodes is None:
        return None
    if by == "parameters":
        used = {index for node in nodes.tolist() for index in graph.model.nodes[node].parameters}
        listed = (graph.model.parameters[index] for index in used)
        return sum(parameter.spec.elements or 0 for parameter in listed if parameter.kind == "parameter")
    told = number_column([_of_node(graph.model.nodes[node], by) for node in nodes.tolist()])
    told = told[np.isfinite(told)]
    return known(float(told.sum())) if len(told) else None


def _of_node(node: Node, by: str) -> float | None:
    told: float | None = activation_bytes(node) if by == "activations" else getattr(node, by)
    return told


def _numbers(unit: str, values: list[float | None]) -> dict[str, Any]:
    told = [value for value in values if value is not None]
    legend = [min(told), max(told)] if told else []
    return {"kind": "number", "unit": unit, "values": values, "legend": legend}


# --- categories -------------------------------------------------------------------------------------------------------


def _categorised(graph: OpenedGraph, by: str, ids: Sequence[str], picture: Picture) -> dict[str, Any]:
    categories = graph.categories.by(by)
    legend = _legend(categories)
    shown = {entry["value"] for entry in legend}

    def value(name: str) -> str | None:
        found = _own_module(graph, name) if by == "module" else _status(picture, name) if by == "status" else ""
        if not found:
            nodes = _nodes(graph, name, picture)
            found = categories.dominant(nodes) if nodes is not None and len(nodes) else ""
        return None if not found else found if found in shown else ""

    return {"kind": "category", "unit": "", "values": [value(name) for name in ids], "legend": legend}


def _legend(categories: Categories) -> list[dict[str, Any]]:
    """Of the whole graph, so that a colour means the same in every picture; the most frequent first."""
    counts, order = categories.counts, categories.ordered()
    listed, rest = order[:_MOST_CATEGORIES], order[_MOST_CATEGORIES:]
    legend = [{"value": (name := categories.names[code]), "label": name, "count": int(counts[code])} for code in listed]
    if rest:
        legend.append({"value": "", "label": f"{len(rest):,} others", "count": int(counts[rest].sum())})
    return legend


def _status(picture: Picture, name: str) -> str:
    """Of a box: one difference in a group counts more than all that is the same."""
    box = picture.box_at.get(name)
    return picture.shown["boxes"]["status"][box] if box is not None and "status" in picture.shown["boxes"] else ""


def _own_module(graph: OpenedGraph, name: str) -> str:
    """The class of a group, of a fold that of the groups it stands for."""
    name = name.rpartition("*")[0] if name.rpartition("/")[2].startswith("*") else name
    group = graph.model.group_at.get(name[:-1]) if name.endswith("/") else None
    return graph.model.groups[group].type if group is not None else ""

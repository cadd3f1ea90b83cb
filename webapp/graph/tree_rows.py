"""The rows of the module tree, and what leaves and enters a group."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...logger.graphs.model import GraphModel, TensorSpec
from .group_tree import GroupTree, Ints
from .sums import Sums, activation_bytes

__all__ = ["group_numbers", "group_outputs", "known", "tree_rows"]

MOST_ROWS = 1_000  # of one answer
_MOST_OUTPUTS = 4  # written in one row


def tree_rows(model: GraphModel, tree: GroupTree, sums: Sums, group: int, begin: int = 0) -> dict[str, Any]:
    """`{total, from, rows}`: what lies right in a group, in the order of the computation, from row `begin`."""
    children = tree.children(group)
    nodes = np.flatnonzero(tree.group_of == group)
    firsts = np.array([tree.first_node[group] for group in children], np.int64)
    places = np.concatenate([children, nodes])
    order = np.argsort(np.concatenate([firsts, nodes]), kind="stable")[begin : begin + MOST_ROWS]
    shown = [int(row) for row in order if row < len(children)]
    outputs = group_outputs(model, tree, children, set(shown))
    rows = [
        _group_row(model, tree, sums, int(places[row]), outputs.get(row, ()))
        if row < len(children)
        else _node_row(model, int(places[row]))
        for row in map(int, order)
    ]
    return {"total": len(places), "from": begin, "rows": rows}


def known(number: float) -> float | None:
    """None for NaN and the infinities; whole numbers as such."""
    if isinstance(number, int) or not math.isfinite(number):
        return number if isinstance(number, int) else None
    return int(number) if number == int(number) else float(number)


def group_numbers(sums: Sums, group: int) -> dict[str, Any]:
    """The sums of a group; None where nothing is known."""
    return {name: known(getattr(sums, name)[group]) for name in Sums.__dataclass_fields__}


def _group_row(model: GraphModel, tree: GroupTree, sums: Sums, place: int, outputs: Sequence[TensorSpec]) -> Any:
    group = model.groups[place]
    return {
        "id": tree.group_id(place),
        "kind": "group",
        "name": group.name,
        "type": group.type,
        "call": group.call,
        **group_numbers(sums, place),
        "output": _written(outputs),
        "has_children": bool(sums.nodes[place]) or bool(tree.leave[place] - tree.enter[place] > 1),
    }


def _node_row(model: GraphModel, place: int) -> dict[str, Any]:
    node = model.nodes[place]
    used = [model.parameters[index] for index in dict.fromkeys(node.parameters)]
    learned = [parameter for parameter in used if parameter.kind == "parameter"]
    return {
        "id": node.path,
        "kind": node.role,
        "name": node.name,
        "type": node.op,
        "call": 0,
        "nodes": 1,
        "parameters": sum(parameter.spec.elements or 0 for parameter in learned),
        "trainable": sum(parameter.spec.elements or 0 for parameter in learned if parameter.trainable),
        "parameter_bytes": sum(parameter.spec.nbytes or 0 for parameter in learned),
        "buffers": sum(parameter.spec.elements or 0 for parameter in used if parameter.kind == "buffer"),
        "flops": None if node.flops is None else known(node.flops),
        "activation_bytes": activation_bytes(node),
        "time": None if node.time is None else known(node.time),
        "memory": node.memory,
        "output": _written(node.outputs),
        "has_children": False,
    }


def _written(specs: Sequence[TensorSpec]) -> str:
    texts = [str(spec) for spec in specs[:_MOST_OUTPUTS]]
    return ", ".join(filter(None, texts)) + (" …" if len(specs) > _MOST_OUTPUTS else "")


def group_outputs(
    model: GraphModel, tree: GroupTree, children: Ints, shown: Collection[int]
) -> dict[int, Sequence[TensorSpec]]:
    """What leaves the shown ones of the children of one group, by place; where nothing leaves, the last result."""
    if not len(children):
        return {}
    inside = _child_of(tree, children)
    source, target = inside[model.edges.source], inside[model.edges.target]
    leaving = np.flatnonzero((source >= 0) & (source != target) & ~model.edges.control)
    found: dict[int, dict[tuple[int, int], TensorSpec]] = {}
    for edge in leaving[np.argsort(source[leaving], kind="stable")].tolist():
        child = int(source[edge])
        kept = found.setdefault(child, {})
        key = int(model.edges.source[edge]), int(model.edges.output[edge])
        if child in shown and key not in kept and len(kept) <= _MOST_OUTPUTS and (spec := model.spec_of(edge)):
            kept[key] = spec
    outputs: dict[int, Sequence[TensorSpec]] = {child: [*kept.values()] for child, kept in found.items() if kept}
    for child in set(shown) - outputs.keys():
        below = tree.nodes_under(int(children[child]))
        outputs[child] = model.nodes[int(below.max())].outputs if len(below) else ()
    return outputs


def _child_of(tree: GroupTree, children: Ints) -> NDArray[np.int64]:
    """For each node the place of the child it lies below, -1 for none; `children` of one group, in its order."""
    enter, leave = tree.enter[children], tree.leave[children]
    order = np.argsort(enter)
    place = np.searchsorted(enter[order], tree.node_enter, "right") - 1
    below = (place >= 0) & (tree.node_enter < leave[order][place])
    return np.where(below, order[place], -1)

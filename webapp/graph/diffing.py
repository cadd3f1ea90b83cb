"""What became of one graph in another: both as one, with a status for each part, and a list of what changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...logger.graphs.model import GraphModel
from .changes import FieldChange, group_changes, node_changes
from .group_tree import GroupTree
from .matching import match_nodes
from .merging import Merged, merge
from .sums import Sums, group_sums

__all__ = ["STATUSES", "Change", "Comparison", "diff_answer", "diff_models"]

STATUSES = ("same", "added", "removed", "changed")
_SAME, _ADDED, _REMOVED, _CHANGED = range(4)
_MOST_CHANGES = 1_000  # listed
_MOST_INPUTS = 8  # named

Codes = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Change:
    """A node or group that is not the same in both. `id`: as in scenes."""

    id: str
    label: str
    status: str
    what: Sequence[FieldChange] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two graphs as one. `nodes`, `groups`, `edges`: places in STATUSES, of groups for what is their own.

    sums  of each group as it is in the second graph, of those that only the first has as it was there
    """

    model: GraphModel
    nodes: Codes
    groups: Codes
    edges: Codes
    changes: Sequence[Change]
    sums: Sums

    @property
    def status(self) -> list[str]:
        """Of each node."""
        return [STATUSES[code] for code in self.nodes.tolist()]


def diff_models(a: GraphModel, b: GraphModel) -> Comparison:
    """What became of `a` in `b`. Parts are the same part where their paths are, see matching.py."""
    match = match_nodes(a, b)
    merged = merge(a, b, match)
    nodes, groups, edges = (_presence(pairs) for pairs in (merged.nodes, merged.groups, merged.edges - 1))
    inputs = _rewired(merged, edges)
    sums = [group_sums(model, GroupTree(model)) for model in (a, b)]
    numbers = [one.parameters for one in sums]
    changes = [*_group_changes(a, b, merged, groups, numbers), *_node_changes(a, b, merged, nodes, inputs)]
    merged.model.marks = {change.id: change.status for change in changes}
    if a.nodes and b.nodes and not match:
        merged.model.notes.append("No operation of one graph is in the other: these are different models.")
    return Comparison(merged.model, nodes, groups, edges, changes, _sums(merged, *sums))


def diff_answer(comparison: Comparison) -> dict[str, Any]:
    """`{summary, changes, notes}`; the summary counts nodes and groups, `same` the nodes alone."""
    told = [change.status for change in comparison.changes]
    counts = {status: told.count(status) for status in STATUSES[1:]}
    changes = [
        {
            "id": change.id,
            "label": change.label,
            "status": change.status,
            "what": [one._asdict() for one in change.what],
        }
        for change in comparison.changes[:_MOST_CHANGES]
    ]
    same = int((comparison.nodes == _SAME).sum())
    return {"summary": {**counts, "same": same}, "changes": changes, "notes": comparison.model.notes}


def _presence(pairs: NDArray[np.int64]) -> Codes:
    """By where something is: in both, only in the second, only in the first."""
    codes = np.zeros(len(pairs), np.int8)
    codes[pairs[:, 0] < 0] = _ADDED
    codes[pairs[:, 1] < 0] = _REMOVED
    return codes


def _rewired(merged: Merged, edges: Codes) -> dict[int, FieldChange]:
    """Nodes whose inputs differ."""
    model, target = merged.model, merged.model.edges.target  # sorted
    nodes = np.unique(target[edges != _SAME])
    ends = np.searchsorted(target, nodes), np.searchsorted(target, nodes, "right")
    found = {}
    for node, begin, end in zip(nodes.tolist(), *(places.tolist() for places in ends), strict=True):
        names: tuple[list[str], list[str]] = [], []
        for edge in range(begin, min(end, begin + 2 * _MOST_INPUTS)):
            source = model.nodes[model.edges.source[edge]].name
            for side in np.flatnonzero(merged.edges[edge]).tolist():
                names[side].append(source)
        found[node] = FieldChange("inputs", *(", ".join(side[:_MOST_INPUTS]) for side in names))
    return found


def _sums(merged: Merged, a: Sums, b: Sums) -> Sums:
    """Those of one of the graphs, except for what is drawn: that is of both."""
    one, other = merged.groups.T
    told = {
        field.name: np.where(other >= 0, getattr(b, field.name)[other], getattr(a, field.name)[one])
        for field in fields(Sums)
    }
    tree = GroupTree(merged.model)
    return Sums(**{**told, "nodes": tree.subtree_sums(np.bincount(tree.group_of, minlength=len(other)))})


def _group_changes(
    a: GraphModel, b: GraphModel, merged: Merged, codes: Codes, numbers: Sequence[NDArray[np.float64]]
) -> Iterator[Change]:
    """Marks those that changed in `codes`. `numbers`: in the parameters of each group of `a` and of `b`."""
    for place, (one, other) in enumerate(merged.groups.tolist()):
        group = merged.model.groups[place]
        what: Sequence[FieldChange] = ()
        if codes[place] == _SAME:
            what = group_changes(a.groups[one], b.groups[other], (int(numbers[0][one]), int(numbers[1][other])))
            codes[place] = _CHANGED if what else _SAME
        if codes[place] != _SAME:
            yield Change(f"{group.path}/", group.path or group.type or "model", STATUSES[codes[place]], what)


def _node_changes(
    a: GraphModel, b: GraphModel, merged: Merged, codes: Codes, inputs: dict[int, FieldChange]
) -> Iterator[Change]:
    """Marks those that changed in `codes`."""
    for place, (one, other) in enumerate(merged.nodes.tolist()):
        node = merged.model.nodes[place]
        what: Sequence[FieldChange] = ()
        if codes[place] == _SAME:
            what = node_changes(a, a.nodes[one], b, b.nodes[other])
            if place in inputs:
                what = [*what, inputs[place]]
            codes[place] = _CHANGED if what else _SAME
        if codes[place] != _SAME:
            yield Change(node.path, node.path, STATUSES[codes[place]], what)

"""Which parts of two graphs are the same part: those of one path, else those that use the same parameters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from ...logger.graphs.model import GraphModel

__all__ = ["match_nodes"]


def match_nodes(a: GraphModel, b: GraphModel) -> dict[int, int]:
    """Place in `a` → place in `b`.

    Levels of one model name their operations differently: a "linear" with a module's weight is its "addmm".
    """
    found = {place: b.node_at[node.path] for place, node in enumerate(a.nodes) if node.path in b.node_at}
    taken = set(found.values())
    left = _users(b, taken)
    for key, places in _users(a, found.keys()).items():
        others = left.get(key, [])
        if len(places) == len(others) == 1:
            found[places[0]] = others[0]
    return found


def _users(model: GraphModel, skipped: Collection[int]) -> dict[tuple[str, frozenset[str]], list[int]]:
    """Nodes by their group and the learned parameters that they use; those that use none are left out."""
    found: defaultdict[tuple[str, frozenset[str]], list[int]] = defaultdict(list)
    for place, node in enumerate(model.nodes):
        if place in skipped or not node.parameters:
            continue
        used = (model.parameters[index] for index in node.parameters)
        names = frozenset(parameter.name for parameter in used if parameter.kind == "parameter")
        if names:
            found[model.groups[node.group].path, names].append(place)
    return found

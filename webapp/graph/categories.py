"""The kinds that nodes fall into: by operation, module, dtype, device, or what became of them."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from typing import Any, get_args

import numpy as np

from ...logger.graphs.model import GraphModel, Role
from .group_tree import Ints

__all__ = ["CATEGORIES", "Categories", "NodeCategories"]

CATEGORIES = ("op", "module", "dtype", "device", "status")


_ROLES = frozenset(get_args(Role))


class Categories:
    """`names`, the first of them "" for none; `codes`: the place of each node's name among them.

    `counts` says how many there are of each: nodes, or what `counted` lists instead. `minor` names say least.
    """

    def __init__(
        self, of_nodes: Sequence[str], counted: Sequence[str] | None = None, minor: Container[str] = ()
    ) -> None:
        counted = of_nodes if counted is None else counted
        places = {name: place for place, name in enumerate(dict.fromkeys(("", *of_nodes, *counted)))}
        self.names = [*places]
        self.codes: Ints = np.array([places[name] for name in of_nodes], np.int64)
        self.counts: Ints = np.bincount([places[name] for name in counted], minlength=len(places))
        self._matters: Ints = np.array([2 * len(of_nodes) * (name not in minor) for name in self.names], np.int64)

    def dominant(self, nodes: Ints) -> str:
        """The name that most of these nodes have, one of `minor` where there is no other; "" where none is known."""
        return self.names[self._first(np.bincount(self.codes[nodes], minlength=len(self.names)))]

    def ordered(self) -> list[int]:
        """Places of the names, the most frequent first, those of `minor` behind all others; none that is nowhere."""
        order = np.argsort(-(self.counts + self._matters), kind="stable")
        return [place for place in order.tolist() if place and self.counts[place]]

    def _first(self, counts: Ints) -> int:
        counts = counts + np.where(counts > 0, self._matters, 0)
        counts[0] = 0
        return int(counts.argmax())


class NodeCategories:
    """The categories of a graph's nodes, worked out when first asked for."""

    def __init__(self, model: GraphModel, status: Sequence[str] | None) -> None:
        self._model, self._status = model, status
        self._known: dict[str, Categories] = {}
        self._has: dict[str, bool] = {}

    def by(self, what: str) -> Categories:
        """One of CATEGORIES."""
        if what not in self._known:
            modules = [group.type for group in self._model.groups] if what == "module" else None
            self._known[what] = Categories([*self._texts(what)], modules, _ROLES if what == "op" else ())
        return self._known[what]

    def has(self, what: str) -> bool:
        """Whether any node has a category of this kind."""
        if what not in self._has:
            self._has[what] = any(self._texts(what))
        return self._has[what]

    def _texts(self, what: str) -> Iterable[str]:
        nodes = self._model.nodes
        if what == "status":
            return self._status or [""] * len(nodes)
        if what == "module":
            modules = _module_types(self._model)
            return (modules[node.group] for node in nodes)
        return map(_READERS[what], nodes)


def _module_types(model: GraphModel) -> list[str]:
    """For each group its class, or that of the nearest group around it that has one."""
    found: list[str] = []
    for group in model.groups:  # parents come first
        found.append(group.type or (found[group.parent] if group.parent >= 0 else ""))
    return found


def _dtype(node: Any) -> str:
    return next((spec.dtype for spec in node.outputs if spec.dtype), "")


def _device(node: Any) -> str:
    return node.device or next((spec.device for spec in node.outputs if spec.device), "")


_READERS: dict[str, Callable[[Any], str]] = {
    "op": lambda node: node.op if node.role == "op" else node.role,
    "dtype": _dtype,
    "device": _device,
}

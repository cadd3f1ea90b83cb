"""What the groups of a graph hold together: nodes, parameters, FLOPs, memory of activations, time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...logger.graphs.model import GraphModel, Node, TensorSpec
from .group_tree import GroupTree, Ints
from .numbering import numbered

__all__ = ["Sums", "activation_bytes", "group_sums", "number_column"]

Floats = NDArray[np.float64]

_BEYOND = 2.0**200

# Operations whose result is the memory of their input, seen another way or written into.
_VIEWS = frozenset({
    "view", "reshape", "flatten", "unflatten", "transpose", "permute", "t", "mT", "swapaxes", "swapdims", "movedim",
    "squeeze", "unsqueeze", "expand", "expand_as", "narrow", "select", "slice", "chunk", "split",
    "split_with_sizes", "unbind", "detach", "alias", "contiguous", "view_as", "getitem", "__getitem__",
    "unsafe_view", "_unsafe_view", "diagonal", "identity", "as_strided", "dropout_eval", "broadcast_to", "setitem",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sums:
    """One number a group, over all that lies in it and below it. NaN: nothing of it is known."""

    nodes: Ints
    parameters: Floats  # numbers in parameters; one that several nodes use counts once in each group
    trainable: Floats
    parameter_bytes: Floats
    buffers: Floats  # numbers in buffers
    flops: Floats
    activation_bytes: Floats
    time: Floats  # seconds
    memory: Floats  # bytes


def group_sums(model: GraphModel, tree: GroupTree) -> Sums:
    """The sums of every group, in one pass over the nodes."""
    nodes, uses = model.nodes, _uses(model, tree)
    return Sums(
        nodes=tree.subtree_sums(np.bincount(tree.group_of, minlength=len(model.groups))),
        flops=_known(tree, [node.flops for node in nodes]),
        activation_bytes=_known(tree, [*_activations(nodes)]),
        time=_known(tree, [node.time for node in nodes]),
        memory=_known(tree, [node.memory for node in nodes]),
        **{name: _distinct(tree, uses, numbers) for name, numbers in _of_parameters(model).items()},
    )


def activation_bytes(node: Node) -> int | None:
    """Bytes of what an operation makes anew; None where a shape or dtype is unknown, and for what computes nothing."""
    return next(_activations([node]))


def _activations(nodes: Iterable[Node]) -> Iterator[int | None]:
    """As `activation_bytes`; operations and specs are few that are unlike each other, and looked at once."""
    listed = [*nodes]
    numbers, outputs = numbered([node.outputs for node in listed])
    sizes = [_bytes_of(specs) for specs in outputs]
    makes = _Remembered(_makes_memory)
    functions = _Remembered(lambda op: op.isidentifier() and op.islower())  # of torch; others' attributes cost parsing
    for node, number in zip(listed, numbers, strict=True):
        if node.role != "op" or not node.outputs:
            yield None
        else:
            in_place = functions[node.op] and node.attributes.get("inplace") is True
            yield sizes[number] if makes[node.op] and not in_place else 0


class _Remembered(dict[Any, Any]):
    """A function's results by its argument."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self._function = function

    def __missing__(self, argument: Any) -> Any:
        self[argument] = self._function(argument)
        return self[argument]


def _bytes_of(specs: Sequence[TensorSpec]) -> int | None:
    known = [size for spec in specs if (size := spec.nbytes) is not None]
    return sum(known) if known else None


def _makes_memory(op: str) -> bool:
    word = op.removeprefix("aten.").split(".")[0]
    writes_into_input = word.endswith("_") and not word.endswith("__")  # "relu_"
    return word not in _VIEWS and not writes_into_input


def number_column(numbers: Sequence[float | None]) -> Floats:
    """NaN for None. A file may claim any size: what is beyond all bounds is the bound."""
    try:
        return np.array(numbers, np.float64)
    except OverflowError:
        return np.array([None if number is None else min(number, _BEYOND) for number in numbers], np.float64)


def _known(tree: GroupTree, numbers: Sequence[float | None]) -> Floats:
    of_nodes = number_column(numbers)
    known = np.isfinite(of_nodes)
    groups = len(tree.parent)
    sums = tree.subtree_sums(np.bincount(tree.group_of, np.where(known, of_nodes, 0.0), groups))
    counts = tree.subtree_sums(np.bincount(tree.group_of[known], minlength=groups))
    return np.where(counts > 0, sums, np.nan)


def _of_parameters(model: GraphModel) -> dict[str, Floats]:
    """One number a parameter for each sum over parameters."""
    numbers, specs = numbered([parameter.spec for parameter in model.parameters])
    elements = number_column([spec.elements or 0 for spec in specs])[numbers]
    nbytes = number_column([spec.nbytes or 0 for spec in specs])[numbers]
    learned = np.array([parameter.kind == "parameter" for parameter in model.parameters], np.bool_)
    trainable = np.array([parameter.trainable for parameter in model.parameters], np.bool_)
    is_buffer = np.array([parameter.kind == "buffer" for parameter in model.parameters], np.bool_)
    return {
        "parameters": elements * learned,
        "trainable": elements * (learned & trainable),
        "parameter_bytes": nbytes * learned,
        "buffers": elements * is_buffer,
    }


def _uses(model: GraphModel, tree: GroupTree) -> tuple[Ints, Ints, Ints]:
    """(group, parameter, sign): the signs of one parameter sum to 1 in every group that uses it, to 0 elsewhere.

    Each use counts one; between two uses that follow each other in the walk, the groups that hold both count one too
    many, which is taken back at the lowest of them. What no node uses counts where its module is.
    """
    pairs = [(parameter, node.group) for node in model.nodes for parameter in node.parameters]
    pairs += [(parameter, group) for group, idle in model.idle.items() for parameter in idle]
    parameter, group = np.array(pairs, np.int64).reshape(-1, 2).T
    order = np.lexsort((tree.enter[group], parameter))
    parameter, group = parameter[order], group[order]
    again = np.flatnonzero(parameter[1:] == parameter[:-1])
    shared = np.array([tree.common(int(group[i]), int(group[i + 1])) for i in again], np.int64)
    signs = np.concatenate([np.ones(len(group), np.int64), -np.ones(len(shared), np.int64)])
    return np.concatenate([group, shared]), np.concatenate([parameter, parameter[again]]), signs


def _distinct(tree: GroupTree, uses: tuple[Ints, Ints, Ints], numbers: Floats) -> Floats:
    group, parameter, sign = uses
    return tree.subtree_sums(np.bincount(group, sign * numbers[parameter], len(tree.parent)))

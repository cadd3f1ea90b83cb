"""FLOPs from shapes, for graphs that were written down rather than run; a multiply-add counts as two.

Counted are matrix products, convolutions, attention and recurrent layers: each number of the output takes two
operations for each number of the weights (or of the other matrix) that it is made of. The rest is small beside these.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .model import GraphModel, Node, TensorSpec

__all__ = ["with_flops", "with_flops_anew"]

_ONE_EXAMPLE = "FLOPs are those of one example where the size of the batch is not known."

Ints = NDArray[np.int64]
Sizes = tuple[int, ...]
# (output, inputs, weights, whether filters are the last dimension of weights) → FLOPs
Formula = Callable[[Sizes, Sequence[Sizes], Sequence[Sizes], bool], "float | None"]


def with_flops(graph: GraphModel) -> GraphModel:
    """The same graph with FLOPs where shapes tell them, in place. A batch of unknown size counts as one example."""
    formulas = {op for op in {node.op for node in graph.nodes} if _family(op) is not None}
    counted = [place for place, node in enumerate(graph.nodes) if node.op in formulas and node.flops is None]
    if not counted:
        return graph
    filters_last = graph.format in ("keras", "graph_def", "run_metadata")
    given = _Given(graph, np.array(counted))
    firsts, numbers = given.kinds()
    known = [_flops(graph.nodes[counted[first]], given.specs(first), graph, filters_last) for first in firsts.tolist()]
    for place, number in zip(counted, numbers.tolist(), strict=True):
        graph.nodes[place].flops = known[number][0]
    if any(batch and flops is not None for flops, batch in known):
        graph.notes.append(_ONE_EXAMPLE)
    return graph


def with_flops_anew(graph: GraphModel) -> GraphModel:
    """The same graph with FLOPs for the shapes that it has now, in place."""
    graph.notes[:] = [note for note in graph.notes if note != _ONE_EXAMPLE]
    for node in graph.nodes:
        node.flops = None
    return with_flops(graph)


class _Given:
    """What comes into the counted nodes. Of thousands few differ in operation and shapes: one of each is looked at."""

    def __init__(self, graph: GraphModel, counted: Ints) -> None:
        self._graph, self._counted = graph, counted
        order = np.argsort(graph.edges.target, kind="stable")
        targets = graph.edges.target[order]
        self._source, self._output = graph.edges.source[order], graph.edges.output[order]
        self._first, self._end = (np.searchsorted(targets, counted, side) for side in ("left", "right"))

    def specs(self, number: int) -> list[TensorSpec]:
        """The tensors that come into a counted node, as far as they are known."""
        edges = slice(self._first[number], self._end[number])
        ends = zip(self._source[edges].tolist(), self._output[edges].tolist(), strict=True)
        outputs = ((self._graph.nodes[source].outputs, place) for source, place in ends)
        return [specs[place] for specs, place in outputs if 0 <= place < len(specs)]

    def kinds(self) -> tuple[Ints, Ints]:
        """(one counted node of each kind, the kind of each): nodes of a kind have the same FLOPs.

        Shapes that are alike are nearly always one object, so objects are compared rather than shapes.
        """
        nodes = self._graph.nodes
        outputs = _numbers(list(map(id, [node.outputs for node in nodes])))
        ops: dict[tuple[str, str], int] = {}
        named = [(nodes[place].op, _equation(nodes[place])) for place in self._counted.tolist()]
        kind = np.array([ops.setdefault(op, len(ops)) for op in named])
        kind = _joined(kind, outputs[self._counted])
        used = [nodes[place].parameters for place in self._counted.tolist()]
        ends = np.cumsum([len(parameters) for parameters in used])
        specs = _numbers([id(parameter.spec) for parameter in self._graph.parameters])
        weights = specs[np.fromiter(chain.from_iterable(used), np.int64)]
        kind = _with_listed(kind, weights, np.concatenate([[0], ends[:-1]]), ends)
        tensors = _joined(outputs[self._source], np.clip(self._output, -1, 1 << 20) + 1)
        kind = _with_listed(kind, tensors, self._first, self._end)
        _, firsts, numbers = np.unique(kind, return_index=True, return_inverse=True)
        return firsts, numbers


def _numbers(ids: list[int]) -> Ints:
    """Small numbers, the same for equal ones."""
    numbers: Ints = np.unique(np.array(ids, np.int64), return_inverse=True)[1]
    return numbers


def _joined(kind: Ints, column: NDArray[Any]) -> Ints:
    """A number for each pair."""
    numbers: Ints = np.unique(kind * (int(column.max(initial=0)) + 1) + column, return_inverse=True)[1]
    return numbers


def _with_listed(kind: Ints, listed: Ints, first: Ints, end: Ints) -> Ints:
    """Kinds that differ in listed[first:end] as well; what has very many is like nothing else."""
    for place in range(min(int((end - first).max()), _MOST_LISTED)):
        has = first + place < end
        column = np.zeros(len(kind), np.int64)
        column[has] = listed[first[has] + place] + 1
        kind = _joined(kind, column)
    many = np.flatnonzero(end - first > _MOST_LISTED)
    kind = kind.copy()
    kind[many] = len(kind) + np.arange(len(many))
    return kind


def _flops(node: Node, given: Sequence[TensorSpec], graph: GraphModel, filters_last: bool) -> tuple[float | None, bool]:
    """(FLOPs, whether a batch of one was assumed)."""
    formula = _family(node.op)
    output = _sizes(node.outputs[0]) if node.outputs else None
    if formula is None or output is None:
        return None, False
    inputs = [sizes for sizes in map(_sizes, given) if sizes is not None]
    weights = [
        sizes for sizes in (_sizes(graph.parameters[place].spec) for place in node.parameters) if sizes is not None
    ]
    try:
        equation = _equation(node)
        flops = _einsum(equation, [*inputs, *weights]) if equation else formula(output, inputs, weights, filters_last)
    except (IndexError, ValueError, ZeroDivisionError):
        flops = None
    return flops, not isinstance((node.outputs[0].shape or (1,))[0], int)


def _sizes(spec: TensorSpec) -> Sizes | None:
    """The shape with an unknown batch as one example; None where more is unknown."""
    if not spec.shape:
        return None
    first, *rest = spec.shape
    sizes = (first if isinstance(first, int) else 1, *rest)
    return sizes if all(isinstance(size, int) and size >= 0 for size in sizes) else None  # type: ignore[return-value]


def _product(output: Sizes, inputs: Sequence[Sizes], weights: Sequence[Sizes], _: bool) -> float | None:
    """Weights (k, n) or (n, k) for an output (…, n); of two matrices (…, m, k) and (…, k, n)."""
    matrices = [sizes for sizes in weights if len(sizes) > 1]
    if matrices:
        return 2.0 * math.prod(output) * (math.prod(matrices[0]) / output[-1]) / max(1, math.prod(matrices[0][:-2]))
    left, right = inputs[0], inputs[1]
    if min(len(left), len(right), len(output)) > 1:  # whichever is transposed; an unknown batch counts as one in either
        summed = [divmod(one[-2] * one[-1], sizes) for one, sizes in ((left, output[-2]), (right, output[-1])) if sizes]
        return 2.0 * math.prod(output) * max((size for size, rest in summed if not rest), default=0)
    inner = set(left[-2:]) & set(right[-2:])
    inner = inner if len(inner) == 1 else {left[-1]}
    return 2.0 * math.prod(output) * inner.pop()


def _equation(node: Node) -> str:
    """What an operation named einsum is told to do; "" for others."""
    if not node.op.lower().endswith("einsum"):
        return ""
    return str(node.attributes.get("equation") or "?").replace(" ", "")


def _einsum(equation: str, operands: Sequence[Sizes]) -> float | None:
    """Two operations for each combination of letters; where an operand may be the weights, they come last."""
    terms = equation.partition("->")[0].split(",")
    if len(terms) != 2 or len(operands) != 2:
        return None
    fitting = [pair for pair in (operands, operands[::-1]) if (sizes := _letters(terms, pair))]
    if not fitting:
        return None
    sizes = _letters(terms, fitting[0])
    return 2.0 * math.prod(sizes.values())


def _letters(terms: Sequence[str], operands: Sequence[Sizes]) -> dict[str, int]:
    """Letter → size, with those that an ellipsis stands for as one letter; {} where operands do not fit."""
    found: dict[str, int] = {}
    for term, sizes in zip(terms, operands, strict=True):
        before, dots, after = term.partition("...")
        free = len(sizes) - len(before) - len(after)
        if free < 0 or (free and not dots):
            return {}
        ends = [*zip(before, sizes, strict=False), *zip(after, sizes[len(sizes) - len(after) :], strict=True)]
        for letter, size in [*ends, ("...", math.prod(sizes[len(before) : len(before) + free]))]:
            if found.get(letter, 1) not in (1, size) and size != 1:
                return {}
            found[letter] = max(found.get(letter, 1), size)
    return found


def _by_its_equation(*_: object) -> float | None:
    return None


def _convolution_to_input(_: Sizes, inputs: Sequence[Sizes], weights: Sequence[Sizes], __: bool) -> float | None:
    """TensorFlow's gradient, also its transposed convolution: (sizes, filters, gradient)."""
    kernel = max(weights, key=len) if weights else inputs[-2]
    return 2.0 * math.prod(inputs[-1]) * math.prod(kernel[:-1])


def _convolution_to_filters(output: Sizes, inputs: Sequence[Sizes], _: Sequence[Sizes], __: bool) -> float | None:
    """TensorFlow's gradient: (input, sizes, gradient)."""
    return 2.0 * math.prod(inputs[-1]) * math.prod(output[:-1])


def _convolution(output: Sizes, _: Sequence[Sizes], weights: Sequence[Sizes], filters_last: bool) -> float | None:
    kernel = max(weights, key=len)
    if len(kernel) < 3:
        return None
    return 2.0 * math.prod(output) * math.prod(kernel[:-1] if filters_last else kernel[1:])


def _convolution_transposed(_: Sizes, inputs: Sequence[Sizes], weights: Sequence[Sizes], __: bool) -> float | None:
    """Each input meets one filter; weights are (in, out, …), as in torch and ONNX."""
    return 2.0 * math.prod(inputs[0]) * math.prod(max(weights, key=len)[1:])


def _depthwise(output: Sizes, _: Sequence[Sizes], weights: Sequence[Sizes], __: bool) -> float | None:
    """TensorFlow's kernel is (height, width, channels, multiplier)."""
    return 2.0 * math.prod(output) * math.prod(max(weights, key=len)[:-2])


def _separable(output: Sizes, _: Sequence[Sizes], weights: Sequence[Sizes], __: bool) -> float | None:
    """Keras' kernels are (…, channels, multiplier) and (…, channels · multiplier, filters)."""
    return 2.0 * math.prod(output[:-1]) * sum(math.prod(sizes) for sizes in weights if len(sizes) > 1)


def _attention_layer(_: Sizes, inputs: Sequence[Sizes], weights: Sequence[Sizes], __: bool) -> float | None:
    """Keras' kernels for queries, keys, values (…, heads, width) and the result (heads, width, …)."""
    query, key, value, result = [sizes for sizes in weights if len(sizes) > 2]
    asked, given = math.prod(inputs[0][:-1]), math.prod(inputs[min(1, len(inputs) - 1)][:-1])
    pairs = asked * inputs[min(1, len(inputs) - 1)][-2]
    projected = asked * (math.prod(query) + math.prod(result)) + given * (math.prod(key) + math.prod(value))
    return 2.0 * (projected + pairs * query[-2] * (query[-1] + value[-1]))


def _attention(_: Sizes, inputs: Sequence[Sizes], __: Sequence[Sizes], ___: bool) -> float | None:
    """Scores of all pairs, then sums of values weighted by them: shapes (…, s, d), (…, t, d), (…, t, e)."""
    query, key, value = inputs[:3]
    return 2.0 * math.prod(query[:-1]) * key[-2] * (query[-1] + value[-1])


def _recurrent(_: Sizes, inputs: Sequence[Sizes], weights: Sequence[Sizes], __: bool) -> float | None:
    """Each weight matrix is multiplied once for each step of each sequence."""
    return 2.0 * math.prod(inputs[0][:-1]) * sum(math.prod(sizes) for sizes in weights if len(sizes) > 1)


_FORMULAS: dict[str, Formula] = {
    **dict.fromkeys(("matmul", "gemm", "linear", "mm", "bmm", "addmm", "baddbmm", "dense"), _product),
    **dict.fromkeys(("batchmatmul", "batchmatmulv2", "batchmatmulv3", "matmulinteger", "einsumdense"), _product),
    **dict.fromkeys(("conv", "conv1d", "conv2d", "conv3d", "convolution", "_convolution"), _convolution),
    **dict.fromkeys(("conv_transpose1d", "conv_transpose2d", "conv_transpose3d"), _convolution_transposed),
    "convtranspose": _convolution_transposed,
    **dict.fromkeys(("conv2dbackpropinput", "conv3dbackpropinput", "conv3dbackpropinputv2"), _convolution_to_input),
    **dict.fromkeys(
        ("conv2dbackpropfilter", "conv3dbackpropfilter", "conv3dbackpropfilterv2"), _convolution_to_filters
    ),
    **dict.fromkeys(("_fusedmatmul", "fusedmatmul"), _product),
    **dict.fromkeys(("_fusedconv2d", "fusedconv"), _convolution),
    "einsum": _by_its_equation,
    **dict.fromkeys(("depthwiseconv2d", "depthwiseconv2dnative", "depthwiseconv1d"), _depthwise),
    **dict.fromkeys(("scaled_dot_product_attention",), _attention),
    **dict.fromkeys(("separableconv1d", "separableconv2d"), _separable),
    "multiheadattention": _attention_layer,
    **dict.fromkeys(("lstm", "gru", "rnn", "simplernn", "bidirectional"), _recurrent),
    **dict.fromkeys(("lstm_cell", "gru_cell", "rnn_tanh_cell", "rnn_relu_cell"), _recurrent),
}
_MOST_LISTED = 8  # inputs or parameters by which operations are compared
_FAMILY_OF: dict[str, Formula | None] = {}
_MOST_OPS = 4096


def _family(op: str) -> Formula | None:
    """The formula of an operation: "aten.linear", "aten::linear", "Gemm"."""
    if op not in _FAMILY_OF:
        found = _FORMULAS.get(op.replace("::", ".").rsplit(".", 1)[-1].lower())
        if len(_FAMILY_OF) >= _MOST_OPS:
            return found
        _FAMILY_OF[op] = found
    return _FAMILY_OF[op]

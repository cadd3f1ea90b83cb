"""FLOPs from shapes, for graphs that were written down rather than run; a multiply-add counts as two.

Counted are matrix products, convolutions, attention and recurrent layers: each number of the output takes two
operations for each number of the weights (or of the other matrix) that it is made of. The rest is small beside these.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from .model import GraphModel, Node, TensorSpec

__all__ = ["with_flops"]

Sizes = tuple[int, ...]
# (output, inputs, weights, whether filters are the last dimension of weights) → FLOPs
Formula = Callable[[Sizes, Sequence[Sizes], Sequence[Sizes], bool], "float | None"]


def with_flops(graph: GraphModel) -> GraphModel:
    """The same graph with FLOPs where shapes tell them, in place. A batch of unknown size counts as one example."""
    counted = [place for place, node in enumerate(graph.nodes) if node.flops is None and _family(node.op) is not None]
    if not counted:
        return graph
    order = np.argsort(graph.edges.target, kind="stable")
    targets = graph.edges.target[order]
    firsts, ends = np.searchsorted(targets, counted), np.searchsorted(targets, counted, side="right")
    sources, outputs = graph.edges.source[order].tolist(), graph.edges.output[order].tolist()
    filters_last = graph.format in ("keras", "graph_def", "run_metadata")
    specs = [node.outputs for node in graph.nodes]
    weights = [id(parameter.spec) for parameter in graph.parameters]
    met: dict[tuple[object, ...], tuple[float | None, bool]] = {}
    guessed = False
    for place, first, end in zip(counted, firsts.tolist(), ends.tolist(), strict=True):
        node = graph.nodes[place]
        given = [_given(specs[sources[edge]], outputs[edge]) for edge in range(first, end)]
        # Those of one shape are often the same object.
        key = (node.op, *map(id, node.outputs[:1]), -1, *map(id, given), -1, *[weights[at] for at in node.parameters])
        known = met.get(key)
        if known is None:
            known = met[key] = _flops(node, [spec for spec in given if spec is not None], graph, filters_last)
        node.flops, batch = known
        guessed = guessed or (batch and node.flops is not None)
    if guessed:
        graph.notes.append("FLOPs are those of one example where the size of the batch is not known.")
    return graph


def _given(outputs: Sequence[TensorSpec], place: int) -> TensorSpec | None:
    return outputs[place] if 0 <= place < len(outputs) else None


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
        flops = formula(output, inputs, weights, filters_last)
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
    inner = set(left[-2:]) & set(right[-2:])
    inner = inner if len(inner) == 1 else {left[-1]}
    return 2.0 * math.prod(output) * inner.pop()


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
    **dict.fromkeys(("depthwiseconv2d", "depthwiseconv2dnative", "depthwiseconv1d"), _depthwise),
    **dict.fromkeys(("scaled_dot_product_attention",), _attention),
    **dict.fromkeys(("lstm", "gru", "rnn", "simplernn"), _recurrent),
    **dict.fromkeys(("lstm_cell", "gru_cell", "rnn_tanh_cell", "rnn_relu_cell"), _recurrent),
}
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

"""Floating-point operations of ATen operations, from the shapes of their tensors; a multiply-add counts as two.

Counted are matrix products, convolutions, attention and recurrent layers, with the formulas of torch.utils.flop_counter
and some for what it leaves out. Everything else has no count: it is small beside these.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import zip_longest
from typing import Any

__all__ = ["FORMULAS", "Formula", "convolution_transposed", "formula_of"]


# (args, kwargs, result) → FLOPs
Formula = Callable[[Any, Any, Any], Any]


def _matrix_product(left: int) -> Formula:
    return lambda args, _, result: 2 * result.numel() * args[left].shape[-1]


def _convolution(args: Any, kwargs: Any, result: Any, transposed: bool | None = None) -> Any:
    """Each output (each input of a transposed one) meets one filter."""
    if transposed is None:
        transposed = kwargs["transposed"] if "transposed" in kwargs else len(args) > 6 and args[6] is True
    return 2.0 * (args[0] if transposed else result).numel() * math.prod(args[1].shape[1:])


def convolution_transposed(args: Any, kwargs: Any, result: Any) -> Any:
    """Each input meets one filter."""
    return _convolution(args, kwargs, result, True)


def _attention(args: Any, _: Any, __: Any) -> Any:
    """Scores of all pairs, then sums of values weighted by them: shapes (…, s, d), (…, t, d), (…, t, e)."""
    query, key, value = args[:3]
    *heads, steps, width = query.shape
    batches = zip_longest(reversed(heads), reversed(key.shape[:-2]), fillvalue=1)  # either is stretched
    return 2.0 * math.prod(map(max, batches)) * steps * key.shape[-2] * (width + value.shape[-1])


def _recurrent(args: Any, _: Any, __: Any) -> Any:
    """Each weight matrix is multiplied once for each step of each sequence."""
    weights = [one for one in _tensors(args[1:4]) if one.dim() == 2]
    return 2.0 * math.prod(args[0].shape[:-1]) * sum(one.numel() for one in weights)


def _cell(args: Any, _: Any, __: Any) -> Any:
    """One step of each sequence; the states are as wide as matrices are, and are none."""
    weights = [one for one in args[2:] if hasattr(one, "dim") and one.dim() == 2]
    return 2.0 * args[0].shape[0] * sum(one.numel() for one in weights)


def _tensors(values: Any) -> Iterator[Any]:
    for value in values:
        if isinstance(value, (list, tuple)):
            yield from _tensors(value)
        elif hasattr(value, "numel"):
            yield value


FORMULAS: dict[str, Formula] = {
    **dict.fromkeys(("mm", "bmm", "matmul", "linear", "mv", "dot"), _matrix_product(0)),
    **dict.fromkeys(("addmm", "baddbmm", "addmv"), _matrix_product(1)),
    **dict.fromkeys(("convolution", "_convolution", "conv1d", "conv2d", "conv3d"), _convolution),
    "scaled_dot_product_attention": _attention,
    **dict.fromkeys(
        ("lstm", "gru", "rnn_tanh", "rnn_relu", "mkldnn_rnn_layer", "_cudnn_rnn", "miopen_rnn"), _recurrent
    ),
    **dict.fromkeys(("lstm_cell", "gru_cell", "rnn_tanh_cell", "rnn_relu_cell"), _cell),
}


def formula_of(function: Any) -> Formula | None:
    """How the FLOPs of an OpOverload are counted; None where they are not."""
    packet = getattr(function, "_overloadpacket", None)
    name = getattr(packet, "__name__", "")
    if getattr(function, "namespace", "") == "aten":
        if name.startswith("conv_transpose"):
            return convolution_transposed
        if "scaled_dot_product" in name and "backward" not in name:
            return _attention
        if name in FORMULAS:
            return FORMULAS[name]
    from torch.utils.flop_counter import flop_registry

    formula = flop_registry.get(packet)
    return None if formula is None else lambda args, kwargs, result: formula(*args, **kwargs, out_val=result)

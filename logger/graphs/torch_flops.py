"""Floating-point operations of ATen operations, from the shapes of their tensors; a multiply-add counts as two.

Counted are matrix products, convolutions, attention and recurrent layers, with the formulas of torch.utils.flop_counter
and some for what it leaves out. Everything else has no count: it is small beside these.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

__all__ = ["flops_of"]


def flops_of(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any], result: Any) -> float | None:
    """FLOPs of one call of an OpOverload with tensors (or FakeTensors); None where there is no formula for it."""
    if function not in _known:
        _known[function] = _formula(function)
    formula = _known[function]
    if formula is None:
        return None
    try:
        return float(formula(args, kwargs, result))
    except Exception:  # other arguments than the formula was written for
        return None


def _matrix_product(left: int) -> Callable[..., Any]:
    return lambda args, _, result: 2 * result.numel() * args[left].shape[-1]


def _convolution(args: Any, kwargs: Any, result: Any, transposed: bool | None = None) -> Any:
    """Each output (each input of a transposed one) meets one filter."""
    if transposed is None:
        transposed = kwargs["transposed"] if "transposed" in kwargs else len(args) > 6 and args[6] is True
    return 2.0 * (args[0] if transposed else result).numel() * math.prod(args[1].shape[1:])


def _attention(args: Any, _: Any, __: Any) -> Any:
    """Scores of all pairs, then sums of values weighted by them: shapes (…, s, d), (…, t, d), (…, t, e)."""
    query, key, value = args[:3]
    *heads, steps, width = query.shape
    return 2.0 * math.prod(heads) * steps * key.shape[-2] * (width + value.shape[-1])


def _recurrent(args: Any, _: Any, __: Any) -> Any:
    """Each weight matrix is multiplied once for each step of each sequence."""
    weights = [one for one in _tensors(args[1:4]) if one.dim() == 2]
    return 2.0 * math.prod(args[0].shape[:-1]) * sum(one.numel() for one in weights)


def _tensors(values: Any) -> Iterator[Any]:
    for value in values:
        if isinstance(value, (list, tuple)):
            yield from _tensors(value)
        elif hasattr(value, "numel"):
            yield value


_FORMULAS: dict[str, Callable[..., Any]] = {
    **dict.fromkeys(("mm", "bmm", "matmul", "linear", "mv", "dot"), _matrix_product(0)),
    **dict.fromkeys(("addmm", "baddbmm", "addmv"), _matrix_product(1)),
    **dict.fromkeys(("convolution", "_convolution", "conv1d", "conv2d", "conv3d"), _convolution),
    **dict.fromkeys(
        ("lstm", "gru", "rnn_tanh", "rnn_relu", "mkldnn_rnn_layer", "_cudnn_rnn", "miopen_rnn"), _recurrent
    ),
}


def _formula(function: Any) -> Callable[..., Any] | None:
    packet = getattr(function, "_overloadpacket", None)
    name = getattr(packet, "__name__", "")
    if getattr(function, "namespace", "") == "aten":
        if name.startswith("conv_transpose"):
            return lambda args, kwargs, result: _convolution(args, kwargs, result, True)
        if "scaled_dot_product" in name and "backward" not in name:
            return _attention
        if name in _FORMULAS:
            return _FORMULAS[name]
    from torch.utils.flop_counter import flop_registry

    formula = flop_registry.get(packet)
    return None if formula is None else lambda args, kwargs, result: formula(*args, **kwargs, out_val=result)


_known: dict[Any, Callable[..., Any] | None] = {}

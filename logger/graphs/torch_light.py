"""Functions of torch that are known well enough to be run without a look at the ATen operations behind them.

They write into nothing that was there before, and their FLOPs are none or follow from the shapes. Looking at an ATen
operation costs more than running it in a small model; what is not named here is looked at.
"""

from __future__ import annotations

from typing import Any

from .torch_flops import FORMULAS, Formula, convolution_transposed

__all__ = ["is_light", "light_flops"]

_PLAIN = {
    "abs", "adaptive_avg_pool1d", "adaptive_avg_pool2d", "add", "amax", "amin", "arange", "argmax", "argmin",
    "avg_pool1d", "avg_pool2d", "bool", "cat", "chunk", "clamp", "clone", "contiguous", "cos", "cumsum", "detach",
    "div", "empty", "eq", "erf", "exp", "expand", "expand_as", "flatten", "flip", "float", "full", "full_like", "ge",
    "gelu", "getitem", "group_norm", "gt", "half", "invert", "item", "layer_norm", "le", "log", "log_softmax",
    "logical_and", "logical_not", "logical_or", "long", "lt", "masked_fill", "max", "max_pool1d", "max_pool2d",
    "maximum", "mean", "min", "minimum", "mT", "mul", "narrow", "ne", "neg", "ones", "ones_like", "pad", "permute",
    "pow", "radd", "reciprocal", "repeat", "reshape", "rms_norm", "rmul", "roll", "rpow", "rsqrt", "rsub", "rtruediv",
    "scatter", "select", "sigmoid", "sin", "size", "softmax", "softplus", "split", "sqrt", "square", "squeeze",
    "stack", "std", "sub", "sum", "swapaxes", "T", "t", "tanh", "tensor", "to", "tolist", "transpose", "tril", "triu",
    "true_divide", "truediv", "type", "type_as", "unbind", "unflatten", "unsqueeze", "var", "view", "view_as",
    "where", "zeros", "zeros_like",
}  # fmt: skip
_PERHAPS_IN_PLACE = {
    "celu",
    "elu",
    "hardsigmoid",
    "hardswish",
    "hardtanh",
    "leaky_relu",
    "mish",
    "relu",
    "relu6",
    "selu",
    "silu",
}
_DROPOUT = {"alpha_dropout", "dropout", "dropout1d", "dropout2d", "dropout3d", "feature_dropout"}
_PRODUCTS = {
    "addmm",
    "baddbmm",
    "bmm",
    "conv1d",
    "conv2d",
    "conv3d",
    "linear",
    "matmul",
    "mm",
    "scaled_dot_product_attention",
}
_TRANSPOSED = {"conv_transpose1d", "conv_transpose2d", "conv_transpose3d"}


def is_light(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Whether a function of this name, without underscores around it, need not be looked into."""
    if kwargs and (kwargs.get("out") is not None or kwargs.get("inplace")):
        return False
    if name in _PLAIN:
        return True
    if name in _PRODUCTS or name in _TRANSPOSED:
        return len(args) > 1
    if name in _PERHAPS_IN_PLACE:
        return True not in args[1:]
    if name in _DROPOUT:
        return len(args) < 4 or not args[3]
    if name == "embedding":
        return kwargs.get("max_norm") is None and len(args) < 4
    return name == "multi_head_attention_forward" and _is_usual_attention(args, kwargs)


def light_flops(name: str, args: tuple[Any, ...], kwargs: dict[str, Any], result: Any) -> float | None:
    """FLOPs of a light function; None where it has none."""
    formula: Formula | None = None
    if name == "multi_head_attention_forward":
        formula = _attention_layer
    elif name in _TRANSPOSED:
        formula = convolution_transposed
    elif name in _PRODUCTS:
        formula = FORMULAS[name]
    try:
        return None if formula is None else float(formula(args, kwargs, result))
    except Exception:  # other tensors than the formula was written for
        return None


# The place of arguments of torch.nn.functional.multi_head_attention_forward that are tensors or switches.
_BIAS_K, _BIAS_V, _ADD_ZERO = 7, 8, 9


def _is_usual_attention(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Called as nn.MultiheadAttention does, without additional keys; queries of shape (steps, batch, width)."""
    known = len(args) > _ADD_ZERO and args[0].dim() == 3
    return known and args[_BIAS_K] is None and args[_BIAS_V] is None and not args[_ADD_ZERO]


def _attention_layer(args: Any, _: Any, __: Any) -> Any:
    """Projections of queries, keys and values, scores, weighted sums, and the projection of the result."""
    query, key, value, width = args[:4]
    steps, batch, _width = query.shape
    pairs = steps * key.shape[0]
    projected = 2 * steps * width + key.shape[0] * (key.shape[2] + value.shape[2])
    return 2.0 * batch * width * (projected + 2 * pairs)

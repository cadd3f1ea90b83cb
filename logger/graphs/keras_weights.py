"""Which weights a Keras layer has, worked out from its configuration: Keras writes none down.

Names are those that Keras gives them below the layer's. Formulas: documentation of the layers at keras.io.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from .keras_layers import Config, Shape, channels, einsum_sizes, inner_layer, shape_of_each

__all__ = ["Weight", "weights"]

_FEWEST, _MOST = 1, 1 << 32  # sizes that can be real


class Weight(NamedTuple):
    """One weight of a layer; `trains`: whether training changes it."""

    name: str
    shape: Shape
    trains: bool = True


Given = Sequence[Shape]
_GATES = {"LSTM": 4, "GRU": 3, "SimpleRNN": 1}
_CELL = {"LSTM": "lstm_cell", "GRU": "gru_cell", "SimpleRNN": "simple_rnn_cell"}


def weights(kind: str, config: Config, given: Sequence[Shape | None]) -> list[Weight]:
    """The weights of a layer that is given tensors of these shapes; none where they are not known."""
    formula = _FORMULAS.get(kind)
    if formula is None or any(shape is None for shape in given) or not (given or kind == "Embedding"):
        return []
    try:
        found = formula(config, [shape for shape in given if shape is not None])
    except (AttributeError, KeyError, TypeError, ValueError, IndexError, ArithmeticError):
        return []
    trainable = config.get("trainable") is not False
    sound = all(isinstance(size, int) and _FEWEST <= size < _MOST for weight in found for size in weight.shape)
    return [weight._replace(trains=weight.trains and trainable) for weight in found] if sound else []


def _below(name: str, found: Sequence[Weight]) -> list[Weight]:
    return [weight._replace(name=f"{name}/{weight.name}") for weight in found]


def _bias(config: Config, *shape: int) -> list[Weight]:
    return [] if config.get("use_bias", True) is False else [Weight("bias", shape)]


def _sizes(config: Config) -> tuple[int, ...]:
    return tuple(map(int, config["kernel_size"]))


def _dense(config: Config, given: Given) -> list[Weight]:
    units = int(config["units"])
    return [Weight("kernel", (given[0][-1], units)), *_bias(config, units)]


def _einsum_dense(config: Config, given: Given) -> list[Weight]:
    sizes, kernel = einsum_sizes(config, given[0])
    bias = config.get("bias_axes") or ""
    axes = str(config["equation"]).rpartition("->")[2].replace("...", "")
    first = min((axes.index(letter) for letter in bias), default=len(axes))
    shape = tuple(sizes[letter] if letter in bias else 1 for letter in axes[first:])
    return [Weight("kernel", tuple(sizes[letter] for letter in kernel)), *([Weight("bias", shape)] if bias else [])]


def _embedding(config: Config, _: Given) -> list[Weight]:
    return [Weight("embeddings", (int(config["input_dim"]), int(config["output_dim"])))]


def _convolution(config: Config, given: Given) -> list[Weight]:
    filters, last = int(config["filters"]), channels(config, given[0])
    return [
        Weight("kernel", (*_sizes(config), last // max(int(config.get("groups") or 1), 1), filters)),
        *_bias(config, filters),
    ]


def _convolution_transposed(config: Config, given: Given) -> list[Weight]:
    filters = int(config["filters"])
    return [Weight("kernel", (*_sizes(config), filters, channels(config, given[0]))), *_bias(config, filters)]


def _depthwise(config: Config, given: Given, name: str = "kernel") -> list[Weight]:
    last, times = channels(config, given[0]), int(config.get("depth_multiplier") or 1)
    return [Weight(name, (*_sizes(config), last, times)), *_bias(config, last * times)]


def _separable(config: Config, given: Given) -> list[Weight]:
    filters, (depthwise, *_) = int(config["filters"]), _depthwise(config, given, "depthwise_kernel")
    *sizes, last, times = depthwise.shape
    inner = last * times  # type: ignore[operator]
    return [depthwise, Weight("pointwise_kernel", (*[1] * len(sizes), inner, filters)), *_bias(config, filters)]


def _convolution_lstm(config: Config, given: Given) -> list[Weight]:
    filters, sizes = int(config["filters"]), _sizes(config)
    last = channels(config, (given[0][0], *given[0][2:]))
    cell = [
        Weight("kernel", (*sizes, last, 4 * filters)),
        Weight("recurrent_kernel", (*sizes, filters, 4 * filters)),
        *_bias(config, 4 * filters),
    ]
    return _below("conv_lstm_cell", cell)


def _normalized(config: Config, given: Given) -> Shape:
    """The sizes of the dimensions that are normalized."""
    axis = config.get("axis", -1)
    return tuple(given[0][place] for place in (axis if isinstance(axis, list) else [axis]))


def _scale_and_center(config: Config, given: Given) -> list[Weight]:
    shape = _normalized(config, given)
    return [
        Weight(name, shape)
        for name, key in (("gamma", "scale"), ("beta", "center"))
        if config.get(key, True) is not False
    ]


def _batch_normalization(config: Config, given: Given) -> list[Weight]:
    shape = _normalized(config, given)
    return [
        *_scale_and_center(config, given),
        *(Weight(name, shape, False) for name in ("moving_mean", "moving_variance")),
    ]


def _normalization(config: Config, given: Given) -> list[Weight]:
    if config.get("mean") is not None:  # given, not adapted
        return []
    shape = _normalized(config, given)
    return [Weight("mean", shape, False), Weight("variance", shape, False), Weight("count", (), False)]


def _prelu(config: Config, given: Given) -> list[Weight]:
    shared = config.get("shared_axes") or []
    return [Weight("alpha", tuple(1 if axis in shared else size for axis, size in enumerate(given[0][1:], 1)))]


def _recurrence(kind: str, config: Config, last: int) -> list[Weight]:
    """The weights of a cell."""
    units, gates = int(config["units"]), _GATES[kind]
    twice = kind == "GRU" and config.get("reset_after", True)
    return [
        Weight("kernel", (last, gates * units)),
        Weight("recurrent_kernel", (units, gates * units)),
        *_bias(config, *([2] if twice else []), gates * units),
    ]


def _recurrent(kind: str) -> Callable[[Config, Given], list[Weight]]:
    return lambda config, given: _below(_CELL[kind], _recurrence(kind, config, given[0][-1]))  # type: ignore[arg-type]


def _cells(config: Config, given: Given) -> list[Weight]:
    """Of a layer that was made of a cell, or of cells on top of each other."""
    kind, cell = inner_layer(config["cell"])
    inner = [inner_layer(one) for one in cell["cells"]] if kind == "StackedRNNCells" else [(kind, cell)]
    last, found = given[0][-1], list[Weight]()
    for kind_of_cell, one in inner:
        found += _below(str(one["name"]), _recurrence(kind_of_cell.removesuffix("Cell"), one, last))  # type: ignore[arg-type]
        last = int(one["units"])
    return _below(str(cell["name"]), found) if kind == "StackedRNNCells" else found


def _bidirectional(config: Config, given: Given) -> list[Weight]:
    kind, inner = inner_layer(config["layer"])
    name = str(inner["name"]).removeprefix("forward_")
    other = config.get("backward_layer")
    back, backward = inner_layer(other) if other else (kind, inner)
    if "Bidirectional" in (kind, back):
        raise ValueError("recurrent layer: expected one that goes one way")
    return [
        *_below(f"forward_{name}", weights(kind, inner, given)),
        *_below(str(backward["name"]) if other else f"backward_{name}", weights(back, backward, given)),
    ]


def _time_distributed(config: Config, given: Given) -> list[Weight]:
    kind, inner = inner_layer(config["layer"])
    return _below(str(inner["name"]), weights(kind, inner, shape_of_each(given)))


def _spectral_normalization(config: Config, given: Given) -> list[Weight]:
    kind, inner = inner_layer(config["layer"])
    found = weights(kind, inner, given)
    return [*_below(str(inner["name"]), found), Weight("vector_u", (1, found[0].shape[-1]), False)]


def _multi_head_attention(config: Config, given: Given) -> list[Weight]:
    """Given are queries, values and, where they are others, keys."""
    query, value = given[0][-1], given[min(1, len(given) - 1)][-1]
    key = given[2][-1] if len(given) > 2 else value
    heads, width = int(config["num_heads"]), int(config["key_dim"])
    deep, told = int(config.get("value_dim") or width), config.get("output_shape")
    ends = tuple(told) if isinstance(told, (list, tuple)) else (int(told or query),)  # type: ignore[arg-type]
    return [
        *_below("query", [Weight("kernel", (query, heads, width)), *_bias(config, heads, width)]),
        *_below("key", [Weight("kernel", (key, heads, width)), *_bias(config, heads, width)]),
        *_below("value", [Weight("kernel", (value, heads, deep)), *_bias(config, heads, deep)]),
        *_below("attention_output", [Weight("kernel", (heads, deep, *ends)), *_bias(config, *ends)]),
    ]


def _attention(config: Config, _: Given) -> list[Weight]:
    return [Weight("scale", ())] if config.get("use_scale") else []


def _additive_attention(config: Config, given: Given) -> list[Weight]:
    return [Weight("scale", (given[0][-1],))] if config.get("use_scale", True) else []


_FORMULAS: Mapping[str, Callable[[Any, Given], list[Weight]]] = {
    "Dense": _dense,
    "EinsumDense": _einsum_dense,
    "Embedding": _embedding,
    **{f"Conv{count}D": _convolution for count in (1, 2, 3)},
    **{f"Conv{count}DTranspose": _convolution_transposed for count in (1, 2, 3)},
    **{f"ConvLSTM{count}D": _convolution_lstm for count in (1, 2, 3)},
    **{f"DepthwiseConv{count}D": _depthwise for count in (1, 2)},
    **{f"SeparableConv{count}D": _separable for count in (1, 2)},
    **dict.fromkeys(("BatchNormalization", "BatchNormalizationV1", "BatchNormalizationV2"), _batch_normalization),
    **dict.fromkeys(("LayerNormalization", "GroupNormalization"), _scale_and_center),
    "RMSNormalization": lambda config, given: [Weight("scale", _normalized(config, given))],
    "Normalization": _normalization,
    "PReLU": _prelu,
    **{kind: _recurrent(kind) for kind in _GATES},
    "RNN": _cells,
    "Bidirectional": _bidirectional,
    "TimeDistributed": _time_distributed,
    "SpectralNormalization": _spectral_normalization,
    "MultiHeadAttention": _multi_head_attention,
    "Attention": _attention,
    "AdditiveAttention": _additive_attention,
}

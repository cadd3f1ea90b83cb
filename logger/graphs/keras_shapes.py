"""Which shape a Keras layer gives, worked out from its configuration and from what it is given.

Keras 2 writes no shapes down, Keras 3 those that another layer takes. Formulas: the documentation of the layers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .keras_layers import Config, Shape, einsum_sizes, inner_layer, shape_of_each
from .model import Dimension

__all__ = ["output_shape"]

Given = Sequence[Shape]
# These give what they are given.
_SAME = (
    *("Activation", "ActivityRegularization", "AlphaDropout", "BatchNormalization", "BatchNormalizationV1", "Dropout"),
    *("ELU", "GaussianDropout", "GaussianNoise", "GELU", "GroupNormalization", "Identity", "LayerNormalization"),
    *("LeakyReLU", "Masking", "Normalization", "PReLU", "RMSNormalization", "ReLU", "Rescaling", "Softmax"),
    *("SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "ThresholdedReLU", "UnitNormalization"),
    *("Discretization", "RandomBrightness", "RandomContrast", "RandomFlip", "RandomRotation", "RandomTranslation"),
    *("RandomZoom", "GroupQueryAttention"),
)


def output_shape(kind: str, config: Config, given: Sequence[Shape | None]) -> Shape | None:
    """The shape that a layer gives for these; None where that is not known."""
    formula = _FORMULAS.get(kind)
    if formula is None or not given or given[0] is None:
        return None
    try:
        found = formula(config, [shape for shape in given if shape is not None])
    except (AttributeError, KeyError, TypeError, ValueError, IndexError, ArithmeticError):
        return None
    sound = found is not None and all(size is None or (type(size) is int and size >= 0) for size in found)
    return tuple(found) if found is not None and sound else None


Inside = Callable[[Config, Shape], Sequence[Dimension]]


def _inside(formula: Inside, gives_filters: bool = False) -> Callable[[Config, Given], Shape]:
    """For layers that change the dimensions between the examples and the channels, wherever these are."""

    def shape(config: Config, given: Given) -> Shape:
        first = config.get("data_format") == "channels_first"
        batch, *rest = given[0]
        channels, inner = (rest[0], rest[1:]) if first else (rest[-1], rest[:-1])
        inside = formula(config, tuple(inner))
        channels = int(config["filters"]) if gives_filters else channels
        if isinstance(channels, int) and formula is _slid and not gives_filters:
            channels *= int(config.get("depth_multiplier") or 1)
        return (batch, channels, *inside) if first else (batch, *inside, channels)

    return shape


def _slid(config: Config, inner: Shape) -> list[Dimension]:
    """Where a window slides over them."""
    sizes = _each(config.get("kernel_size") or config.get("pool_size"), len(inner))
    strides, dilations = (
        _each(config.get("strides") or (1 if "kernel_size" in config else sizes), len(inner)),
        _each(config.get("dilation_rate"), len(inner)),
    )
    same = config.get("padding") in ("same", "causal")
    covered = [0 if same else dilation * (size - 1) for size, dilation in zip(sizes, dilations, strict=True)]
    return [
        -(-(length - less) // stride) if isinstance(length, int) else None
        for length, less, stride in zip(inner, covered, strides, strict=True)
    ]


def _slid_backwards(config: Config, inner: Shape) -> list[Dimension]:
    sizes, strides = _each(config["kernel_size"], len(inner)), _each(config.get("strides"), len(inner))
    if config.get("output_padding") is not None or set(_each(config.get("dilation_rate"), len(inner))) != {1}:
        return [None] * len(inner)
    more = [
        0 if config.get("padding") == "same" else max(size - by, 0) for size, by in zip(sizes, strides, strict=True)
    ]
    return [
        length * by + rest if isinstance(length, int) else None
        for length, by, rest in zip(inner, strides, more, strict=True)
    ]


def _widened(config: Config, inner: Shape) -> list[Dimension]:
    times = _each(config["size"], len(inner))
    return [size * by if isinstance(size, int) else None for size, by in zip(inner, times, strict=True)]


def _padded(config: Config, inner: Shape) -> list[Dimension]:
    return _with_edges(inner, config["padding"], 1)


def _cropped(config: Config, inner: Shape) -> list[Dimension]:
    return _with_edges(inner, config["cropping"], -1)


def _with_edges(inner: Shape, edges: Any, sign: int) -> list[Dimension]:
    """`edges`: a number, one for each dimension, or one for each end of each."""
    if isinstance(edges, int):
        edges = [edges] * len(inner)
    if len(inner) == 1 and len(edges) == 2:
        edges = [edges]
    more = [sum(edge) if isinstance(edge, (list, tuple)) else 2 * edge for edge in edges]
    return [size + sign * by if isinstance(size, int) else None for size, by in zip(inner, more, strict=True)]


def _sized(config: Config, _: Shape) -> list[Dimension]:
    return [int(config["height"]), int(config["width"])]


def _each(value: Any, count: int) -> list[int]:
    return [int(size) for size in value] if isinstance(value, (list, tuple)) else [int(value or 1)] * count


def _global_pooling(config: Config, given: Given) -> Shape:
    batch, *rest = given[0]
    first = config.get("data_format") == "channels_first"
    channels = rest[0] if first else rest[-1]
    ones: list[Dimension] = [1] * (len(rest) - 1) if config.get("keepdims") else []
    return (batch, channels, *ones) if first else (batch, *ones, channels)


def _flatten(_: Config, given: Given) -> Shape:
    batch, *rest = given[0]
    return (batch, math.prod(size for size in rest if size is not None) if None not in rest else None)


def _reshaped(config: Config, given: Given) -> Shape:
    target = [int(size) for size in config["target_shape"]]
    known = math.prod(size for size in target if size >= 0)
    rest = given[0][1:]
    free: Dimension = None if None in rest or not known else math.prod(rest) // known  # type: ignore[arg-type]
    return (given[0][0], *(size if size >= 0 else free for size in target))


def _broadcast(_: Config, given: Given) -> Shape:
    longest = max(map(len, given))
    padded = [(1,) * (longest - len(shape)) + shape for shape in given]
    return tuple(_wider(sizes) for sizes in zip(*padded, strict=True))


def _wider(sizes: Sequence[Dimension]) -> Dimension:
    known = [size for size in sizes if size != 1]
    return (next((size for size in known if size is not None), None) if known else 1) if sizes else None


def _joined(config: Config, given: Given) -> Shape:
    axis = int(config.get("axis", -1))
    sizes = [shape[axis] for shape in given]
    joined = list(given[0])
    joined[axis] = None if not all(isinstance(size, int) for size in sizes) else sum(sizes)  # type: ignore[arg-type]
    return tuple(joined)


def _dot(config: Config, given: Given) -> Shape:
    axes = _each(config["axes"], 2)
    left, right = (list(shape) for shape in given)
    left.pop(axes[0])
    right.pop(axes[1])
    return (*left, *right[1:]) if len(left) + len(right) > 2 else (left[0], 1)


def _attended(config: Config, given: Given) -> Shape:
    told = config.get("output_shape")
    ends = (given[0][-1],) if told is None else tuple(told) if isinstance(told, (list, tuple)) else (int(told),)
    return (*given[0][:-1], *ends)


def _recurrent(config: Config, given: Given) -> Shape:
    if "cell" in config:
        kind, cell = inner_layer(config["cell"])
        config = {**(inner_layer(cell["cells"][-1])[1] if kind == "StackedRNNCells" else cell), **config}
    units = int(config["units"])
    return (*given[0][:2], units) if config.get("return_sequences") else (given[0][0], units)


def _convolution_lstm(config: Config, given: Given) -> Shape:
    batch, *rest = _inside(_slid, True)(config, shape_of_each(given))
    return (batch, given[0][1], *rest) if config.get("return_sequences") else (batch, *rest)


def _bidirectional(config: Config, given: Given) -> Shape | None:
    shape = output_shape(*inner_layer(config["layer"]), given)
    both = config.get("merge_mode", "concat") == "concat"
    return (*shape[:-1], 2 * shape[-1]) if shape and both and isinstance(shape[-1], int) else shape


def _time_distributed(config: Config, given: Given) -> Shape | None:
    shape = output_shape(*inner_layer(config["layer"]), shape_of_each(given))
    return (shape[0], given[0][1], *shape[1:]) if shape else None


def _einsum(config: Config, given: Given) -> Shape:
    sizes, _ = einsum_sizes(config, given[0])
    *_, axes = str(config["equation"]).rpartition("->")
    letters = axes.replace("...", "")
    front = given[0][: len(given[0]) - (len(str(config["equation"]).partition(",")[0].replace("...", "")))]
    return (*(front if "..." in axes else ()), *(sizes[letter] for letter in letters))


def _encoded(config: Config, given: Given) -> Shape:
    tokens, counted = int(config["num_tokens"]), config.get("output_mode") != "one_hot"
    return (*given[0][: -1 if counted or given[0][-1] == 1 else None], tokens)


_FORMULAS: Mapping[str, Callable[[Any, Given], Shape | None]] = {
    **dict.fromkeys(_SAME, lambda config, given: given[0]),
    **dict.fromkeys(("Add", "Average", "Maximum", "Minimum", "Multiply", "Subtract"), _broadcast),
    **dict.fromkeys(("Attention", "AdditiveAttention"), lambda config, given: (*given[0][:-1], given[1][-1])),
    **dict.fromkeys(("LSTM", "GRU", "SimpleRNN", "RNN"), _recurrent),
    **dict.fromkeys(("Resizing", "CenterCrop", "RandomCrop"), _inside(_sized)),
    **{f"Conv{count}D": _inside(_slid, True) for count in (1, 2, 3)},
    **{f"Conv{count}DTranspose": _inside(_slid_backwards, True) for count in (1, 2, 3)},
    **{f"SeparableConv{count}D": _inside(_slid, True) for count in (1, 2)},
    **{f"{kind}{count}D": _inside(_slid) for kind in ("MaxPooling", "AveragePooling") for count in (1, 2, 3)},
    **{f"DepthwiseConv{count}D": _inside(_slid) for count in (1, 2)},
    **{f"UpSampling{count}D": _inside(_widened) for count in (1, 2, 3)},
    **{f"ZeroPadding{count}D": _inside(_padded) for count in (1, 2, 3)},
    **{f"Cropping{count}D": _inside(_cropped) for count in (1, 2, 3)},
    **{f"ConvLSTM{count}D": _convolution_lstm for count in (1, 2, 3)},
    **{f"Global{kind}Pooling{count}D": _global_pooling for kind in ("Max", "Average") for count in (1, 2, 3)},
    "Dense": lambda config, given: (*given[0][:-1], int(config["units"])),
    "EinsumDense": _einsum,
    "Embedding": lambda config, given: (*given[0], int(config["output_dim"])),
    "CategoryEncoding": _encoded,
    "Flatten": _flatten,
    "Reshape": _reshaped,
    "Permute": lambda config, given: (given[0][0], *(given[0][place] for place in config["dims"])),
    "RepeatVector": lambda config, given: (given[0][0], int(config["n"]), given[0][1]),
    "Concatenate": _joined,
    "Dot": _dot,
    "MultiHeadAttention": _attended,
    "Bidirectional": _bidirectional,
    "TimeDistributed": _time_distributed,
    "SpectralNormalization": lambda config, given: output_shape(*inner_layer(config["layer"]), given),
}

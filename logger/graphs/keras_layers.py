"""What follows from the configuration of a Keras layer: its weights, the shape that it gives, what it is told to do.

Keras writes neither weights nor output shapes down. Both follow from the configuration of the layers that most models
are made of; for others they stay unknown. Formulas: documentation of the layers at keras.io.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from .model import Dimension, TensorSpec

__all__ = ["layer_attributes", "output_shape", "weights"]

Shape = tuple[Dimension, ...]

# These give what they are given.
_SAME = {
    *("Activation", "ActivityRegularization", "Add", "AlphaDropout", "Average", "BatchNormalization", "Dropout", "ELU"),
    *("BatchNormalizationV1", "GaussianDropout", "GaussianNoise", "GELU", "GroupNormalization", "Identity", "Masking"),
    *("LayerNormalization", "LeakyReLU", "Maximum", "Minimum", "Multiply", "MultiHeadAttention", "PReLU", "ReLU"),
    *("Rescaling", "Softmax", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "Subtract", "Normalization"),
    *("UnitNormalization", "ThresholdedReLU", "RMSNormalization"),
}
_GATES = {"LSTM": 4, "GRU": 3, "SimpleRNN": 1}
_TOLD_ELSEWHERE = frozenset(("name", "layers", "input_layers", "output_layers"))
_FEWEST, _MOST = 1, 1 << 32  # sizes that can be real


def weights(kind: str, config: Mapping[str, Any], given: Shape | None) -> list[tuple[str, Shape, bool]]:
    """(name, shape, whether training changes it) of the weights of a layer that is given this shape."""
    last = _size(given[-1]) if given else None
    try:
        found = _weights(kind, config, last)
    except (AttributeError, KeyError, TypeError, ValueError, IndexError):
        return []
    trainable = config.get("trainable") is not False
    sound = all(isinstance(size, int) and _FEWEST <= size < _MOST for _, shape, _ in found for size in shape)
    return [(name, shape, train and trainable) for name, shape, train in found] if sound else []


def _weights(kind: str, config: Mapping[str, Any], last: int | None) -> list[tuple[str, Shape, bool]]:
    bias = config.get("use_bias", True) is not False
    if kind == "Embedding":
        return (
            [("embeddings", (int(config["input_dim"]), int(config["output_dim"])), True)]
            if "input_dim" in config
            else []
        )
    if last is None:
        return []
    if kind == "Dense" and "units" in config:
        units = int(config["units"])
        return [("kernel", (last, units), True), *([("bias", (units,), True)] if bias else [])]
    if kind.startswith(("Conv1D", "Conv2D", "Conv3D")) and "filters" in config:
        filters, sizes = int(config["filters"]), tuple(map(int, config["kernel_size"]))
        ends = (filters, last) if "Transpose" in kind else (last // max(int(config.get("groups") or 1), 1), filters)
        return [("kernel", (*sizes, *ends), True), *([("bias", (filters,), True)] if bias else [])]
    if kind.startswith("DepthwiseConv"):
        sizes, times = tuple(map(int, config["kernel_size"])), int(config.get("depth_multiplier") or 1)
        return [("kernel", (*sizes, last, times), True), *([("bias", (last * times,), True)] if bias else [])]
    if kind.startswith("BatchNormalization"):
        scaled = _scale_and_center(config, last)
        return [*scaled, ("moving_mean", (last,), False), ("moving_variance", (last,), False)]
    if kind in ("LayerNormalization", "GroupNormalization"):
        return _scale_and_center(config, last)
    if kind in _GATES and "units" in config:
        units, gates = int(config["units"]), _GATES[kind]
        rows = (2, gates * units) if kind == "GRU" and config.get("reset_after", True) else (gates * units,)
        found = [("kernel", (last, gates * units), True), ("recurrent_kernel", (units, gates * units), True)]
        return [*found, *([("bias", rows, True)] if bias else [])]
    return []


def _scale_and_center(config: Mapping[str, Any], last: int) -> list[tuple[str, Shape, bool]]:
    names = [name for name, key in (("gamma", "scale"), ("beta", "center")) if config.get(key, True) is not False]
    return [(name, (last,), True) for name in names]


def output_shape(kind: str, config: Mapping[str, Any], given: Sequence[Shape | None]) -> Shape | None:
    """The shape that a layer gives for these; None where that is not known."""
    first = given[0] if given else None
    if first is None:
        return None
    try:
        return _output_shape(kind, config, first, given)
    except (AttributeError, KeyError, TypeError, ValueError, IndexError, ZeroDivisionError):
        return None


def _output_shape(kind: str, config: Mapping[str, Any], first: Shape, given: Sequence[Shape | None]) -> Shape | None:
    if kind in _SAME:
        return first
    if kind == "Dense":
        return (*first[:-1], int(config["units"]))
    if kind == "Embedding":
        return (*first, int(config["output_dim"]))
    if kind == "Flatten":
        rest = first[1:]
        return (first[0], None if None in rest else math.prod(rest))  # type: ignore[arg-type]
    if kind == "Reshape":
        return (first[0], *config["target_shape"])
    if kind == "Concatenate":
        return _joined(int(config.get("axis", -1)), [shape for shape in given if shape is not None])
    if kind in _GATES:
        units = int(config["units"])
        return (*first[:2], units) if config.get("return_sequences") else (first[0], units)
    if kind.startswith("Global") and "Pooling" in kind:
        return (first[0], first[1] if config.get("data_format") == "channels_first" else first[-1])
    if config.get("data_format", "channels_last") == "channels_last" and kind.rstrip("123D") in _SLIDING:
        return _slid(kind, config, first)
    return None


_SLIDING = frozenset(("Conv", "SeparableConv", "DepthwiseConv", "MaxPooling", "AveragePooling"))


def _slid(kind: str, config: Mapping[str, Any], given: Shape) -> Shape:
    """Where a window slides over all but the first and the last dimension."""
    count = len(given) - 2
    sizes = _each(config.get("kernel_size") or config.get("pool_size"), count)
    strides, dilations = _each(config.get("strides") or sizes, count), _each(config.get("dilation_rate") or 1, count)
    inside = []
    for length, size, stride, dilation in zip(given[1:-1], sizes, strides, dilations, strict=True):
        covered = 0 if config.get("padding") in ("same", "causal") else dilation * (size - 1)
        inside.append(-(-(length - covered) // stride) if isinstance(length, int) else None)
    last: Dimension = int(config["filters"]) if "filters" in config else given[-1]
    if kind.startswith("Depthwise") and isinstance(last, int):
        last *= int(config.get("depth_multiplier") or 1)
    return (given[0], *inside, last)


def _each(value: Any, count: int) -> list[int]:
    return [int(size) for size in value] if isinstance(value, (list, tuple)) else [int(value)] * count


def _joined(axis: int, shapes: Sequence[Shape]) -> Shape:
    sizes = [shape[axis] for shape in shapes]
    joined = list(shapes[0])
    joined[axis] = None if not all(isinstance(size, int) for size in sizes) else sum(sizes)  # type: ignore[arg-type]
    return tuple(joined)


def _size(size: Dimension) -> int | None:
    return size if isinstance(size, int) else None


def layer_attributes(config: Mapping[str, Any]) -> dict[str, Any]:
    """What the layer is told, short: of objects only their class."""
    return {
        str(name)[:80]: _short(value)
        for name, value in config.items()
        if value is not None and name not in _TOLD_ELSEWHERE
    }


def _short(value: Any) -> Any:
    if isinstance(value, dict):
        config = value.get("config")
        name = config.get("name") if isinstance(config, dict) else None
        return str(name if "Policy" in str(value.get("class_name")) and name else value.get("class_name", "…"))[:200]
    if isinstance(value, list):
        return [_short(part) for part in value[:32]] + (["…"] if len(value) > 32 else [])
    if isinstance(value, str):
        return value if len(value) <= 1024 else f"{value[:1024]}…"
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def spec(dtype: str, shape: Shape | None) -> tuple[TensorSpec, ...]:
    """One output, or none where nothing is known of it."""
    return (TensorSpec(dtype, shape),) if dtype or shape is not None else ()

"""What the configuration of a Keras layer says, short, and what those need who work out its weights and shapes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from .model import Dimension, TensorSpec

__all__ = ["Config", "Shape", "channels", "einsum_sizes", "inner_layer", "layer_attributes", "shape_of_each", "spec"]

Shape = tuple[Dimension, ...]
Config = Mapping[str, Any]
_TOLD_ELSEWHERE = frozenset(("name", "layers", "input_layers", "output_layers"))


def channels(config: Config, given: Shape) -> int:
    """How many channels there are. Raises TypeError where that is not known."""
    size = given[1 if config.get("data_format") == "channels_first" else -1]
    if not isinstance(size, int):
        raise TypeError("channels: unknown")
    return size


def inner_layer(layer: Mapping[str, Any]) -> tuple[str, Config]:
    """(class, configuration) of a layer in the configuration of another."""
    return str(layer["class_name"]), layer["config"]


def shape_of_each(given: Sequence[Shape]) -> list[Shape]:
    """The shapes of one step of sequences."""
    return [(shape[0], *shape[2:]) for shape in given]


def einsum_sizes(config: Config, given: Shape) -> tuple[dict[str, Dimension], str]:
    """(size of each letter, letters of the kernel) of an EinsumDense layer whose input has the shape `given`.

    Raises ValueError for an equation without kernel.
    """
    takes, _, rest = str(config["equation"]).partition(",")
    kernel, _, gives = rest.partition("->")
    if not kernel:
        raise ValueError("equation: expected two operands")
    told = config["output_shape"]
    told = list(told) if isinstance(told, (list, tuple)) else [told]
    sizes: dict[str, Dimension] = {}
    for letters, shape in ((gives.replace("...", ""), told), (takes.replace("...", ""), list(given))):
        for letter, size in zip(reversed(letters), reversed(shape), strict=False):
            sizes[letter] = size if size is not None else sizes.get(letter)
    return sizes, kernel


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

"""Which layers feed a call of a layer, in the forms in which Keras 2 and 3 write it."""

from __future__ import annotations

from typing import Any, NamedTuple

from .model import Dimension, TensorSpec

__all__ = ["KerasInput", "calls_of", "inputs_of", "plain_dtype", "plain_shape"]

_MOST_SIZES = 32  # a shape of more is none
_MOST_PLACES = 1000  # calls of a layer, outputs of a call
_LARGEST_SIZE = 1 << 48


class KerasInput(NamedTuple):
    """One tensor: the layer, which call of it, which of its outputs, and what it is, where that is known."""

    layer: str
    call: int
    output: int
    spec: TensorSpec


def calls_of(layer: dict[str, Any]) -> list[list[KerasInput]]:
    """The inputs of each call of a layer."""
    found = []
    nodes = layer.get("inbound_nodes")
    for node in nodes if isinstance(nodes, list) else []:
        inputs: list[KerasInput] = []
        if isinstance(node, dict):
            _collect(node.get("args"), inputs)
            _collect(node.get("kwargs"), inputs)
        else:
            _collect(node, inputs)
        found.append(inputs)
    return found


def inputs_of(value: Any) -> list[KerasInput]:
    """The tensors that are named somewhere in `input_layers` or `output_layers`."""
    inputs: list[KerasInput] = []
    _collect(value, inputs)
    return inputs


def _collect(value: Any, inputs: list[KerasInput]) -> None:
    """Keras 3 writes {"config": {"keras_history": [layer, call, output]}}, Keras 2 [layer, call, output, arguments]."""
    if isinstance(value, dict):
        config = value.get("config")
        history = config.get("keras_history") if isinstance(config, dict) else None
        if isinstance(config, dict) and isinstance(history, list) and _is_history(history):
            spec = TensorSpec(plain_dtype(config.get("dtype")), plain_shape(config.get("shape")))
            inputs.append(KerasInput(history[0], _place(history[1]), _place(history[2]), spec))
            return
        for part in value.values():
            _collect(part, inputs)
    elif isinstance(value, list):
        if _is_history(value):
            inputs.append(KerasInput(value[0], _place(value[1]), _place(value[2]), TensorSpec()))
            _collect(value[3:], inputs)
            return
        for part in value:
            _collect(part, inputs)


def _is_history(value: list[Any]) -> bool:
    return len(value) >= 3 and isinstance(value[0], str) and type(value[1]) is int and type(value[2]) is int


def _place(number: int) -> int:
    return min(max(number, 0), _MOST_PLACES)


def plain_shape(value: Any) -> tuple[Dimension, ...] | None:
    """A shape as Keras writes it; None where it is none (several shapes, say)."""
    if (
        isinstance(value, list)
        and len(value) <= _MOST_SIZES
        and all(size is None or type(size) is int for size in value)
    ):
        return tuple(size if size is not None and 0 <= size < _LARGEST_SIZE else None for size in value)
    return None


def plain_dtype(value: Any) -> str:
    """A dtype, or that of a policy."""
    if isinstance(value, dict):
        config = value.get("config")
        value = config.get("name") if isinstance(config, dict) else None
    return value.removeprefix("mixed_") if isinstance(value, str) else ""

"""Which layers feed a call of a layer, in the forms in which Keras 2 and 3 write it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any, NamedTuple

from .model import Dimension, TensorSpec

__all__ = ["FirstCalls", "KerasInput", "calls_of", "first_calls", "inputs_of", "plain_dtype", "plain_shape"]

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
    for node in _nodes(layer):
        inputs: list[KerasInput] = []
        if isinstance(node, dict):
            _collect(node.get("args"), inputs)
            _collect(node.get("kwargs"), inputs)
        else:
            _collect(node, inputs)
        found.append(inputs)
    return found


def _nodes(layer: dict[str, Any]) -> list[Any]:
    nodes = layer.get("inbound_nodes")
    return nodes if isinstance(nodes, list) else []


class FirstCalls(NamedTuple):
    """Name of a model in a model → the number of its first call, as layers name it and as `output_layers` does."""

    inside: Mapping[str, int]
    outputs: Mapping[str, int]


def first_calls(
    layers: Mapping[str, dict[str, Any]], calls: Mapping[str, list[list[KerasInput]]], outputs: list[KerasInput]
) -> FirstCalls:
    """By which numbers calls of models are named where they do not begin with 0.

    A model counts what it was built from as a call, which is not written: Keras 2 goes on from there everywhere,
    Keras 3 in `output_layers` only.

    layers   of one model, by name
    calls    the inputs of each of their calls
    outputs  what `output_layers` holds
    """
    models = {name for name, layer in layers.items() if _is_model(layer)}
    if any(isinstance(node, dict) for name in models for node in _nodes(layers[name])):
        return FirstCalls({}, {name: 1 for name in models if "input_layers" in layers[name]["config"]})
    first = dict.fromkeys(models, 0)
    for tensor in chain(outputs, *chain.from_iterable(calls.values() if models else ())):
        if tensor.layer in models:
            first[tensor.layer] = max(first[tensor.layer], tensor.call + 1 - len(calls[tensor.layer]))
    return FirstCalls(first, first)


def _is_model(layer: dict[str, Any]) -> bool:
    config = layer.get("config")
    return isinstance(config, list) or (isinstance(config, dict) and isinstance(config.get("layers"), list))


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

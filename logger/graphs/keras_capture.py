"""What `add_keras_graph` is given → the graph of the model's layers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Literal

from .builder import GraphBuilder
from .model import GraphModel, Parameter, TensorSpec
from .read_keras import read_keras

__all__ = ["keras_graph"]

_DEEPEST = 50


def keras_graph(call: str, model: Any) -> GraphModel:
    """The graph of a Keras model (2 or 3), or of what its `to_json()` gave.

    The JSON says how layers are connected, the model itself which weights they really have. A model that is written as
    a class says nothing of connections: its layers are drawn without.
    Raises TypeError for anything else, ValueError where the JSON is none of a model.
    """
    if isinstance(model, (str, bytes)):
        return read_keras(model.encode() if isinstance(model, str) else model)
    if not hasattr(model, "layers") or not hasattr(model, "to_json"):
        raise TypeError(f"{call}: expected a Keras model or its JSON, got {type(model).__name__}")
    try:
        text = model.to_json()
        known = "layers" in json.loads(text).get("config", {}) or isinstance(json.loads(text).get("config"), list)
    except Exception:  # layers of the user's own may refuse in any way
        known = False
    if not known:
        return _tree(model)
    graph = read_keras(text.encode())
    _tell_more(graph, model)
    return graph


def _tell_more(graph: GraphModel, model: Any) -> None:
    """Give layers that the JSON says too little of the weights and the shapes that they have."""
    layers = {"/".join(path): layer for path, layer in _layers(model, (), 0)}
    known = {parameter.name: place for place, parameter in enumerate(graph.parameters)}
    for node in graph.nodes:
        inside = graph.groups[node.group].module or ""
        name = node.name.rsplit("@", 1)[0]
        path = f"{inside}/{name}" if inside else name
        layer = layers.get(path)
        if layer is None:
            continue
        if not any(spec.shape is not None for spec in node.outputs):
            node.outputs = _output(layer) or node.outputs
        if node.parameters:
            continue
        places = []
        for parameter in _weights(layer, path):
            place = known.setdefault(parameter.name, len(graph.parameters))
            if place == len(graph.parameters):
                graph.parameters.append(parameter)
            places.append(place)
        node.parameters = tuple(places)


def _layers(model: Any, path: tuple[str, ...], depth: int) -> Iterator[tuple[tuple[str, ...], Any]]:
    """(path, layer) of the layers in a model and in the models in it."""
    for layer in getattr(model, "layers", None) or ():
        name = (*path, str(layer.name))
        if getattr(layer, "layers", None) and depth < _DEEPEST:
            yield from _layers(layer, name, depth + 1)
        else:
            yield name, layer


def _weights(layer: Any, path: str) -> Iterator[Parameter]:
    trained = {id(weight) for weight in getattr(layer, "trainable_weights", ())}
    met: set[str] = set()
    for index, weight in enumerate(getattr(layer, "weights", ())):
        whole = str(getattr(weight, "path", None) or weight.name).split(":")[0]
        name = whole.rpartition(f"{layer.name}/")[2]  # "mha/query/kernel" of the layer "mha"
        name = f"{name}_{index}" if name in met else name
        met.add(name)
        shape = tuple(int(size) for size in weight.shape)
        dtype = getattr(weight.dtype, "name", None) or str(weight.dtype)
        kind: Literal["parameter", "buffer"] = "parameter" if id(weight) in trained else "buffer"
        yield Parameter(f"{path}/{name}", TensorSpec(dtype, shape), kind, id(weight) in trained)


def _output(layer: Any) -> tuple[TensorSpec, ...]:
    """What the layer gives; () where it is called in several places, or gives no single tensor."""
    try:
        output = layer.output
        shape = tuple(None if size is None else int(size) for size in output.shape)
        return (TensorSpec(getattr(output.dtype, "name", None) or str(output.dtype), shape),)
    except (AttributeError, TypeError, ValueError):
        return ()


def _tree(model: Any) -> GraphModel:
    """The layers of a model that is written as a class, in the models that hold them."""
    builder = GraphBuilder()
    kind = type(model).__name__
    builder.group([str(model.name)], type=kind, module="")
    for path, layer in _layers(model, (), 0):
        group = builder.group([str(model.name), *path[:-1]], module="/".join(path[:-1]))
        places = tuple(builder.parameter(parameter) for parameter in _weights(layer, "/".join(path)))
        builder.node(group, path[-1], type(layer).__name__, parameters=places)
    builder.notes.append(
        f"{kind} is written as a class, whose code Keras does not look into: its layers are drawn without connections."
    )
    return builder.build(str(model.name), "keras", "layers")

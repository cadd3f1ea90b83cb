"""A Keras model's JSON as a graph: a node for each layer, in the scopes of the models that it is part of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ...logger.proto import event_pb2 as pb
from ...logger.proto.graph_pb2 import GraphDef
from ...logger.tensors import DTYPE_OF_NAME

__all__ = ["keras_graph"]

Layer = dict[str, Any]

_DTYPES = {
    **DTYPE_OF_NAME,
    "string": pb.DT_STRING,
    "resource": pb.DT_RESOURCE,
    "half": pb.DT_HALF,
    "float": pb.DT_FLOAT,
    "double": pb.DT_DOUBLE,
}


def keras_graph(model: Any) -> GraphDef:
    """The graph of `model.to_json()`, parsed. Raises ValueError where it is none."""
    drawing = _Drawing()
    try:
        for scope, layer in _layers(model, ""):
            if layer["config"].get("layers") is not None:
                drawing.enter(scope, layer)
            else:
                drawing.add(scope, layer)
    except (AttributeError, IndexError, KeyError, TypeError, UnicodeEncodeError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from None
    return drawing.graph


def _layers(layer: Layer, scope: str) -> Iterator[tuple[str, Layer]]:
    """(scope, layer) of a layer and what is in it, models before their layers."""
    yield scope, layer
    inside = layer["config"].get("layers")
    for part in inside or ():
        yield from _layers(part, _joined(scope, layer["config"].get("name")))


@dataclass
class _Drawing:
    """The graph so far, and what later layers need to know of the models in it."""

    graph: GraphDef = field(default_factory=GraphDef)
    feeds: dict[str, str] = field(default_factory=dict)  # input layer of a model → the layer outside that feeds it
    outputs: dict[str, list[str]] = field(default_factory=dict)  # model → its output layers
    before: str | None = None  # the layer before this one, which feeds it in a sequential model

    def enter(self, scope: str, model: Layer) -> None:
        """Note how a model is connected. A functional one names its inputs and outputs, a sequential one does not."""
        config = model["config"]
        name = _joined(scope, config.get("name"))
        inputs, outputs = config.get("input_layers"), config.get("output_layers")
        functional = bool(inputs and outputs)
        sources = [_joined(scope, source[0]) for source in _sources(model)]
        if functional and not sources and self.before:
            sources = [self.before]
        if functional:
            self.feeds.update((_joined(name, entry), source) for entry, source in zip(inputs, sources, strict=False))
            listed = outputs if isinstance(outputs[0], list) else [outputs]
            self.outputs[name] = [_joined(name, output[0]) for output in listed]
        else:
            if sources:
                self.before = sources[0]
            self.outputs[name] = [_joined(name, config["layers"][-1]["config"].get("name"))]

    def add(self, scope: str, layer: Layer) -> None:
        """A node with its type, its dtype, and the layers that feed it."""
        config = layer["config"]
        node = self.graph.node.add(name=_joined(scope, config.get("name")))
        if layer.get("class_name") is not None:
            node.attr["keras_class"].s = layer["class_name"].encode("ascii")
        dtype = config.get("dtype")
        if isinstance(dtype, dict) and "config" in dtype:  # a policy
            dtype = dtype["config"].get("name")
        if isinstance(dtype, str) and dtype in _DTYPES:
            node.attr["dtype"].type = _DTYPES[dtype]
        if layer.get("inbound_nodes") is not None:
            for name, _, index in _sources(layer):
                source = _joined(scope, name)
                ends = self.outputs.get(source, [source])
                node.input.append(ends[min(index, len(ends) - 1)])
        elif self.before is not None:
            node.input.append(self.before)
        if node.name in self.feeds:
            node.input.append(self.feeds[node.name])
        self.before = node.name


def _sources(layer: Layer) -> list[list[Any]]:
    """[layer, call, output] of each tensor that goes in, as Keras 3 writes them."""
    found = []
    for node in layer.get("inbound_nodes") or ():
        for arguments in node.get("args", []) if isinstance(node, dict) else []:
            for argument in arguments if isinstance(arguments, list) else [arguments]:
                history = argument.get("config", {}).get("keras_history", [])
                if len(history) >= 3:
                    found.append(history[:3])
    return found


def _joined(scope: str, name: Any) -> str:
    return f"{scope}/{name}" if scope else str(name)

"""Keras models as JSON (`model.to_json()`, Keras 1 to 3): calls of layers as nodes, models in models as groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .bounded_json import parse_json
from .builder import GraphBuilder
from .keras_inputs import FirstCalls, KerasInput, calls_of, first_calls, inputs_of, plain_dtype, plain_shape
from .keras_layers import Shape, layer_attributes, spec
from .keras_shapes import output_shape
from .keras_weights import weights
from .model import GraphModel, Parameter, TensorSpec
from .shape_flops import with_flops

__all__ = ["read_keras"]

_MOST_NODES = 200_000
_LARGEST = 1 << 28  # bytes

Layer = dict[str, Any]
Tensor = tuple[int, int]  # place of a node, which output


def read_keras(text: bytes, title: str = "") -> GraphModel:
    """The layers of a model in the JSON that Keras writes. Raises ValueError with a sentence where there are none.

    Weights and shapes are worked out from the configuration of the layers, where that is possible.
    """
    if len(text) > _LARGEST:
        raise ValueError(f"This Keras model has {len(text):,} bytes of JSON; at most {_LARGEST:,} are read.")
    try:
        model = parse_json(text)
        if isinstance(model, str):  # `to_json` written as JSON once more
            model = parse_json(model.encode())
        if not isinstance(model, dict) or "config" not in model:
            raise ValueError("it has no configuration")
        drawing = _Drawing()
        drawing.draw(model)
    except (RecursionError, ValueError) as error:
        what = "models in each other are too deep" if isinstance(error, RecursionError) else str(error)
        raise ValueError(f"This is no Keras model that can be drawn: {what}.") from None
    return with_flops(drawing.builder.build(_name(model) or title, "keras", "layers"))


@dataclass
class _Model:
    """One call of a model: where its layers are drawn, and what they gave."""

    group: int
    parts: list[str]  # of the group's path
    weights: list[str]  # the same without calls
    given: list[Tensor] = field(default_factory=list)
    results: dict[str, list[list[Tensor]]] = field(default_factory=dict)  # layer → call → outputs
    first: FirstCalls = field(default_factory=lambda: FirstCalls({}, {}))


class _Drawing:
    def __init__(self) -> None:
        self.builder = GraphBuilder()
        self.shapes: dict[Tensor, Shape | None] = {}
        self.waiting: list[tuple[int, int, _Model, KerasInput]] = []  # edges from layers that come later, or never
        self.full = False

    def draw(self, model: Layer) -> None:
        self._model(model, [], [], [], 0)
        for place, index, inside, wanted in self.waiting:
            found = self._outputs(inside, wanted)
            source, output = found if found else (self.builder.missing("/".join([*inside.parts, wanted.layer])), 0)
            self.builder.edge(source, place, output, index)

    def _model(self, model: Layer, scope: list[str], names: list[str], given: list[Tensor], call: int) -> list[Tensor]:
        """Draw a model and what is in it; its outputs."""
        name = _name(model)
        parts = [*scope, name if call == 0 else f"{name}@{call}"]
        names = [*names, name] if scope else names  # weights are named below the outermost model
        kind = str(model.get("class_name") or "Model")
        group = self.builder.group(parts, type=kind, module="/".join(names), call=call)
        inside = _Model(group, parts, names, given)
        config = model["config"]
        layers = config.get("layers") if isinstance(config, dict) else config
        layers = [layer for layer in layers if isinstance(layer, dict)] if isinstance(layers, list) else []
        connected = any(layer.get("inbound_nodes") for layer in layers)
        if not layers:
            self.builder.notes.append(f"The model {name[:80]!r} does not say which layers it has.")
        if not connected or not isinstance(config, dict):
            return self._chain(layers, inside)
        entries = [source.layer for source in inputs_of(config.get("input_layers"))]
        outputs = inputs_of(config.get("output_layers"))
        by_name = {_name(layer): layer for layer in reversed(layers)}  # of several of one name the first
        calls = {name: calls_of(layer) for name, layer in by_name.items()}
        inside.first = first_calls(by_name, calls, outputs)
        for layer in layers:
            self._connected(layer, calls[_name(layer)], inside, entries)
        ends = [self._outputs(inside, wanted, inside.first.outputs) for wanted in outputs]
        return [end for end in ends if end]

    def _chain(self, layers: list[Layer], inside: _Model) -> list[Tensor]:
        """A sequential model: every layer is given what the one before it gave."""
        now = inside.given
        for index, layer in enumerate(layers):
            if _kind(layer) == "InputLayer" and now:
                continue  # the model's input comes from outside
            now = self._layer(layer, inside, now, 0, [])
            if index == 0 and not now:
                now = inside.given
        return now

    def _connected(self, layer: Layer, calls: list[list[KerasInput]], inside: _Model, entries: list[str]) -> None:
        name = _name(layer)
        if name in inside.results:
            self.builder.twice(name)
            return
        results = inside.results.setdefault(name, [])
        if name in entries and inside.given:
            place = min(entries.index(name), len(inside.given) - 1)
            results.append([inside.given[place]])
            return
        for call, wanted in enumerate(calls or [[]]):
            found = [(index, tensor, self._outputs(inside, tensor)) for index, tensor in enumerate(wanted)]
            given = [place for _, _, place in found if place]
            specs = [tensor.spec for tensor in wanted]
            before = len(self.builder.nodes)
            results.append(self._layer(layer, inside, given, call, specs))
            if len(self.builder.nodes) > before:
                self.waiting.extend((before, index, inside, tensor) for index, tensor, place in found if not place)

    def _outputs(self, inside: _Model, wanted: KerasInput, first: Mapping[str, int] | None = None) -> Tensor | None:
        calls = inside.results.get(wanted.layer)
        if not calls:
            return None
        first = inside.first.inside if first is None else first
        call = wanted.call - first.get(wanted.layer, 0)
        outputs = calls[min(max(call, 0), len(calls) - 1)]
        if not outputs:
            return None
        tensor = outputs[wanted.output] if 0 <= wanted.output < len(outputs) else (outputs[0][0], wanted.output)
        if self.shapes.get(tensor) is None and wanted.spec.shape is not None:
            self._tell(tensor, wanted.spec)
        return tensor

    def _tell(self, tensor: Tensor, known: TensorSpec) -> None:
        """Who takes a tensor may know more of it than who gives it."""
        self.shapes[tensor] = known.shape
        node = self.builder.nodes[tensor[0]]
        outputs = [*node.outputs, *[TensorSpec()] * (min(tensor[1], 64) + 1 - len(node.outputs))]
        if tensor[1] < len(outputs):
            outputs[tensor[1]] = TensorSpec(known.dtype or outputs[tensor[1]].dtype, known.shape)
            node.outputs = tuple(outputs)

    def _layer(
        self, layer: Layer, inside: _Model, given: list[Tensor], call: int, specs: list[TensorSpec]
    ) -> list[Tensor]:
        """One call of a layer, or of a model in the model; what it gives."""
        config = layer.get("config")
        config = config if isinstance(config, (dict, list)) else {}
        if isinstance(config, list) or isinstance(config.get("layers"), list):
            return self._model({**layer, "config": config}, inside.parts, inside.weights, given, call)
        if len(self.builder.nodes) >= _MOST_NODES:
            if not self.full:
                self.builder.notes.append(f"Only the first {_MOST_NODES:,} calls of layers are drawn.")
            self.full = True
            return given
        return [self._node(layer, config, inside, given, call, specs)]

    def _node(
        self,
        layer: Layer,
        config: dict[str, Any],
        inside: _Model,
        given: list[Tensor],
        call: int,
        specs: list[TensorSpec],
    ) -> Tensor:
        kind, name = _kind(layer), _name(layer)
        dtype = plain_dtype(config.get("dtype"))
        shapes: list[Shape | None] = [known.shape for known in specs if known.shape is not None]
        shapes = shapes or [self.shapes.get(tensor) for tensor in given]
        build = layer.get("build_config")
        built = plain_shape(build.get("input_shape")) if isinstance(build, dict) else None
        if built is not None and (not shapes or shapes[0] is None):
            shapes = [built]
            if given:
                self._tell(given[0], TensorSpec("", built))
        declared = plain_shape(config.get("batch_shape") or config.get("batch_input_shape"))
        shape = declared if kind == "InputLayer" else output_shape(kind, config, shapes or [declared])
        place = self.builder.node(
            inside.group,
            name if call == 0 else f"{name}@{call}",
            kind,
            role="input" if kind == "InputLayer" else "op",
            outputs=spec(dtype, shape),
            parameters=self._weights(kind, config, [*inside.weights, name], dtype, shapes or [declared]),
            attributes=layer_attributes(config),
        )
        self.shapes[place, 0] = shape
        for index, (source, output) in enumerate(given):
            self.builder.edge(source, place, output, index)
        return (place, 0)

    def _weights(
        self, kind: str, config: dict[str, Any], path: list[str], dtype: str, given: list[Shape | None]
    ) -> tuple[int, ...]:
        kept = "float32" if dtype in ("float16", "bfloat16") and isinstance(config.get("dtype"), dict) else dtype
        return tuple(
            self.builder.parameter(
                Parameter("/".join([*path, name]), TensorSpec(kept, shape), "parameter" if train else "buffer", train)
            )
            for name, shape, train in weights(kind, config, given)
        )


def _kind(layer: Layer) -> str:
    return str(layer.get("class_name") or "Layer")


def _name(layer: Layer) -> str:
    config = layer.get("config")
    name = layer.get("name") or (config.get("name") if isinstance(config, dict) else None)
    return str(name or _kind(layer)).strip() or "unnamed"

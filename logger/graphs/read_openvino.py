"""OpenVINO models (the XML beside the weights) as graphs: read as text, nothing is executed, no package is needed.

Form: https://docs.openvino.ai, "OpenVINO IR format", versions 10 and 11.
"""

from __future__ import annotations

import xml.parsers.expat
from typing import Any

from .builder import GraphBuilder
from .model import Dimension, GraphModel, Parameter, TensorSpec
from .names import scope_parts

__all__ = ["read_openvino"]

_MOST_NODES = 500_000
_DTYPES = {
    "FP32": "float32",
    "FP16": "float16",
    "FP64": "float64",
    "BF16": "bfloat16",
    "BOOL": "bool",
    "BOOLEAN": "bool",
}


class _Parser:
    """Collects layers and edges while the text goes by."""

    def __init__(self) -> None:
        self.name = ""
        self.layers: list[dict[str, Any]] = []
        self.edges: list[tuple[str, str, str, str]] = []
        self.inner = 0  # bodies of loops are told of, not drawn
        self._port: dict[str, Any] | None = None
        self._text = ""
        self._parser = xml.parsers.expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.EntityDeclHandler = self._refuse  # entities in entities grow without end
        self._depth: list[str] = []

    def parse(self, data: bytes) -> None:
        """Raises ValueError."""
        try:
            self._parser.Parse(data, True)
        except xml.parsers.expat.ExpatError as error:
            raise ValueError(str(error)) from None

    def _refuse(self, *_: Any) -> None:
        raise ValueError("it declares entities")

    def _start(self, name: str, told: dict[str, str]) -> None:
        self._depth.append(name)
        self._text = ""
        if name in ("body", "then_body", "else_body"):
            self.inner += 1
        if "body" in self._depth or "then_body" in self._depth or "else_body" in self._depth:
            return
        if name == "net":
            self.name = told.get("name", "")
        elif name == "layer" and len(self.layers) < _MOST_NODES:
            self.layers.append({**told, "data": {}, "ports": []})
        elif name == "data" and self.layers:
            self.layers[-1]["data"].update(told)
        elif name == "port" and self.layers and "output" in self._depth:
            self._port = {**told, "sizes": []}
            self.layers[-1]["ports"].append(self._port)
        elif name == "edge":
            ends = ("from-layer", "from-port", "to-layer", "to-port")
            self.edges.append(tuple(told.get(end, "") for end in ends))  # type: ignore[arg-type]

    def _end(self, name: str) -> None:
        self._depth.pop()
        if name == "dim" and self._port is not None:
            self._port["sizes"].append(self._text.strip())
        elif name == "output":
            self._port = None

    def _characters(self, text: str) -> None:
        if len(self._text) < 1000:
            self._text += text


def read_openvino(data: bytes, title: str = "") -> GraphModel:
    """The layers of an OpenVINO model's XML. Raises ValueError with a sentence where there are none."""
    parser = _Parser()
    try:
        parser.parse(data)
    except ValueError as error:
        raise ValueError(f"This XML is no OpenVINO model that can be drawn: {error}.") from None
    if not parser.layers:
        raise ValueError("This XML is no OpenVINO model: it has no layers.")
    builder = GraphBuilder()
    if parser.inner:
        builder.notes.append(f"The bodies of loops and branches ({parser.inner:,}) are not drawn.")
    places: dict[str, tuple[int, list[str]]] = {}
    weights: dict[str, int] = {}
    for layer in parser.layers:
        _layer(builder, layer, places, weights)
    for source, port, target, into in parser.edges:
        _edge(builder, (source, port, target, into), places, weights)
    return builder.build(title or parser.name, "openvino", "operations")


def _layer(
    builder: GraphBuilder, layer: dict[str, Any], places: dict[str, tuple[int, list[str]]], weights: dict[str, int]
) -> None:
    kind, name = str(layer.get("type") or "unknown"), str(layer.get("name") or layer.get("id") or "unnamed")
    specs = tuple(_spec(port) for port in layer["ports"])
    data = layer["data"]
    number = str(layer.get("id"))
    if number in places or number in weights:
        builder.twice(f"layer {number}")
        return
    if kind == "Const" and specs:
        dtype = specs[0].dtype or _dtype(str(data.get("element_type", "")))
        trained = dtype.startswith(("float", "bfloat")) and (specs[0].elements or 0) > 1
        spec = TensorSpec(dtype, specs[0].shape)
        weights[number] = builder.parameter(Parameter(name, spec, "parameter" if trained else "constant", trained))
        return
    *scope, last = scope_parts(name)
    role: Any = {"Parameter": "input", "Result": "output"}.get(kind, "op")
    told = {key[:80]: value[:1024] for key, value in data.items()}
    place = builder.node(builder.group(scope), last, kind, role=role, outputs=specs, attributes=told)
    places[number] = (place, [str(port.get("id")) for port in layer["ports"]])


def _edge(
    builder: GraphBuilder,
    edge: tuple[str, str, str, str],
    places: dict[str, tuple[int, list[str]]],
    weights: dict[str, int],
) -> None:
    source, port, target, into = edge
    if target not in places:
        return
    place = places[target][0]
    if source in weights:
        node = builder.nodes[place]
        node.parameters = tuple(dict.fromkeys((*node.parameters, weights[source])))
    elif source in places:
        ports = places[source][1]
        builder.edge(places[source][0], place, ports.index(port) if port in ports else 0, _number(into))
    else:
        builder.edge(builder.missing(f"layer {source}"), place, 0, _number(into))


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 7 else 0


def _spec(port: dict[str, Any]) -> TensorSpec:
    sizes: list[Dimension] = [int(size) if size.isdecimal() and len(size) < 19 else None for size in port["sizes"][:64]]
    return TensorSpec(_dtype(str(port.get("precision", ""))), tuple(sizes))


def _dtype(name: str) -> str:
    """ "FP32", "I64", "f32" as numpy spells them."""
    upper = name.upper()
    if upper in _DTYPES:
        return _DTYPES[upper]
    prefix = {"I": "int", "U": "uint", "F": "float"}.get(upper[:1], "")
    return f"{prefix}{upper[1:]}" if prefix and upper[1:].isdecimal() else name.lower()

"""The messages of ONNX files as far as graphs need them, read from their bytes: weights are never loaded.

Field numbers: onnx/onnx.proto3, https://github.com/onnx/onnx.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .model import Dimension, TensorSpec
from .wire import Buffer, fields, read_varint

__all__ = ["OnnxGraph", "OnnxModel", "OnnxNode", "Span", "onnx_graph", "onnx_model", "onnx_nodes"]

Span = tuple[int, int]

_DTYPES = (
    *("", "float32", "uint8", "int8", "uint16", "int16", "int32", "int64", "string", "bool", "float16", "float64"),
    *("uint32", "uint64", "complex64", "complex128", "bfloat16", "float8_e4m3fn", "float8_e4m3fnuz", "float8_e5m2"),
    *("float8_e5m2fnuz", "uint4", "int4", "float4_e2m1fn", "float8_e8m0fnu", "uint2", "int2"),
)
_LONGEST = 1024  # bytes of a text
_LONGEST_TRACE = 1 << 16
_LISTED = 64  # entries of a list
_MOST_SIZES = 64


@dataclass(slots=True)
class OnnxNode:
    """One operation."""

    op: str = ""
    name: str = ""
    domain: str = ""
    inputs: list[str] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)
    attributes: dict[str, Any] = field(default_factory=dict)
    graphs: dict[str, Span] = field(default_factory=dict)  # attribute → where its graph lies
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class OnnxGraph:
    """A graph or a function, its nodes not yet read."""

    name: str = ""
    domain: str = ""
    nodes: list[Span] = field(default_factory=list)
    inputs: list[str] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)
    weights: dict[str, TensorSpec] = field(default_factory=dict)
    known: dict[str, TensorSpec] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)  # "PARAMETER", "BUFFER", where torch wrote it


@dataclass(slots=True)
class OnnxModel:
    """What a file holds."""

    graph: Span | None = None
    producer: str = ""
    opsets: dict[str, int] = field(default_factory=dict)
    functions: list[Span] = field(default_factory=list)


def onnx_model(data: Buffer, wrong: list[str]) -> OnnxModel:
    """What the file says of itself; `wrong` gets in sentences what is damaged."""
    model = OnnxModel()
    for number, kind, a, b in fields(data, 0, None, wrong):
        if kind != 2:
            continue
        if number == 7:
            model.graph = (a, b)
        elif number in (2, 3):
            model.producer = f"{model.producer} {_text(data, a, b)}".strip()
        elif number == 8:
            entry = {n: (k, c, d) for n, k, c, d in fields(data, a, b, wrong)}
            domain = _text(data, *entry[1][1:]) if 1 in entry and entry[1][0] == 2 else ""
            model.opsets[domain] = entry[2][1] if 2 in entry and entry[2][0] == 0 else 0
        elif number == 25:
            model.functions.append((a, b))
    return model


def onnx_graph(data: Buffer, span: Span, wrong: list[str], is_function: bool = False) -> OnnxGraph:
    """A GraphProto, or a FunctionProto; `wrong` gets in sentences what is damaged."""
    graph = OnnxGraph()
    for number, kind, a, b in fields(data, *span, wrong):
        if kind != 2:
            continue
        try:
            _take(graph, data, number, a, b, is_function)
        except ValueError as error:
            wrong.append(str(error))
    return graph


def _take(graph: OnnxGraph, data: Buffer, number: int, a: int, b: int, is_function: bool) -> None:
    if number == (7 if is_function else 1):
        graph.nodes.append((a, b))
    elif number == (1 if is_function else 2):
        graph.name = _text(data, a, b)
    elif is_function and number in (4, 5):
        (graph.inputs if number == 4 else graph.outputs).append(_text(data, a, b))
    elif is_function and number == 10:
        graph.domain = _text(data, a, b)
    elif number == 5 and not is_function:
        name, spec = _tensor(data, a, b)
        graph.weights[name] = spec
    elif number in (11, 12, 13) and (not is_function or number == 12):
        name, spec = _value(data, a, b, graph)
        graph.known[name] = spec
        if number == 11:
            graph.inputs.append(name)
        elif number == 12 and not is_function:
            graph.outputs.append(name)


def onnx_nodes(data: Buffer, spans: list[Span]) -> Iterator[OnnxNode | ValueError]:
    """The nodes at these places; an error in the place of one that cannot be read."""
    for span in spans:
        try:
            yield _node(data, span)
        except (ValueError, struct.error) as error:
            yield ValueError(str(error))


def _node(data: Buffer, span: Span) -> OnnxNode:
    node = OnnxNode()
    for number, kind, a, b in fields(data, *span):
        if kind != 2:
            continue
        if number == 1:
            node.inputs.append(_text(data, a, b))
        elif number == 2:
            node.outputs.append(_text(data, a, b))
        elif number == 3:
            node.name = _text(data, a, b)
        elif number == 4:
            node.op = _text(data, a, b)
        elif number == 5:
            _attribute(data, a, b, node)
        elif number == 7:
            node.domain = _text(data, a, b)
        elif number == 9:
            key, value = _entry(data, a, b)
            node.metadata[key] = value
    return node


def _attribute(data: Buffer, begin: int, end: int, node: OnnxNode) -> None:
    name, value = "", None
    listed: list[Any] = []
    for number, kind, a, b in fields(data, begin, end):
        if number == 1 and kind == 2:
            name = _text(data, a, b)
        elif number == 2 and kind == 5:
            value = _float(a)
        elif number == 3 and kind == 0:
            value = _signed(a)
        elif number == 4 and kind == 2:
            value = _text(data, a, b)
        elif number == 5 and kind == 2:
            value = str(_tensor(data, a, b)[1])
        elif number == 6 and kind == 2:
            node.graphs[name or "body"] = (a, b)
        elif number in (7, 8, 9):
            listed.extend(_listed(data, number, kind, a, b) if len(listed) <= _LISTED else ())
    if len(listed) > _LISTED:
        listed[_LISTED:] = ["…"]
    if name not in node.graphs:
        node.attributes[name] = value if value is not None else listed


def _listed(data: Buffer, number: int, kind: int, a: int, b: int) -> list[Any]:
    """Entries of a repeated field, one by one or packed."""
    if number == 9:
        return [_text(data, a, b)] if kind == 2 else []
    if kind != 2:
        return [_float(a) if number == 7 else _signed(a)]
    if number == 7:
        size = min((b - a) // 4, _LISTED + 1)
        return list(struct.unpack(f"<{size}f", data[a : a + 4 * size]))
    return [_signed(value) for value in _packed(data, a, b)]


def _packed(data: Buffer, begin: int, end: int) -> list[int]:
    values: list[int] = []
    while begin < end and len(values) <= _LISTED:
        value, begin = read_varint(data, begin, end)
        values.append(value)
    return values


def _tensor(data: Buffer, begin: int, end: int) -> tuple[str, TensorSpec]:
    """(name, type and shape) of a TensorProto; its numbers are stepped over."""
    name, dtype, sizes = "", "", []
    for number, kind, a, b in fields(data, begin, end):
        if number == 1:
            sizes.extend([_signed(a)] if kind == 0 else [_signed(size) for size in _packed(data, a, b)])
        elif number == 2 and kind == 0:
            dtype = _dtype(a)
        elif number == 8 and kind == 2:
            name = _text(data, a, b)
    return name, TensorSpec(dtype, tuple(sizes[:_MOST_SIZES]))


def _value(data: Buffer, begin: int, end: int, graph: OnnxGraph) -> tuple[str, TensorSpec]:
    """(name, type and shape) of a ValueInfoProto; what torch told of it goes to `graph.kinds`."""
    name, spec = "", TensorSpec()
    for number, kind, a, b in fields(data, begin, end):
        if number == 1 and kind == 2:
            name = _text(data, a, b)
        elif number == 2 and kind == 2:
            spec = _type(data, a, b)
        elif number == 4 and kind == 2:
            key, value = _entry(data, a, b)
            if key.endswith("InputSpec.kind"):
                graph.kinds[name] = value
    return name, spec


def _type(data: Buffer, begin: int, end: int) -> TensorSpec:
    for number, kind, a, b in fields(data, begin, end):
        if number in (1, 8) and kind == 2:  # a tensor, dense or sparse
            dtype, shape = "", None
            for inner, inner_kind, c, d in fields(data, a, b):
                if inner == 1 and inner_kind == 0:
                    dtype = _dtype(c)
                elif inner == 2 and inner_kind == 2:
                    shape = tuple(_dimension(data, e, f) for n, k, e, f in fields(data, c, d) if (n, k) == (1, 2))
            return TensorSpec(dtype, shape)
        if number in (4, 5, 9):
            return TensorSpec({4: "sequence", 5: "map", 9: "optional"}[number])
    return TensorSpec()


def _dimension(data: Buffer, begin: int, end: int) -> Dimension:
    for number, kind, a, b in fields(data, begin, end):
        if number == 1 and kind == 0:
            size = _signed(a)
            return size if size >= 0 else None
        if number == 2 and kind == 2:
            return _text(data, a, b)[:80] or None
    return None


def _entry(data: Buffer, begin: int, end: int) -> tuple[str, str]:
    entry = {n: _text(data, a, b, _LONGEST_TRACE) for n, k, a, b in fields(data, begin, end) if k == 2}
    return entry.get(1, ""), entry.get(2, "")


def _text(data: Buffer, begin: int, end: int, longest: int = _LONGEST) -> str:
    return bytes(data[begin : min(end, begin + longest)]).decode("utf-8", "replace")


def _dtype(number: int) -> str:
    return _DTYPES[number] if number < len(_DTYPES) else f"type {number}"


def _float(bits: int) -> float | str:
    (value,) = struct.unpack("<f", bits.to_bytes(4, "little"))
    return float(f"{value:.7g}") if abs(value) < float("inf") else str(value)


def _signed(value: int) -> int:
    value &= (1 << 64) - 1
    return value - (1 << 64) if value >> 63 else value

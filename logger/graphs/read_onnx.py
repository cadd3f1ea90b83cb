"""ONNX models as graphs: modules where the exporter wrote them down, else the scopes in the names of nodes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from .builder import GraphBuilder
from .model import GraphModel, Parameter, TensorSpec
from .module_scopes import last_source, module_group
from .names import DEEPEST, scope_parts
from .onnx_messages import OnnxGraph, OnnxNode, Span, onnx_graph, onnx_model, onnx_nodes
from .shape_flops import with_flops
from .wire import Buffer

__all__ = ["read_onnx"]

_MOST_NODES = 500_000
_DEEPEST = 24  # graphs in nodes of graphs
_LISTED_NAME = re.compile(r"'((?:[^'\\]|\\.)*)'")
_TORCH = "pkg.torch.onnx."
_TRACE = f"{_TORCH}stack_trace"

Value = tuple[int, int]  # place of a node and which output; (-1, place) of a parameter
_LEFT_OUT: Value = (-2, 0)  # an optional input


@dataclass
class _Inside:
    """The graph or function whose nodes are drawn."""

    graph: OnnxGraph
    scope: list[str]
    depth: int = 0
    calling: tuple[str, ...] = ()
    outer: _Inside | None = None  # whose values are seen as well
    values: dict[str, Value] = field(default_factory=dict)

    def find(self, name: str) -> Value | None:
        """The value of this name, here or in the graphs around."""
        value = self.values.get(name)
        return value if value is not None or self.outer is None else self.outer.find(name)


def read_onnx(data: Buffer, title: str = "") -> GraphModel:
    """The graph of an ONNX model. Weights belong to the nodes that use them, and are not read.

    Raises ValueError with a sentence where it is no ONNX model.
    """
    wrong: list[str] = []
    model = onnx_model(data, wrong)
    if model.graph is None:
        raise ValueError(" ".join(["This is no ONNX model that can be drawn: it holds no graph.", *wrong[:1]]))
    graph = onnx_graph(data, model.graph, wrong)
    drawing = _Drawing(data, model.functions, wrong)
    told = {"producer": model.producer, "opset": model.opsets.get("", 0)}
    drawing.builder.group([], attributes={name: value for name, value in told.items() if value})
    drawing.main(graph)
    if wrong:
        drawing.builder.notes.append(f"The file is damaged, what can be read is drawn: {wrong[0]}.")
    return with_flops(drawing.builder.build(title or graph.name, "onnx", "operations"))


class _Drawing:
    def __init__(self, data: Buffer, functions: list[Span], wrong: list[str]) -> None:
        self.data = data
        self.wrong = wrong
        self.builder = GraphBuilder()
        self.functions: dict[tuple[str, str], OnnxGraph] = {}
        self.groups: dict[str, int] = {}  # scopes in names of nodes that were met
        self.visited = 0
        self.left_out = 0
        self.waiting: list[tuple[_Inside, str, int, int]] = []  # inputs that no node before gives
        for span in functions:
            function = onnx_graph(data, span, wrong, is_function=True)
            self.functions[function.domain, function.name] = function

    def main(self, graph: OnnxGraph) -> None:
        inside = _Inside(graph, [])
        self._inputs(inside)
        self._nodes(inside)
        for index, name in enumerate(graph.outputs):
            spec = graph.known.get(name, TensorSpec())
            place = self.builder.node(0, name or f"output_{index}", "output", role="output", outputs=(spec,))
            self._edge(inside, name, place, 0)
        for waiting, name, place, index in self.waiting:
            value = waiting.find(name)
            source, output = value if value and value[0] >= 0 else (self.builder.missing(name), 0)
            self.builder.edge(source, place, output, index)
        if self.left_out:
            self.builder.notes.append(f"{self.left_out:,} nodes are left out: more than {_MOST_NODES:,} are not drawn.")

    def _inputs(self, inside: _Inside, given: Sequence[Value] = ()) -> None:
        """Weights and inputs of a graph as values; inputs that are given from outside are not drawn."""
        graph = inside.graph
        for name, spec in graph.weights.items():
            inside.values[name] = (-1, self.builder.parameter(_parameter(name, spec, graph.kinds.get(name, ""))))
        names = [name for name in graph.inputs if name not in graph.weights]
        for index, name in enumerate(names):
            if index < len(given):
                inside.values[name] = given[index]
                continue
            spec = graph.known.get(name, TensorSpec())
            group = self.builder.group(inside.scope)
            place = self.builder.node(group, name or f"input_{index}", "input", role="input", outputs=(spec,))
            inside.values[name] = (place, 0)

    def _nodes(self, inside: _Inside) -> None:
        broken: list[str] = []
        for number, node in enumerate(onnx_nodes(self.data, inside.graph.nodes)):
            self.visited += 1
            if self.visited > _MOST_NODES:
                self.left_out += len(inside.graph.nodes) - number
                break
            if isinstance(node, ValueError):
                broken.append(str(node))
            else:
                self._node(node, inside)
        if broken:
            self.builder.notes.append(f"Nodes that cannot be read are left out ({len(broken):,}): {broken[0]}.")

    def _node(self, node: OnnxNode, inside: _Inside) -> None:
        function = self.functions.get((node.domain, node.op))
        if function is not None and node.op not in inside.calling and inside.depth < _DEEPEST:
            self._call(node, function, inside)
            return
        first = inside.find(node.inputs[0]) if node.inputs else None
        if node.op == "Identity" and first is not None and first[0] == -1 and node.outputs:
            inside.values[node.outputs[0]] = first  # a weight under another name
            return
        given = [inside.find(name) if name else _LEFT_OUT for name in node.inputs]
        place = self._add(node, inside, [value[1] for value in given if value is not None and value[0] == -1])
        for index, value in enumerate(given):
            if value is None:
                self.waiting.append((inside, node.inputs[index], place, index))
            elif value[0] >= 0:
                self.builder.edge(value[0], place, value[1], index)
        self._bodies(node, place, inside)
        for output, name in enumerate(node.outputs):
            if name:
                inside.values[name] = (place, output)

    def _add(self, node: OnnxNode, inside: _Inside, weights: list[int]) -> int:
        group, name = self._place_of(node, inside)
        kinds = {} if node.domain in ("", "ai.onnx") else {"domain": node.domain}
        known = [inside.graph.known.get(name, TensorSpec()) for name in node.outputs]
        return self.builder.node(
            group,
            name,
            node.op or "unknown",
            role="constant" if node.op == "Constant" and not node.inputs else "op",
            outputs=tuple(known),
            parameters=tuple(dict.fromkeys(weights)),
            attributes=kinds | node.attributes,
            source=last_source(node.metadata[_TRACE]) if _TRACE in node.metadata else "",
        )

    def _place_of(self, node: OnnxNode, inside: _Inside) -> tuple[int, str]:
        """(group, name): the module that the node comes from, where the exporter says so."""
        path, _, last = node.name.rpartition("/")
        known = self.groups.get(path) if not inside.scope and not node.metadata else None
        if known is not None and last and len(last) < 100:
            return known, last
        group, name = self._new_place(node, inside)
        if not inside.scope and name == last:
            self.groups[path] = group
        return group, name

    def _new_place(self, node: OnnxNode, inside: _Inside) -> tuple[int, str]:
        if node.name.startswith("/"):  # torch's older exporter: "/layers.0/linear/Gemm"
            *parts, last = scope_parts(node.name[1:])
            if not inside.scope:
                stack = [(".".join(parts[:end]), "") for end in range(1, len(parts) + 1)]
                return module_group(self.builder, stack), last
        scopes = _listed(node.metadata.get(f"{_TORCH}name_scopes", ""))
        classes = _listed(node.metadata.get(f"{_TORCH}class_hierarchy", ""))
        if len(scopes) > 1 and not inside.scope:
            modules = list(zip(scopes[:-1], classes, strict=False))
            group = module_group(self.builder, modules)
            return group, scopes[-1] if node.outputs[:1] == scopes[-1:] else (node.outputs or [node.name])[0]
        name = node.name or (node.outputs[0] if node.outputs else "") or node.op or "unnamed"
        *scope, last = scope_parts(name.removeprefix("/"))
        scope = scope if len(inside.scope) < DEEPEST else []
        return self.builder.group([*inside.scope, *scope]), last

    def _edge(self, inside: _Inside, name: str, place: int, index: int) -> None:
        value = inside.find(name)
        if value is None:
            self.waiting.append((inside, name, place, index))
        elif value[0] >= 0:
            self.builder.edge(value[0], place, value[1], index)

    def _call(self, node: OnnxNode, function: OnnxGraph, inside: _Inside) -> None:
        """A function's nodes in the place of its call."""
        group, name = self._place_of(node, inside)
        scope = [*self._parts(group), name]
        self.builder.group(scope, type=function.name)
        given = [inside.find(value) or _LEFT_OUT for value in node.inputs]
        given += [_LEFT_OUT] * (len(function.inputs) - len(given))  # optional ones
        body = _Inside(function, scope, inside.depth + 1, (*inside.calling, node.op))
        self._inputs(body, given)
        self._nodes(body)
        for inner, outer in zip(function.outputs, node.outputs, strict=False):
            if inner in body.values:
                inside.values[outer] = body.values[inner]

    def _bodies(self, node: OnnxNode, place: int, inside: _Inside) -> None:
        """The graphs that a node holds (branches, the body of a loop), in groups below its name."""
        if inside.depth >= _DEEPEST:
            return
        for label, span in node.graphs.items():
            graph = onnx_graph(self.data, span, self.wrong)
            scope = [*self._parts(self.builder.nodes[place].group), self.builder.nodes[place].name, label]
            body = _Inside(graph, scope, inside.depth + 1, inside.calling, inside)
            self._inputs(body)
            self._nodes(body)
            for name in graph.outputs:
                self._edge(body, name, place, len(node.inputs))

    def _parts(self, group: int) -> list[str]:
        path = self.builder.group_path(group)
        return path.split("/") if path else []


def _parameter(name: str, spec: TensorSpec, kind: str) -> Parameter:
    """A weight; what torch calls a buffer is one, and numbers that are no floats are not trained."""
    if kind == "BUFFER":
        return Parameter(name, spec, "buffer", trainable=False)
    if kind == "PARAMETER" or (spec.dtype.startswith(("float", "bfloat")) and spec.shape):
        return Parameter(name, spec)
    return Parameter(name, spec, "constant", trainable=False)


def _listed(text: str) -> list[str]:
    """The names in a list as Python writes it; nothing is evaluated."""
    return [name.replace("\\'", "'") for name in _LISTED_NAME.findall(text[:4000])]

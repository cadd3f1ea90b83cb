"""Programs that `torch.export` saved, as JSON → GraphModel.

The form is that of torch/_export/serde/schema.py; names of its fields are the keys here. Nothing of torch is needed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from .builder import GraphBuilder
from .model import Dimension, GraphModel, Parameter, TensorSpec
from .module_scopes import last_source, module_group
from .shape_flops import with_flops

__all__ = ["exported_program"]

_MOST_NODES = 500_000
_DEEPEST = 16  # graphs in nodes of graphs
_DTYPES = {
    1: "uint8", 2: "int8", 3: "int16", 4: "int32", 5: "int64", 6: "float16", 7: "float32", 8: "float64",
    10: "complex64", 11: "complex128", 12: "bool", 13: "bfloat16", 28: "uint16", 29: "float8_e4m3fn",
    30: "float8_e5m2", 31: "float8_e4m3fnuz", 32: "float8_e5m2fnuz",
}  # fmt: skip
_KINDS: dict[str, Literal["parameter", "buffer", "constant"]] = {
    "parameter": "parameter",
    "buffer": "buffer",
    "tensor_constant": "constant",
}
_CHECKS = ("torch.ops.aten._assert_", "torch.ops.aten.sym_constrain_range")  # of what exporting took for granted
_LONGEST = 1024

Value = tuple[int, int]  # place of a node and which output; (-1, place) of a parameter
Json = Mapping[str, Any]


def exported_program(program: Any, title: str = "", stored: Any = None) -> GraphModel:
    """The graph of an exported program, parsed from its JSON. Raises ValueError with a sentence where it is none.

    `stored`: the JSON beside the weights, which tells which of them are one.
    """
    module = _dict(_dict(program).get("graph_module"))
    graph = module.get("graph")
    if not isinstance(graph, dict) or not isinstance(graph.get("nodes"), list):
        raise ValueError("This JSON holds no program of torch.export: it has no graph_module with nodes.")
    drawing = _Drawing()
    drawing.weights(_dict(module.get("signature")), graph, _tied(stored))
    try:
        drawing.draw(graph, [], {}, 0)
    except RecursionError:
        raise ValueError("This program cannot be drawn: its arguments are too deep in each other.") from None
    version = _dict(program).get("torch_version")
    if isinstance(version, str):
        drawing.builder.group([], attributes={"torch": version[:80]})
    return with_flops(drawing.builder.build(title, "pt2", "ATen ops"))


class _Drawing:
    def __init__(self) -> None:
        self.builder = GraphBuilder()
        self.values: dict[str, Value] = {}

    def weights(self, signature: Json, graph: Json, tied: Mapping[str, list[str]]) -> None:
        """Inputs that are parameters, buffers and constants belong to who uses them."""
        tensors = _dict(graph.get("tensor_values"))
        for entry in _dicts(signature.get("input_specs")):
            for kind, spec in entry.items():
                name = _dict(_dict(spec).get("arg")).get("name")
                if kind not in _KINDS or not isinstance(name, str):
                    continue
                told = _dict(spec)
                full = told.get("parameter_name") or told.get("buffer_name") or told.get("tensor_constant_name") or name
                tensor = _dict(tensors.get(name))
                trainable = kind == "parameter" and tensor.get("requires_grad") is not False
                full, *others = tied.get(str(full), [str(full)])
                parameter = Parameter(full, _spec(tensor), _KINDS[kind], trainable, tuple(others))
                self.values[name] = (-1, self.builder.parameter(parameter))

    def draw(self, graph: Json, scope: list[str], given: Mapping[str, Value], depth: int) -> list[str]:
        """The nodes of a graph, below `scope` where it is part of a node; the names of its outputs."""
        tensors = _dict(graph.get("tensor_values"))
        self.values.update(given)
        for name in _tensor_names(graph.get("inputs")):
            if name not in self.values:
                place = self.builder.node(
                    self.builder.group(scope), name, "input", role="input", outputs=(_spec(_dict(tensors.get(name))),)
                )
                self.values[name] = (place, 0)
        nodes = _dicts(graph.get("nodes"))
        for number, node in enumerate(nodes):
            if len(self.builder.nodes) >= _MOST_NODES:
                self.builder.notes.append(f"{len(nodes) - number:,} nodes more than {_MOST_NODES:,} are left out.")
                break
            self._node(node, tensors, scope, depth)
        outputs = list(_tensor_names(graph.get("outputs")))
        if not scope:
            self._outputs(outputs, tensors)
        return outputs

    def _outputs(self, names: list[str], tensors: Json) -> None:
        for name in names:
            value = self.values.get(name)
            if value is None or value[0] >= 0:  # a parameter that is returned is no output of the model
                outputs = (_spec(_dict(tensors.get(name))),)
                place = self.builder.node(0, f"output_{name}", "output", role="output", outputs=outputs)
                self._edge(name, place, 0)

    def _node(self, node: Json, tensors: Json, scope: list[str], depth: int) -> None:
        target = str(node.get("target") or "unknown")
        metadata = _dict(node.get("metadata"))
        results = list(_tensor_names(node.get("outputs")))
        if not results and target.startswith(_CHECKS):
            return
        name = str(node.get("name") or (results[0] if results else target.rsplit(".", 1)[-1]))
        names = [name for argument in _dicts(node.get("inputs")) for name in _tensor_names(argument.get("arg"))]
        weights = [self.values[name][1] for name in names if self.values.get(name, (0, 0))[0] == -1]
        group = self.builder.group(scope) if scope else module_group(self.builder, _stack(metadata))
        outputs = tuple(_spec(_dict(tensors.get(result))) for result in results)
        place = self.builder.node(
            group,
            name,
            _operation(target),
            outputs=outputs,
            device=outputs[0].device if outputs else "",
            parameters=tuple(dict.fromkeys(weights)),
            attributes=_attributes(node),
            source=last_source(str(metadata.get("stack_trace") or "")),
        )
        for index, source in enumerate(names):
            self._edge(source, place, index)
        for output, result in enumerate(results):
            self.values[result] = (place, output)
        for argument in _dicts(node.get("inputs")):
            self._body(argument, place, len(names), depth)

    def _body(self, argument: Json, place: int, index: int, depth: int) -> None:
        """A graph that a node is given: a branch, or the body of a loop."""
        held = _dict(_dict(argument.get("arg")).get("as_graph"))
        graph = held.get("graph")
        if not isinstance(graph, dict) or depth >= _DEEPEST:
            return
        node = self.builder.nodes[place]
        label = str(held.get("name") or argument.get("name") or "graph")
        outer = self.values
        self.values = {}  # it sees nothing but what it is given
        outputs = self.draw(graph, [*node.path.split("/"), label], {}, depth + 1)
        for name in outputs:
            self._edge(name, place, index)
        self.values = outer

    def _edge(self, name: str, place: int, index: int) -> None:
        value = self.values.get(name)
        if value is None:
            self.builder.edge(self.builder.missing(name), place, 0, index)
        elif value[0] >= 0:
            self.builder.edge(value[0], place, value[1], index)


def _tied(stored: Any) -> dict[str, list[str]]:
    """Name of a weight → all names of weights that are stored in the same place, the first one first."""
    names: dict[str, list[str]] = {}
    for name, told in _dict(_dict(stored).get("config")).items():
        place = _dict(told).get("path_name")
        if isinstance(place, str):
            names.setdefault(str([place, told.get("tensor_meta")]), []).append(name)
    return {name: alike for alike in names.values() if len(alike) > 1 for name in alike}


def _dict(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def _dicts(value: Any) -> list[Json]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _operation(target: str) -> str:
    """ "torch.ops.aten.linear.default" is "aten.linear"."""
    parts = target.removeprefix("torch.ops.").split(".")
    return ".".join(parts[:2]) if target.startswith("torch.ops.") and len(parts) > 2 else parts[-1] or "unknown"


def _stack(metadata: Json) -> list[tuple[str, str]]:
    """(dotted name with "@1" in its second call, class) of the modules, from `nn_module_stack`: "key,path,class;…"."""
    modules = []
    for entry in str(metadata.get("nn_module_stack") or "").split(";")[:100]:
        key, _, rest = entry.partition(",")
        path, _, kind = rest.rpartition(",")
        _, at, call = key.rpartition("@")
        modules.append((f"{path.partition('@')[0]}@{call}" if at else path, kind))
    return modules


def _tensor_names(value: Any) -> Iterator[str]:
    """The names of tensors and symbols anywhere in an argument, without those in graphs that it holds."""
    if isinstance(value, list):
        for entry in value:
            yield from _tensor_names(entry)
    elif isinstance(value, dict):
        for key, entry in value.items():
            if key in ("as_tensor", "as_custom_obj") and isinstance(_dict(entry).get("name"), str):
                yield entry["name"]
            elif key in ("as_name",) and isinstance(entry, str):
                yield entry
            elif key != "as_graph":
                yield from _tensor_names(entry if isinstance(entry, (list, dict)) else None)
                if key in ("as_tensors", "as_nested_tensors"):
                    yield from _plain_names(entry)


def _plain_names(entry: Any) -> Iterator[str]:
    """Names in a list of tensors, which are not wrapped once more."""
    if isinstance(entry, list):
        for part in entry:
            yield from _plain_names(part)
    elif isinstance(entry, dict) and isinstance(entry.get("name"), str):
        yield entry["name"]


def _spec(tensor: Json) -> TensorSpec:
    sizes = tensor.get("sizes")
    shape = tuple(_size(size) for size in sizes[:64]) if isinstance(sizes, list) else None
    dtype, device = tensor.get("dtype"), _dict(tensor.get("device"))
    kind = _DTYPES.get(dtype, "") if isinstance(dtype, int) else ""
    place = str(device.get("type") or "")
    return TensorSpec(kind, shape, f"{place}:{device['index']}" if place and device.get("index") is not None else place)


def _size(size: Any) -> Dimension:
    size = _dict(size)
    if isinstance(size.get("as_int"), int):
        return int(size["as_int"]) if 0 <= size["as_int"] < 1 << 48 else None
    expression = _dict(size.get("as_expr")).get("expr_str")
    return expression[:80] if isinstance(expression, str) and expression else None


def _attributes(node: Json) -> dict[str, Any]:
    """Arguments that are no tensors, by name."""
    told: dict[str, Any] = {}
    for index, argument in enumerate(_dicts(node.get("inputs"))):
        for key, value in _dict(argument.get("arg")).items():
            if key in ("as_none", "as_graph") or next(_tensor_names({key: value}), None) is not None:
                continue
            told[str(argument.get("name") or f"input {index}")[:80]] = _plain(value)
    return told


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(entry) for entry in value[:64]] + (["…"] if len(value) > 64 else [])
    if isinstance(value, dict):
        return _plain(next(iter(value.values()))) if len(value) == 1 else str(value)[:_LONGEST]
    if isinstance(value, str):
        return value[:_LONGEST]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value

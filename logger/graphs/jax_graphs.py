"""JAX functions as graphs: the jaxpr that `jax.make_jaxpr` gives, in the scopes that modules and functions name.

Nothing of JAX is imported: jaxprs are read by their attributes, which are the same since JAX 0.4.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from .builder import GraphBuilder
from .jax_flops import primitive_flops
from .jax_values import Leaf, spec_of
from .model import GraphModel, Parameter

__all__ = ["jaxpr_graph"]

_CALLS = {
    *("jit", "pjit", "closed_call", "core_call", "custom_jvp_call", "custom_vjp_call", "custom_vjp_call_jaxpr"),
    *("remat", "remat2", "checkpoint", "xla_call", "named_call"),
}
_NUMBERED = re.compile(r"_\d+$")
_PART = re.compile(r"(?:[^/()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))+")  # slashes in brackets divide nothing
_FRAME = re.compile(r"(.+?:\d+)(?::\d+)? \(")
_DEEPEST = 40
_LONGEST = 300  # characters of a setting

Value = tuple[int, int]  # place of a node and which output; (-1, place) of a parameter; (-2, place) of a number


@dataclass
class _Inside:
    """A jaxpr on its way into the graph."""

    scope: list[str]
    times: int = 1  # how often its operations run
    depth: int = 0
    values: dict[int, Value] = field(default_factory=dict)  # id of a variable → what it is


def jaxpr_graph(closed: Any, leaves: Sequence[Leaf] = (), title: str = "") -> GraphModel:
    """The graph of a ClosedJaxpr; `leaves` say what its inputs are."""
    drawing = _Drawing([leaf.name for leaf in leaves if leaf.kind != "input"])
    drawing.main(closed, leaves)
    return drawing.builder.build(title, "jax", "primitives")


class _Drawing:
    def __init__(self, parameters: Sequence[str]) -> None:
        self.builder = GraphBuilder()
        self.modules = {name.rpartition("/")[0] for name in parameters}
        self.modules |= {
            "/".join(name.split("/")[:end]) for name in self.modules for end in range(1, name.count("/") + 1)
        }
        self.used: dict[str, int] = {}  # scopes of calls that were drawn
        self.groups: dict[tuple[str, ...], int] = {(): 0}
        self.numbers: list[Any] = []  # that functions are given

    def main(self, closed: Any, leaves: Sequence[Leaf]) -> None:
        inside, jaxpr = _Inside([]), closed.jaxpr
        for index, variable in enumerate(jaxpr.invars):
            leaf = leaves[index] if index < len(leaves) else Leaf(f"input_{index}", "input")
            inside.values[id(variable)] = self._argument(leaf, variable)
        for index, variable in enumerate(jaxpr.constvars):
            parameter = Parameter(f"constant_{index}", spec_of(variable), "constant", trainable=False)
            inside.values[id(variable)] = (-1, self.builder.parameter(parameter))
        self._equations(jaxpr, inside)
        for index, variable in enumerate(jaxpr.outvars):
            place = self.builder.node(0, f"output_{index}", "output", role="output", outputs=(spec_of(variable),))
            self._edge(inside, variable, place, 0)

    def _argument(self, leaf: Leaf, variable: Any) -> Value:
        spec = spec_of(variable)
        if leaf.kind == "input":
            return self.builder.node(0, leaf.name.replace("/", "."), "input", role="input", outputs=(spec,)), 0
        kind = cast(Literal["parameter", "buffer"], leaf.kind)
        return -1, self.builder.parameter(Parameter(leaf.name, spec, kind, kind == "parameter"))

    def _equations(self, jaxpr: Any, inside: _Inside) -> None:
        for equation in jaxpr.eqns:
            inner = list(_jaxprs(equation.params))
            name = str(equation.primitive.name)
            is_call = name in _CALLS and len(inner) >= 1 and inside.depth < _DEEPEST
            if is_call and len(_open(inner[0][1]).invars) == len(equation.invars):
                self._call(equation, inner[0][1], inside)
            else:
                self._operation(equation, name, inner, inside)

    def _call(self, equation: Any, held: Any, inside: _Inside) -> None:
        """A function's operations in the place of its call; a scope of its own where it has a name and several."""
        jaxpr = _open(held)
        label = str(equation.params.get("name") or "") if equation.primitive.name in ("jit", "pjit", "xla_call") else ""
        scope = [*inside.scope, *_scopes(equation)]
        if label and len(jaxpr.eqns) > 1:
            scope = self._own_scope([*scope, label], label)
        body = _Inside(scope, inside.times, inside.depth + 1)
        self._bind(body, held, [inside.values.get(id(variable)) for variable in equation.invars])
        self._literals(body, jaxpr, equation)
        before = len(self.builder.nodes)
        self._equations(jaxpr, body)
        for inner, outer in zip(jaxpr.outvars, equation.outvars, strict=False):
            value = body.values.get(id(inner))
            if value is not None:
                inside.values[id(outer)] = value
        if label and len(self.builder.nodes) == before + 1:
            self.builder.nodes[before].attributes = {**self.builder.nodes[before].attributes, "function": label}

    def _literals(self, body: _Inside, jaxpr: Any, equation: Any) -> None:
        """Numbers that a function is given stay numbers within it."""
        for inner, outer in zip(jaxpr.invars, equation.invars, strict=False):
            if hasattr(outer, "val"):
                body.values[id(inner)] = (-2, self._number(outer))

    def _number(self, literal: Any) -> int:
        self.numbers.append(_plain(literal.val))
        return len(self.numbers) - 1

    def _own_scope(self, parts: list[str], kind: str) -> list[str]:
        path = "/".join(parts)
        count = self.used[path] = self.used.get(path, -1) + 1
        parts = [*parts[:-1], f"{parts[-1]}_{count}"] if count else parts
        self._group(parts)
        self.builder.group(parts, type=kind)
        return parts

    def _bind(self, body: _Inside, held: Any, given: Sequence[Value | None]) -> None:
        jaxpr = _open(held)
        for variable, value in zip(jaxpr.invars, given, strict=False):
            if value is not None:
                body.values[id(variable)] = value
        for variable in jaxpr.constvars:
            name = f"{'/'.join(body.scope)}/constant_{id(variable)}" if body.scope else f"constant_{len(body.values)}"
            parameter = Parameter(name, spec_of(variable), "constant", trainable=False)
            body.values[id(variable)] = (-1, self.builder.parameter(parameter))

    def _operation(self, equation: Any, name: str, inner: list[tuple[str, Any]], inside: _Inside) -> None:
        found = [inside.values.get(id(variable)) for variable in equation.invars]
        told = {
            key: _plain(value) for key, value in equation.params.items() if value is not None and key not in dict(inner)
        }
        for index, (variable, value) in enumerate(zip(equation.invars, found, strict=True)):
            if hasattr(variable, "val"):
                told[f"input {index}"] = _plain(variable.val)
            elif value is not None and value[0] == -2:
                told[f"input {index}"] = self.numbers[value[1]]
        shapes = [getattr(getattr(variable, "aval", None), "shape", None) for variable in equation.invars]
        outputs = tuple(spec_of(variable) for variable in equation.outvars)
        flops = primitive_flops(name, shapes, outputs[0].shape if outputs else None, equation.params)
        place = self.builder.node(
            self._group([*inside.scope, *_scopes(equation)]),
            name,
            name,
            outputs=outputs,
            parameters=tuple(dict.fromkeys(value[1] for value in found if value is not None and value[0] == -1)),
            attributes=told,
            source=_source(equation),
            flops=None if flops is None else flops * inside.times,
        )
        for index, variable in enumerate(equation.invars):
            self._edge(inside, variable, place, index)
        for output, variable in enumerate(equation.outvars):
            inside.values[id(variable)] = (place, output)
        if inside.depth < _DEEPEST:
            self._bodies(equation, name, place, inner, inside)

    def _bodies(self, equation: Any, name: str, place: int, inner: list[tuple[str, Any]], inside: _Inside) -> None:
        """The functions that a loop or a branch runs, in scopes below its name."""
        node = self.builder.nodes[place]
        times = equation.params.get("length") if name == "scan" else None
        for label, held in inner:
            scope = [*node.path.split("/"), label]
            self.builder.group(scope, type=name)
            jaxpr = _open(held)
            body = _Inside(scope, inside.times * (times if isinstance(times, int) else 1), inside.depth + 1)
            given = _given(equation, name, label, len(jaxpr.invars))
            self._bind(body, held, [inside.values.get(id(variable)) for variable in given])
            for number, variable in enumerate(jaxpr.invars):
                if id(variable) not in body.values:
                    spec = (spec_of(variable),)
                    group = self.builder.group(scope)
                    body.values[id(variable)] = (
                        self.builder.node(group, f"input_{number}", "input", role="input", outputs=spec), 0,
                    )  # fmt: skip
            self._equations(jaxpr, body)
            for variable in jaxpr.outvars:
                self._edge(body, variable, place, len(equation.invars))

    def _edge(self, inside: _Inside, variable: Any, place: int, index: int) -> None:
        value = inside.values.get(id(variable))
        if value is not None and value[0] >= 0:
            self.builder.edge(value[0], place, value[1], index)

    def _group(self, parts: Sequence[str]) -> int:
        """A scope, with the module that it stands for where parameters lie in one of that name."""
        key = tuple(parts)
        place = self.groups.get(key)
        if place is None:
            self._group(key[:-1])
            tails = ("/".join(key[start:]) for start in range(len(key)))
            module = next((tail for tail in tails if tail in self.modules), None)
            place = self.groups[key] = self.builder.group(key, type=_NUMBERED.sub("", key[-1]), module=module)
        return place


def _open(held: Any) -> Any:
    """The jaxpr in a closed one."""
    return getattr(held, "jaxpr", held)


def _jaxprs(settings: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """(name, jaxpr) of the functions that an operation is given."""
    for key in sorted(settings):
        value = settings[key]
        listed = value if isinstance(value, (tuple, list)) else [value]
        for number, one in enumerate(listed):
            if hasattr(_open(one), "eqns"):
                name = key.removesuffix("_jaxpr").removesuffix("jaxpr") or "body"
                yield (f"{name}_{number}" if len(listed) > 1 else name), one


def _given(equation: Any, name: str, label: str, count: int) -> Sequence[Any]:
    """The variables outside that the inputs of an inner function are; empty where that is not known."""
    variables = list(equation.invars)
    if name == "while":
        conditions, bodies = equation.params.get("cond_nconsts", 0), equation.params.get("body_nconsts", 0)
        consts = variables[:conditions] if label == "cond" else variables[conditions : conditions + bodies]
        variables = [*consts, *variables[conditions + bodies :]]
    elif name == "cond":
        variables = variables[1:]
    return variables if len(variables) == count else []


def _scopes(equation: Any) -> list[str]:
    """The scopes that the program names around an operation: "Net/Block_0/Dense_0"."""
    return _PART.findall(str(getattr(equation.source_info, "name_stack", "")))


def _source(equation: Any) -> str:
    """The innermost line outside of installed packages: "model.py:31"."""
    for line in str(getattr(equation.source_info, "traceback", None) or "").splitlines():
        match = _FRAME.match(line)
        if match and "site-packages" not in line and "dist-packages" not in line and not line.startswith("<"):
            return match[1]
    return ""


def _plain(value: Any) -> Any:
    """A setting as a value of JSON's types."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if hasattr(value, "item") and getattr(value, "size", 0) == 1:
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, (bool, int)):
        return value
    if isinstance(value, (tuple, list)) and len(value) <= 16 and all(isinstance(one, int) for one in value):
        return list(value)
    text = " ".join(str(value).split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"

"""What differs between two versions of one node or group, in words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ...logger.graphs.model import GraphModel, Group, Node, Parameter, TensorSpec
from ...logger.graphs.plain_values import plain_value

__all__ = ["FieldChange", "group_changes", "node_changes", "parameter_count"]

_MOST_FIELDS = 20
_LONGEST = 200  # characters of a value


class FieldChange(NamedTuple):
    """A field with both values as text, "" for none."""

    field: str
    a: str
    b: str


def node_changes(a: GraphModel, one: Node, b: GraphModel, other: Node) -> list[FieldChange]:
    """Of a node in `a` and the node that it is in `b`; what goes into it is not looked at."""
    own = {
        "name": (one.name, other.name),
        "op": (one.op, other.op),
        "role": (one.role, other.role),
        "shape": (_shapes(one.outputs), _shapes(other.outputs)),
        "dtype": (_dtypes(one.outputs), _dtypes(other.outputs)),
        "device": (_device(one), _device(other)),
    }
    return [
        *_differing(own),
        *_parameter_changes(_used(a, one), _used(b, other)),
        *_differing(_attributes(one.attributes, other.attributes)),
    ][:_MOST_FIELDS]


def group_changes(one: Group, other: Group, numbers: tuple[int, int]) -> list[FieldChange]:
    """Of a group; `numbers`: of both, how many numbers its parameters hold."""
    own = {"type": (one.type, other.type), "parameters": (f"{numbers[0]:,}", f"{numbers[1]:,}")}
    return [*_differing(own), *_differing(_attributes(one.attributes, other.attributes))][:_MOST_FIELDS]


def parameter_count(parameters: Iterable[Parameter]) -> int:
    """Numbers that are learned in these parameters, each counted once."""
    return sum(
        one.spec.elements or 0 for one in {one.name: one for one in parameters}.values() if one.kind == "parameter"
    )


def _differing(fields: Mapping[str, tuple[str, str]]) -> list[FieldChange]:
    return [FieldChange(name, *both) for name, both in fields.items() if both[0] != both[1]]


def _used(model: GraphModel, node: Node) -> dict[str, Parameter]:
    return {parameter.name: parameter for parameter in (model.parameters[place] for place in node.parameters)}


def _parameter_changes(one: Mapping[str, Parameter], other: Mapping[str, Parameter]) -> list[FieldChange]:
    counts = parameter_count(one.values()), parameter_count(other.values())
    told = {"parameters": (f"{counts[0]:,}", f"{counts[1]:,}")}
    for name in dict.fromkeys((*one, *other)):
        told[name] = _written(one.get(name)), _written(other.get(name))
    return _differing(told)


def _written(parameter: Parameter | None) -> str:
    if parameter is None:
        return ""
    kind = "" if parameter.kind == "parameter" else f" {parameter.kind}"
    return f"{parameter.spec}{kind}{'' if parameter.trainable or kind else ' frozen'}"


def _attributes(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    return {str(name): (_text(one, name), _text(other, name)) for name in dict.fromkeys((*one, *other))}


def _text(attributes: Mapping[str, Any], name: str) -> str:
    if name not in attributes:
        return ""
    value = attributes[name]
    text = value if isinstance(value, str) else json.dumps(plain_value(value), ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _shapes(specs: Sequence[TensorSpec]) -> str:
    return ", ".join(str(TensorSpec(shape=spec.shape)) or "?" for spec in specs)


def _dtypes(specs: Sequence[TensorSpec]) -> str:
    return ", ".join(dict.fromkeys(spec.dtype for spec in specs if spec.dtype))


def _device(node: Node) -> str:
    return node.device or next((spec.device for spec in node.outputs if spec.device), "")

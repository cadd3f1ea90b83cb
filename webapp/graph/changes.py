"""What differs between two versions of one node or group, in words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ...logger.graphs.model import GraphModel, Group, Node, Parameter, TensorSpec
from ...logger.graphs.plain_values import plain_value

__all__ = ["FieldChange", "group_changes", "node_changes"]

_MOST_FIELDS = 20
_LONGEST = 200  # characters of a value


class FieldChange(NamedTuple):
    """A field with both values as text, "" for none."""

    field: str
    a: str
    b: str


def node_changes(a: GraphModel, one: Node, b: GraphModel, other: Node) -> list[FieldChange]:
    """Of a node in `a` and the node that it is in `b`; what goes into it is not looked at."""
    own = {"name": (one.name, other.name), "op": (one.op, other.op), "role": (one.role, other.role)}
    if one.outputs != other.outputs:
        own["shape"] = _shapes(one.outputs), _shapes(other.outputs)
        own["dtype"] = _dtypes(one.outputs), _dtypes(other.outputs)
    own["device"] = _device(one), _device(other)
    used = [[model.parameters[at] for at in node.parameters] for model, node in ((a, one), (b, other))]
    return [
        *_differing(own),
        *(_parameter_changes(*used) if used[0] != used[1] else ()),
        *_differing(_attributes(one.attributes, other.attributes)),
    ][:_MOST_FIELDS]


def group_changes(one: Group, other: Group, numbers: tuple[int, int]) -> list[FieldChange]:
    """Of a group; `numbers`: of both, how many numbers its parameters hold."""
    own = {"type": (one.type, other.type), "parameters": (f"{numbers[0]:,}", f"{numbers[1]:,}")}
    return [*_differing(own), *_differing(_attributes(one.attributes, other.attributes))][:_MOST_FIELDS]


def _differing(fields: Mapping[str, tuple[str, str]]) -> list[FieldChange]:
    return [FieldChange(name, *both) for name, both in fields.items() if both[0] != both[1]]


def _parameter_changes(one: Sequence[Parameter], other: Sequence[Parameter]) -> list[FieldChange]:
    by_name = [{parameter.name: parameter for parameter in used} for used in (one, other)]
    counts = (f"{sum(_count(parameter) for parameter in used.values()):,}" for used in by_name)
    told = {"parameters": (next(counts), next(counts))}
    for name in dict.fromkeys((*by_name[0], *by_name[1])):
        told[name] = _written(by_name[0].get(name)), _written(by_name[1].get(name))
    return _differing(told)


def _count(parameter: Parameter) -> int:
    """Numbers that are learned in it."""
    return (parameter.spec.elements or 0) if parameter.kind == "parameter" else 0


def _written(parameter: Parameter | None) -> str:
    if parameter is None:
        return ""
    kind = "" if parameter.kind == "parameter" else f" {parameter.kind}"
    return f"{parameter.spec}{kind}{'' if parameter.trainable or kind else ' frozen'}"


def _attributes(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    if one == other:
        return {}
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

"""The JSON that pictures of graphs are exported as → GraphModel: see json_form.py for its fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from .bounded_json import parse_json
from .builder import GraphBuilder
from .json_form import JSON_MARK
from .model import GraphModel, Node, Parameter, Role, TensorSpec
from .names import scope_parts

__all__ = ["read_json_form"]

_ROLES = get_args(Role)
_KINDS = ("parameter", "buffer", "constant")
_NOTES = 100
_MOST_SIZES = 32  # dimensions of a tensor
_MOST_ENDS = (1 << 31) - 1  # outputs of a node


def read_json_form(text: bytes, title: str = "") -> GraphModel:
    """The graph that `as_json_form` wrote, maybe edited since: what a field cannot hold is left out.

    Raises ValueError with a sentence where it is no such JSON.
    """
    content = parse_json(text)
    if not isinstance(content, dict) or JSON_MARK not in content:
        raise ValueError(f"it is no graph: its JSON has no {JSON_MARK!r}")
    builder = GraphBuilder()
    builder.notes = [note for note in _listed(content, "notes") if isinstance(note, str)][:_NOTES]
    for group in _rows(content, "groups"):
        path = _text(group, "path")
        module = group.get("module")
        builder.group(
            scope_parts(path) if path else [],
            type=_text(group, "type"),
            module=module if isinstance(module, str) else None,
            call=_whole(group.get("call")) or 0,
            source=_text(group, "source"),
            attributes=_object(group, "attributes"),
        )
    for parameter in _rows(content, "parameters"):
        builder.parameter(_parameter(parameter))
    rows = list(_rows(content, "nodes"))
    place_of: dict[str, int] = {}
    for row in rows:
        path = _text(row, "path")
        place = _add_node(builder, row, path)
        if place_of.setdefault(path, place) != place:
            builder.twice(path)
    for target, row in enumerate(rows):
        _join(builder, row, target, place_of)
    told = {name: _text(content, name) for name in ("title", "format", "level")}
    return builder.build(told["title"] or title, told["format"] or "stepscope", told["level"])


def _add_node(builder: GraphBuilder, row: dict[str, Any], path: str) -> int:
    *scope, name = scope_parts(path)
    group = builder.group(scope)
    role: Any = row.get("role")
    node = Node(
        builder.free_path(group, name),
        _text(row, "op"),
        group,
        role if role in _ROLES else "op",
        tuple([_spec(one) for one in _rows(row, "outputs")]),
        tuple([_place(builder, name) for name in _listed(row, "parameters") if isinstance(name, str)]),
        _object(row, "attributes"),
        _text(row, "device"),
        _text(row, "source"),
        _number(row.get("flops")),
        _number(row.get("time")),
        _whole(row.get("memory")),
    )
    return builder.add(node)


def _place(builder: GraphBuilder, name: str) -> int:
    """Of a parameter; one that is not listed is known by its name alone."""
    return builder.parameter(Parameter(name, TensorSpec()))


def _join(builder: GraphBuilder, row: dict[str, Any], target: int, place_of: dict[str, int]) -> None:
    for told in _rows(row, "inputs"):
        name = _text(told, "from")
        source = place_of[name] if name in place_of else builder.missing(name)
        output, into = (_whole(told.get(end)) or 0 for end in ("output", "input"))
        builder.edge(source, target, min(output, _MOST_ENDS), min(into, _MOST_ENDS), told.get("control") is True)


def _parameter(row: dict[str, Any]) -> Parameter:
    kind = row.get("kind")
    tied = tuple([name for name in _listed(row, "tied") if isinstance(name, str)])
    known: Any = kind if kind in _KINDS else "parameter"
    return Parameter(_text(row, "name"), _spec(row), known, row.get("trainable") is not False, tied)


def _spec(row: dict[str, Any]) -> TensorSpec:
    shape: Any = row.get("shape")
    fits = isinstance(shape, list) and len(shape) <= _MOST_SIZES
    fits = fits and all(size is None or isinstance(size, str) or _whole(size) is not None for size in shape)
    return TensorSpec(_text(row, "dtype"), tuple(shape) if fits else None, _text(row, "device"))


# --- fields of JSON that may hold anything ----------------------------------------------------------------------------


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) else ""


def _object(row: dict[str, Any], name: str) -> dict[str, Any]:
    value = row.get(name)
    return value if isinstance(value, dict) else {}


def _listed(row: dict[str, Any], name: str) -> list[Any]:
    value = row.get(name)
    return value if isinstance(value, list) else []


def _rows(row: dict[str, Any], name: str) -> Iterator[dict[str, Any]]:
    return (one for one in _listed(row, name) if isinstance(one, dict))


def _is_whole(value: Any) -> bool:
    return type(value) is int and abs(value) < 1 << 53


def _whole(value: Any) -> int | None:
    """From 0 on; None for anything else."""
    return value if _is_whole(value) and value >= 0 else None


def _number(value: Any) -> float | None:
    return float(value) if type(value) is float or _is_whole(value) else None

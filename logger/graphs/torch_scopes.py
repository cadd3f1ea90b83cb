"""What torch's tracer writes into GraphDefs: class names in scopes, and nodes that are no operations.

Scopes look like "Net/Sequential[body]/Linear[0]". Parameters, constants, lists and tuples are nodes of their own there;
here parameters belong to those who use them, constants are attributes, lists and tuples are what they hold.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .graph_def_nodes import RawNode, Source

__all__ = ["constant_text", "is_torch", "module_of", "parameter_name", "passes_through"]

_PART = re.compile(r"(.*)\[(.*)\]", re.DOTALL)
_ATTRIBUTE = re.compile(r"\{?\s*(\w+)\s*:\s*(.*?)\s*\}?\s*$", re.DOTALL)
_PASSING = ("prim::ListConstruct", "prim::TupleConstruct", "prim::ListUnpack", "prim::TupleUnpack")


def is_torch(nodes: Sequence[RawNode]) -> bool:
    """Whether torch's tracer wrote this graph."""
    return any(op.startswith(("aten::", "prim::")) or op == "IO Node" for op in {node.op for node in nodes})


def module_of(parts: Sequence[str]) -> tuple[str, str | None]:
    """(class, path of the module) of a scope: ["Net", "Sequential[body]"] → ("Sequential", "body").

    The path is None where a part of the scope names no module.
    """
    names = []
    kind = parts[0] if parts else ""
    for part in parts[1:]:
        match = _PART.fullmatch(part)
        if match is None:
            return "", None
        kind = match[1]
        names.append(match[2])
    return kind, ".".join(names)


def parameter_name(node: RawNode) -> str:
    """The parameter that a prim::GetAttr gives: that of "Net/Linear[head]/bias/bias" is "head.bias"."""
    parts = node.name.split("/")[:-1]
    match = _ATTRIBUTE.match(_text(node))
    name = match[2] if match and match[1] == "name" else node.name.rsplit("/", 1)[-1]
    while parts and module_of(parts)[1] is None:
        parts.pop()
    module = module_of(parts)[1]
    return f"{module}.{name}" if module else name


def constant_text(node: RawNode) -> str:
    """The value of a prim::Constant as it was written; "None" where there is none."""
    match = _ATTRIBUTE.match(_text(node))
    return match[2] if match and match[1] == "value" else _text(node).strip("{} ") or "None"


def passes_through(node: RawNode) -> list[Source] | None:
    """What a list or tuple holds; None for other nodes."""
    return [source for source in node.inputs if not source.control] if node.op in _PASSING else None


def _text(node: RawNode) -> str:
    messages = node.kind.messages
    return bytes(messages["attr"].s[:1024]).decode("utf-8", "replace") if "attr" in messages else ""

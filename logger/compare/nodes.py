"""What an expression is made of: the tree that `expressions.parse` gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import TypeAlias

__all__ = [
    "Binary", "Call", "Compare", "ExpressionError", "List", "Member", "Missing", "Name", "Node", "Number", "Text",
    "Truth", "Unary", "walk",
]  # fmt: skip


class ExpressionError(ValueError):
    """An expression that cannot be understood: characters start:end of its text are what is wrong with it."""

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end


@dataclass(frozen=True)
class _Node:
    """Every node knows which characters of the text it came from; these do not count when nodes are compared."""

    start: int = field(default=0, compare=False, kw_only=True)
    end: int = field(default=0, compare=False, kw_only=True)


@dataclass(frozen=True)
class Number(_Node):
    value: float


@dataclass(frozen=True)
class Text(_Node):
    value: str


@dataclass(frozen=True)
class Truth(_Node):
    value: bool


@dataclass(frozen=True)
class Name(_Node):
    """A column or a tag."""

    text: str


@dataclass(frozen=True)
class Member(_Node):
    """`val/acc.max`, or with arguments `loss.at(val/acc.max)`."""

    name: str
    field: str
    args: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Unary(_Node):
    """`-operand` or `not operand`."""

    operator: str
    operand: Node


@dataclass(frozen=True)
class Binary(_Node):
    """`and`, `or`, or arithmetic: + - * / % **."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Compare(_Node):
    """== != < <= > >=, ~ and !~ (regular expression found, not found), "in" and "not in" (right is a List)."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Missing(_Node):
    """`operand is missing`, `operand is not missing`."""

    operand: Node
    negated: bool = False


@dataclass(frozen=True)
class Call(_Node):
    """A function of its arguments."""

    name: str
    args: tuple[Node, ...]


@dataclass(frozen=True)
class List(_Node):
    items: tuple[Node, ...]


Node: TypeAlias = Number | Text | Truth | Name | Member | Unary | Binary | Compare | Missing | Call | List


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it."""
    yield node
    for part in fields(node):
        content = getattr(node, part.name)
        for child in content if isinstance(content, tuple) else (content,):
            if isinstance(child, _Node):
                yield from walk(child)  # type: ignore[arg-type]

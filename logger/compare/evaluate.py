"""Expressions over whole columns: a value per row, for filters and computed columns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt

from . import nodes
from .column_values import Column, Numbers, Texts
from .nodes import ExpressionError, Node
from .patterns import Pattern, PatternTooSlow

__all__ = ["Evaluator"]

Mask = npt.NDArray[np.bool_]

_ARITHMETIC: dict[str, Callable[..., Any]] = {
    "+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "%": np.mod, "**": np.power,
}  # fmt: skip
_ORDER: dict[str, Callable[..., Any]] = {
    "==": np.equal, "!=": np.not_equal, "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal,
}  # fmt: skip
_OF_ONE: dict[str, Callable[..., Any]] = {
    "log": np.log, "log2": np.log2, "log10": np.log10, "exp": np.exp, "sqrt": np.sqrt, "abs": np.abs,
    "round": np.round, "floor": np.floor, "ceil": np.ceil,
}  # fmt: skip
_OF_MANY: dict[str, Callable[..., Any]] = {"min": np.fmin, "max": np.fmax}


class Evaluator:
    """Evaluates trees over `rows` rows; `resolve` gives the column of a Name or a Member."""

    def __init__(self, rows: int, resolve: Callable[[nodes.Name | nodes.Member], Column]) -> None:
        self.rows = rows
        self.resolve = resolve

    def column(self, node: Node) -> Column:
        """The value of each row. Raises ExpressionError."""
        with np.errstate(all="ignore"):
            return self._value(node)

    def mask(self, node: Node) -> Mask:
        """The rows for which the expression holds; missing values, 0 and "" do not. Raises ExpressionError."""
        with np.errstate(all="ignore"):
            return self._truth(node)

    # --- truths ---

    def _truth(self, node: Node) -> Mask:
        if isinstance(node, nodes.Binary) and node.operator in ("and", "or"):
            left, right = self._truth(node.left), self._truth(node.right)
            return left & right if node.operator == "and" else left | right
        if isinstance(node, nodes.Unary) and node.operator == "not":
            return ~self._truth(node.operand)
        if isinstance(node, nodes.Missing):
            missing = self._value(node.operand).missing
            return ~missing if node.negated else missing
        if isinstance(node, nodes.Compare):
            return self._compare(node)
        column = self._value(node)
        if isinstance(column, Texts):
            return _of_texts(column, bool)
        found: Mask = (column.values == column.values) & (column.values != 0)
        return found

    def _compare(self, node: nodes.Compare) -> Mask:
        if node.operator in ("in", "not in"):
            assert isinstance(node.right, nodes.List)
            found: Mask = np.zeros(self.rows, bool)
            for item in node.right.items:
                found = found | self._order("==", node.left, item)
            return ~found if node.operator == "not in" else found
        if node.operator in ("~", "!~"):
            assert isinstance(node.right, nodes.Text)
            found = self._search(self._value(node.left), node.right)
            return ~found if node.operator == "!~" else found
        if node.operator == "!=":  # what is missing is not equal to anything
            return ~self._order("==", node.left, node.right)
        return self._order(node.operator, node.left, node.right)

    def _order(self, operator: str, left: Node, right: Node) -> Mask:
        a, b = self._value(left), self._value(right)
        a, b = _as_time(a, b, left), _as_time(b, a, right)
        if isinstance(a, Texts) and isinstance(b, Texts):
            return _order_texts(operator, a, b) & ~a.missing & ~b.missing
        _comparable(operator, (left, a), (right, b))
        x, y = (column.as_numbers if isinstance(column, Texts) else column.values for column in (a, b))
        found: Mask = _ORDER[operator](x, y)
        if operator == "==":
            found = found | _alike(x, y)
            found |= np.isnan(x) & np.isnan(y) & isinstance(a, Numbers) & isinstance(b, Numbers)
        return found & ~a.missing & ~b.missing

    @staticmethod
    def _search(column: Column, pattern: nodes.Text) -> Mask:
        try:
            search = Pattern(pattern.value).searches
            if isinstance(column, Texts):
                return np.array([*(match is not None for match in search(column.strings)), False])[column.codes]
            unlike, place = np.unique(column.values, return_inverse=True)
            found = np.array(
                [match is not None for match in search(f"{value:.15g}" for value in unlike.tolist())], bool
            )
        except PatternTooSlow as error:
            raise ExpressionError(str(error), pattern.start, pattern.end) from None
        return found[place] & ~column.missing

    # --- values ---

    def _value(self, node: Node) -> Column:
        if isinstance(node, nodes.Number):
            return self._constant(node.value)
        if isinstance(node, nodes.Text):
            return Texts(np.zeros(self.rows, np.int32), [node.value])
        if isinstance(node, nodes.Truth):
            return Numbers(np.full(self.rows, float(node.value)), np.zeros(self.rows, bool), "bool")
        if isinstance(node, (nodes.Name, nodes.Member)):
            return self.resolve(node)
        if isinstance(node, nodes.Unary) and node.operator == "-":
            operand = self._numbers(node.operand)
            return Numbers(-operand.values, operand.missing)
        if isinstance(node, nodes.Binary) and node.operator in _ARITHMETIC:
            return self._arithmetic(_ARITHMETIC[node.operator], [node.left, node.right])
        if isinstance(node, nodes.Call):
            return self._call(node)
        if isinstance(node, nodes.List):
            raise ExpressionError("a list stands only behind `in`", node.start, node.end)
        return Numbers(self._truth(node).astype(np.float64), np.zeros(self.rows, bool), "bool")

    def _constant(self, value: float) -> Numbers:
        return Numbers(np.full(self.rows, value), np.zeros(self.rows, bool))

    def _numbers(self, node: Node) -> Numbers:
        column = self._value(node)
        if isinstance(column, Numbers):
            return column
        values = column.as_numbers
        if len(values) and np.isnan(values).all():
            raise ExpressionError("expected a number here, got text", node.start, node.end)
        return Numbers(values, np.isnan(values))

    def _arithmetic(self, function: Callable[..., Any], parts: list[Node]) -> Numbers:
        operands = [self._numbers(node) for node in parts]
        values = reduce(function, [operand.values for operand in operands])
        return Numbers(values, reduce(np.logical_or, [operand.missing for operand in operands]))

    def _call(self, node: nodes.Call) -> Numbers:
        if node.name in _OF_ONE and len(node.args) == 1:
            operand = self._numbers(node.args[0])
            return Numbers(_OF_ONE[node.name](operand.values), operand.missing)
        if node.name in _OF_MANY and node.args:
            return self._arithmetic(_OF_MANY[node.name], list(node.args))
        if node.name in _OF_ONE or node.name in _OF_MANY:
            sentence = f"{node.name}: got {len(node.args)} values, want {'one' if node.name in _OF_ONE else 'some'}"
        else:
            sentence = f"there is no function `{node.name}`; there are {', '.join(sorted(_OF_ONE | _OF_MANY))}"
        raise ExpressionError(sentence, node.start, node.end)


def _of_texts(column: Texts, holds: Callable[[str], bool]) -> Mask:
    """Which rows hold a text for which this holds; asked once per distinct text."""
    return np.array([*map(holds, column.strings), False], np.bool_)[column.codes]


def _order_texts(operator: str, a: Texts, b: Texts) -> Mask:
    """Texts compare letter by letter, through the rank of each distinct one."""
    rank = {text: at for at, text in enumerate(sorted({*a.strings, *b.strings}))}
    x, y = (np.array([*(rank[text] for text in column.strings), -1])[column.codes] for column in (a, b))
    found: Mask = _ORDER[operator](x, y)
    return found


def _comparable(operator: str, *sides: tuple[Node, Column]) -> None:
    """Raises ExpressionError where texts that are no numbers are to be less or more than numbers."""
    for node, column in sides:
        if operator in ("==", "!=") or not isinstance(column, Texts) or column.missing.all():
            continue
        if np.isnan(column.as_numbers).all():
            raise ExpressionError("this is text, and what it is compared with are numbers", node.start, node.end)


def _alike(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> Mask:
    """Equal where one was stored as float32: a logged 0.2 is 0.2, not 0.20000000298.

    Whole numbers that floats can count are what they are: step 100,000,001 is not step 100,000,000.
    """
    counted = (x % 1 == 0) & (y % 1 == 0) & (np.fmax(np.abs(x), np.abs(y)) <= 2.0**53)
    found: Mask = ~counted & ((x == y.astype(np.float32)) | (y == x.astype(np.float32)))
    return found


def _as_time(text: Column, other: Column, node: Node) -> Column:
    """A text that is compared with a time is a date, ISO 8601, local time unless it says otherwise.

    Raises ExpressionError for a text in the expression that is none.
    """
    if not isinstance(text, Texts) or other.kind != "time" or len(text.strings) != 1:
        return text
    try:
        seconds = datetime.fromisoformat(text.strings[0]).timestamp()
    except (ValueError, OverflowError, OSError):
        if isinstance(node, nodes.Text):
            sentence = 'expected a date such as "2026-01-31" or "2026-01-31 08:30"'
            raise ExpressionError(sentence, node.start, node.end) from None
        return text
    return Numbers(np.where(text.missing, np.nan, seconds), text.missing, "time")

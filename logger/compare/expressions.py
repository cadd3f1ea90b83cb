"""The one language of filters and formulas.

    lr < 0.01 and val/acc.max > 0.9 and name ~ "resnet"
    log(train/loss) - log(val/loss)

Loosest first: `or`, `and`, `not`, comparisons (`==` or `=`, `!=`, `<`, `<=`, `>`, `>=`, `~` regular expression found,
`!~` not found, `in [a, b]`, `not in [a, b]`, `is missing`, `is not missing`; `0 < lr < 1` is both), `+ -`, `* / %`,
a sign, `**`. Names are read as tokens.py says. Numbers `1`, `2.5`, `1e-3`, `nan`, `inf`; durations in seconds `90s`,
`30m`, `1h30m`, `2d`, `1w`; texts "…" or '…'; `true`,
`false`; functions `name(…)`; what a scalar came to `tag.max` (tokens.FIELDS) and `tag.at(other.max)`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from .nodes import (
    Binary,
    Call,
    Compare,
    ExpressionError,
    List,
    Member,
    Missing,
    Name,
    Node,
    Number,
    Text,
    Truth,
    Unary,
)
from .tokens import FIELDS, Token, tokenize
from .unknown_names import unknown_name

__all__ = ["FIELDS", "ExpressionError", "Node", "parse", "unknown_name"]

_COMPARISONS = frozenset({"==", "=", "!=", "<", "<=", ">", ">=", "~", "!~"})
_MOST_NESTED = 50
_MOST_OPERATORS = 300
_MOST_SUMMANDS = 100  # operators of arithmetic: each is a level of the tree, which is evaluated level by level
_ARITHMETIC = frozenset({"+", "-", "*", "/", "%", "**"})


def parse(text: str, known: Collection[str] = ()) -> Node:
    """The tree of an expression. Where `known` names any, other names are errors. Raises ExpressionError."""
    return _Parser(text, known).whole()


class _Parser:
    """Recursive descent; one method per level of precedence."""

    def __init__(self, text: str, known: Collection[str]) -> None:
        self.known = known if isinstance(known, (set, frozenset, dict)) else frozenset(known)
        self.tokens = tokenize(text, self.known)
        self.position = 0
        self.nested = 0
        operators = sum(token.kind in ("operator", "keyword") and token.text != "," for token in self.tokens)
        if operators > _MOST_OPERATORS:
            sentence = f"too many operators: {operators}, at most {_MOST_OPERATORS}; `x in [a, b, …]` saves many"
            raise ExpressionError(sentence, 0, len(text))
        summands = sum(token.kind == "operator" and token.text in _ARITHMETIC for token in self.tokens)
        if summands > _MOST_SUMMANDS:
            raise ExpressionError(f"too much arithmetic: {summands} operators, at most {_MOST_SUMMANDS}", 0, len(text))

    def whole(self) -> Node:
        if self.here.kind == "end":
            raise ExpressionError("expected an expression, got nothing", 0, self.here.end)
        node = self._either()
        if self.here.kind != "end":
            raise self._unexpected()
        return node

    # --- tokens ---

    @property
    def here(self) -> Token:
        return self.tokens[self.position]

    def _take(self) -> Token:
        token = self.here
        self.position += 1
        return token

    def _at(self, *texts: str) -> bool:
        return self.here.kind in ("operator", "keyword") and self.here.text in texts

    def _accept(self, *texts: str) -> Token | None:
        return self._take() if self._at(*texts) else None

    def _expect(self, sign: str, opened: Token) -> Token:
        token = self._accept(sign)
        if token is None:
            if self.here.kind == "end":
                raise ExpressionError(f"this {opened.text} has no closing {sign}", opened.start, opened.end)
            raise ExpressionError(f"expected {sign}, got {_said(self.here)}", self.here.start, self.here.end)
        return token

    def _unexpected(self) -> ExpressionError:
        token = self.here
        if token.kind in ("name", "number", "text"):
            sentence = f"expected an operator such as `and`, `<` or `+` before {_said(token)}"
        elif token.text in (")", "]"):
            sentence = f"this {token.text} closes nothing"
        else:
            sentence = f"unexpected {_said(token)}"
        return ExpressionError(sentence, token.start, token.end)

    # --- logic ---

    def _either(self) -> Node:
        return self._chain(self._both, "or")

    def _both(self) -> Node:
        return self._chain(self._negation, "and")

    def _chain(self, operand: Callable[[], Node], *operators: str) -> Node:
        """Operands with operators between them, from left to right."""
        left = operand()
        while token := self._accept(*operators):
            right = operand()
            left = Binary(token.text, left, right, start=left.start, end=right.end)
        return left

    def _negation(self) -> Node:
        if token := self._accept("not"):
            operand = self._deeper(self._negation)
            return Unary("not", operand, start=token.start, end=operand.end)
        return self._comparison()

    def _comparison(self) -> Node:
        left = self._sum()
        whole: Node | None = None
        while True:
            part = self._one_comparison(left)
            if part is None:
                return left if whole is None else whole
            whole = part if whole is None else Binary("and", whole, part, start=whole.start, end=part.end)
            if not isinstance(part, Compare) or part.operator in ("in", "not in"):
                return whole
            left = part.right

    def _one_comparison(self, left: Node) -> Node | None:
        if self.here.kind == "operator" and self.here.text in _COMPARISONS:
            token = self._take()
            operator = "==" if token.text == "=" else token.text
            right = self._sum()
            if operator in ("~", "!~"):
                _check_pattern(token, right)
            return Compare(operator, left, right, start=left.start, end=right.end)
        if self._accept("is"):
            negated = self._accept("not") is not None
            missing = self._accept("missing")
            if missing is None:
                raise ExpressionError("expected `missing` or `not missing` after `is`", self.here.start, self.here.end)
            return Missing(left, negated, start=left.start, end=missing.end)
        negation = self._accept("not")
        if self._accept("in"):
            items = self._list()
            return Compare("not in" if negation else "in", left, items, start=left.start, end=items.end)
        if negation:
            raise ExpressionError("expected `in` after `not`", self.here.start, self.here.end)
        return None

    def _list(self) -> List:
        opened = self._accept("[")
        if opened is None:
            raise ExpressionError("expected a list such as [1, 2] after `in`", self.here.start, self.here.end)
        items, end = self._items(opened, "]")
        return List(items, start=opened.start, end=end)

    # --- arithmetic ---

    def _sum(self) -> Node:
        return self._chain(self._product, "+", "-")

    def _product(self) -> Node:
        return self._chain(self._signed, "*", "/", "%")

    def _signed(self) -> Node:
        token = self._accept("-", "+")
        if token is None:
            return self._power()
        operand = self._deeper(self._signed)
        if token.text == "+":
            return operand
        return Unary("-", operand, start=token.start, end=operand.end)

    def _power(self) -> Node:
        base = self._value()
        if self._accept("**"):
            exponent = self._deeper(self._signed)
            return Binary("**", base, exponent, start=base.start, end=exponent.end)
        return base

    def _deeper(self, read: Callable[[], Node]) -> Node:
        self.nested += 1
        if self.nested > _MOST_NESTED:
            raise ExpressionError("nested too deeply", self.here.start, self.here.end)
        node = read()
        self.nested -= 1
        return node

    # --- values ---

    def _value(self) -> Node:
        token = self.here
        place = {"start": token.start, "end": token.end}
        if token.kind == "number" or self._at("nan", "inf"):
            return Number(float(self._take().text), **place)
        if token.kind == "text":
            return Text(self._take().text, **place)
        if self._at("true", "false"):
            return Truth(self._take().text == "true", **place)
        if token.kind == "name":
            return self._name()
        if opened := self._accept("("):
            node = self._deeper(self._either)
            self._expect(")", opened)
            return node
        raise self._no_value()

    def _no_value(self) -> ExpressionError:
        token = self.here
        if self.position == 0:
            return ExpressionError(f"expected a value, got {_said(token)}", token.start, token.end)
        before = self.tokens[self.position - 1]
        span = (before.start, before.end) if token.kind == "end" else (token.start, token.end)
        got = "" if token.kind == "end" else f", got {_said(token)}"
        return ExpressionError(f"expected a value after {before.text}{got}", *span)

    def _name(self) -> Node:
        token = self._take()
        if self.here.kind == "field":
            return self._member(token)
        if self._at("(") and token.text not in self.known:
            items, end = self._items(self._take(), ")")
            return Call(token.text, items, start=token.start, end=end)
        self._check(token)
        return Name(token.text, start=token.start, end=token.end)

    def _member(self, token: Token) -> Node:
        self._check(token)
        field = self._take()
        if field.text != "at":
            return Member(token.text, field.text, start=token.start, end=field.end)
        if not self._at("("):
            raise ExpressionError(
                "expected the place in brackets after .at, such as .at(val/acc.max)", field.start, field.end
            )
        args, end = self._items(self._take(), ")")
        if len(args) != 1 or not isinstance(args[0], Member) or args[0].field not in ("min", "max", "first", "last"):
            raise ExpressionError(".at takes the .min, .max, .first or .last of one scalar", field.start, end)
        return Member(token.text, "at", args, start=token.start, end=end)

    def _items(self, opened: Token, closing: str) -> tuple[tuple[Node, ...], int]:
        """What is between brackets, separated by commas, and where it ends."""
        items: list[Node] = []
        while not self._at(closing):
            items.append(self._deeper(self._either))
            if not self._accept(","):
                break
        return tuple(items), self._expect(closing, opened).end

    def _check(self, token: Token) -> None:
        if self.known and token.text not in self.known:
            raise unknown_name(token.text, self.known, token.start, token.end)


def _check_pattern(operator: Token, right: Node) -> None:
    if not isinstance(right, Text):
        sentence = f'expected a regular expression in quotes after {operator.text}, such as "resnet|vit"'
        raise ExpressionError(sentence, right.start, right.end)
    try:
        re.compile(right.value)
    except (re.error, OverflowError, RecursionError) as error:
        raise ExpressionError(f"not a regular expression: {error}", right.start, right.end) from None


def _said(token: Token) -> str:
    return "the end" if token.kind == "end" else f"`{token.text}`"

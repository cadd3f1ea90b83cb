"""Text → tokens, for filters and formulas.

Names of tags hold slashes, dots and dashes, so that `train/loss` could be a division. What is known decides: the
longest known name that begins here wins. Failing that, letters, digits and _ . / : @ [ ] - between them are one name,
while an operator with a space beside it is an operator. Backticks quote what cannot be told otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from .nodes import ExpressionError

__all__ = ["FIELDS", "Token", "tokenize"]

# What a scalar can be asked for: `val/acc.max`.
FIELDS = ("last", "first", "min", "max", "mean", "std", "count", "nan", "inf", "first_step", "last_step",
          "step_at_min", "step_at_max")  # fmt: skip
KEYWORDS = frozenset({"and", "or", "not", "in", "is", "missing", "true", "false", "nan", "inf"})
_LONGEST = 20_000  # characters

_NUMBER = re.compile(r"(?:\d+(?:_\d+)*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_DURATION = re.compile(r"(?:\d+(?:\.\d*)?(?:min|[wdhms]))+(?!\w)")
_SPAN = re.compile(r"([\d.]+)(min|[wdhms])")
_SECONDS = {"s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?(?![\w.])")
_OPERATOR = re.compile(r"\*\*|==|!=|<=|>=|!~|[-+*/%<>=~(),\[\]]")
_WORD = re.compile(r"[^\W\d]\w*(?:[./:@-]+\w+|\[\w*\])*")
_KEYWORD = re.compile(r"[a-z]+(?!\w)")
_SPACE = re.compile(r"\s*")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_MEMBER = re.compile(r"\.(\w+)(?!\w)")
_INSTEAD = {"&": "and", "|": "or", "!": "not"}


@dataclass(frozen=True)
class Token:
    """`kind`: "name", "field" (what follows the dot), "number", "text", "keyword", "operator" or "end"."""

    kind: str
    text: str
    start: int
    end: int


def tokenize(text: str, known: Collection[str] = ()) -> list[Token]:
    """The tokens of `text`, an "end" last. Raises ExpressionError."""
    if len(text) > _LONGEST:
        raise ExpressionError(f"the expression is too long: at most {_LONGEST:,} characters are read", 0, len(text))
    return _Reader(text, known).read()


class _Reader:
    def __init__(self, text: str, known: Collection[str]) -> None:
        self.text = text
        self.known = known if isinstance(known, (set, frozenset, dict)) else frozenset(known)
        longest = len(text)
        self.lengths = sorted({len(name) for name in self.known if 0 < len(name) <= longest}, reverse=True)
        self.tokens: list[Token] = []
        self.position = 0

    def read(self) -> list[Token]:
        while True:
            self.position = _SPACE.match(self.text, self.position).end()  # type: ignore[union-attr]  # matches nothing too
            if self.position == len(self.text):
                self._add("end", "", self.position)
                return self.tokens
            self._next()

    def _add(self, kind: str, content: str, end: int) -> None:
        self.tokens.append(Token(kind, content, self.position, end))
        self.position = end

    def _next(self) -> None:
        text, at = self.text, self.position
        if text[at] in "\"'`":
            self._quoted(text[at])
            return
        after_field = self.tokens and self.tokens[-1].kind in ("name", "text")
        keyword = _KEYWORD.match(text, at)
        if keyword and keyword.group() in KEYWORDS and not self._known_longer(keyword.end()):
            self._add("keyword", keyword.group(), keyword.end())
            return
        end = self._known_end(at)
        number = _NUMBER.match(text, at)
        if end and not (number and number.end() >= end) and not after_field:
            self._add("name", text[at:end], end)
            self._member()
        elif number:
            self._number(number.end())
        elif word := _WORD.match(text, at):
            self._word(word.end())
        elif operator := _OPERATOR.match(text, at):
            self._add("operator", operator.group(), operator.end())
        else:
            self._unexpected(text[at])

    def _unexpected(self, sign: str) -> None:
        instead = _INSTEAD.get(sign)
        hint = f"; say `{instead}`" if instead else "; names with such characters go in backticks"
        raise ExpressionError(f"unexpected {sign!r}{hint}", self.position, self.position + 1)

    # --- names ---

    def _known_end(self, at: int) -> int:
        """Where the longest known name that begins at `at` ends; 0 for none."""
        for length in self.lengths:
            end = at + length
            if end <= len(self.text) and self.text[at:end] in self.known and self._ends_here(end):
                return end
        return 0

    def _known_longer(self, end: int) -> bool:
        return self._known_end(self.position) > end

    def _ends_here(self, end: int) -> bool:
        """Whether a known name may end before `end`: `loss` does not in `loss_2`, nor in an unknown `loss/x`."""
        if end == len(self.text):
            return True
        sign = self.text[end]
        if sign.isalnum() or sign == "_":
            return not (self.text[end - 1].isalnum() or self.text[end - 1] == "_")
        following = self.text[end + 1 : end + 2]
        if sign in "/:@-." and (following.isalpha() or following == "_"):
            member = _MEMBER.match(self.text, end)
            return bool(member and (member[1] in FIELDS or member[1] == "at")) or (
                sign in "/-" and self._known_end(end + 1) > 0
            )
        return True

    def _word(self, end: int) -> None:
        """An unknown name; a field at its end is split off."""
        word = self.text[self.position : end]
        stem, dot, last = word.rpartition(".")
        asks = dot and (last in FIELDS or (last == "at" and self.text[end : end + 1] == "("))
        if asks and stem:
            self._add("name", stem, end - len(last) - 1)
            self._member()
        else:
            self._add("name", word, end)

    def _member(self) -> None:
        """The field behind a name."""
        member = _MEMBER.match(self.text, self.position)
        if member and (member[1] in FIELDS or member[1] == "at"):
            self._add("field", member[1], member.end())

    # --- numbers and texts ---

    def _number(self, end: int) -> None:
        date = _DATE.match(self.text, self.position)
        if date:  # not the year less the month less the day
            raise ExpressionError(f'a date goes in quotes: "{date.group()}"', self.position, date.end())
        duration = _DURATION.match(self.text, self.position)
        if duration:
            seconds = sum(float(count) * _SECONDS[unit] for count, unit in _SPAN.findall(duration.group()))
            self._add("number", repr(seconds), duration.end())
            return
        following = self.text[end : end + 1]
        if following.isalpha() or following == "_":
            stop = _WORD.match(self.text, end)
            last = stop.end() if stop else end + 1
            word = self.text[self.position : last]
            raise ExpressionError(
                f"`{word}` is no number; a name that begins with a digit goes in backticks", self.position, last
            )
        self._add("number", self.text[self.position : end].replace("_", ""), end)

    def _quoted(self, quote: str) -> None:
        """A text in quotes with backslashes before quotes and backslashes, or a name in backticks."""
        end = self.position + 1
        while end < len(self.text) and self.text[end] != quote:
            end += 2 if self.text[end] == "\\" and quote != "`" else 1
        if end >= len(self.text):
            what = "name" if quote == "`" else "text"
            raise ExpressionError(f"the {what} that begins here has no closing {quote}", self.position, len(self.text))
        content = self.text[self.position + 1 : end]
        if quote == "`":
            self._add("name", content, end + 1)
            self._member()
        else:  # \d and its like belong to regular expressions and stay
            plain = _ESCAPE.sub(lambda found: found[1] if found[1] in "\"'\\" else found[0], content)
            self._add("text", plain, end + 1)

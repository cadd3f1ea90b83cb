"""Regular expressions that people type, searched for within a time limit.

Python's own `re` may take longer than anybody lives ("(a|aa)+$" over forty letters), and holds every other thread up
meanwhile. It is asked where the pattern cannot do that; otherwise the `regex` package, which stops when told to.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterable
from typing import Any, Protocol

__all__ = ["Match", "Pattern", "PatternTooSlow"]

_SECONDS = 1.0  # for all texts together
_MOST_STEPS = 10_000_000  # that `re` may need for one text: about a tenth of a second
_REPEATED_GROUP = re.compile(r"\)[*+{]")
_UNUSUAL_GROUP = re.compile(r"\(\?(?![:P<=!])")  # flags and comments may hide what is repeated


class Match(Protocol):
    """Of either package."""

    def __getitem__(self, group: int) -> Any: ...
    def start(self) -> int: ...


class PatternTooSlow(ValueError):
    """The text is a sentence."""


class Pattern:
    """A regular expression in Python's syntax. Raises re.error where it is none, with its `pos`."""

    def __init__(self, text: str, *, ignore_case: bool = False) -> None:
        self.text = text
        self.ignores_case = ignore_case
        try:
            compiled = re.compile(text, re.IGNORECASE if ignore_case else 0)
        except (OverflowError, RecursionError) as error:
            raise re.error(str(error), text, 0) from None
        self.groups = compiled.groups
        self.names = {number: name for name, number in compiled.groupindex.items()}
        self._search = compiled.search

    def searches(self, texts: Iterable[str]) -> list[Match | None]:
        """The first match in each text, None for none. Raises PatternTooSlow if that takes more than a second.

        Where `re` is asked, a second of this thread: on a busy machine a plain pattern may wait longer than it works.
        """
        listed = list(texts)
        begin, end = time.thread_time(), time.monotonic() + _SECONDS
        if _steps(self.text, max(map(len, listed), default=0)) > _MOST_STEPS:
            return [self._limited(text, end) for text in listed]
        found: list[Match | None] = []
        for text in listed:
            found.append(self._search(text))
            if time.monotonic() > end:
                left = _SECONDS - (time.thread_time() - begin)
                if left <= 0.0:
                    raise self._too_slow()
                end = time.monotonic() + left
        return found

    def search(self, text: str) -> Match | None:
        """The first match in a text. Raises PatternTooSlow."""
        return self.searches([text])[0]

    def _limited(self, text: str, end: float) -> Match | None:
        import regex  # 20 ms that most patterns do without

        left = end - time.monotonic()
        try:
            if left <= 0.0:
                raise TimeoutError
            flags = regex.IGNORECASE if self.ignores_case else 0
            found: Match | None = regex.search(self.text, text, flags, timeout=left)
        except TimeoutError:
            raise self._too_slow() from None
        except regex.error as error:  # what only `re` understands
            raise PatternTooSlow(f"the pattern may take very long, and cannot be given a time limit: {error}") from None
        return found

    def _too_slow(self) -> PatternTooSlow:
        return PatternTooSlow(
            f"the pattern takes more than {_SECONDS:g} s to search for: it can match the same text in too many ways; "
            "repeats within repeats, such as (a+)+, do that"
        )


def _steps(pattern: str, length: int) -> float:
    """How many steps a search through so many letters can take at most, roughly; each repeat may end anywhere."""
    if _REPEATED_GROUP.search(pattern) or _UNUSUAL_GROUP.search(pattern):
        return math.inf
    repeats = sum(map(pattern.count, "*+{"))
    choices = sum(map(pattern.count, "|?"))
    return float(max(length, 1)) ** min(repeats + 1, 30) * 2.0 ** min(choices, 99)

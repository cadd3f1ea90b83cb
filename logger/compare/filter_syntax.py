"""What a filter may say: an expression, or plain words. Needs no log, and no numpy."""

from __future__ import annotations

import re

from .expressions import parse

__all__ = ["check_filter", "is_words"]

_WORDS = re.compile(r"[^<>=~!()\[\]\"'`,]+")
_KEYWORD = re.compile(r"\b(?:and|or|not|in|is)\b")


def is_words(query: str) -> bool:
    """Whether a query that is no expression may be words to look for."""
    return bool(_WORDS.fullmatch(query)) and not _KEYWORD.search(query)


def check_filter(query: str) -> None:
    """Raises ExpressionError for what is neither an expression nor plain words, whatever the log holds."""
    if not query.strip() or is_words(query):
        return
    parse(query)

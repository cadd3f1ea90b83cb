"""Regular expressions of Python in words that browsers understand as well, and Python still does."""

from __future__ import annotations

import re

from ..logger.compare.patterns import Pattern

__all__ = ["portable"]

_TOKEN = re.compile(
    r"""\\A | \\Z                      # ends of the text
    | \\. | \[\^?\]?(?:\\.|[^\]\\])*\]  # an escape, a set of characters: left alone
    | \(\?P<\w+> | \(\?P=\w+\) | \(\?\#[^)]*\)""",
    re.VERBOSE | re.DOTALL,
)
_FLAGS = re.compile(r"\(\?([aiLmsux]+)\)")
_SHARED_FLAGS = "ims"  # those that both know for a part of a pattern


def portable(pattern: str) -> str:
    """The pattern without names of groups, comments, \\A, \\Z and flags before the rest; one that is none as it is."""
    try:
        names = {name: number for number, name in Pattern(pattern).names.items()}
    except re.error:
        return pattern
    flags = _FLAGS.match(pattern)
    rest = pattern[flags.end() :] if flags else pattern
    made = _TOKEN.sub(lambda token: _replaced(token.group(), names), rest)
    kept = "".join(flag for flag in _SHARED_FLAGS if flags and flag in flags[1])
    return f"(?{kept}:{made})" if kept else made


def _replaced(token: str, names: dict[str, int]) -> str:
    if token in ("\\A", "\\Z"):
        return "^" if token == "\\A" else "$"
    if token.startswith("(?P<"):
        return "("
    if token.startswith("(?P="):
        return f"(?:\\{names[token[4:-1]]})"
    return "" if token.startswith("(?#") else token

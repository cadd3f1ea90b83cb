"""Events that are no JSON: where they end, and what they were meant to be."""

from __future__ import annotations

import json
import re

__all__ = ["event_end", "next_event", "repaired"]

_KEYS = rb'"(?:ph|name|cat|pid|tid|ts|dur|id|args|bp|s)"\s*:'
# Behind the last brace of an event: the next one, or the end of the list and what follows it.
_BOUNDARY = re.compile(rb"\}(?=\s*,\s*\{\s*" + _KEYS + rb'|\s*\]\s*(?:,\s*"[A-Za-z_]+"\s*:|\}?\s*\Z))')
_NEXT = re.compile(rb",\s*(?=\{\s*" + _KEYS + rb")")
_CLOSES_NAME = re.compile(r"\s*:")
# Behind a text's last quote: another member of the object, another item of a list, or the end of either.
_CLOSES_VALUE = re.compile(r'\s*(?:,\s*"(?:[^"\\]|\\.)*"\s*:|[}\]]|\Z)', re.DOTALL)
_CLOSES_ITEM = re.compile(r'\s*(?:,\s*(?:"|-?\d|\[|\{|true|false|null)|\])')
_ESCAPED = re.compile(r'\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})')
_MAX_BYTES = 1 << 20  # more than this is not one event


def event_end(data: memoryview, start: int, end: int) -> int | None:
    """The position behind the event that begins at `start`, as far as can be told; None: not before `end`."""
    match = _BOUNDARY.search(data[start:end])
    return None if match is None else start + match.end()


def next_event(data: memoryview, start: int, end: int) -> int | None:
    """The position of a whole event inside of what seemed to be one, whose own end is missing."""
    match = _NEXT.search(data[start + 1 : end])
    if match is None:
        return None
    following = start + 1 + match.end()
    return following if _is_json(bytes(data[following:end])) else None


def repaired(event: bytes) -> bytes | None:
    """The event as JSON, its quotes inside of texts and its backslashes escaped; None for what stays unreadable.

    A quote ends a text only where a name or a value may end. Windows' paths may end in a backslash, which seems to
    escape the quote: that reading is tried when the other one leads nowhere.
    """
    if len(event) > _MAX_BYTES:
        return None
    text = event.decode(errors="replace")
    for quote_after_backslash in (False, True):
        candidate = _escaped(text, quote_after_backslash)
        if _is_json(candidate):
            return candidate.encode(errors="replace")
    return None


def _is_json(text: str | bytes) -> bool:
    try:
        json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return False
    return True


def _escaped(text: str, quote_after_backslash: bool) -> str:
    out: list[str] = []
    at, brackets, before = 0, "", ""
    while at < len(text):
        char = text[at]
        if char == '"':
            is_name = brackets[-1:] == "{" and before in "{,"
            ends = _CLOSES_NAME if is_name else _CLOSES_ITEM if brackets[-1:] == "[" else _CLOSES_VALUE
            content, at = _text(text, at + 1, ends, quote_after_backslash)
            out.append(f'"{content}"')
            before = char
            continue
        if char in "[{":
            brackets += char
        elif char in "]}":
            brackets = brackets[:-1]
        before = before if char.isspace() else char
        out.append(char)
        at += 1
    return "".join(out)


def _text(text: str, at: int, ends: re.Pattern[str], quote_after_backslash: bool) -> tuple[str, int]:
    """(what is between the quotes, escaped; the position behind the last one, which `ends` follows)."""
    out: list[str] = []
    while at < len(text):
        char = text[at]
        if char == "\\":
            escape = _ESCAPED.match(text, at)
            if escape and not (quote_after_backslash and escape[0] == '\\"' and ends.match(text, at + 2)):
                out.append(escape[0])
                at = escape.end()
                continue
            out.append("\\\\")
        elif char == '"':
            if ends.match(text, at + 1):
                return "".join(out), at + 1
            out.append('\\"')
        else:
            out.append(char)
        at += 1
    return "".join(out), at

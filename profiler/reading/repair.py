"""Events that are no JSON: where they end, and what they were meant to be."""

from __future__ import annotations

import json
import re

__all__ = ["event_end", "next_event", "repaired"]

_KEYS = rb'"(?:ph|name|cat|pid|tid|ts|dur|id|args|bp|s)"\s*:'
# Behind the last brace of an event: the next one, or the end of the list and what follows it.
_BOUNDARY = re.compile(rb"\}(?=\s*,\s*\{\s*" + _KEYS + rb'|\s*\]\s*(?:,\s*"[A-Za-z_]+"\s*:|\}?\s*\Z))')
_NEXT = re.compile(rb",\s*(?=\{\s*" + _KEYS + rb")")
_CLOSES_KEY = re.compile(r"\s*:")
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
    """The position of the event that begins inside of what seemed to be one, when its end is missing."""
    match = _NEXT.search(data[start + 1 : end])
    return None if match is None else start + 1 + match.end()


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
        try:
            json.loads(candidate, strict=False)
        except (ValueError, RecursionError):
            continue
        return candidate.encode(errors="replace")
    return None


def _escaped(text: str, quote_after_backslash: bool) -> str:
    out: list[str] = []
    at, brackets = 0, ""
    while at < len(text):
        char = text[at]
        if char == '"':
            content, at = _text(text, at + 1, brackets[-1:] == "[", quote_after_backslash)
            out.append(f'"{content}"')
            continue
        if char in "[{":
            brackets += char
        elif char in "]}":
            brackets = brackets[:-1]
        out.append(char)
        at += 1
    return "".join(out)


def _text(text: str, at: int, in_list: bool, quote_after_backslash: bool) -> tuple[str, int]:
    """(what is between the quotes, escaped; the position behind the last one)."""
    out: list[str] = []
    while at < len(text):
        char = text[at]
        if char == "\\":
            escape = _ESCAPED.match(text, at)
            if escape and not (quote_after_backslash and escape[0] == '\\"' and _closes(text, at + 2, in_list)):
                out.append(escape[0])
                at = escape.end()
                continue
            out.append("\\\\")
        elif char == '"':
            if _closes(text, at + 1, in_list):
                return "".join(out), at + 1
            out.append('\\"')
        else:
            out.append(char)
        at += 1
    return "".join(out), at


def _closes(text: str, behind: int, in_list: bool) -> bool:
    if in_list:
        return bool(_CLOSES_ITEM.match(text, behind))
    return bool(_CLOSES_KEY.match(text, behind) or _CLOSES_VALUE.match(text, behind))

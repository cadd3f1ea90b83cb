"""Protobuf's text form → messages. Protobuf's own reader takes seconds for a megabyte and stops at the first error.

Form: https://protobuf.dev/reference/protobuf/textformat-spec/. What has no place in the message is stepped over.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.text_encoding import CUnescape

__all__ = ["read_text"]

# Each of these matches in one way alone, and takes little memory: texts have millions of characters.
_SPACE = re.compile(r"[\s,;]*(?:#[^\n]*\n[\s,;]*){0,4096}(?:#[^\n]*\Z)?")
_BESIDE = re.compile(r"\s*")
_TOKEN = re.compile(r"[-+]?[A-Za-z0-9_.][\w.+\-]*|[{}<>:\[\]]")
_QUOTED = {  # parts of a text in quotes
    '"': re.compile(r'(?:[^"\\\n]+|\\.){1,4096}', re.DOTALL),
    "'": re.compile(r"(?:[^'\\\n]+|\\.){1,4096}", re.DOTALL),
}
_DEEPEST = 60  # messages in messages
_LONGEST = 1 << 16  # characters of a text that is taken
_FLOATS = (FieldDescriptor.CPPTYPE_FLOAT, FieldDescriptor.CPPTYPE_DOUBLE)
_CLOSING = {"{": "}", "<": ">"}


def read_text(
    text: str, message: Message, note: Callable[[str], None], enough: Callable[[], bool], begin: int = 0
) -> None:
    """Fill `message` with what the text says. `note` hears in a sentence what could not be read.

    Reading goes on behind a top-level field that is damaged, and stops where `enough` says so. With `begin` the message
    is one in another: what is between the brace before `begin` and the one that closes it.
    """
    reader = _Reader(text, enough)
    reader.position = begin
    closing = {"{": "}", "<": ">"}[text[begin - 1]] if begin else ""
    line = counted = 0  # lines before a position
    while reader.position < len(text) and not enough():
        start = reader.position
        try:
            if not reader.field(message, 0, closing):
                return
        except ValueError as error:
            line, counted = line + text.count("\n", counted, reader.position), reader.position
            note(f"Line {line + 1:,}: {error}.")
            reader.position = max(reader.position, start + 1)
            if not reader.skip_to_next():
                return
    if closing and not enough():
        note("The text ends within the message.")


class _Reader:
    def __init__(self, text: str, enough: Callable[[], bool]) -> None:
        self.text, self._enough = text, enough
        self.position = 0

    def token(self) -> str:
        """The next word, text in quotes or sign; "" at the end. Raises ValueError for anything else."""
        start = self._behind(_SPACE)
        if start == len(self.text):
            self.position = start
            return ""
        match = _TOKEN.match(self.text, start)
        end = match.end() if match else self._end_of_text(start)
        if end < 0:
            self.position = start
            raise ValueError(f"{self.text[start : start + 20]!r} is no name, number or text")
        self.position = end
        return self.text[start:end]

    def _behind(self, space: re.Pattern[str]) -> int:
        end, begin = self.position, -1
        while end > begin and (begin < 0 or self.text[end : end + 1] == "#"):
            begin = end
            end = match.end() if (match := space.match(self.text, begin)) else begin
        return end

    def _end_of_text(self, start: int) -> int:
        """The position behind a text in quotes; -1 where none begins, or it has no end."""
        quote = self.text[start : start + 1]
        parts, end = _QUOTED.get(quote), start + 1
        while parts and (part := parts.match(self.text, end)):
            end = part.end()
        return end + 1 if parts and self.text[end : end + 1] == quote else -1

    def skip_to_next(self) -> bool:
        """Go to the next field that begins a line; False where there is none."""
        match = re.compile(r"^[a-z_]+ *[{:<]", re.MULTILINE).search(self.text, self.position)
        self.position = match.start() if match else len(self.text)
        return match is not None

    def field(self, message: Message, depth: int, closing: str = "") -> bool:
        """Read one field into the message; False at the end. Raises ValueError."""
        name = self.token()
        if name == closing:
            return False
        if not name:
            raise ValueError("the text ends within a message")
        known = message.DESCRIPTOR.fields_by_name.get(name)
        value = self.token()
        value = self.token() if value == ":" else value
        if value == "[" and name != "[":
            self._entries(message, known, depth)
        elif value in _CLOSING:
            self._message(message, known, depth, _CLOSING[value])
        else:
            self._scalar(message, known, value)
        return True

    def _entries(self, message: Message, known: Any, depth: int) -> None:
        """The short form of repeated fields: [1, 2]."""
        while (value := self.token()) != "]":
            if not value or self._enough():
                raise ValueError("the text ends within a list" if not value else "what follows is left out")
            if value in _CLOSING:
                self._message(message, known, depth, _CLOSING[value])
            else:
                self._scalar(message, known, value)

    def _message(self, message: Message, known: Any, depth: int, closing: str) -> None:
        if depth >= _DEEPEST:
            raise ValueError(f"messages lie more than {_DEEPEST} deep in each other")
        if known is None or known.message_type is None:
            self._skip(closing)
        elif known.message_type.GetOptions().map_entry:
            entry = _Entry(known.message_type)
            while self.field(entry, depth + 1, closing):  # type: ignore[arg-type]  # as far as it is used here
                pass
            entry.put(getattr(message, known.name))
        else:
            inner = getattr(message, known.name)
            inner = inner.add() if _repeated(known) else inner
            inner.SetInParent() if not _repeated(known) else None
            while self.field(inner, depth + 1, closing):
                pass

    def _skip(self, closing: str) -> None:
        """Step over a message that has no place here."""
        waiting = [closing]
        while waiting:
            token = self.token()
            if not token:
                raise ValueError("the text ends within a message")
            if token in _CLOSING:
                waiting.append(_CLOSING[token])
            elif token == waiting[-1]:
                waiting.pop()

    def _scalar(self, message: Message, known: Any, token: str) -> None:
        if not token or token in "{}<>[]:":
            raise ValueError(f"{token!r} stands where a value should be" if token else "the text ends too early")
        parts = [token]
        while token[0] in "\"'" and (more := self._more_text()):
            parts.append(more)  # texts beside each other are one
        if known is None or known.message_type is not None:
            return
        value = _value(known, parts)
        if _repeated(known):
            getattr(message, known.name).append(value)
        else:
            setattr(message, known.name, value)

    def _more_text(self) -> str:
        start = self._behind(_BESIDE)
        end = self._end_of_text(start)
        if end < 0:
            return ""
        self.position = end
        return self.text[start:end]


class _Entry:
    """An entry of a map on its way: its key and its value as if they were fields."""

    def __init__(self, descriptor: Any) -> None:
        self.DESCRIPTOR = descriptor
        self.key: Any = None
        held = descriptor.fields_by_name["value"].message_type
        self.value: Any = held._concrete_class() if held is not None else None

    def put(self, entries: Any) -> None:
        """Add the entry to a map."""
        if self.key is None:
            return
        if self.DESCRIPTOR.fields_by_name["value"].message_type is not None:
            entries[self.key].CopyFrom(self.value)
        elif self.value is not None:
            entries[self.key] = self.value


def _repeated(known: Any) -> bool:
    return bool(getattr(known, "is_repeated", None) or getattr(known, "label", 0) == FieldDescriptor.LABEL_REPEATED)


def _value(known: Any, parts: list[str]) -> Any:
    """What a scalar field is told. Raises ValueError."""
    token = parts[0]
    if known.cpp_type == FieldDescriptor.CPPTYPE_STRING:
        if token[0] not in "\"'":
            raise ValueError(f"{known.name} is told {token[:40]!r}, which is no text in quotes")
        content = b"".join(_unescaped(part[1:-1]) for part in parts if len(part) <= _LONGEST)
        return content if known.type == FieldDescriptor.TYPE_BYTES else content.decode("utf-8", "replace")
    if known.cpp_type == FieldDescriptor.CPPTYPE_BOOL:
        return token in ("true", "True", "t", "1")
    if known.cpp_type == FieldDescriptor.CPPTYPE_ENUM:
        named = known.enum_type.values_by_name.get(token)
        return named.number if named is not None else int(token) if token.lstrip("-").isdigit() else 0
    if known.cpp_type in _FLOATS:
        return float(token.rstrip("fF") if "inf" not in token.lower() else token)
    return int(token, 16 if "x" in token.lower() else 8 if len(token) > 1 and token.startswith("0") else 10)


def _unescaped(text: str) -> bytes:
    return CUnescape(text) if "\\" in text else text.encode("utf-8")

"""Protobuf messages as the JSON that TensorBoard makes of them, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from google.protobuf import json_format

from ..queries import Refused

if TYPE_CHECKING:
    from google.protobuf.message import Message

__all__ = ["message_text", "parsed_message"]

Kind = TypeVar("Kind", bound="Message")


def message_text(message: Message) -> str:
    """JSON, indented, with fields that are not set."""
    to_json: Any = json_format.MessageToJson
    try:
        text = to_json(message, always_print_fields_with_no_presence=True)
    except TypeError:  # protobuf before 5.26
        text = to_json(message, including_default_value_fields=True)
    return str(text)


def parsed_message(text: bytes | str | None, kind: type[Kind]) -> Kind:
    """The message in a request. Raises Refused."""
    if text is None:
        raise Refused(f"request: expected a {kind.__name__} as JSON, got nothing")
    try:
        return json_format.Parse(text, kind())
    except json_format.ParseError as error:
        raise Refused(f"request: expected a {kind.__name__} as JSON: {error}") from None
    except (UnicodeDecodeError, RecursionError) as error:
        raise Refused(f"request: expected a {kind.__name__} as JSON: {type(error).__name__}") from None

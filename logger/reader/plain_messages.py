"""Protobuf messages as plain Python values."""

from __future__ import annotations

from typing import Any

from google.protobuf.message import Message
from google.protobuf.struct_pb2 import ListValue, Value

__all__ = ["plain"]


def plain(message: Any) -> Any:
    """A message as a dict of its fields, enums by name; a google.protobuf.Value as what it holds.

    Protobuf's own conversion to JSON refuses NaN and infinities, which hyperparameters may well be.
    """
    if isinstance(message, Value):
        kind = message.WhichOneof("kind")
        return None if kind in (None, "null_value") else plain(getattr(message, kind))
    if isinstance(message, ListValue):
        return [plain(item) for item in message.values]
    if isinstance(message, Message):
        return {field.name: _plain_field(field, content) for field, content in message.ListFields()}
    return message


def _plain_field(field: Any, content: Any) -> Any:
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        return {name: plain(content[name]) for name in sorted(content)}
    names = field.enum_type.values_by_number if field.enum_type is not None else {}

    def one(item: Any) -> Any:
        return plain(item) if not names or item not in names else names[item].name

    alone = isinstance(content, (str, bytes, Message)) or not hasattr(content, "__len__")
    return one(content) if alone else [one(item) for item in content]

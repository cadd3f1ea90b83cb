"""Something that happened to the run: a word for its kind, and a text."""

from __future__ import annotations

import re

from .. import plugins
from ..proto.event_pb2 import Summary
from ..tensors import string_tensor

_KIND = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,31}")


def checked_kind(call: str, kind: object) -> str:
    """The kind as a tag can hold it. Raises TypeError, or ValueError unless it is one short word."""
    if not isinstance(kind, str):
        raise TypeError(f"{call}: expected a word as kind, got {type(kind).__name__}")
    if not _KIND.fullmatch(kind):
        raise ValueError(f"{call}: expected a kind of letters, digits, _ and - (at most 32), got {kind!r:.60}")
    return kind


def event_summary(kind: str, text: str) -> Summary:
    """The kind is in the tag, so that a reader finds events without opening them."""
    value = Summary.Value(
        tag=plugins.EVENT_TAG_PREFIX + kind,
        metadata=plugins.metadata(plugins.EVENTS),
        tensor=string_tensor([text.encode("utf-8", "replace")], ()),
    )
    return Summary(value=[value])

"""Markdown text, or a table of it."""

from __future__ import annotations

from .. import plugins
from ..proto.event_pb2 import Summary
from ..proto.plugins_pb2 import TextPluginData
from ..tensors import string_tensor


def text_summary(tag: str, text: str) -> Summary:
    """One text, under `<tag>/text_summary` as everybody's reader expects."""
    content = TextPluginData().SerializeToString()
    value = Summary.Value(
        tag=f"{tag}/text_summary",
        metadata=plugins.metadata(plugins.TEXT, content),
        tensor=string_tensor([text.encode("utf-8", "replace")], (1,)),
    )
    return Summary(value=[value])

"""HTML documents as they are."""

from __future__ import annotations

from .. import plugins
from ..packed_parts import MOST_BYTES, packed
from ..proto.event_pb2 import Summary


def check_html(call: str, html: object) -> None:
    """Raises TypeError when it is no string, ValueError when it is too large for one value."""
    if not isinstance(html, str):
        raise TypeError(f"{call}: expected the HTML as a str, got {type(html).__name__}; read a file first")
    if len(html) > MOST_BYTES:
        raise ValueError(f"{call}: {len(html)} characters are too many for one value; at most {MOST_BYTES} are stored")


def html_summary(tag: str, html: str) -> Summary:
    """The text, packed."""
    content = packed([html.encode("utf-8", "replace")])
    return Summary(value=[Summary.Value(tag=tag, metadata=plugins.metadata(plugins.HTML), tensor=content)])

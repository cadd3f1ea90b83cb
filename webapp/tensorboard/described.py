"""The tags of a kind as TensorBoard's `tags` routes list them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .html import markdown_html
from .stored import series_of_kind

if TYPE_CHECKING:
    from ...logger import LogDir
    from ...logger.reader import Metadata

__all__ = ["description_html", "named", "named_tags"]


def description_html(description: str) -> str:
    """A description, which is Markdown, as safe HTML."""
    return markdown_html(description) if description else ""


def named(metadata: Metadata) -> dict[str, Any]:
    """{displayName, description}"""
    return {"displayName": metadata.display_name, "description": description_html(metadata.description)}


def named_tags(log: LogDir, kind: str) -> dict[str, dict[str, Any]]:
    """{run: {tag: {displayName, description}}} of the runs that have the kind."""
    answer: dict[str, dict[str, Any]] = {}
    for run, tag, series in series_of_kind(log, kind):
        answer.setdefault(run, {})[tag] = named(series.metadata)
    return answer

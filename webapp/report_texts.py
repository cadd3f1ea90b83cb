"""What people wrote in Markdown, rendered for a report: nothing renders it where the report is opened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .media.markdown import markdown_html

__all__ = ["rendered_texts"]

_MOST = 1_000_000  # characters of Markdown in a report; what is beyond stays as it was written


def rendered_texts(view: Mapping[str, Any], people: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Text → safe HTML: of the view's description, its text charts and the notes of the runs in `people`."""
    found: dict[str, str] = {}
    left = _MOST
    for text in _texts(view, people):
        left -= len(text)
        if left < 0:
            break
        if text not in found:
            found[text] = markdown_html(text)
    return found


def _texts(view: Mapping[str, Any], people: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    charts = (chart for section in view["sections"] for chart in section.get("charts", ()))
    written = [
        view.get("description"),
        *(chart.get("text") for chart in charts if isinstance(chart, Mapping) and chart.get("type") == "text"),
        *(said.get("note") for said in people.values()),
    ]
    return (text for text in written if isinstance(text, str) and text.strip())

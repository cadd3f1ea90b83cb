"""Layouts that `add_custom_scalars` wrote into a log, as views."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..logger.errors import LogError
from .view_format import VERSION

if TYPE_CHECKING:
    from ..logger import LogDir

__all__ = ["layout_views", "view_of_layout"]

_KIND = "custom_scalars"


def layout_views(log: LogDir) -> list[tuple[str, str, dict[str, Any]]]:
    """(name, run, view) of every layout in the log; runs of a sweep that wrote the same one share a view."""
    found: dict[str, tuple[str, dict[str, Any]]] = {}
    for run in log.runs:
        for tag in _layout_tags(log, run):
            try:
                layout = log.custom_scalars(run, tag)[-1]
            except (LogError, ValueError, IndexError):
                continue  # a damaged layout; its file's damage is told with the run
            view = view_of_layout(layout, "Custom scalars")
            if view["sections"]:
                found.setdefault(json.dumps(view, sort_keys=True), (run, view))
    alone = len(found) == 1
    named = []
    for run, view in found.values():
        name = "Custom scalars" if alone else f"Custom scalars of {run}"
        named.append((name, run, {**view, "title": name}))
    return named


def _layout_tags(log: LogDir, run: str) -> list[str]:
    try:
        return log.tags(run).get(_KIND, [])
    except LogError:  # the run went away meanwhile
        return []


def view_of_layout(layout: dict[str, Any], title: str) -> dict[str, Any]:
    """A Layout message as a view: categories are sections, "multiline" tags are regular expressions."""
    sections = [
        {"title": category.get("title", ""), "charts": [_chart(chart) for chart in category.get("chart", ())]}
        for category in layout.get("category", ())
    ]
    return {"stepscope_view": VERSION, "title": title, "settings": {}, "sections": sections}


def _chart(chart: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"type": "line", "title": chart.get("title", "")}
    if "margin" in chart:
        fields = ("value", "lower", "upper")
        margins = chart["margin"].get("series", ())
        return {**made, "margins": [{field: margin.get(field, "") for field in fields} for margin in margins]}
    tags = chart.get("multiline", {}).get("tag", ())
    return {**made, "series": [{"tag_regex": tag, "axis": "left"} for tag in tags]}

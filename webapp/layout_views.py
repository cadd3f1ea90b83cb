"""Layouts that `add_custom_scalars` wrote into a log, as views."""

from __future__ import annotations

import json
import weakref
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..logger.errors import LogError
from .portable_patterns import portable
from .view_format import VERSION

if TYPE_CHECKING:
    from ..logger import LogDir
    from ..logger.reader.run import RunView

__all__ = ["layout_views", "view_of_layout"]

_KIND = "custom_scalars"

# log → run → (the run as it was looked at, the views of its layouts): only runs that changed are looked at again
_Known = dict[str, "tuple[weakref.ref[RunView], list[dict[str, Any]]]"]
_known: weakref.WeakKeyDictionary[LogDir, _Known] = weakref.WeakKeyDictionary()


def layout_views(log: LogDir) -> list[tuple[str, str, dict[str, Any]]]:
    """(name, run, view) of every layout in the log; runs of a sweep that wrote the same one share a view."""
    found: dict[str, tuple[str, dict[str, Any]]] = {}
    known = _known.setdefault(log, {})
    _, runs = log.snapshot()
    for run in log.runs:
        looked_at = runs.get(run)
        if looked_at is None or _KIND not in looked_at.by_kind:
            continue
        before = known.get(run)
        if before is None or before[0]() is not looked_at:
            before = known[run] = weakref.ref(looked_at), list(_views_of(log, run, looked_at.by_kind[_KIND]))
        for view in before[1]:
            found.setdefault(json.dumps(view, sort_keys=True), (run, view))
    alone = len(found) == 1
    named = []
    for run, view in found.values():
        name = "Custom scalars" if alone else f"Custom scalars of {run}"
        named.append((name, run, {**view, "title": name}))
    return named


def _views_of(log: LogDir, run: str, tags: list[str]) -> Iterator[dict[str, Any]]:
    """The newest layout of each tag."""
    for tag in tags:
        try:
            layout = log.custom_scalars(run, tag)[-1]
        except (LogError, ValueError, IndexError):
            continue  # a damaged layout, whose file's damage is told with the run; or the run went away meanwhile
        view = view_of_layout(layout, "Custom scalars")
        if view["sections"]:
            yield view


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
    return {**made, "series": [{"tag_regex": portable(tag), "axis": "left"} for tag in tags]}

"""A view as JSON: sections of charts that somebody put together in the page (README, "Views").

Whoever reads a view keeps what it does not know; here is said what is wrong with what it does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from ..logger.compare.patterns import Pattern
from ..logger.strict_json import parse_strictly
from ..logger.user_state_checks import Problem

__all__ = ["VERSION", "chart_problems", "check_view", "check_views", "read_view", "view_problems"]

VERSION = 1
_MOST_CHARTS = 1_000
_LARGEST = 2_000_000  # characters of one view
_ENDS = {"axis": ("left", "right"), "mark": ("x", "y", "y_right"), "sort": ("value", "name")}


def read_view(text: bytes) -> dict[str, Any]:
    """The view in a file. Raises ValueError with a sentence; charts may still have problems of their own."""
    view = parse_strictly(text)
    for sentence in check_view(view):
        raise ValueError(sentence)
    return dict(view)


def check_views(views: Any, path: tuple[str, ...]) -> Iterator[Problem]:
    """What is wrong with the views of the user state: an object {name: view}."""
    for name, view in views.items() if isinstance(views, dict) else ():
        for sentence in check_view(view):
            yield Problem((*path, name), f"the view {name[:80]!r}: {sentence}")


def view_problems(view: dict[str, Any]) -> list[str]:
    """Sentences about charts that cannot be drawn; the others can."""
    found = []
    for i, section in enumerate(view["sections"], start=1):
        for j, chart in enumerate(section.get("charts", ()), start=1):
            where = f"chart {j} of section {i}"
            if isinstance(chart, dict) and isinstance(chart.get("title"), str) and chart["title"]:
                where += f" ({chart['title'][:80]!r})"
            found += [f"{where}: {sentence}" for sentence in chart_problems(chart)]
    return found


def check_view(view: Any) -> Iterator[str]:
    """What keeps a view from being opened at all."""
    if not isinstance(view, dict):
        yield "expected an object with a list of sections"
        return
    version = view.get("stepscope_view")
    if not isinstance(version, int) or isinstance(version, bool):
        yield 'it lacks "stepscope_view": 1'
    elif version > VERSION:
        yield f"it is of version {version}; this stepscope reads version {VERSION}"
    if not isinstance(view.get("title", ""), str):
        yield "title: expected a text"
    if not isinstance(view.get("settings", {}), dict):
        yield "settings: expected an object"
    sections = view.get("sections")
    if not isinstance(sections, list) or not all(isinstance(section, dict) for section in sections):
        yield "sections: expected a list of objects"
    elif not all(isinstance(section.get("charts", []), list) for section in sections):
        yield "charts: expected a list in every section"
    elif sum(len(section.get("charts", ())) for section in sections) > _MOST_CHARTS:
        yield f"it has more than {_MOST_CHARTS:,} charts"
    elif len(json.dumps(view)) > _LARGEST:
        yield f"it is longer than {_LARGEST:,} characters"


def chart_problems(chart: Any) -> Iterator[str]:
    """What keeps a chart from being drawn."""
    if not isinstance(chart, dict):
        yield "expected an object"
        return
    check = _CHARTS.get(str(chart.get("type")))
    if check is None:
        yield f"the type {chart.get('type')!r} is not one of {', '.join(_CHARTS)}"
    else:
        yield from check(chart)
    grouping = chart.get("grouping")
    if grouping is not None and not (_is_object(grouping) and _is_object(grouping.get("by", {}))):
        yield "grouping: expected an object {by, center, band}"


def _line(chart: dict[str, Any]) -> Iterator[str]:
    lists = {key: chart.get(key, []) for key in ("series", "margins", "lines")}
    wrong = [key for key, value in lists.items() if not isinstance(value, list) or not all(map(_is_object, value))]
    if wrong:
        yield f"{wrong[0]}: expected a list of objects"
        return
    if not lists["series"] and not lists["margins"]:
        yield "it has neither series nor margins"
    for entry in lists["series"]:
        yield from _one_series(entry)
    for margin in lists["margins"]:
        if not all(isinstance(margin.get(key), str) for key in ("value", "lower", "upper")):
            yield "each margin names the tags of value, lower and upper"
    for mark in lists["lines"]:
        value = mark.get("value")
        if mark.get("axis", "y") not in _ENDS["mark"] or isinstance(value, bool) or not isinstance(value, int | float):
            yield "each reference line has an axis (x, y or y_right) and a number as value"


def _one_series(entry: dict[str, Any]) -> Iterator[str]:
    named = [key for key in ("tag", "formula", "tag_regex") if isinstance(entry.get(key), str) and entry[key]]
    if len(named) != 1:
        yield "each series names one of tag, formula and tag_regex"
    elif named == ["tag_regex"]:
        try:
            Pattern(entry["tag_regex"])
        except re.error as error:
            yield f"{entry['tag_regex'][:80]!r} is no regular expression: {error}"
    if entry.get("axis", "left") not in _ENDS["axis"]:
        yield "the axis of a series is left or right"


def _scatter(chart: dict[str, Any]) -> Iterator[str]:
    for key in ("x_column", "y_column"):
        if not isinstance(chart.get(key), str) or not chart[key]:
            yield f"a scatter chart needs {key}"


def _bar(chart: dict[str, Any]) -> Iterator[str]:
    if not isinstance(chart.get("column"), str) or not chart["column"]:
        yield "a bar chart needs column"
    if chart.get("sort", "value") not in _ENDS["sort"]:
        yield "sort is value or name"


def _text(chart: dict[str, Any]) -> Iterator[str]:
    if not isinstance(chart.get("text", ""), str):
        yield "text: expected a text"


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


_CHARTS: dict[str, Callable[[dict[str, Any]], Iterator[str]]] = {
    "line": _line,
    "scatter": _scatter,
    "bar": _bar,
    "text": _text,
}
